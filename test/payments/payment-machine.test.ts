import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { setAside } from '../../src/payments/known-facts.js'
import { type LedgerEntry, ledgerBalances } from '../../src/payments/ledger.js'
import { commandsOfCreate } from '../../src/payments/outcome.js'
import type { Payment, PaymentCommand, PaymentEvent } from '../../src/payments/payment.js'
import { payments } from '../../src/payments/payment.schema.js'
import { paymentMachine, refundableMinor, takenMinor } from '../../src/payments/payment-machine.js'
import type { PaymentState } from '../../src/payments/payment-steps.js'
import { postPayment } from '../../src/payments/posting.js'
import type { PaymentSnapshot } from '../../src/payments/snapshot.js'
import { decideNext, foldEvents } from '../../src/shared/decider.js'
import { specify } from '../kit/given-when-then.js'
import { machineLaws } from '../kit/machine-laws.js'
import { runWalk, walkArbitrary } from '../kit/random-walk.js'
import { paymentModel } from './payment-machine.model.js'
import { capturedSnapshot, knownFacts, samplePayment, sampleSnapshot, t0 } from './payment-samples.js'

machineLaws(paymentModel)

const given = specify(paymentMachine)
const started: PaymentEvent = { type: 'PaymentStarted', ...samplePayment }
const closeRequested: PaymentEvent = { type: 'PaymentCloseRequested', reason: 'unpaidDeadline', at: t0 + 10 }
const closed: PaymentEvent = { type: 'PaymentClosed', evidence: 'closedByGateway', at: t0 + 20 }
const paidFacts = knownFacts({
  gatewayRef: 'gw_1',
  stage: 'processing',
  captured: { minor: 8888, at: t0 + 2000 },
})
const captured: PaymentEvent = { type: 'PaymentCaptured', known: paidFacts, addedMinor: 8888 }
const say = (snapshot: PaymentSnapshot): PaymentCommand => ({ type: 'RecordSnapshot', snapshot })

const stateAfter = (...events: readonly PaymentEvent[]): Payment => {
  const state = foldEvents(paymentMachine, events)
  if (state.status === 'absent') throw new Error('no payment')
  return state
}

