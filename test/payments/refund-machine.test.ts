import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LedgerEntry, ledgerBalances } from '../../src/payments/ledger.js'
import { commandsOfRefund } from '../../src/payments/outcome.js'
import { postRefund } from '../../src/payments/post-refund.js'
import type { Refund, RefundCommand, RefundEvent } from '../../src/payments/refund.js'
import { refunds } from '../../src/payments/refund.schema.js'
import { type RefundState, refundMachine } from '../../src/payments/refund-machine.js'
import { decideNext, foldEvents } from '../../src/shared/decider.js'
import { daysMs, hoursMs } from '../../src/shared/instant.js'
import { specify } from '../kit/given-when-then.js'
import { machineLaws } from '../kit/machine-laws.js'
import { runWalk, walkArbitrary } from '../kit/random-walk.js'
import { refundSnapshot, sampleRefund, t0 } from './payment-samples.js'
import { refundModel } from './refund-machine.model.js'

machineLaws(refundModel)

const given = specify(refundMachine)
const requested: RefundEvent = { type: 'RefundRequested', ...sampleRefund }
const submitted: RefundEvent = { type: 'RefundSubmitted', at: t0 + 10, tries: 1 }
const submit = (at: number): RefundCommand => ({ type: 'SubmitRefund', at })
const succeeded = (at: number): RefundCommand => ({
  type: 'RecordRefundSnapshot',
  snapshot: refundSnapshot({ status: 'succeeded', at }),
})
const answered = (status: 'succeeded' | 'failed', at: number) =>
  ({ type: 'RecordRefundSnapshot', snapshot: refundSnapshot({ status, at }), isAnswer: true }) as const
const failed = (at: number): RefundCommand => ({
  type: 'RecordRefundSnapshot',
  snapshot: refundSnapshot({ status: 'failed', failure: 'MerchantConfig', at }),
})

/** Commands one after another from the request, with what the ledger books on the way. */
const run = (
  ...commands: readonly RefundCommand[]
): { readonly state: Refund; readonly entries: readonly LedgerEntry[] } => {
  let state: RefundState = foldEvents(refundMachine, [requested])
  const entries: LedgerEntry[] = []
  for (const command of commands) {
    const next = decideNext(refundMachine, state, command)._unsafeUnwrap().state
    if (next.status !== 'absent') entries.push(...postRefund(state.status === 'absent' ? null : state, next, t0))
    state = next
  }
  if (state.status === 'absent') throw new Error('no refund')
  return { state, entries }
}

const balancesOf = (entries: readonly LedgerEntry[]) =>
  Object.fromEntries(
    ledgerBalances(entries)
      ._unsafeUnwrap()
      .filter((row) => row.balanceMinor !== 0)
      .map((row) => [row.account, row.balanceMinor]),
  )

