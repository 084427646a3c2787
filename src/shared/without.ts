/** Each of a union, without some of its members. */
export type Without<Union, Member extends PropertyKey> = Union extends unknown ? Omit<Union, Member> : never