describe('a payment', () => {
  it('is asked about first when its gateway wants to be, and then at the shop’s own pace', () => {
    const placed = (pollAfterMs: number | null): PaymentState => {
      const commands = commandsOfCreate({ kind: 'pending', gatewayRef: 'g', pollAfterMs }, { at: t0, inDoubt: false })
      return commands.reduce<PaymentState>(
        (state, command) => decideNext(paymentMachine, state, command)._unsafeUnwrap().state,
        foldEvents(paymentMachine, [started]),
      )
    }
    expect(placed(null)).toMatchObject({ status: 'processing', queryAt: t0 + 5_000 })
    expect(placed(90_000)).toMatchObject({ status: 'processing', queryAt: t0 + 90_000 })
    const asked = decideNext(paymentMachine, placed(90_000), { type: 'RecordAsked', at: t0 + 90_000 })
    expect(asked._unsafeUnwrap().state).toMatchObject({ queryAt: t0 + 90_000 + 15_000 })
  })

  it('is unknown after a time-out, and captured once when the gateway says so', () => {
    const unknown: PaymentEvent = { type: 'PaymentUnknown', cause: 'timeout', at: t0 + 5 }
    given([started])
      .when({ type: 'RecordUnknown', cause: 'timeout', at: t0 + 5 })
      .then([unknown])
    given([started, unknown]).when(say(capturedSnapshot())).then([captured])
    given([started, unknown, captured]).when(say(capturedSnapshot())).then([])
  })

  it('is not failed by a refusal that may hide a success', () => {
    given([started])
      .when({ type: 'RecordDeclined', code: 'AlreadyPaid', at: t0 })
      .then([{ type: 'PaymentUnknown', cause: 'ambiguous', at: t0 }])
  })

  it('stays captured when an older word of failure comes later', () => {
    const state = stateAfter(started, captured)
    const decided = paymentMachine.decide(state, say(sampleSnapshot({ status: 'failed', failure: 'Expired' })))
    expect(foldEvents(paymentMachine, decided.unwrapOr([]), state).status).toBe('captured')
  })

  it('that is paid while it is being closed is paid', () => {
    given([started, closeRequested]).when(say(capturedSnapshot())).then([captured])
    expect(stateAfter(started, closeRequested, captured).status).toBe('captured')
    given([started, closeRequested, captured])
      .when({ type: 'ConfirmClosed', evidence: 'closedByGateway', at: t0 })
      .thenRefused({ type: 'PaymentStateForbids', status: 'captured', command: 'ConfirmClosed' })
  })

  it('that is paid after it was closed says so', () => {
    given([started, closeRequested, closed])
      .when(say(capturedSnapshot()))
      .then([{ type: 'PaymentCapturedAfterClose', known: paidFacts, addedMinor: 8888 }])
  })

  it('that is held after it was closed is to be ended once more, and then stays so', () => {
    const held = sampleSnapshot({ status: 'authorised', authorisedMinor: 8888, at: t0 + 1500 })
    const learned = stateAfter(started, closeRequested, closed)
    const again = decideNext(paymentMachine, learned, say(held))._unsafeUnwrap().state
    expect(again).toMatchObject({ status: 'closing', closing: { reason: 'unpaidDeadline' } })
    expect(again.status !== 'absent' && again.queryAt).not.toBeNull()
    const confirm = { type: 'ConfirmClosed', evidence: 'closedByGateway', at: t0 + 20 } as const
    const ended = decideNext(paymentMachine, again, confirm)._unsafeUnwrap().state
    expect(ended.status).toBe('closed')
    expect(decideNext(paymentMachine, ended, say(held))._unsafeUnwrap().events).toEqual([])
  })

  it('is not closed while a request may still be on its way', () => {
    const confirm = { type: 'ConfirmClosed', evidence: 'notFoundAfterExpiry' } as const
    given([started, closeRequested])
      .when({ ...confirm, at: samplePayment.expiresAt - 1 })
      .thenRefused({ type: 'CloseNotProven', evidence: 'notFoundAfterExpiry' })
    given([started, closeRequested])
      .when({ ...confirm, at: samplePayment.expiresAt })
      .then([{ type: 'PaymentClosed', evidence: 'notFoundAfterExpiry', at: samplePayment.expiresAt }])
  })

  it('is asked about after 5 s, 15 s, 60 s, 5 min, 30 min, 2 h, then daily', () => {
    const asked = Array.from({ length: 7 }, (_, count) => count).map((count) => {
      const events = Array.from({ length: count }, (): PaymentEvent => ({ type: 'PaymentQueried', at: t0 }))
      return (stateAfter(started, ...events).queryAt ?? 0) - t0
    })
    expect(asked).toEqual([5000, 15_000, 60_000, 300_000, 1_800_000, 7_200_000, 86_400_000])
  })

  it('is asked about as soon as before, however often a person asks in between', () => {
    const polls = Array.from(
      { length: 20 },
      (_, count): PaymentEvent => ({ type: 'PaymentQueried', byPerson: true, at: t0 + (count + 1) * 3000 }),
    )
    const counted: PaymentEvent = { type: 'PaymentQueried', at: t0 }
    expect(stateAfter(started, ...polls).queryAt).toBe(t0 + 60_000 + 5000)
    expect(stateAfter(started, counted, ...polls).queryAt).toBe(t0 + 60_000 + 15_000)
  })

  it('is no word about another payment', () => {
    given([started])
      .when(say(sampleSnapshot({ attemptRef: 'pay_2' })))
      .thenRefused({ type: 'SnapshotOfOtherPayment', expected: 'pay_1', actual: 'pay_2' })
  })

  it('that is said to be held or taken, and of which nothing is, is a mismatch', () => {
    for (const status of ['authorised', 'captured'] as const) {
      const nothing = sampleSnapshot({ status, authorisedMinor: 0, capturedMinor: 0 })
      expect(whole({ ...started, capture: 'manual' }, nothing).known.mismatches).toEqual([
        { kind: 'amount', expected: '8888', actual: `${status} 0 of 8888, 0 held` },
      ])
    }
  })

  it('of which a person accepted so much has in suspense what comes beyond that, and nothing where no more came', () => {
    const heard = (minor: number) => knownFacts({ captured: { minor, at: t0 } })
    expect(setAside(heard(3_000), 'CNY', 3_000)).toEqual(heard(3_000))
    expect(setAside(heard(3_001), 'CNY', 3_000)).toEqual({
      ...heard(3_000),
      suspended: [{ currency: 'CNY', minor: 3_001 }],
    })
    const accepted: PaymentEvent = { type: 'HeldMoneyAccepted', amountMinor: 3_000, final: true, at: t0 }
    const more: PaymentEvent = { type: 'HeldMoneyAccepted', amountMinor: 1_000, at: t0 + 1 }
    expect(stateAfter(started, accepted, more).acceptedMinor).toBe(4_000)
  })

  it('gives back no more of what is held aside than the refund of it came to', () => {
    const reserved: PaymentEvent = { type: 'RefundReserved', refundId: 'r', amountMinor: 3_000, heldMinor: 3_000 }
    const settled: PaymentEvent = { type: 'RefundSettled', refundId: 'r', amountMinor: 1_000 }
    expect(stateAfter(started, captured, reserved, settled).refunds).toEqual([
      { refundId: 'r', amountMinor: 1_000, heldMinor: 1_000, status: 'refunded' },
    ])
  })

  it('that was captured in part is a mismatch, unless it is taken in steps', () => {
    const part = capturedSnapshot({ capturedMinor: 3000 })
    expect(whole(started, part).status).toBe('integrityHold')
    const inSteps: PaymentEvent = { ...started, capture: 'manual' }
    const state = whole(inSteps, { ...part, authorisedMinor: 8888 })
    expect(state.status).toBe('captured')
    expect(refundableMinor(state)).toBe(3000)
  })
})

