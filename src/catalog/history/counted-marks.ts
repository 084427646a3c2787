import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type { Instant } from '../../shared/instant.js'
import { openValue, type Place, type Sealer, type SubjectKey, sealValue } from '../../shared/personal-data.js'
import type { CryptoUnavailable, KeyedDigest } from '../../shared/ports.js'
import {
  type BrowsingHistory,
  type CountedMarks,
  type HistorySubject,
  historyKeptMs,
  type SealedMarks,
} from './browsing-history.js'
import { browsingHistories, parseMarks } from './browsing-history.schema.js'

/** The most that is counted of one person in a period. */
export const mostCounted = 500

/**
 * When the period of a moment is over. Periods are the same for everybody: who is counted once in each is then one person
 * in whatever is counted of one.
 */
export const periodEnd = (now: Instant): Instant => (Math.floor(now / historyKeptMs) + 1) * historyKeptMs

/** The marks of this period, sealed; undefined without any. */
export const marksNow = (history: BrowsingHistory | undefined, now: Instant): SealedMarks | undefined =>
  history?.counted === undefined || history.counted.endsAt <= now ? undefined : history.counted

// 96 bits: two things of one person are not taken for one.
const markLength = 16

/** The mark of something that a person looked at or for. It is another one for another person. */
export const markOf = (
  digests: KeyedDigest,
  accountId: string,
  subject: HistorySubject,
): ResultAsync<string, CryptoUnavailable> =>
  digests
    .digest(
      'counted of a person',
      JSON.stringify([accountId, subject.kind, subject.kind === 'product' ? subject.productId : subject.text]),
    )
    .map((digest) => digest.slice(0, markLength))

const place = (accountId: string): Place => ({
  collection: browsingHistories.name,
  id: accountId,
  field: 'counted.marks',
})

/**
 * What was counted of a person in this period; null where that cannot be read any more, or is as much as is counted of
 * one: then nothing more of them is.
 */
export const openMarks = (
  sealer: Sealer,
  key: SubjectKey,
  accountId: string,
  counted: SealedMarks | undefined,
): ResultAsync<CountedMarks | null, CryptoUnavailable> =>
  counted === undefined
    ? okAsync({ products: [], texts: [] })
    : openValue(sealer, key, place(accountId), counted.marks, parseMarks)
        .map((marks) => (marks.products.length + marks.texts.length < mostCounted ? marks : null))
        .orElse((error) => (error.type === 'Unreadable' ? okAsync(null) : errAsync(error)))

/** Seals the marks of the period of a moment. */
export const sealMarks = (
  sealer: Sealer,
  key: SubjectKey,
  accountId: string,
  { products, texts }: CountedMarks,
  now: Instant,
): ResultAsync<SealedMarks, CryptoUnavailable> =>
  sealValue(sealer, key, place(accountId), { products, texts }).map((marks) => ({ marks, endsAt: periodEnd(now) }))
