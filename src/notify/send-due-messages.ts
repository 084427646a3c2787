import { err, ok, okAsync, type Result, ResultAsync } from 'neverthrow'
import { put } from '../shared/commit.js'
import { type Decision, decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import { isDue } from '../shared/due.js'
import { daysMs, type Instant, minutesMs, secondsMs } from '../shared/instant.js'
import { openValue, type SubjectKey } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { row, type Stored } from '../shared/read-plan.js'
import { type DueMessages, findDueMessages } from './find-due-messages.js'
import type { Channel, FailureReason, MessageCommand, MessageError, MessageRecord } from './message.js'
import { messages } from './message.schema.js'
import { longestPauseMs, type MessageState, messageMachine } from './message-machine.js'
import type { NotifyFailed, NotifyPorts } from './ports.js'
import { type MessagePreference, mayReceive } from './preference.js'
import { messagePreferences } from './preference.schema.js'
import { messageAddressPlace, messageSecretPlace } from './queue-message.js'
import { needsConsent, type TemplateName, templatesByUrgency, writeMessage } from './templates.js'

/** How messages are sent. */
export type SendOptions = {
  /** The most messages of one turn. */
  readonly limit: number
  /** Tries before a message is given up; as many as there is time for when absent. */
  readonly tries?: number
  /** In whose hours moments are written; those of UTC when absent. */
  readonly utcOffsetMinutes?: number
}

/** What one turn of sending came to. */
export type SendReport = {
  readonly sent: number
  readonly postponed: number
  /** Messages that were given up, and why. */
  readonly failed: readonly { readonly messageId: string; readonly reason: FailureReason }[]
  readonly suppressed: number
  /** Messages that another sender took first. */
  readonly passed: number
  /** Messages whose row could not be read or written this time; they stay due. */
  readonly errors: readonly { readonly messageId: string; readonly reason: string }[]
  /** Channels that cost the turn half a minute without sending anything; what else is due by them stays due. */
  readonly notAnswering: readonly { readonly id: Channel; readonly reason: 'ChannelNotAnswering' }[]
}

// What it takes a channel to fail is lost for everybody who waits behind.
const mostLostMs = 30 * secondsMs

/** How long a sender has for one message before another may take it up. */
export const sendingMs = 2 * minutesMs

/**
 * The oldest a message may be when it is sent: a code that is a day late helps nobody, and what became of money and goods
 * is worth telling after days without a channel.
 */
export const longestWaitMs = (template: TemplateName): number =>
  templatesByUrgency.service.includes(template) ? 3 * daysMs : daysMs

/** How long a message waits after so many tries: 1 min, 4 min, 16 min, then an hour each time. */
export const retryDelayMs = (tries: number): number => Math.min(4 ** Math.max(0, tries - 1) * minutesMs, longestPauseMs)

/**
 * Sends what is due, of each kind what waited longest: codes and notices of the account first, which are worth something
 * for minutes; then what orders and the like have to say; advertising with what is left of the turn. Takes each message in hand first, so that of many senders one sends it; one that fails is tried
 * again later, with growing pauses, and given up when it is too old to be of use. One bad message stops no other, and a channel
 * that takes its time to fail does not hold up the rest: what else is due by it is left for the next turn, as it is.
 *
 * @errors StorageError when the due messages cannot be read
 */
export const sendDueMessages = (ports: NotifyPorts, options: SendOptions): ResultAsync<SendReport, StorageError> =>
  findDueMessages(ports, options.limit).andThen(({ due, unreadable }) =>
    ResultAsync.fromSafePromise(sendEach(ports, due, options)).map((report) => ({
      ...report,
      errors: [...unreadable, ...report.errors],
    })),
  )

type Outcome = 'sent' | 'postponed' | 'suppressed' | 'passed' | { readonly failed: FailureReason }

const sendEach = async (ports: NotifyPorts, due: DueMessages['due'], options: SendOptions): Promise<SendReport> => {
  const counts = { sent: 0, postponed: 0, suppressed: 0, passed: 0 }
  const failed: { messageId: string; reason: FailureReason }[] = []
  const errors: { messageId: string; reason: string }[] = []
  const lostMs = new Map<Channel, number>()
  const isSilent = (channel: Channel): boolean => (lostMs.get(channel) ?? 0) >= mostLostMs
  for (const { id, channel } of due) {
    if (isSilent(channel)) continue
    const begunAt = ports.clock.now()
    const outcome = await sendOne(ports, id, options)
    outcome.match(
      (value) => {
        if (value === 'sent') lostMs.delete(channel)
        else lostMs.set(channel, (lostMs.get(channel) ?? 0) + ports.clock.now() - begunAt)
        if (typeof value === 'string') counts[value] += 1
        else failed.push({ messageId: id, reason: value.failed })
      },
      (error) => {
        errors.push({ messageId: id, reason: error.type })
      },
    )
  }
  const notAnswering = [...lostMs.keys()].filter(isSilent).map((id) => ({ id, reason: 'ChannelNotAnswering' }) as const)
  return { ...counts, failed, errors, notAnswering }
}

type InHand = {
  readonly message: MessageRecord
  readonly key: SubjectKey | undefined
  readonly preference: MessagePreference | undefined
}

const sendOne = (
  ports: NotifyPorts,
  id: string,
  options: SendOptions,
): ResultAsync<Outcome, StorageError | MessageError> =>
  takeInHand(ports, id).andThen((taken) => {
    if (taken === null) return okAsync<Outcome, StorageError | MessageError>('passed')
    const { message, preference } = taken
    if (!mayReceive(message, preference, ports.marketingNotice)) return suppress(ports, id, 'noConsent')
    // It stands in the account as it is, and may come late.
    if (message.channel === 'inApp') return noteSent(ports, id)
    if (ports.clock.now() - message.queuedAt > longestWaitMs(message.template)) return giveUp(ports, id, 'outOfTime')
    return guarded(() =>
      prepare(ports, taken, options).andThen((prepared) =>
        prepared === null ? okAsync(null) : ports.notifier.send(prepared).map(() => 'sent' as const),
      ),
    )
      .map((delivered) => ({ delivered }))
      .orElse((failure) => okAsync({ failure }))
      .andThen((outcome) => {
        if ('failure' in outcome) return noteFailure(ports, id, message, outcome.failure, options)
        return outcome.delivered === null ? suppress(ports, id, 'noAddress') : noteSent(ports, id)
      })
  })

// A notifier or a contact book of the host may throw or reject; that too is only a try that failed.
const guarded = <Answer, Failure>(
  attempt: () => ResultAsync<Answer, Failure>,
): ResultAsync<Answer, Failure | NotifyFailed> =>
  new ResultAsync(
    (async (): Promise<Result<Answer, Failure | NotifyFailed>> => {
      try {
        return await attempt()
      } catch {
        // What was thrown may hold an address or the text.
        return err({ type: 'NotifyFailed', retry: true, detail: 'The notifier or the contact book threw' })
      }
    })(),
  )

const takeInHand = (ports: NotifyPorts, id: string): ResultAsync<InHand | null, StorageError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({
      message: row(messages, id),
      key: row(subjectKeys, { from: 'message', path: 'accountId' }),
      preference: row(messagePreferences, { from: 'message', path: 'accountId' }),
    }),
    decide: ({ message, key, preference }, { now }): Result<Decision<InHand | null>, never> => {
      if (message === undefined || !('dueAt' in message.state)) return nothing
      if (!isDue(message.state.dueAt, now, longestPauseMs)) return nothing
      const next = step(message, { type: 'Begin', at: now, until: now + sendingMs })
      if (next.isErr()) return nothing
      return ok({
        changes: [next.value],
        answer: { message: message.state, key: key?.state, preference: preference?.state },
      })
    },
  })

