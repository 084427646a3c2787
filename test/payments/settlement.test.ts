import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LedgerEntry, ledgerBalances, trialBalance } from '../../src/payments/ledger.js'
import { ledgerEntries } from '../../src/payments/ledger.schema.js'
import { moveBalances, postSettlements } from '../../src/payments/payee-balance.js'
import {
  type OrderSplit,
  openSettlement,
  payOutShare,
  resettle,
  type Settlement,
  unpaidMinor,
} from '../../src/payments/settlement.js'
import { settlements } from '../../src/payments/settlement.schema.js'
import { apportionByDivisor } from '../../src/shared/apportion.js'
import type { Json } from '../../src/shared/json.js'
import { t0 } from './payment-samples.js'

const facts = {
  orderId: 'order_1',
  accountId: 'account_1',
  merchantId: null,
  currency: 'CNY',
  confirmedAt: t0,
  afterWorkingDays: 1,
  timeZone: 'Asia/Shanghai',
}

/** An amount shared among a platform and payees. */
const splitOf = (amountMinor: number, weights: readonly number[]): OrderSplit => {
  const [commissionMinor = 0, ...parts] = apportionByDivisor(amountMinor, weights)._unsafeUnwrap()
  return { commissionMinor, payees: parts.map((part, index) => ({ payee: `payee_${index}`, amountMinor: part })) }
}

/** The books of one order that is shared: everything that moves it is booked and counted. */
const openBooks = (amountMinor: number, weights: readonly number[]) => {
  const ledger: LedgerEntry[] = []
  const counters = new Map<string, number>()
  let settlement: Settlement = openSettlement(facts, splitOf(amountMinor, weights))
  const move = (before: Settlement | null, after: Settlement, kind: LedgerEntry['kind']) => {
    const moved = [{ before, after }]
    const about = { orderId: 'order_1', accountId: 'account_1', merchantId: null }
    ledger.push(...postSettlements(moved, { entryId: `${kind}/${ledger.length}`, kind, at: t0, about }))
    for (const change of moveBalances(moved)) {
      if (change.kind === 'adjust') counters.set(change.id, (counters.get(change.id) ?? 0) + change.by)
    }
    settlement = after
  }
  move(null, settlement, 'receiptConfirmed')
  return {
    ledger,
    counters,
    now: () => settlement,
    resettle: (left: number) => move(settlement, resettle(settlement, splitOf(left, weights)), 'receiptConfirmed'),
    pay: (payee: string, minor: number) => move(settlement, payOutShare(settlement, payee, minor), 'payeePaidOut'),
    payBack: (payee: string, minor: number) =>
      move(settlement, payOutShare(settlement, payee, 0 - minor), 'payoutReturned'),
    release: () => {
      if (settlement.status !== 'pending') return
      const { checkAt: _, ...rest } = settlement
      move(settlement, { ...rest, status: 'available', releasedAt: t0 }, 'receiptConfirmed')
    },
  }
}

type Books = ReturnType<typeof openBooks>

const balances = ({ ledger }: Books): Readonly<Record<string, number>> =>
  Object.fromEntries(
    ledgerBalances(ledger)
      ._unsafeUnwrap()
      .map(({ account, balanceMinor }) => [account, balanceMinor]),
  )

/** What must hold after every step, with so much left of the order's money. */
const expectBooksToHold = (books: Books, left: number): void => {
  const settlement = books.now()
  // I1: every entry sums to zero.
  expect(trialBalance(books.ledger)._unsafeUnwrap().balances).toBe(true)
  // I5: what is shared is what there is.
  const earned = settlement.shares.reduce((sum, { earnedMinor }) => sum + earnedMinor, 0)
  expect(earned + settlement.commissionMinor).toBe(left)
  const ledger = balances(books)
  expect(ledger['escrow:order_1'] ?? 0).toBe(left)
  expect(ledger.commission ?? 0).toBe(0 - settlement.commissionMinor)
  let paidOut = 0
  for (const { payee, earnedMinor, paidOutMinor } of settlement.shares) {
    const at = (place: string) => books.counters.get(`${payee}/CNY/${place}`) ?? 0
    paidOut += paidOutMinor
    expect(at('paidOut')).toBe(paidOutMinor)
    expect(at('pending') + at('available')).toBe(Math.max(0, earnedMinor - paidOutMinor))
    expect(at('owed')).toBe(Math.max(0, paidOutMinor - earnedMinor))
    expect(at(settlement.status === 'pending' ? 'available' : 'pending')).toBe(0)
    // The ledger says the same: what a payee is still to get, and what it owes.
    expect(ledger[`payable:${payee}`] ?? 0).toBe(0 - (at('pending') + at('available')))
    expect(ledger[`receivable:${payee}`] ?? 0).toBe(at('owed'))
    expect(settlement.openPayeeIds.includes(payee)).toBe(earnedMinor > paidOutMinor)
    expect(settlement.owingPayeeIds?.includes(payee) ?? false).toBe(earnedMinor < paidOutMinor)
  }
  expect(ledger.bank ?? 0).toBe(0 - paidOut)
}

