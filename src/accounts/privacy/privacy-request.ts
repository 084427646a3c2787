import type { Instant } from '../../shared/instant.js'
import type { RecordVerdict } from './record-verdict.js'

/** What a person may ask of whoever keeps data of them. */
export const privacyRequestKinds = ['access', 'correction', 'erasure', 'restriction', 'objection', 'transfer'] as const

export type PrivacyRequestKind = (typeof privacyRequestKinds)[number]

/** Who turned to the shop for a person who cannot ask in their own account, as staff found it proven. */
export const privacyAskers = ['person', 'guardian', 'nextOfKin', 'representative'] as const

export type PrivacyAsker = (typeof privacyAskers)[number]

/** Why a request is not met. */
export type PrivacyRefusal =
  /** The law makes the shop keep it. */
  | 'legalDuty'
  /** There is business that is not at its end. */
  | 'businessOpen'
  /** Others would be harmed by it. */
  | 'othersHarmed'
  /** It was not shown that whoever asks is the person. */
  | 'notIdentified'

/** What is known of a request from the start. */
export type PrivacyRequestFacts = {
  readonly requestId: string
  /** For people: `P20261128-12345678`. */
  readonly number: string
  readonly accountId: string
  readonly kind: PrivacyRequestKind
  readonly askedAt: Instant
  /** To be answered by then. */
  readonly dueAt: Instant
  /** Who turned to the shop, where staff took the request in; absent where the person asked in their account. */
  readonly askedBy?: PrivacyAsker
}

/** A request about personal data. */
export type PrivacyRequest =
  | (PrivacyRequestFacts & { readonly status: 'open' })
  | (PrivacyRequestFacts & {
      readonly status: 'done'
      readonly answeredAt: Instant
      /** What an erasure came to, record by record. */
      readonly verdicts?: readonly RecordVerdict[]
    })
  | (PrivacyRequestFacts & {
      readonly status: 'refused'
      readonly answeredAt: Instant
      readonly reason: PrivacyRefusal
    })

/** What happened to a request. */
export type PrivacyRequestEvent =
  | {
      readonly type: 'PrivacyRequested'
      readonly requestId: string
      readonly accountId: string
      readonly kind: PrivacyRequestKind
      readonly dueAt: Instant
    }
  | {
      readonly type: 'PrivacyRequestAnswered'
      readonly requestId: string
      readonly accountId: string
      readonly status: 'done' | 'refused'
    }

/** The request was answered before. */
export type PrivacyRequestAnsweredBefore = {
  readonly type: 'PrivacyRequestAnsweredBefore'
  readonly status: 'done' | 'refused'
}

/** It cannot be called done, for it was not: an erasure is answered by erasing (`erase` with `onRequest`), and by nothing else. */
export type RequestNotCarriedOut = { readonly type: 'RequestNotCarriedOut'; readonly kind: PrivacyRequestKind }

/** One of the kind is open already. */
export type PrivacyRequestOpen = {
  readonly type: 'PrivacyRequestOpen'
  readonly number: string
  readonly dueAt: Instant
}

/** How requests are answered. */
export type PrivacyPolicy = {
  /** Within so many days; the law says fifteen working days for most, so calendar days are within it. */
  readonly answerWithinDays: number
  /** Below this age a guardian has to agree to the registration (PIPL article 31). */
  readonly guardianBelowYears: number
}