const nothing = ok({ changes: [], answer: null })

const prepare = (ports: NotifyPorts, { message, key, preference }: InHand, options: SendOptions) =>
  findAddress(ports, message, key).andThen((address) => {
    if (address === undefined) return okAsync(null)
    const channel = address.channel ?? message.channel
    // Who agreed to advertising on one channel has not agreed to it on another.
    if (channel !== message.channel && needsConsent(message.template)) return okAsync(null)
    const secret = 'secret' in message ? message.secret : undefined
    const code =
      secret === undefined
        ? okAsync({})
        : openValue(ports.sealer, key, messageSecretPlace(message.messageId), secret, parseText).map((code) => ({
            code,
          }))
    return code.map((withCode) => {
      const locale = preference?.locale ?? 'zh-CN'
      const offset = options.utcOffsetMinutes === undefined ? {} : { utcOffsetMinutes: options.utcOffsetMinutes }
      const written = writeMessage(message.template, message.facts, { locale, ...withCode, ...offset })
      return { messageId: message.messageId, channel, to: address.to, locale, ...written }
    })
  })

const findAddress = (
  ports: NotifyPorts,
  message: MessageRecord,
  key: SubjectKey | undefined,
): ReturnType<NotifyPorts['recipients']['find']> =>
  'to' in message && message.to !== undefined
    ? openValue(ports.sealer, key, messageAddressPlace(message.messageId), message.to, parseText).map((to) => ({ to }))
    : ports.recipients.find(message.accountId, message.channel, message.orderId)

const parseText = (value: unknown): Result<string, 'notText'> =>
  typeof value === 'string' ? ok(value) : err('notText')

const noteSent = (ports: NotifyPorts, id: string) => note(ports, id, 'sent', (now) => ({ type: 'NoteSent', at: now }))

const suppress = (ports: NotifyPorts, id: string, reason: 'noConsent' | 'noAddress') =>
  note(ports, id, 'suppressed', (now) => ({ type: 'Suppress', at: now, reason }))

const giveUp = (ports: NotifyPorts, id: string, reason: FailureReason) =>
  note(ports, id, { failed: reason }, (now) => ({ type: 'NoteFailure', at: now, retryAt: null, reason }))

const noteFailure = (
  ports: NotifyPorts,
  id: string,
  message: MessageRecord,
  failure: { readonly type: string; readonly retry?: boolean },
  options: SendOptions,
) => {
  if (failure.type === 'Unreadable') return giveUp(ports, id, 'notReadable')
  if (failure.retry === false) return giveUp(ports, id, 'refusedByChannel')
  // The row was read before this try was counted.
  const tries = ('tries' in message ? message.tries : 0) + 1
  if (options.tries !== undefined && tries >= options.tries) return giveUp(ports, id, 'triesUsedUp')
  return note(ports, id, 'postponed', (now) => ({
    type: 'NoteFailure',
    at: now,
    retryAt: now + retryDelayMs(tries),
    reason: 'triesUsedUp',
  }))
}

const note = (
  ports: NotifyPorts,
  id: string,
  outcome: Outcome,
  commandAt: (now: Instant) => MessageCommand,
): ResultAsync<Outcome, StorageError | MessageError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({ message: row(messages, id) }),
    decide: ({ message }, { now }): Result<Decision<Outcome>, MessageError> =>
      message === undefined
        ? ok({ changes: [], answer: 'passed' })
        : step(message, commandAt(now)).map((change) => ({ changes: [change], answer: outcome })),
  })

const step = (stored: Stored<MessageRecord>, command: MessageCommand) =>
  decideNext(messageMachine, stored.state, command).map(({ state, events }) =>
    put<MessageState>(messages, { id: stored.id, version: stored.version, state, events }),
  )
