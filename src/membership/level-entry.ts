import type { Instant } from '../shared/instant.js'

/** What counts toward a level: money paid, a daily sign-in, a review, share or invitation. */
export type LevelFactKind = 'spent' | 'signIn' | 'contribution'

/** Something a member did that counts toward their level; what is taken back is an entry of its own, below zero. */
export type LevelEntry = {
  readonly entryId: string
  readonly accountId: string
  readonly kind: LevelFactKind
  /** The order or the activity it is about. */
  readonly reference: string
  /** Minor units of money, or how many times. */
  readonly amount: number
  /** When it was done: a refund counts at the moment of its order. */
  readonly countsAt: Instant
  /** When it became known; before, it counts for nothing. */
  readonly at: Instant
}