const whole = (start: PaymentEvent, ...snapshots: readonly PaymentSnapshot[]): Payment => {
  let state: PaymentState = foldEvents(paymentMachine, [start])
  for (const snapshot of snapshots) {
    state = foldEvents(paymentMachine, paymentMachine.decide(state, say(snapshot)).unwrapOr([]), state)
  }
  if (state.status === 'absent') throw new Error('no payment')
  return state
}

describe('a payment is held when the gateway says', () => {
  const attacks: readonly (readonly [string, Partial<PaymentSnapshot>, string, number])[] = [
    ['1 instead of 8888', { total: { minor: 1, currency: 'CNY' }, capturedMinor: 1 }, 'CNY', 1],
    ['more than was asked', { total: { minor: 9999, currency: 'CNY' }, capturedMinor: 9999 }, 'CNY', 9999],
    ['8888 of another currency', { total: { minor: 8888, currency: 'VND' } }, 'VND', 8888],
    ['another account of the shop', { merchantAccount: 'merchant-2' }, 'CNY', 8888],
    ['another order', { orderRef: 'order_2' }, 'CNY', 8888],
    ['captured, and nothing captured', { capturedMinor: 0 }, 'CNY', 0],
  ]
  for (const [name, lie, currency, minor] of attacks) {
    it(name, () => {
      const state = whole(started, capturedSnapshot(lie))
      expect(state.status).toBe('integrityHold')
      expect(state.known.captured).toBeNull()
      expect(state.known.suspended).toEqual(minor === 0 ? [] : [{ currency, minor }])
      const entries = postPayment(null, state, t0)
      const lines = [
        { account: 'gatewayClearing:sandbox', currency, amountMinor: minor },
        { account: 'suspense:sandbox', currency, amountMinor: -minor },
      ]
      expect(entries.flatMap((entry) => entry.lines)).toEqual(minor === 0 ? [] : lines)
    })
  }
})

describe('what does not fit, beside what fits', () => {
  const booked = (...snapshots: readonly PaymentSnapshot[]) => {
    const entries: LedgerEntry[] = []
    snapshots.forEach((_, place) => {
      const before = place === 0 ? null : whole(started, ...snapshots.slice(0, place))
      entries.push(...postPayment(before, whole(started, ...snapshots.slice(0, place + 1)), t0))
    })
    const balances = ledgerBalances(entries)._unsafeUnwrap()
    return Object.fromEntries(balances.map(({ account, balanceMinor }) => [account, balanceMinor]))
  }
  const fits = capturedSnapshot()
  const oneMore = capturedSnapshot({ total: { minor: 8889, currency: 'CNY' }, capturedMinor: 8889 })
  const elsewhere = capturedSnapshot({ orderRef: 'order_2' })

  it('is the same money: only what is more than it stands in suspense', () => {
    const both = { 'gatewayClearing:sandbox': 8889, 'escrow:order_1': -8888, 'suspense:sandbox': -1 }
    expect(booked(fits, oneMore)).toEqual(both)
    expect(booked(oneMore, fits)).toEqual(both)
    expect(booked(fits, elsewhere)).toMatchObject({ 'gatewayClearing:sandbox': 8888, 'escrow:order_1': -8888 })
  })
})

