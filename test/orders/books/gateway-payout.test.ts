import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordGatewayPayout } from '../../../src/orders/books/record-gateway-payout.js'
import { showStatement } from '../../../src/orders/books/show-statement.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const payout = (more: object = {}) =>
  ({
    gatewayId: 'sandbox',
    currency: 'CNY',
    amountMinor: 13_600,
    feeMinor: 20,
    reference: '2026-03-10',
    ...more,
  }) as const

/** An order of one kettle, 129.00 and 8.00 carriage, paid at the sandbox. */
const sell = async (shop: TestShop) => {
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  return orderId
}

describe("a gateway's payout to the shop", () => {
  it('closes what the gateway owes: what was taken, less fees and refunds, is at the bank', async () => {
    const shop = await openShop()
    const orderId = await sell(shop)
    value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', withShipping: true }))
    const owedMinor = balanceOf((await booksOf(shop)).ledger, 'gatewayClearing:sandbox')
    const feeMinor = balanceOf((await booksOf(shop)).ledger, 'fee')
    expect(owedMinor).toBe(12_900 - feeMinor)
    const recorded = value(
      await recordGatewayPayout(shop, byStaff(), payout({ amountMinor: owedMinor - 20, feeMinor: 20 })),
    )
    expect(recorded).toMatchObject({ recorded: true, amountMinor: owedMinor - 20, feeMinor: 20 })
    const { ledger } = await booksOf(shop)
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(0)
    expect(balanceOf(ledger, 'bank')).toBe(owedMinor - 20)
    expect(balanceOf(ledger, 'fee')).toBe(feeMinor + 20)
    const now = shop.clock.now()
    const sheet = value(await showStatement(shop, byStaff(), { from: now - 60 * minutesMs, to: now + 1 }))
    expect(sheet.sums?.[0]).toMatchObject({ paidMinor: 13_700, refundedMinor: 800, feeMinor: feeMinor + 20 })
    await expectBooksToAgree(shop)
  })

  it('counts once under its reference and currency, and is refused with other amounts', async () => {
    const shop = await openShop()
    const answers = await Promise.all([1, 2, 3].map(() => recordGatewayPayout(shop, byStaff(), payout())))
    expect(answers.map((answer) => value(answer).recorded).sort()).toEqual([false, false, true])
    const other = await recordGatewayPayout(shop, byStaff(), payout({ feeMinor: 21 }))
    expect(other._unsafeUnwrapErr()).toEqual({
      type: 'PayoutReferenceUsed',
      reference: '2026-03-10',
      amountMinor: 13_600,
      feeMinor: 20,
    })
    expect(value(await recordGatewayPayout(shop, byStaff(), payout({ currency: 'USD' }))).recorded).toBe(true)
    expect((await recordGatewayPayout(shop, byStaff(), payout({ gatewayId: 'nobody' })))._unsafeUnwrapErr()).toEqual({
      type: 'GatewayUnknown',
      gatewayId: 'nobody',
    })
    const { ledger } = await booksOf(shop)
    expect(balanceOf(ledger, 'bank')).toBe(13_600)
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(-13_620)
  })

  it('may be collected from the bank instead, and is no payout where it is of nothing', async () => {
    const shop = await openShop()
    value(await recordGatewayPayout(shop, byStaff(), payout({ amountMinor: -500, feeMinor: 0 })))
    expect(balanceOf((await booksOf(shop)).ledger, 'bank')).toBe(-500)
    const nothing = await recordGatewayPayout(shop, byStaff(), payout({ amountMinor: 0 }))
    expect(nothing._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput' })
  })

  it('and what is taken: what no payout brought is what the gateway still owes', async () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(amounts, async (paid) => {
        const shop = await openShop()
        await sell(shop)
        const before = balanceOf((await booksOf(shop)).ledger, 'gatewayClearing:sandbox')
        for (const [place, amountMinor] of paid.entries()) {
          value(
            await recordGatewayPayout(shop, byStaff(), payout({ amountMinor, feeMinor: 0, reference: `P${place}` })),
          )
        }
        const atBank = paid.reduce((sum, each) => sum + each, 0)
        const { ledger } = await booksOf(shop)
        expect(balanceOf(ledger, 'bank')).toBe(atBank)
        expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(before - atBank)
        await expectBooksToAgree(shop)
      }),
      { numRuns: 8 },
    )
  })
})
