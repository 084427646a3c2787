import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import { daysMs, type Instant } from '../../shared/instant.js'
import { canonicalJson } from '../../shared/json.js'
import type { ErasureRule, PersonalRecord, PersonalRow, RetentionLaw } from '../../shared/personal-record.js'
import type { CryptoUnavailable, KeyedDigest } from '../../shared/ports.js'
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
    ...records.flatMap(({ name, askOpen }) =>
      (askOpen?.(accountId) ?? []).map((asked, index) => [openKey(name, index), asked]),
    ),
    ...records
      .filter(isRestricted)
      .map((record) => [`kept:${record.name}`, record.ask(accountId, { limit: isKeeper(record) ? lookedAt : 1 })]),
  ])

// A record asks twice at most.
const openKeys = (name: string) => [openKey(name, 0), openKey(name, 1)]
const openKey = (name: string, index: number) => `open:${index}:${name}` as const

// What holds sealed data beyond the erasure decides for how long the key is needed.
const isKeeper = ({ fields }: PersonalRecord): boolean => fields.length > 0

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
  const open = records.flatMap(({ name, secondOf = name }) => {
    const ids = openKeys(name).flatMap((key) => (read[key] ?? []).map(({ id }) => id))
    return [...new Set(ids)].map((id) => ({ record: secondOf, id }))
  })
  return open.length > 0 ? err({ type: 'BusinessOpen', open }) : ok(planFrom(records, read, at, policy))
}

/** The plan of an erasure, whatever business is open. */
export const planFrom = (
  records: readonly PersonalRecord[],
  read: ErasureFacts<readonly PersonalRow[]>,
  at: Instant,
  policy: Pick<AccountsPolicy, 'activationByPush'>,
): ErasurePlan => {
  const keptOf = (name: string) => read[`kept:${name}`] ?? []
  const ends = records
    .filter(isRestricted)
    .filter(isKeeper)
    .flatMap(({ name, onErasure: { law, days } }) => {
      const rows = keptOf(name)
      if (rows.length === 0) return []
      // Where there are more than were looked at, one that was not may have ended last.
      const ended = rows.length >= lookedAt ? [at] : rows.map(({ endedAt }) => endedAt ?? at)
      return [{ law, until: Math.max(...ended) + days * daysMs }]
    })
  const longest = ends.reduce<(typeof ends)[number] | undefined>(
    (before, each) => (before === undefined || each.until > before.until ? each : before),
    undefined,
  )
  const held = longest !== undefined && longest.until > at ? longest : undefined
  return {
    verdicts: records.map((record): RecordVerdict => {
      const { name, onErasure } = record
      if (onErasure.verdict !== 'restrict') return { record: name, verdict: onErasure.verdict }
      if (keptOf(name).length === 0) return { record: name, verdict: 'none' }
      if (!isKeeper(record)) return { record: name, verdict: 'restrict', law: onErasure.law }
      // Where the key goes at once, nobody reads what it sealed: the rows say no more who it was.
      return held === undefined
        ? { record: name, verdict: 'anonymise' }
        : { record: name, verdict: 'restrict', law: onErasure.law, until: held.until }
    }),
    ...(held === undefined ? {} : { held }),
    passing: passingRecords(at, policy),
  }
}

/** What a plan comes to, for whoever confirms it: changed where another record would be kept, or by another law. */
export const confirmationOf = (
  digests: KeyedDigest,
  accountId: string,
  { verdicts, held }: ErasurePlan,
): ResultAsync<string, CryptoUnavailable> =>
  digests.digest(
    'erasure-plan',
    canonicalJson([
      accountId,
      held?.law ?? null,
      verdicts.map(({ record, verdict, law = null }) => [record, verdict, law]),
    ]),
  )