describe('of what does not fit nothing was taken', () => {
  const asksMore = sampleSnapshot({ status: 'requiresAction', total: { minor: 9999, currency: 'CNY' } })
  const toEnd: PaymentCommand = { type: 'RequestClose', reason: 'doesNotFit', at: t0 + 20 }

  it('so it can be ended, and is asked about until it has', () => {
    const state = whole(started, asksMore)
    expect(state.status).toBe('integrityHold')
    const closing = decideNext(paymentMachine, state, toEnd)._unsafeUnwrap().state
    expect(closing).toMatchObject({ status: 'closing', queryAt: t0 + 20 + 5000 })
    const ended: PaymentCommand = { type: 'ConfirmClosed', evidence: 'closedByGateway', at: t0 + 30 }
    const closed = decideNext(paymentMachine, closing, ended)._unsafeUnwrap().state
    expect(closed.status).toBe('closed')
    // Paid all the same: a person has to look.
    const paid = say(capturedSnapshot({ total: { minor: 9999, currency: 'CNY' }, capturedMinor: 9999 }))
    expect(decideNext(paymentMachine, closed, paid)._unsafeUnwrap().state.status).toBe('integrityHold')
  })

  it('and what was taken is not ended', () => {
    const state = whole(started, capturedSnapshot({ total: { minor: 1, currency: 'CNY' }, capturedMinor: 1 }))
    expect(paymentMachine.decide(state, toEnd)._unsafeUnwrapErr()).toMatchObject({ type: 'PaymentStateForbids' })
  })
})

describe('refunds of a payment', () => {
  const reserve = (refundId: string, amountMinor: number) => ({ type: 'ReserveRefund', refundId, amountMinor }) as const
  const inFull = { ...started, amountMinor: 100 }
  const hundred: PaymentEvent = {
    type: 'PaymentCaptured',
    known: knownFacts({ captured: { minor: 100, at: t0 } }),
    addedMinor: 100,
  }
  const sixty: PaymentEvent = { type: 'RefundReserved', refundId: 'a', amountMinor: 60 }

  it('scenario 12: are never more than was captured: 60 of 100, then 41', () => {
    given([inFull, hundred]).when(reserve('a', 60)).then([sixty])
    given([inFull, hundred, sixty])
      .when(reserve('b', 41))
      .thenRefused({ type: 'RefundExceedsCaptured', askedMinor: 41, refundableMinor: 40 })
    given([inFull, hundred, sixty])
      .when(reserve('b', 40))
      .then([{ type: 'RefundReserved', refundId: 'b', amountMinor: 40 }])
  })

  it('scenario 13: of one reference are one refund of one amount', () => {
    given([inFull, hundred, sixty]).when(reserve('a', 60)).then([])
    given([inFull, hundred, sixty]).when(reserve('a', 59)).thenRefused({ type: 'RefundReferenceReused', refundId: 'a' })
  })

  it('keep their room until they are given up', () => {
    const settled: PaymentEvent = { type: 'RefundSettled', refundId: 'a', amountMinor: 60 }
    expect(refundableMinor(stateAfter(inFull, hundred, sixty, settled))).toBe(40)
    const released: PaymentEvent = { type: 'RefundReleased', refundId: 'a', amountMinor: 60 }
    expect(refundableMinor(stateAfter(inFull, hundred, sixty, released))).toBe(100)
    given([inFull, hundred, sixty, settled])
      .when({ type: 'ReleaseRefund', refundId: 'a' })
      .thenRefused({ type: 'RefundShareForbids', refundId: 'a', share: 'refunded' })
  })

  it('of what a dispute holds wait for its end where they may, and are refused else', () => {
    const share = { disputeId: 'd', amountMinor: 70 } as const
    const held: PaymentEvent = { type: 'PaymentDisputed', ...share, status: 'held' }
    given([inFull, hundred, held])
      .when(reserve('a', 60))
      .thenRefused({ type: 'DisputeOpen', paymentId: inFull.paymentId, disputeIds: ['d'] })
    given([inFull, hundred, held])
      .when({ ...reserve('a', 60), waits: true })
      .then([sixty])
    // What a bank has taken nothing waits for.
    const lost: PaymentEvent = { type: 'PaymentDisputed', ...share, status: 'lost' }
    given([inFull, hundred, lost])
      .when({ ...reserve('a', 60), waits: true })
      .thenRefused({ type: 'RefundExceedsCaptured', askedMinor: 60, refundableMinor: 30 })
  })

  it('need money that was taken', () => {
    given([inFull])
      .when(reserve('a', 1))
      .thenRefused({ type: 'PaymentStateForbids', status: 'created', command: 'ReserveRefund' })
  })
})

