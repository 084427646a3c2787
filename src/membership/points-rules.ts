/** What points are worth when they pay: whole blocks of so many points for so much money. */
export type SpendRule = {
  readonly blockPoints: number
  /** Minor units. */
  readonly blockMinor: number
  /** The fewest points that may be spent at once. */
  readonly minimumPoints: number
  /** The most of the goods that points may pay; 10000 is all. */
  readonly capBasisPoints: number
}

/** How many points paying earns. */
export type EarnRule = {
  readonly points: number
  /** For every so many minor units paid in money for goods. */
  readonly perMinor: number
}