describe('a refund', () => {
  it('whose answer was lost, or is awaited, is no new try: only what failed for certain is', () => {
    const unknown: RefundEvent = { type: 'RefundUnknownOutcome', cause: 'timeout', at: t0 + 11 }
    const accepted = { gatewayRef: 'gwr_1', accepted: true, succeededAt: null, confirmedAt: null, failure: null }
    const histories = {
      submitted: [],
      unknown: [unknown],
      pending: [{ type: 'RefundPending', known: accepted }],
    } as const satisfies Partial<Record<Refund['status'], readonly RefundEvent[]>>
    for (const status of ['submitted', 'unknown', 'pending'] as const) {
      given([requested, submitted, ...histories[status]])
        .when(submit(t0 + 20))
        .thenRefused({ type: 'RefundStateForbids', status, command: 'SubmitRefund' })
    }
    const { state } = run(submit(t0 + 10), failed(t0 + 20), submit(t0 + 30))
    expect(state).toMatchObject({ refundId: 'refund_1', status: 'submitted', tries: 2 })
  })

  it('that failed succeeds on the next try, even by a clock that stands still', () => {
    const declined: RefundCommand = { type: 'RecordRefundDeclined', code: 'GatewayDown', at: t0 + 10 }
    const { state, entries } = run(submit(t0 + 10), declined, submit(t0 + 10), succeeded(t0 + 10))
    expect(state.status).toBe('succeeded')
    expect(balancesOf(entries)).toEqual({ 'escrow:order_1': 6000, 'gatewayClearing:sandbox': -6000 })
  })

  it('is not failed again by the late word on an earlier try', () => {
    const { state } = run(submit(t0 + 10), failed(t0 + 20), submit(t0 + 30), failed(t0 + 20))
    expect(state.status).toBe('submitted')
  })

  it('does not succeed by the late word on an earlier try, which had failed after all', () => {
    const again = run(submit(t0 + 10), failed(t0 + 2 * hoursMs), submit(t0 + 4 * hoursMs), succeeded(t0 + hoursMs))
    expect(again.state.status).toBe('submitted')
    expect(balancesOf(again.entries)).not.toHaveProperty('gatewayClearing:sandbox')
    // Its own success counts, also by a clock that is half an hour behind that of the shop.
    const late = run(
      submit(t0 + 10),
      failed(t0 + 4 * hoursMs),
      submit(t0 + 4 * hoursMs + 1),
      succeeded(t0 + 3.5 * hoursMs),
    )
    expect(late.state.status).toBe('succeeded')
  })

  it('is asked about first when its gateway wants to be, and then at the shop’s own pace', () => {
    const told = (pollAfterMs: number | null) =>
      run(
        submit(t0 + 10),
        ...commandsOfRefund({ kind: 'pending', gatewayRef: 'g', pollAfterMs }, { tries: 1, at: t0 + 20 }),
      )
    expect(told(null).state.queryAt).toBe(t0 + 10 + 60_000)
    expect(told(90_000).state.queryAt).toBe(t0 + 10 + 90_000)
    // Neither while the call may be at work nor never.
    expect(told(-1).state.queryAt).toBe(t0 + 10 + 60_000)
    expect(told(Number.POSITIVE_INFINITY).state.queryAt).toBe(t0 + 10 + daysMs)
    expect(told(Number.NaN).state.queryAt).toBe(t0 + 10 + 60_000)
    const asked = decideNext(refundMachine, told(90_000).state, { type: 'RecordRefundAsked', at: t0 + 90_000 })
    expect(asked._unsafeUnwrap().state).toMatchObject({ queryAt: t0 + 90_000 + 60_000 })
  })

  it('is not undone by a no to the try before, which is heard once it was sent again', () => {
    const no = { type: 'RecordRefundDeclined', code: 'InsufficientFunds', at: t0 + 40 } as const
    const again: readonly RefundCommand[] = [submit(t0 + 10), { ...no, tries: 1, at: t0 + 20 }, submit(t0 + 30)]
    expect(run(...again, { ...no, tries: 1 }).state).toMatchObject({ status: 'submitted', tries: 2 })
    expect(run(...again, { ...no, tries: 2 }).state.status).toBe('failed')
    // That the one before was taken note of says as little of this one.
    const taken = { type: 'RecordRefundPending', tries: 1, gatewayRef: 'g', at: t0 + 40 } as const
    expect(run(...again, taken).state.status).toBe('submitted')
    // An answer to the try before counts as the late word that it is.
    const { snapshot } = answered('succeeded', t0 + 15)
    const late = (tries: number) => ({ type: 'RecordRefundSnapshot', snapshot, isAnswer: true, tries }) as const
    expect(run(...again, late(1)).state.known.confirmedAt).toBeNull()
    expect(run(...again, late(2)).state.known.confirmedAt).toBe(t0 + 15)
  })

  describe('that failed while the shop’s clock was six days ahead', () => {
    const ahead = 6 * daysMs
    const again: readonly RefundCommand[] = [
      submit(t0 + ahead),
      { type: 'RecordRefundDeclined', code: 'GatewayDown', at: t0 + ahead + 10 },
      submit(t0 + ahead + hoursMs),
    ]

    it('succeeds by the word it is answered, dated by the gateway', () => {
      expect(run(...again, answered('succeeded', t0 + 30)).state.status).toBe('succeeded')
      // Unasked, the same word may be of the try before; to ask after it tells.
      const told = run(...again, { type: 'RecordRefundPending', gatewayRef: null, at: t0 + ahead }, succeeded(t0 + 30))
      expect(told.state.status).toBe('pending')
      const asked = refundMachine.decide(told.state, answered('succeeded', t0 + 30))._unsafeUnwrap()
      expect(asked.map((event) => event.type)).toEqual(['RefundSucceeded'])
    })

    it('is owed again when the bank sends it back, days before the failure by the shop’s clock', () => {
      const { state, entries } = run(...again, answered('succeeded', t0 + 30), failed(t0 + 40))
      expect(state.status).toBe('failed')
      expect(balancesOf(entries)).toEqual({})
      expect(run(...again, failed(t0 + 20), answered('succeeded', t0 + 30)).state.status).toBe('succeeded')
    })

    it('fails by the word it is answered', () => {
      expect(run(...again, answered('failed', t0 + 30)).state.status).toBe('failed')
    })
  })

  describe('of which two machines send a request at once, by a gateway whose moments are whole seconds', () => {
    const declined: RefundCommand = { type: 'RecordRefundDeclined', code: 'InsufficientFunds', at: t0 + 400 }

    it('has succeeded once one of them was taken, whichever answer is written first', () => {
      for (const answers of [
        [declined, answered('succeeded', t0)],
        [answered('succeeded', t0), declined],
      ]) {
        const { state, entries } = run(submit(t0 + 300), ...answers)
        expect(state.status).toBe('succeeded')
        expect(balancesOf(entries)).toEqual({ 'escrow:order_1': 6000, 'gatewayClearing:sandbox': -6000 })
        // What the bank sends back days after is owed again.
        expect(run(submit(t0 + 300), ...answers, failed(t0 + daysMs)).state.status).toBe('failed')
      }
    })
  })

  it('that is sent again and succeeds in the moment that it failed in is not undone by the late word of that failure', () => {
    const declined: RefundCommand = { type: 'RecordRefundDeclined', code: 'InsufficientFunds', at: t0 + 10 }
    const again = [submit(t0 + 10), declined, submit(t0 + 10), answered('succeeded', t0 + 10)]
    expect(run(...again, failed(t0 + 10), succeeded(t0 + 10)).state.status).toBe('succeeded')
    expect(run(...again, failed(t0 + 11)).state.status).toBe('failed')
  })

  it('succeeds by what its retry is answered, also where that is dated no later than the success before', () => {
    const back = [submit(t0 + 10), succeeded(t0 + 20), failed(t0 + 20), submit(t0 + 40)]
    expect(run(...back).state.status).toBe('submitted')
    expect(run(...back, answered('succeeded', t0 + 20)).state.status).toBe('succeeded')
    // The failure that it was sent again for is no news; another one is.
    expect(run(...back, answered('succeeded', t0 + 10), failed(t0 + 20)).state.status).toBe('succeeded')
    expect(run(...back, answered('succeeded', t0 + 10), failed(t0 + 30)).state.status).toBe('failed')
  })

  it('that came back after it had succeeded is owed, and its money stands in escrow again', () => {
    const { state, entries } = run(submit(t0 + 10), succeeded(t0 + 20), failed(t0 + 30))
    expect(state.status).toBe('failed')
    expect(entries.map((entry) => entry.kind)).toEqual(['refundSubmitted', 'refundSucceeded', 'refundReturned'])
    expect(balancesOf(entries)).toEqual({})
  })

  it('that came back is not made good by the word it had succeeded by', () => {
    const { state } = run(submit(t0 + 10), succeeded(t0 + 20), failed(t0 + 30), submit(t0 + 40), succeeded(t0 + 20))
    expect(state.status).toBe('submitted')
  })

  it('that a person paid leaves the bank, and says so when the gateway pays it too', () => {
    const byHand = run(
      submit(t0 + 10),
      failed(t0 + 20),
      { type: 'RequestManualPayout', at: t0 + 30 },
      { type: 'ConfirmManualPayout', at: t0 + 40 },
    )
    expect(balancesOf(byHand.entries)).toEqual({ 'escrow:order_1': 6000, bank: -6000 })
    const decided = refundMachine.decide(byHand.state, succeeded(t0 + 50))._unsafeUnwrap()
    expect(decided.map((event) => event.type)).toEqual(['RefundPaidTwice'])
    const twice = foldEvents(refundMachine, decided, byHand.state)
    if (twice.status === 'absent') throw new Error('no refund')
    expect(balancesOf([...byHand.entries, ...postRefund(byHand.state, twice, t0)])).toEqual({
      'escrow:order_1': 6000,
      bank: -6000,
      'gatewayClearing:sandbox': -6000,
      'receivable:account_1': 6000,
    })
  })

  it('that a visitor has twice is owed by them, named by their payment, and not by the buyer', () => {
    const begun = run(
      submit(t0 + 10),
      failed(t0 + 20),
      { type: 'RequestManualPayout', at: t0 + 30 },
      { type: 'ConfirmManualPayout', at: t0 + 40 },
    ).state
    const byHand = { ...begun, payerAccountId: null }
    const decided = refundMachine.decide(byHand, succeeded(t0 + 50))._unsafeUnwrap()
    const twice = foldEvents<RefundState, RefundEvent>(refundMachine, decided, byHand)
    if (twice.status === 'absent') throw new Error('no refund')
    expect(balancesOf(postRefund(byHand, twice, t0))).toEqual({
      'gatewayClearing:sandbox': -6000,
      'receivable:pay_1': 6000,
    })
  })

  it('of which the gateway names another amount is not believed', () => {
    given([requested, submitted])
      .when({ type: 'RecordRefundSnapshot', snapshot: refundSnapshot({ amount: { minor: 1, currency: 'CNY' } }) })
      .thenRefused({
        type: 'SnapshotOfOtherRefund',
        expected: 'refund_1 of pay_1: 6000 CNY',
        actual: 'refund_1 of pay_1: 1 CNY',
      })
  })

  it('whose sources do not sum to it is refused', () => {
    given([])
      .when({ type: 'RequestRefund', ...sampleRefund, sources: [{ account: 'escrow:order_1', amountMinor: 5999 }] })
      .thenRefused({ type: 'RefundSourcesDiffer', amountMinor: 6000, sourcesMinor: 5999 })
  })

  it('can be given up only before it is sent', () => {
    given([requested])
      .when({ type: 'CancelRefund', at: t0 })
      .then([{ type: 'RefundCancelled', at: t0 }])
    given([requested, submitted])
      .when({ type: 'CancelRefund', at: t0 })
      .thenRefused({ type: 'RefundStateForbids', status: 'submitted', command: 'CancelRefund' })
  })
})

