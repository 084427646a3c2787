import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Dispute, DisputeCommand } from '../../src/payments/dispute.js'
import { disputes } from '../../src/payments/dispute.schema.js'
import { type DisputeState, disputedMinor, disputeMachine, divideDispute } from '../../src/payments/dispute-machine.js'
import { entryBalances, type LedgerEntry, ledgerBalances } from '../../src/payments/ledger.js'
import { postDispute } from '../../src/payments/posting.js'
import type { DisputeSnapshot } from '../../src/payments/snapshot.js'
import { decideNext, foldEvents } from '../../src/shared/decider.js'
import { machineLaws } from '../kit/machine-laws.js'
import { runWalk, walkArbitrary } from '../kit/random-walk.js'
import { anyDisputeSnapshot, disputeModel, disputeSnapshot, sampleDispute } from './dispute-machine.model.js'
import { t0 } from './payment-samples.js'

machineLaws(disputeModel)

const said = (snapshot: DisputeSnapshot): DisputeCommand => ({
  type: 'RecordDispute',
  about: sampleDispute,
  snapshot,
  at: t0,
})

/** Commands one after another, with what the ledger books on the way. */
const run = (
  ...commands: readonly DisputeCommand[]
): { readonly state: Dispute; readonly entries: readonly LedgerEntry[]; readonly events: readonly string[] } => {
  let state: DisputeState = disputeMachine.initial
  const entries: LedgerEntry[] = []
  const events: string[] = []
  for (const command of commands) {
    const next = decideNext(disputeMachine, state, command)._unsafeUnwrap()
    if (next.state.status !== 'absent') {
      entries.push(...postDispute(state.status === 'absent' ? null : state, next.state, t0))
    }
    state = next.state
    events.push(...next.events.map(({ type }) => type))
  }
  if (state.status === 'absent') throw new Error('no dispute')
  return { state, entries, events }
}

const balancesOf = (entries: readonly LedgerEntry[]) =>
  Object.fromEntries(
    ledgerBalances(entries)
      ._unsafeUnwrap()
      .filter((row) => row.balanceMinor !== 0)
      .map((row) => [row.account, row.balanceMinor]),
  )

