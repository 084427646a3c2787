import type { ResultAsync } from 'neverthrow'
import type { StoredDataInvalid } from '../shared/collection.js'
import type { StorageUnavailable } from '../shared/errors.js'
import type { Locale } from '../shared/messages.js'
import type { Sealer, Unreadable } from '../shared/personal-data.js'
import type { CorePorts, CryptoUnavailable } from '../shared/ports.js'
import type { Channel } from './message.js'

/** A message ready to go. */
export type OutgoingMessage = {
  /** The same on every try, for channels that can tell a repetition. */
  readonly messageId: string
  readonly channel: Channel
  /** The address of the channel: one e-mail address, one phone number, one device. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly locale: Locale
}

/** The channel did not take the message. */
export type NotifyFailed = {
  readonly type: 'NotifyFailed'
  /** Whether trying again may help. */
  readonly retry: boolean
  /** For the log; holds no address and no text of the message. */
  readonly detail: string
}

/** Hands messages to the outside world. */
export type Notifier = {
  readonly send: (message: OutgoingMessage) => ResultAsync<void, NotifyFailed>
}

/** Where a person is reached, as far as the shop knows. */
export type RecipientAddress = {
  readonly to: string
  /** How the person is reached instead, where it is not by the channel that was asked for. */
  readonly channel?: Channel
}

/** The host cannot say now where a person is reached; it is asked again with the next try. */
export type ContactsUnavailable = { readonly type: 'ContactsUnavailable'; readonly detail: string }

/**
 * Knows how people are reached; the host provides it, which has the addresses confirmed. It is asked for telephones and
 * devices of accounts that stand, and for every channel of buyers who have no account here: the host's own users.
 */
export type ContactBook = {
  /**
   * Where an account is reached by a channel; undefined where it is not.
   *
   * @param accountId - of a visitor, `guestOwnerId` of the id that the host keeps for them
   */
  readonly find: (
    accountId: string,
    channel: 'email' | 'sms' | 'push',
  ) => ResultAsync<RecipientAddress | undefined, ContactsUnavailable>
}

/** Knows how people are reached; accounts provides it, with what the host knows. */
export type RecipientBook = {
  /**
   * The address of an account on a channel; a number where it was asked for e-mail of who has but a number; undefined
   * where there is none, as after an erasure. Of who has no account an order that they are told of may say one.
   */
  readonly find: (
    accountId: string,
    channel: Channel,
    orderId?: string,
  ) => ResultAsync<
    RecipientAddress | undefined,
    Unreadable | CryptoUnavailable | StorageUnavailable | StoredDataInvalid | ContactsUnavailable
  >
}

/** What sending needs of the world. */
export type NotifyPorts = CorePorts & {
  /** The notice on which people agree to marketing today; whoever agreed to another one is sent none. */
  readonly marketingNotice?: string | null
  readonly notifier: Notifier
  readonly recipients: RecipientBook
  readonly sealer: Sealer
}
