/** The input of a verb that asks for nothing but who calls. */
export type NoInput = Readonly<Record<string, never>>