describe('a dispute', () => {
  it('stands as it stood, and is as long unheard, when what was paid is divided, which happens once', () => {
    const { state } = run(said(disputeSnapshot()), { type: 'RecordDisputeUnheard', at: t0 + 1 })
    const parts = [{ merchantId: 'lights', orderId: 'ord_2', paidMinor: 8888 }]
    const divided = divideDispute(state, parts).reduce<DisputeState>(disputeMachine.evolve, state)
    expect(state.unheardSince).toBe(t0 + 1)
    expect(divided).toEqual({ ...state, parts, merchantIds: ['lights'], orderIds: [state.orderId, 'ord_2'] })
    expect(divided.status === 'absent' ? null : divideDispute(divided, parts)).toEqual([])
  })

  it('that a bank only asks about moves no money', () => {
    const { state, entries } = run(said(disputeSnapshot({ status: 'inquiry' })))
    expect(state.status).toBe('inquiry')
    expect(entries).toEqual([])
  })

  it('holds the money, costs its fee, and gives the money back when it is won', () => {
    const { state, entries, events } = run(
      said(disputeSnapshot({ feeMinor: 1500 })),
      said(disputeSnapshot({ status: 'underReview', at: t0 + 2000 })),
      said(disputeSnapshot({ status: 'won', feeMinor: 0, at: t0 + 3000 })),
    )
    expect(state).toMatchObject({ status: 'won', queryAt: null })
    expect(events).toEqual(['DisputeOpened', 'DisputeUnderReview', 'DisputeWon'])
    expect(entries.map(({ kind }) => kind)).toEqual([
      'disputeHeld',
      'disputeFeeCharged',
      'disputeReleased',
      'disputeFeeCharged',
    ])
    expect(balancesOf(entries.slice(0, 2))).toEqual({
      disputeHold: 8888,
      fee: 1500,
      'gatewayClearing:sandbox': -10_388,
    })
    expect(balancesOf(entries)).toEqual({})
  })

  it('that is lost is a loss once, and of so much as is lost', () => {
    const lost = said(disputeSnapshot({ status: 'lost', lostMinor: 5000, at: t0 + 3000 }))
    const { entries } = run(said(disputeSnapshot()), lost, lost)
    expect(balancesOf(entries)).toEqual({ chargebackLoss: 5000, 'gatewayClearing:sandbox': -5000 })
  })

  it('that was lost and is won after all is no loss', () => {
    const { state, entries } = run(
      said(disputeSnapshot({ status: 'lost', at: t0 + 3000 })),
      said(disputeSnapshot({ status: 'won', at: t0 + 4000 })),
      // The word it was lost by is heard again.
      said(disputeSnapshot({ status: 'lost', at: t0 + 3000 })),
    )
    expect(state.status).toBe('won')
    expect(balancesOf(entries)).toEqual({})
  })

  it('is contested until its time is over, and not after', () => {
    const { state } = run(said(disputeSnapshot({ evidenceDueAt: t0 + 5000 })))
    const send = (at: number) => disputeMachine.decide(state, { type: 'SendEvidence', evidenceId: 'e1', at })
    expect(send(t0 + 5000)._unsafeUnwrap()).toEqual([{ type: 'EvidenceSent', evidenceId: 'e1', at: t0 + 5000 }])
    expect(send(t0 + 5001)._unsafeUnwrapErr()).toEqual({
      type: 'EvidenceOverdue',
      disputeId: 'sandbox:dp_1',
      dueAt: t0 + 5000,
    })
  })

  it('is not contested while the bank is at work, or when it is over', () => {
    for (const status of ['underReview', 'won', 'lost'] as const) {
      const { state } = run(said(disputeSnapshot({ status })))
      expect(
        disputeMachine.decide(state, { type: 'SendEvidence', evidenceId: 'e1', at: t0 })._unsafeUnwrapErr(),
      ).toEqual({ type: 'DisputeStateForbids', status, command: 'SendEvidence' })
    }
  })

  it('is appealed where the gateway says that it may be, and asked about until that is heard of', () => {
    const lost = said(disputeSnapshot({ status: 'lost', mayAppeal: true }))
    const appeal: DisputeCommand = { type: 'SendEvidence', evidenceId: 'e1', at: t0 + 5000 }
    const asked: DisputeCommand = { type: 'RecordDisputeAsked', at: t0 + 9000 }
    expect(run(lost, asked).state.queryAt).toBeNull()
    const sent = run(lost, appeal, asked)
    expect([sent.state.status, sent.state.queryAt]).toEqual(['lost', t0 + 9000 + 86_400_000])
    const taken = run(lost, appeal, { type: 'RecordEvidence', evidenceId: 'e1', outcome: 'taken', code: null })
    expect(taken.state.queryAt).toBeNull()
    const won = [
      said(disputeSnapshot({ status: 'underReview', at: t0 + 6000, evidenceDueAt: null })),
      said(disputeSnapshot({ status: 'won', at: t0 + 7000, evidenceDueAt: null })),
    ]
    const ended = run(lost, appeal, ...won)
    expect(ended.state).toMatchObject({ status: 'won', known: { word: { status: 'won' } } })
    expect(balancesOf(ended.entries)).toEqual({})
    // Once its time is over nothing is asked any more.
    const over = run(lost, appeal, said(disputeSnapshot({ status: 'lost', at: t0 + 8000 })))
    expect(over.state.queryAt).toBeNull()
  })

  it('knows what came of its last evidence only', () => {
    const { state } = run(
      said(disputeSnapshot()),
      { type: 'SendEvidence', evidenceId: 'e1', at: t0 },
      { type: 'SendEvidence', evidenceId: 'e2', at: t0 + 1 },
      { type: 'RecordEvidence', evidenceId: 'e1', outcome: 'refused', code: 'Expired' },
    )
    expect(state.evidence).toEqual({ evidenceId: 'e2', sentAt: t0 + 1, outcome: 'waiting', code: null })
  })

  it('reminds once of each time it is due, two days before or when a quarter of the time is left', () => {
    const day = 86_400_000
    const remind = (at: number): DisputeCommand => ({ type: 'RemindOfEvidence', at })
    const due = said(disputeSnapshot({ at: t0, evidenceDueAt: t0 + 20 * day }))
    const early = run(due, remind(t0 + 18 * day - 1))
    expect([early.events, early.state.remindAt]).toEqual([['DisputeOpened'], t0 + 18 * day])
    const told = run(due, remind(t0 + 18 * day), remind(t0 + 19 * day))
    expect([told.events, told.state.remindAt]).toEqual([['DisputeOpened', 'EvidenceDueSoon'], null])
    const later = run(due, remind(t0 + 18 * day), said(disputeSnapshot({ at: t0 + day, evidenceDueAt: t0 + 30 * day })))
    expect(later.state.remindAt).toBe(t0 + 28 * day)
    const short = run(said(disputeSnapshot({ status: 'inquiry', at: t0, evidenceDueAt: t0 + day })))
    expect(short.state.remindAt).toBe(t0 + (3 * day) / 4)
  })

  it('reminds of nothing once evidence was taken, and still does while its fate is open', () => {
    const send: DisputeCommand = { type: 'SendEvidence', evidenceId: 'e1', at: t0 }
    const record = (outcome: 'taken' | 'refused'): DisputeCommand => {
      return { type: 'RecordEvidence', evidenceId: 'e1', outcome, code: null }
    }
    expect(run(said(disputeSnapshot()), send).state.remindAt).not.toBeNull()
    expect(run(said(disputeSnapshot()), send, record('refused')).state.remindAt).not.toBeNull()
    expect(run(said(disputeSnapshot()), send, record('taken')).state.remindAt).toBeNull()
  })

  it('does not take words on another payment, or in another currency', () => {
    const { state } = run(said(disputeSnapshot()))
    const other = { ...sampleDispute, paymentId: 'pay_2' }
    const wrong = disputeMachine.decide(state, {
      type: 'RecordDispute',
      about: other,
      snapshot: disputeSnapshot(),
      at: t0,
    })
    expect(wrong._unsafeUnwrapErr().type).toBe('SnapshotOfOtherDispute')
    const foreign = said(disputeSnapshot({ amount: { minor: 8888, currency: 'VND' } }))
    expect(disputeMachine.decide(state, foreign)._unsafeUnwrapErr().type).toBe('SnapshotOfOtherDispute')
  })
})

