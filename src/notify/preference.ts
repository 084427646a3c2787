import type { Instant } from '../shared/instant.js'
import type { Locale } from '../shared/messages.js'
import type { Channel } from './message.js'
import { needsConsent, type TemplateName } from './templates.js'

/** How a person wants to be written to; the id of the row is the account's. */
export type MessagePreference = {
  readonly accountId: string
  readonly locale: Locale
  /** The channels on which a consent to marketing stands; none when empty. */
  readonly marketing: readonly Channel[]
  /** The notice on which marketing was agreed to. */
  readonly noticeVersion?: string
  readonly changedAt: Instant
}

/**
 * Whether a message may go to a person: marketing only on a channel for which a consent stands, given on the current
 * notice where there is one; all else always.
 */
export const mayReceive = (
  { template, channel }: { readonly template: TemplateName; readonly channel: Channel },
  preference: MessagePreference | undefined,
  currentNotice: string | null = null,
): boolean =>
  !needsConsent(template) ||
  (preference?.marketing.includes(channel) === true &&
    (currentNotice === null || preference.noticeVersion === currentNotice))