describe('the money of an order that is shared', () => {
  it('leaves a payee nothing that the order brings nothing any more, who owes what was paid out', () => {
    const both = payOutShare(openSettlement(facts, splitOf(9_000, [0, 2, 1])), 'payee_1', 1_000)
    const one = resettle(both, { commissionMinor: 0, payees: [{ payee: 'payee_0', amountMinor: 6_000 }] })
    expect(['payee_0', 'payee_1'].map((payee) => unpaidMinor(one, payee))).toEqual([6_000, -1_000])
    expect([one.openPayeeIds, one.owingPayeeIds]).toEqual([['payee_0'], ['payee_1']])
  })

  it('scenario 17: of 198 by 59:115:78, taken back a cent at a time, nobody ever gets more, and in the end nobody has any', () => {
    const books = openBooks(198, [59, 115, 78])
    expect(books.now().shares.map(({ earnedMinor }) => earnedMinor)).toEqual([91, 61])
    for (let left = 197; left >= 0; left -= 1) {
      const before = books.now()
      books.resettle(left)
      const after = books.now()
      expect(after.commissionMinor).toBeLessThanOrEqual(before.commissionMinor)
      for (const [place, { earnedMinor }] of after.shares.entries()) {
        expect(earnedMinor).toBeLessThanOrEqual(before.shares[place]?.earnedMinor ?? 0)
      }
      expectBooksToHold(books, left)
    }
    expect(balances(books)).toMatchObject({ commission: 0, 'payable:payee_0': 0, 'payable:payee_1': 0 })
  })

  it('is owed back by who was paid before, and is not when the payout comes back', () => {
    const books = openBooks(1_000, [100, 900])
    books.release()
    books.pay('payee_0', 900)
    books.resettle(400)
    expect(balances(books)).toMatchObject({ 'receivable:payee_0': 540, 'payable:payee_0': 0, bank: -900 })
    expect(unpaidMinor(books.now(), 'payee_0')).toBe(-540)
    books.payBack('payee_0', 900)
    expect(balances(books)).toMatchObject({ 'receivable:payee_0': 0, 'payable:payee_0': -360, bank: 0 })
    expectBooksToHold(books, 400)
  })

  it('whatever is taken back, paid out and returned: parts only shrink, and counters, shares and ledger agree', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('refund' as const), part: fc.integer({ min: 0, max: 1_000 }) }),
      fc.record({ do: fc.constantFrom('pay' as const, 'payBack' as const), payee: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ do: fc.constant('release' as const) }),
    )
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc
          .array(fc.integer({ min: 0, max: 10_000 }), { minLength: 2, maxLength: 5 })
          .map(([first = 0, ...rest]) => [first + 1, ...rest]),
        fc.array(step, { maxLength: 20 }),
        (amountMinor, weights, steps) => {
          const books = openBooks(amountMinor, weights)
          let left = amountMinor
          expectBooksToHold(books, left)
          for (const each of steps) {
            const before = books.now()
            if (each.do === 'release') books.release()
            else if (each.do === 'refund') {
              left -= Math.floor((left * each.part) / 1_000)
              books.resettle(left)
            } else {
              const payee = `payee_${each.payee}`
              const unpaid = unpaidMinor(before, payee)
              if (each.do === 'pay' && unpaid > 0) books.pay(payee, unpaid)
              const paid = before.shares.find((share) => share.payee === payee)?.paidOutMinor ?? 0
              if (each.do === 'payBack' && paid > 0) books.payBack(payee, paid)
            }
            for (const [place, { earnedMinor }] of books.now().shares.entries()) {
              expect(earnedMinor).toBeLessThanOrEqual(before.shares[place]?.earnedMinor ?? 0)
            }
            expectBooksToHold(books, left)
          }
          // What came of it can be stored.
          expect(settlements.parse(books.now() as unknown as Json, 'order_1').isOk()).toBe(true)
          for (const entry of books.ledger.slice(-3)) {
            expect(ledgerEntries.parse(entry as unknown as Json, entry.entryId).isOk()).toBe(true)
          }
        },
      ),
    )
  })
})
