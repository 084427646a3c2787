import { describe, expect, it } from 'vitest'
import { runCases } from '../../scripts/cases/run-case.js'

const golden = {
  id: 'own',
  currency: 'CNY',
  exponent: 2,
  lines: [{ id: 'a', shop: 's', unit: 1000, qty: 2 }],
  promotions: [{ id: 'p', stage: 20, threshold: { amount: 1500 }, effect: { off: 300 } }],
  returns: [{ line: 'a', units: 1 }],
  policy: 'prorate',
  expected: { payable: 1700, applied: ['p'], units: { a: [850, 850] }, refunds: [{ cash: 850 }] },
}

const verdictOf = (each: object): unknown => runCases({ cases: [each] })[0]?.verdict

describe('the runner of cases', () => {
  it('finds no difference where there is none', () => {
    expect(verdictOf(golden)).toEqual({ kind: 'compared', differences: [] })
  })

  it('tells every difference with what was expected and what came out', () => {
    const wrong = { ...golden, expected: { ...golden.expected, payable: 1701, refunds: [{ cash: 851 }] } }
    expect(verdictOf(wrong)).toEqual({
      kind: 'compared',
      differences: [
        { path: 'payable', expected: 1701, actual: 1700 },
        { path: 'refunds.0.cash', expected: 851, actual: 850 },
      ],
    })
  })

  it.each([
    ['of the case', { ...golden, surprise: 1 }],
    ['of a line', { ...golden, lines: [{ ...golden.lines[0], surprise: 1 }] }],
    ['of what is expected', { ...golden, expected: { ...golden.expected, surprise: 1 } }],
  ])('does not run a case with an unknown field %s', (_, each) => {
    expect(verdictOf(each)).toMatchObject({ kind: 'inexpressible', reason: expect.stringContaining('surprise') })
  })

  it('does not run a shape that it does not know', () => {
    expect(verdictOf({ id: 'own', what: 1 })).toMatchObject({ kind: 'inexpressible' })
  })

  it('runs points from their events', () => {
    const events = [
      ['earn', 'e', 100, '2026-01-01', '2026-03-31'],
      ['spend', 's', 30, '2026-02-01'],
      ['sweep', '2026-04-01'],
    ]
    const ledger = { id: 'own', kind: 'ledger', currency: 'CNY', exponent: 2, events }
    expect(verdictOf({ ...ledger, expected: { balance: 0, expired: 70, spent: 30 } })).toEqual({
      kind: 'compared',
      differences: [],
    })
    expect(verdictOf({ ...ledger, expected: { expired: 71 } })).toMatchObject({
      differences: [{ path: 'expired', expected: 71, actual: 70 }],
    })
  })

  it('splits as a peer does, or as exact arithmetic demands where it leaks a unit', () => {
    const split = { id: 'own', peer: 'p', kind: 'distribute-by-weight', currency: 'USD', weights: ['1', '1', '1'] }
    const leak = { ...split, amount: '100', expected: { parts: ['33', '33', '33'] } }
    expect(verdictOf({ ...leak, conserving: false })).toEqual({ kind: 'compared', differences: [] })
    const wrong = { ...split, amount: '100', expected: { parts: ['33', '33', '34'] } }
    expect(verdictOf(wrong)).toMatchObject({ differences: [{ path: 'parts', actual: [34, 33, 33] }] })
  })
})