/** Words of a gateway that may be stale, repeated, partial, or false. */
const words = fc.record({
  status: fc.constantFrom('requiresAction', 'processing', 'authorised', 'captured', 'failed', 'closed'),
  gatewayRef: fc.constantFrom(null, 'gw_1', 'gw_2'),
  orderRef: fc.constantFrom(null, 'order_1', 'order_1', 'order_1', 'order_2'),
  total: fc.constantFrom(
    { minor: 8888, currency: 'CNY' },
    { minor: 8888, currency: 'CNY' },
    { minor: 8888, currency: 'VND' },
  ),
  authorisedMinor: fc.constantFrom(0, 0, 5000, 8888),
  capturedMinor: fc.constantFrom(0, 0, 1, 5000, 8888),
  feeMinor: fc.constantFrom(null, 0, 53),
  failure: fc.constantFrom(null, 'InsufficientFunds', 'Expired'),
  at: fc.integer({ min: 0, max: 4 }).map((seconds) => t0 + seconds),
})

const beginnings: fc.Arbitrary<readonly PaymentEvent[]> = fc.constantFrom(
  [],
  [{ type: 'PaymentUnknown', cause: 'timeout', at: t0 } as const],
  [closeRequested],
  [closeRequested, closed],
)

describe('what a gateway says', () => {
  it('leads to the same state and the same balances in any order and however often it is said', () => {
    const sets = fc.array(words, { minLength: 1, maxLength: 6 }).chain((set) =>
      fc.record({
        set: fc.constant(set),
        told: fc
          .array(fc.nat({ max: set.length - 1 }), { maxLength: 8 })
          .chain((extra) => fc.shuffledSubarray([...set.keys(), ...extra], { minLength: set.length + extra.length })),
      }),
    )
    fc.assert(
      fc.property(beginnings, fc.constantFrom('automatic', 'manual'), sets, (before, capture, { set, told }) => {
        const tell = (order: readonly number[]) => {
          let state: PaymentState = foldEvents(paymentMachine, [{ ...started, capture }, ...before])
          const entries: LedgerEntry[] = []
          for (const index of order) {
            const snapshot = sampleSnapshot(set[index] ?? {})
            const events = paymentMachine.decide(state, say(snapshot))._unsafeUnwrap()
            const next = foldEvents(paymentMachine, events, state)
            if (next.status !== 'absent') {
              entries.push(...postPayment(state.status === 'absent' ? null : state, next, t0))
            }
            state = next
          }
          const balances = ledgerBalances(entries)._unsafeUnwrap()
          // What stands with the gateway is what it has taken, by whatever words.
          const clearing = balances.find((row) => row.account.startsWith('gatewayClearing') && row.currency === 'CNY')
          const feeMinor = state.status === 'absent' ? 0 : state.known.feeMinor
          expect(clearing?.balanceMinor ?? 0).toBe(state.status === 'absent' ? 0 : takenMinor(state) - feeMinor)
          expect(new Set(entries.map(({ entryId }) => entryId)).size).toBe(entries.length)
          return {
            state,
            balances: balances
              .filter(({ balanceMinor }) => balanceMinor !== 0)
              .map(({ account, currency, balanceMinor }) => [account, currency, balanceMinor]),
          }
        }
        expect(tell(told)).toEqual(tell([...set.keys()]))
      }),
    )
  })

  it('never makes less money of what was captured', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 8 }), (set) => {
        let highest = 0
        let state: PaymentState = foldEvents(paymentMachine, [{ ...started, capture: 'manual' }])
        for (const word of set) {
          const events = paymentMachine.decide(state, say(sampleSnapshot(word)))._unsafeUnwrap()
          state = foldEvents(paymentMachine, events, state)
          const minor = state.status === 'absent' ? 0 : (state.known.captured?.minor ?? 0)
          expect(minor).toBeGreaterThanOrEqual(highest)
          highest = minor
        }
      }),
    )
  })
})

it('every state of a payment can be stored and read again', () => {
  fc.assert(
    fc.property(walkArbitrary(paymentModel), (walk) => {
      for (const { to } of runWalk(paymentModel, walk)) {
        if (to.status !== 'absent') expect(payments.parse(to, 'pay_1')._unsafeUnwrap()).toEqual(to)
      }
    }),
  )
})