it('what a gateway says of a refund leads to the same state and balances in any order and however often', () => {
  const words = fc.array(
    fc.record({
      snapshot: fc
        .record({
          status: fc.constantFrom('pending', 'succeeded', 'failed'),
          gatewayRef: fc.constantFrom(null, 'gwr_1', 'gwr_2'),
          failure: fc.constantFrom(null, 'MerchantConfig', 'GatewayDown'),
          at: fc.integer({ min: 0, max: 4 }).map((seconds) => t0 + seconds),
        })
        .map(refundSnapshot),
      isAsked: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  )
  const told = words.chain((set) =>
    fc.record({
      set: fc.constant(set),
      order: fc
        .array(fc.nat({ max: set.length - 1 }), { maxLength: 6 })
        .chain((extra) => fc.shuffledSubarray([...set.keys(), ...extra], { minLength: set.length + extra.length })),
    }),
  )
  fc.assert(
    fc.property(told, fc.boolean(), ({ set, order }, lost) => {
      const tell = (indices: readonly number[]) => {
        const said = indices.flatMap((index): readonly RefundCommand[] => {
          const { snapshot, isAsked } = set[index] ?? {}
          if (snapshot === undefined) return []
          return isAsked
            ? commandsOfRefund({ kind: 'ok', value: snapshot }, { tries: 1, at: t0 + 2 })
            : [{ type: 'RecordRefundSnapshot', snapshot }]
        })
        const begun: RefundCommand[] = [submit(t0 + 2)]
        if (lost) begun.push({ type: 'RecordRefundUnknown', cause: 'reset', at: t0 + 2 })
        const { state, entries } = run(...begun, ...said)
        return { state, balances: balancesOf(entries) }
      }
      expect(tell(order)).toEqual(tell([...set.keys()]))
    }),
  )
})

it('what is told, answered and turned down of a refund in whole seconds comes to the same in any order', () => {
  const second = fc.integer({ min: 0, max: 2 }).map((seconds) => t0 + seconds * 1_000)
  const words = fc.uniqueArray(
    fc.oneof(
      fc.record({ says: fc.constantFrom('succeeded', 'failed', 'answered'), at: second }),
      // The shop dates it, to the millisecond.
      fc.record({ says: fc.constant('declined'), at: fc.integer({ min: t0, max: t0 + 3_000 }) }),
    ),
    { selector: ({ says, at }) => `${says} ${at}`, minLength: 1, maxLength: 5 },
  )
  const commandOf = ({ says, at }: { readonly says: string; readonly at: number }): RefundCommand => {
    if (says === 'declined') return { type: 'RecordRefundDeclined', code: 'InsufficientFunds', at }
    if (says === 'answered') return answered('succeeded', at)
    return says === 'succeeded' ? succeeded(at) : failed(at)
  }
  const told = words.chain((set) =>
    fc.record({ set: fc.constant(set), order: fc.shuffledSubarray(set, { minLength: set.length }) }),
  )
  fc.assert(
    fc.property(told, fc.boolean(), ({ set, order }, again) => {
      // The second time after a try that was turned down in the same moment.
      const first: readonly RefundCommand[] = [
        submit(t0),
        { type: 'RecordRefundDeclined', code: 'InsufficientFunds', at: t0 },
      ]
      const begun = again ? [...first, submit(t0)] : [submit(t0)]
      const tell = (said: typeof set) => {
        const { state, entries } = run(...begun, ...said.map(commandOf))
        return { status: state.status, balances: balancesOf(entries) }
      }
      const ended = tell(order)
      if (!again) expect(ended).toEqual(tell(set))
      const lastOf = (which: string) =>
        Math.max(...set.filter(({ says }) => says === which).map(({ at }) => at), Number.NEGATIVE_INFINITY)
      const answeredAt = lastOf('answered')
      if (answeredAt === Number.NEGATIVE_INFINITY) return
      const undone = lastOf('failed') > answeredAt && lastOf('failed') >= lastOf('succeeded')
      expect(ended.status).toBe(undone ? 'failed' : 'succeeded')
    }),
  )
})

it('every state of a refund can be stored and read again', () => {
  fc.assert(
    fc.property(walkArbitrary(refundModel), (walk) => {
      for (const { to } of runWalk(refundModel, walk)) {
        if (to.status !== 'absent') expect(refunds.parse(to, 'refund_1')._unsafeUnwrap()).toEqual(to)
      }
    }),
  )
})
