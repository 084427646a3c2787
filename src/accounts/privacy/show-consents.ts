import { ok, type ResultAsync } from 'neverthrow'
import { type Channel, channels } from '../../notify/message.js'
import { customerIdOf } from '../../shared/actor.js'
import type { Instant } from '../../shared/instant.js'
import type { NoInput } from '../../shared/no-input.js'
import { entries } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { parseNothing } from '../../shared/stored.schema.js'
import { consentLog } from '../accounts.schema.js'
import type { ConsentEntry, PurposeRule } from '../consent.js'
import type { AccountsPorts } from '../ports.js'

/** How a person's consent to a purpose stands. */
export type ConsentStanding = {
  readonly purpose: string
  /** Outdated: it was given on a notice that has been replaced since, and counts no more until it is given anew. */
  readonly standing: 'never' | 'given' | 'withdrawn' | 'outdated'
  /** The channels on which a consent to marketing stands; none for other purposes. */
  readonly channels: readonly Channel[]
  /** The notice it was given or withdrawn on, and when. */
  readonly last?: { readonly noticeVersion: string; readonly at: Instant }
  /** The notice that is shown today; null where the shop names none. */
  readonly currentNotice: string | null
}

/** How the consents of a ledger stand under the purposes of a shop. */
export const standingConsents = (
  purposes: Readonly<Record<string, PurposeRule>>,
  ledger: readonly ConsentEntry[],
): readonly ConsentStanding[] =>
  Object.entries(purposes).map(([purpose, { noticeVersion }]) => {
    const stands = ledger
      .filter((entry) => entry.purpose === purpose)
      .sort((left, right) => left.at - right.at)
      .reduce<Standing | undefined>(follow, undefined)
    if (stands === undefined) return { purpose, standing: 'never', channels: [], currentNotice: noticeVersion }
    const { last, channels: on } = stands
    const isOutdated = last.decision === 'given' && noticeVersion !== null && last.noticeVersion !== noticeVersion
    return {
      purpose,
      standing: isOutdated ? 'outdated' : last.decision,
      channels: isOutdated ? [] : on,
      last: { noticeVersion: last.noticeVersion, at: last.at },
      currentNotice: noticeVersion,
    }
  })

type Standing = { readonly last: ConsentEntry; readonly channels: readonly Channel[] }

// As `setConsent` does it: a new notice carries nothing over, and who withdraws one channel keeps the others.
const follow = (before: Standing | undefined, entry: ConsentEntry): Standing => {
  const had = before?.channels ?? []
  if (entry.decision === 'given') {
    const kept = before?.last.noticeVersion === entry.noticeVersion ? had : []
    return { last: entry, channels: channels.filter((each) => kept.includes(each) || entry.channels.includes(each)) }
  }
  const left = entry.channels.length === 0 ? [] : had.filter((each) => !entry.channels.includes(each))
  return before === undefined || left.length === 0 ? { last: entry, channels: [] } : { ...before, channels: left }
}

/**
 * Shows a person what they have agreed to, purpose by purpose, and what they are asked for anew.
 *
 * @errors QueryError
 */
export const showConsents = (
  ports: AccountsPorts,
  context: QueryContext,
  input: NoInput = {},
): ResultAsync<{ readonly consents: readonly ConsentStanding[] }, QueryError> =>
  runQuery(ports, context, input, {
    action: 'accounts.myConsents',
    parse: parseNothing,
    plan: ({ actor }) => ({
      ledger: entries(consentLog, {
        where: [{ field: 'accountId', is: 'eq', value: customerIdOf(actor) }],
        orderBy: { field: 'at', direction: 'descending' },
        limit: 500,
      }),
    }),
    answer: ({ ledger }) =>
      ok({
        // Of one moment the entry that was written last comes first.
        consents: standingConsents(
          ports.accountsPolicy.consents,
          [...ledger].reverse().map(({ body }) => body),
        ),
      }),
  })
