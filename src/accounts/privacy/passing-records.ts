import { daysMs, type Instant } from '../../shared/instant.js'
import { operations } from '../../shared/operation.schema.js'
import { countersKeptMs, recordsKeptMs } from '../../shared/prune-records.js'
import { signInGuards } from '../accounts.schema.js'
import type { AccountsPolicy } from '../accounts-policy.js'
import { challengeAttempts, longestWindowOf, rateBudgets } from '../budgets.js'
import { longestChallengeMs } from '../challenge.js'

/**
 * What is kept by keyed digests of addresses, numbers, devices and networks, whether anybody has an account or not. It leads
 * to nobody and belongs to nobody, so an erasure does not touch it; upkeep removes it in its time.
 */
export type PassingRecord = {
  /** The collection, or the family of counters. */
  readonly record: string
  readonly purpose: string
  /** When the last of it is gone, where upkeep runs and nobody names the address again. */
  readonly goneBy: Instant
}

/** How long guards rest before they are forgotten. */
export const guardsKeptMs = 30 * daysMs

/** What is left of a person by digests at a moment, soonest gone first. */
export const passingRecords = (
  at: Instant,
  policy: Pick<AccountsPolicy, 'activationByPush'>,
): readonly PassingRecord[] =>
  [
    {
      record: rateBudgets.name,
      purpose:
        policy.activationByPush === null
          ? 'To bound how many codes go to an address or a number, and how often sign-ins are tried, in an hour and in a day'
          : 'To bound how many codes go to an address or a number, how often sign-ins are tried, and how many accounts a device registers',
      goneBy: at + longestWindowOf(policy) + countersKeptMs,
    },
    {
      record: signInGuards.name,
      purpose: 'To slow down whoever guesses passwords, and to know a device again',
      goneBy: at + guardsKeptMs,
    },
    {
      record: challengeAttempts.name,
      purpose: 'To bound how often a code is tried, by the id of its challenge',
      goneBy: at + longestChallengeMs + countersKeptMs,
    },
    {
      record: operations.name,
      purpose: 'To give the same command the same answer; a digest of what was asked',
      goneBy: at + recordsKeptMs,
    },
  ].sort((left, right) => left.goneBy - right.goneBy)
