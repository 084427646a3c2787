import { describe, expect, it } from 'vitest'
import { priceCart } from '../../src/pricing/price-cart.js'
import type { PriceCartInput } from '../../src/pricing/priced-cart.js'
import { refundOf } from '../../src/pricing/refund-of.js'
import { unitTableOf } from '../../src/pricing/unit-table.js'
import { offerSchema } from '../../src/promotions/offer.schema.js'
import { readPage, rowsUnder } from './page-tables.js'

const page = readPage('docs/pricing.md')
const [, json = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? []
// The page is written by hand; that the input is one shows when it is priced.
const input = JSON.parse(json) as PriceCartInput
const price = priceCart(input)._unsafeUnwrap()
const units = unitTableOf(price)

const yuan = (minor: number): string => (minor / 100).toFixed(2)
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

describe('the worked example of the pricing page', () => {
  it('is made of offers that the schema takes', () => {
    expect(input.offers.filter((offer) => !offerSchema.safeParse(offer).success)).toEqual([])
  })

  it('prices its lines as the page says', () => {
    const off = (lineId: string, offerId: string): number =>
      price.lines.find((line) => line.lineId === lineId)?.shares.find((share) => share.offerId === offerId)
        ?.amountMinor ?? 0
    const offers = ['flash-mug', 'thirty-off', 'ten-percent']
    const lines = price.lines.map((line) => ({
      name: line.lineId,
      amounts: [
        line.listMinor,
        ...offers.map((offerId) => off(line.lineId, offerId)),
        line.netMinor,
        line.pointsMinor,
        line.cashMinor,
        line.taxMinor,
      ],
      earned: line.earnedPoints,
    }))
    const shown = lines.map(({ name, amounts, earned }) => [name, ...amounts.map(yuan), String(earned)])
    const sums = (lines[0]?.amounts ?? []).map((_, column) => sum(lines.map(({ amounts }) => amounts[column] ?? 0)))
    expect(rowsUnder(page, 'line')).toEqual([...shown, ['sum', ...sums.map(yuan), String(price.pointsEarned)]])
  })

  it('comes to what the page says', () => {
    const { goodsMinor, shippingMinor, pointsMinor, payableMinor } = price.totals
    expect(page).toContain(
      `Payable: ${yuan(goodsMinor)} + ${yuan(shippingMinor)} - ${yuan(pointsMinor)} = **${yuan(payableMinor)}**`,
    )
    const goodsAfterLineOffers = sum(price.lines.map((line) => line.activityMinor))
    expect(page).toContain(`for ${yuan(goodsAfterLineOffers)} is below 299.00`)
    const refused = price.trace.find(({ offerId }) => offerId === 'fifty-off')?.outcome
    expect(refused).toEqual({ kind: 'rejected', reason: { type: 'ThresholdAmount', missingMinor: 6_300 } })
    expect(page).toContain('`ThresholdAmount`, 63.00 missing')
  })

  it('splits down to pieces as the page says', () => {
    const shirt = units.lines.find((line) => line.lineId === 'shirt')
    const columns = [...(shirt?.shares.map((share) => share.amountMinor) ?? []), shirt?.pointsMinor ?? []]
    const rows = [0, 1].map((piece) => [
      `shirt ${piece + 1}`,
      yuan(shirt?.unitListMinor ?? 0),
      ...[...columns, shirt?.cashMinor ?? [], shirt?.taxMinor ?? []].map((column) => yuan(column[piece] ?? 0)),
    ])
    expect(rowsUnder(page, 'piece')).toEqual(rows)
  })

  it('refunds as the page says, and in all exactly what was paid', () => {
    const first = refundOf(units, {}, [{ lineId: 'shirt', quantity: 1 }])._unsafeUnwrap()
    const rest = refundOf(units, { shirt: 1 }, [
      { lineId: 'shirt', quantity: 1 },
      { lineId: 'mug', quantity: 1 },
    ])._unsafeUnwrap()
    const refunds = [first, rest]
    const rows = refunds.map((refund) => [
      yuan(refund.payMinor),
      String(refund.points),
      String(refund.earnedPoints),
      refund.couponsToReturn.join(', ') || 'none',
    ])
    const paid = price.totals.payableMinor - price.totals.shippingMinor
    expect(sum(refunds.map((refund) => refund.payMinor))).toBe(paid)
    expect(rowsUnder(page, 'return').map(([, ...amounts]) => amounts)).toEqual([
      ...rows,
      [yuan(paid), String(price.pointsSpent), String(price.pointsEarned), ''],
    ])
  })
})