it('what a gateway says of a dispute leads to the same state and balances in any order and however often', () => {
  const told = fc.array(anyDisputeSnapshot, { minLength: 1, maxLength: 5 }).chain((set) =>
    fc.record({
      set: fc.constant(set),
      order: fc
        .array(fc.nat({ max: set.length - 1 }), { maxLength: 6 })
        .chain((extra) => fc.shuffledSubarray([...set.keys(), ...extra], { minLength: set.length + extra.length })),
    }),
  )
  fc.assert(
    fc.property(told, ({ set, order }) => {
      const tell = (indices: readonly number[]) => {
        const { state, entries } = run(...indices.map((index) => said(set[index] ?? disputeSnapshot())))
        expect(new Set(entries.map(({ entryId }) => entryId)).size).toBe(entries.length)
        expect(entries.every(entryBalances)).toBe(true)
        const balances = balancesOf(entries)
        expect(0 - (balances['gatewayClearing:sandbox'] ?? 0)).toBe(
          disputedMinor(state) + (state.known.fee?.minor ?? 0),
        )
        return { state, balances }
      }
      expect(tell(order)).toEqual(tell([...set.keys()]))
    }),
  )
})

it('every state of a dispute can be stored and read again', () => {
  fc.assert(
    fc.property(walkArbitrary(disputeModel), (walk) => {
      for (const { to } of runWalk(disputeModel, walk)) {
        if (to.status !== 'absent') expect(disputes.parse(to, 'dispute_1')._unsafeUnwrap()).toEqual(to)
      }
    }),
  )
})

it('replays to where it stands', () => {
  const opened = disputeMachine
    .decide(disputeMachine.initial, said(disputeSnapshot({ status: 'lost' })))
    ._unsafeUnwrap()
  expect(opened.map(({ type }) => type)).toEqual(['DisputeOpened', 'DisputeLost'])
  expect(foldEvents(disputeMachine, opened)).toMatchObject({ status: 'lost' })
})
