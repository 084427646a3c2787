import type { Instant } from '../../shared/instant.js'
import type { Locale } from '../../shared/messages.js'
import type { PersonDetails } from '../registration-fields.js'
import type { ErasedPerson } from './list-erased.js'
import type { PrivacyAsker, PrivacyRefusal, PrivacyRequest, PrivacyRequestKind } from './privacy-request.js'

/** The open request that staff carry out for whom it is about; people who act for themselves name none. */
export type OnRequest = { readonly requestId: string; readonly accountId: string }

/** Whom to erase again after a restore: what `upkeep.erasedPeople` listed. */
export type EraseAgainInput = { readonly people: readonly ErasedPerson[] }

/** For staff: on whose request. */
export type ErasurePlanInput = { readonly onRequest?: OnRequest }

/** Where a page of an export begins. */
export type ExportCursor = {
  /** The record. */
  readonly record: string
  /** Behind this row of it; at its beginning when absent. */
  readonly id?: string
}

/** From where on; from the beginning when absent. */
export type ExportDataInput = { readonly after?: ExportCursor; readonly onRequest?: OnRequest }

/** Which row of which record, of whom. */
export type ReadHeldInput = { readonly accountId: string; readonly record: string; readonly id: string }

/** What is asked. */
export type RequestPrivacyInput = {
  readonly kind: PrivacyRequestKind
  /** For staff, who take in what came by letter or in person: whose data it is about, and who turned to the shop. */
  readonly onBehalf?: { readonly accountId: string; readonly askedBy: PrivacyAsker }
}

/** How a request is answered. */
export type AnswerPrivacyRequestInput = {
  readonly requestId: string
  readonly outcome: { readonly kind: 'done' } | { readonly kind: 'refused'; readonly reason: PrivacyRefusal }
}

/** Which requests. */
export type PrivacyRequestsInput = {
  readonly status?: PrivacyRequest['status']
  /** 1 to 100; 50 when absent. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: { readonly dueAt: Instant; readonly requestId: string }
}

/** What a person corrects of what is kept of them; what is absent stays. */
export type CorrectProfileInput = {
  /** What one wants to be called; null takes it away. */
  readonly name?: string | null
  readonly locale?: Locale
  /** All details anew; one that is left out is kept no longer. */
  readonly details?: PersonDetails
  /** A guardian agrees, on the notice that was shown, where the details tell of a child. */
  readonly guardian?: { readonly noticeVersion: string }
  /** For staff: on whose request. */
  readonly onRequest?: OnRequest
}
