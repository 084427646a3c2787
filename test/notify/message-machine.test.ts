import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { MessageCommand, MessageError, MessageEvent } from '../../src/notify/message.js'
import { type MessageState, messageMachine, messageTable } from '../../src/notify/message-machine.js'
import { specify } from '../kit/given-when-then.js'
import { machineLaws } from '../kit/machine-laws.js'

const secret = { sealed: { scheme: 1, nonce: 'n', data: 'd' } }
const facts = {
  messageId: 'c/a/email',
  cause: 'c',
  accountId: 'a',
  channel: 'email',
  template: 'resetCode',
  facts: {},
  queuedAt: 0,
} as const
const queue = { type: 'Queue', dueAt: 0, secret, ...facts } as const
const at = fc.integer({ min: 0, max: 20 })

machineLaws<MessageState, MessageCommand, MessageEvent, MessageError>({
  name: 'message',
  decider: messageMachine,
  table: messageTable,
  statuses: { absent: 'open', queued: 'open', sending: 'open', sent: 'final', failed: 'final', suppressed: 'final' },
  arbitraries: {
    Queue: fc.constant(queue),
    Begin: at.map((moment) => ({ type: 'Begin', at: moment, until: moment + 2 })),
    NoteSent: at.map((moment) => ({ type: 'NoteSent', at: moment })),
    NoteFailure: fc.record({
      type: fc.constant('NoteFailure'),
      at,
      retryAt: fc.option(at, { nil: null }),
      reason: fc.constant('triesUsedUp'),
    }),
    Suppress: at.map((moment) => ({ type: 'Suppress', at: moment, reason: 'noConsent' })),
  },
  model: {
    Queue: [queue],
    Begin: [
      { type: 'Begin', at: 1, until: 3 },
      { type: 'Begin', at: 3, until: 5 },
    ],
    NoteSent: [{ type: 'NoteSent', at: 2 }],
    NoteFailure: [
      { type: 'NoteFailure', at: 2, retryAt: 8, reason: 'triesUsedUp' },
      { type: 'NoteFailure', at: 2, retryAt: null, reason: 'triesUsedUp' },
    ],
    Suppress: [{ type: 'Suppress', at: 1, reason: 'noAddress' }],
  },
  invariants: {
    'a message that is over keeps no secret': (state) =>
      state.status === 'queued' || state.status === 'sending' || !JSON.stringify(state).includes('sealed'),
  },
  // Tries are counted for ever; the sweep gives up, the machine does not.
  limits: { maxDepth: 6 },
})

describe('a message', () => {
  const given = specify(messageMachine)
  const { type: _, ...queued } = queue
  const begun: MessageEvent = { type: 'MessageBegun', until: 5 }

  it('is in one hand at a time, and may be taken up when no answer came', () => {
    given([{ type: 'MessageQueued', ...queued }, begun])
      .when({ type: 'Begin', at: 4, until: 9 })
      .thenRefused({ type: 'MessageInHand', until: 5 })
    given([{ type: 'MessageQueued', ...queued }, begun])
      .when({ type: 'Begin', at: 5, until: 9 })
      .then([{ type: 'MessageBegun', until: 9 }])
  })
})
