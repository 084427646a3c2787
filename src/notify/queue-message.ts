import { type Change, put } from '../shared/commit.js'
import { foldEvents } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { Place, Sealed } from '../shared/personal-data.js'
import type { Channel, MessageFacts, MessageTold } from './message.js'
import { messages } from './message.schema.js'
import { type MessageState, messageMachine } from './message-machine.js'
import type { MessagePreference } from './preference.js'
import type { MessageFact, TemplateName } from './templates.js'

/** What shall be told to whom. */
export type MessageRequest = {
  /** What it tells of: the id of an event or another cause; one message goes out for each cause, account and channel. */
  readonly cause: string
  readonly accountId: string
  /** E-mail when absent. */
  readonly channel?: Channel
  readonly template: TemplateName
  readonly facts?: Readonly<Record<string, MessageFact>>
  /** The order that it tells its buyer of. */
  readonly orderId?: string
  /** A code for the person's eyes only, sealed at `messageSecretPlace`; kept until the message is gone. */
  readonly secret?: Sealed
  /** The address it goes to, where it is none that the account is reached at; sealed at `messageAddressPlace`, kept as long. */
  readonly to?: Sealed
  readonly at: Instant
}

/** The id of the one message of a cause, an account and a channel. */
export const messageIdOf = ({
  cause,
  accountId,
  channel = 'email',
}: Pick<MessageRequest, 'cause' | 'accountId' | 'channel'>): string => `${cause}/${accountId}/${channel}`

/** Where the secret of a message stands. */
export const messageSecretPlace = (messageId: string): Place => ({
  collection: messages.name,
  id: messageId,
  field: 'secret',
})

/** Where the address of a message stands that goes to none of the account's own. */
export const messageAddressPlace = (messageId: string): Place => ({
  collection: messages.name,
  id: messageId,
  field: 'to',
})

/**
 * Queues one message of marketing on every channel for which a consent stands; none where none does.
 *
 * @param preference - how the person wants to be written to, as it was read
 */
export const queueMarketing = (
  request: Omit<MessageRequest, 'channel' | 'secret' | 'to'>,
  preference: MessagePreference | undefined,
): readonly Change[] => (preference?.marketing ?? []).map((channel) => queueMessage({ ...request, channel }))

/**
 * Queues a message in the commit of its cause; `sendDueMessages` sends it.
 *
 * A second message of the same cause, account and channel is a `VersionConflict`: whoever may come twice with one cause
 * reads the row of `messageIdOf` first, or is a reaction, which comes once. Marketing is held back when it is sent, if
 * no consent stands then.
 */
export const queueMessage = (request: MessageRequest): Change => {
  const facts: MessageFacts = {
    messageId: messageIdOf(request),
    cause: request.cause,
    accountId: request.accountId,
    channel: request.channel ?? 'email',
    template: request.template,
    facts: request.facts ?? {},
    ...(request.orderId === undefined ? {} : { orderId: request.orderId }),
    queuedAt: request.at,
  }
  const sealed = {
    ...(request.secret === undefined ? {} : { secret: request.secret }),
    ...(request.to === undefined ? {} : { to: request.to }),
  }
  const state = foldEvents(messageMachine, [{ type: 'MessageQueued', dueAt: request.at, ...sealed, ...facts }])
  // The event of a message says which one it is; what it says stands in the row and leaves no copy in the outbox.
  const event: MessageTold = { type: 'MessageQueued', messageId: facts.messageId, template: facts.template }
  return put<MessageState>(messages, { id: facts.messageId, version: 0, state, events: [event] })
}
