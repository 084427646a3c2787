import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider, type TransitionTable } from '../shared/decider.js'
import { isDue } from '../shared/due.js'
import { hoursMs } from '../shared/instant.js'
import type { MessageCommand, MessageError, MessageEvent, MessageFacts, MessageRecord } from './message.js'

/** A message, or the moment before there is one. */
export type MessageState = MessageRecord | { readonly status: 'absent' }

export type MessageStatus = MessageState['status']

/** The longest that a message waits for its next try, milliseconds. */
export const longestPauseMs = hoursMs

/** Which command leads a message where. */
export const messageTable: TransitionTable<MessageStatus, MessageCommand['type'], MessageEvent['type']> = [
  { from: 'absent', command: 'Queue', events: 'MessageQueued', to: 'queued' },
  { from: 'queued', command: 'Begin', events: 'MessageBegun', to: 'sending' },
  { from: 'queued', command: 'Suppress', events: 'MessageSuppressed', to: 'suppressed' },
  { from: 'sending', command: 'Begin', events: 'MessageBegun', to: 'sending', guard: 'no answer in time' },
  { from: 'sending', command: 'NoteSent', events: 'MessageSent', to: 'sent' },
  { from: 'sending', command: 'NoteFailure', events: 'MessagePostponed', to: 'queued', guard: 'tries are left' },
  { from: 'sending', command: 'NoteFailure', events: 'MessageFailed', to: 'failed', guard: 'no try is left' },
  { from: 'sending', command: 'Suppress', events: 'MessageSuppressed', to: 'suppressed' },
]

const decide = (state: MessageState, command: MessageCommand): Result<readonly MessageEvent[], MessageError> => {
  if (!allowsCommand(messageTable, { status: state.status, command: command.type })) {
    return err({ type: 'MessageStateForbids', status: state.status, command: command.type })
  }
  return match(command)
    .returnType<Result<readonly MessageEvent[], MessageError>>()
    .with({ type: 'Queue' }, ({ type: _, ...facts }) => ok([{ type: 'MessageQueued', ...facts }]))
    .with({ type: 'Begin' }, ({ at, until }) =>
      state.status === 'sending' && !isDue(state.dueAt, at, longestPauseMs)
        ? err({ type: 'MessageInHand', until: state.dueAt })
        : ok([{ type: 'MessageBegun', until }]),
    )
    .with({ type: 'NoteSent' }, ({ at }) => ok([{ type: 'MessageSent', at }]))
    .with({ type: 'NoteFailure' }, ({ at, retryAt, reason }) =>
      ok([retryAt === null ? { type: 'MessageFailed', at, reason } : { type: 'MessagePostponed', retryAt }]),
    )
    .with({ type: 'Suppress' }, ({ at, reason }) => ok([{ type: 'MessageSuppressed', at, reason }]))
    .exhaustive()
}

const evolve = (state: MessageState, event: MessageEvent): MessageState => {
  if (event.type === 'MessageQueued') {
    const { type: _, ...facts } = event
    return { status: 'queued', tries: 0, ...facts }
  }
  if (state.status !== 'queued' && state.status !== 'sending') return state
  const sealed = {
    ...(state.secret === undefined ? {} : { secret: state.secret }),
    ...(state.to === undefined ? {} : { to: state.to }),
  }
  switch (event.type) {
    case 'MessageBegun':
      return { ...factsOf(state), ...sealed, status: 'sending', dueAt: event.until, tries: state.tries + 1 }
    case 'MessagePostponed':
      return { ...factsOf(state), ...sealed, status: 'queued', dueAt: event.retryAt, tries: state.tries }
    case 'MessageSent':
      return { ...factsOf(state), status: 'sent', sentAt: event.at, tries: state.tries }
    case 'MessageFailed':
      return { ...factsOf(state), status: 'failed', failedAt: event.at, tries: state.tries, reason: event.reason }
    case 'MessageSuppressed':
      return { ...factsOf(state), status: 'suppressed', suppressedAt: event.at, reason: event.reason }
  }
}

const factsOf = ({
  messageId,
  cause,
  accountId,
  channel,
  template,
  facts,
  orderId,
  queuedAt,
}: MessageFacts): MessageFacts => ({
  messageId,
  cause,
  accountId,
  channel,
  template,
  facts,
  ...(orderId === undefined ? {} : { orderId }),
  queuedAt,
})

/** The life of a message. */
export const messageMachine: Decider<MessageState, MessageCommand, MessageEvent, MessageError> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}
