import { err, ok, type Result } from 'neverthrow'
import { daysMs, type Instant } from '../../shared/instant.js'
import type { ErasureRule, PersonalRecord, PersonalRow, RetentionLaw } from '../../shared/personal-record.js'
import type { Asked } from '../../shared/read-plan.js'
import type { AccountsPolicy } from '../accounts-policy.js'
import { type PassingRecord, passingRecords } from './passing-records.js'
import type { RecordVerdict } from './record-verdict.js'

/** What an erasure does, record by record; every record of the shop's catalogue has a verdict. */
export type ErasurePlan = {
  readonly verdicts: readonly RecordVerdict[]
  /** For how long the person's key is set aside, and by which law; absent where nothing needs it, and it is destroyed. */
  readonly held?: { readonly until: Instant; readonly law: RetentionLaw }
  /** What is left under digests that lead to nobody, and by when it is gone. */
  readonly passing: readonly PassingRecord[]
}

/** Orders, returns, refunds or disputes of the person are not at their end; the account can go when they are. */
export type BusinessOpen = {
  readonly type: 'BusinessOpen'
  readonly open: readonly { readonly record: string; readonly id: string }[]
}

/** The most rows of a record that are looked at for when its business ended. */
export const lookedAt = 200

const isRestricted = (
  record: PersonalRecord,
): record is PersonalRecord & { readonly onErasure: Extract<ErasureRule, { readonly verdict: 'restrict' }> } =>
  record.onErasure.verdict === 'restrict'

/** What an erasure depends on, by record: the business that is open, and when what is kept came to its end. */
export type ErasureFacts<Answer> = {
  readonly [name: `open:${string}`]: Answer
  readonly [name: `kept:${string}`]: Answer
}

/** Asks what an erasure depends on. */
export const askErasure = (
  records: readonly PersonalRecord[],
  accountId: string,
): ErasureFacts<Asked<readonly PersonalRow[]>> =>
  Object.fromEntries([
    ...records.flatMap((record) =>
      record.askOpen === undefined ? [] : [[`open:${record.name}`, record.askOpen(accountId)]],
    ),
    ...keepers(records).map((record) => [`kept:${record.name}`, record.ask(accountId, { limit: lookedAt })]),
  ])

// What holds sealed data beyond the erasure decides for how long the key is needed.
const keepers = (records: readonly PersonalRecord[]) =>
  records.filter(isRestricted).filter(({ fields }) => fields.length > 0)

/**
 * Plans an erasure.
 *
 * @param read - the answers to `askErasure`
 * @param policy - what the shop counts by digests
 * @errors BusinessOpen
 */
export const planErasure = (
  records: readonly PersonalRecord[],
  read: ErasureFacts<readonly PersonalRow[]>,
  at: Instant,
  policy: Pick<AccountsPolicy, 'activationByPush'>,
): Result<ErasurePlan, BusinessOpen> => {
  const open = records.flatMap(({ name }) => (read[`open:${name}`] ?? []).map(({ id }) => ({ record: name, id })))
  if (open.length > 0) return err({ type: 'BusinessOpen', open })
  const held = keepers(records).flatMap(({ name, onErasure: { law, days } }) => {
    const rows = read[`kept:${name}`] ?? []
    if (rows.length === 0) return []
    // Where there are more than were looked at, one that was not may have ended last.
    const ends = rows.length >= lookedAt ? [at] : rows.map(({ endedAt }) => endedAt ?? at)
    return [{ law, until: Math.max(...ends) + days * daysMs }]
  })
  const longest = held.reduce<(typeof held)[number] | undefined>(
    (before, each) => (before === undefined || each.until > before.until ? each : before),
    undefined,
  )
  const isHeld = longest !== undefined && longest.until > at
  return ok({
    verdicts: records.map(({ name, onErasure }): RecordVerdict => {
      if (onErasure.verdict !== 'restrict') return { record: name, verdict: onErasure.verdict }
      return {
        record: name,
        verdict: 'restrict',
        law: onErasure.law,
        until: isHeld ? longest.until : at + onErasure.days * daysMs,
      }
    }),
    ...(isHeld ? { held: longest } : {}),
    passing: passingRecords(at, policy),
  })
}
