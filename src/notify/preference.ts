import type { Instant } from '../shared/instant.js'
import type { Locale } from '../shared/messages.js'
import { needsConsent, type TemplateName } from './templates.js'

/** How a person wants to be written to; the id of the row is the account's. */
export type MessagePreference = {
  readonly accountId: string
  readonly locale: Locale
  /** Whether a consent to marketing stands. */
  readonly marketing: boolean
  readonly changedAt: Instant
}

/** Whether a message may go to a person: marketing only where a consent stands, all else always. */
export const mayReceive = (template: TemplateName, preference: MessagePreference | undefined): boolean =>
  !needsConsent(template) || preference?.marketing === true
