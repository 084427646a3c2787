import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { decidePayout, listUnclearPayouts } from '../../../src/orders/settlement/decide-payout.js'
import { giveUpSplit } from '../../../src/orders/settlement/give-up-split.js'
import { payOut } from '../../../src/orders/settlement/pay-out.js'
import { releaseShares } from '../../../src/orders/settlement/release-shares.js'
import { showPayee } from '../../../src/orders/settlement/show-payee.js'
import { splitShares } from '../../../src/orders/settlement/split-shares.js'
import { settlePayouts } from '../../../src/orders/settlement/tell-payout.js'
import type { PayoutPort } from '../../../src/payments/payout.js'
import { auditLog } from '../../../src/shared/audit.schema.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { entries } from '../../../src/shared/read-plan.js'
import { ask, balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { send } from '../on-delivery/on-delivery-shop.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

/** Of 2 x 129.00 and carriage 8.00, less 5 % of it. */
const selfMinor = 25_270
const self = { payee: 'self', currency: 'CNY' }

/** An order whose payment a gateway is to divide that the shop lacks by then, or that divides nothing any more. */
const openLacking = async (buyers: readonly string[] = ['ann']) => {
  const opened = await openShop({ splits: { payees: { self: 'acct-self' } } })
  const { policyId: _, ...policy } = defaultShopPolicy
  const rates = [{ merchantId: null, platformBasisPoints: 500, partners: [] }]
  value(await savePolicy(opened, byStaff(), { ...policy, settlement: { afterWorkingDays: 0, rates } }))
  const sent: string[] = []
  const payouts: PayoutPort = {
    send: ({ payee, amount }) => {
      sent.push(`${payee} ${amount.minor}`)
      return okAsync({ kind: 'ok', value: { payoutRef: null } })
    },
  }
  const shop = { ...opened, payouts } satisfies TestShop
  const orderIds: string[] = []
  for (const buyer of buyers) {
    await fillCart(shop, buyer, [['kettle', 2]])
    const { orderId } = await place(shop, buyer)
    await pay(shop, buyer, orderId)
    await send(shop, orderId)
    value(await confirmReceipt(shop, by(buyer), { orderId }))
    value(await completeOrder(shop, byStaff(), { orderId }))
    orderIds.push(orderId)
    shop.pass(1)
  }
  value(await releaseShares(shop, { limit: 10 }))
  const { splits, ...undividing } = shop.gateway
  if (splits === undefined) throw new Error('no splits')
  const [orderId = ''] = orderIds
  return {
    ...{ shop, orderId, orderIds, sent, splits },
    gone: { ...shop, gateways: {} } satisfies TestShop,
    undividing: { ...shop, gateways: { sandbox: undividing } } satisfies TestShop,
  }
}

const turn = async (shop: TestShop) => {
  shop.pass(hoursMs)
  return value(await splitShares(shop, { limit: 10 })).failed
}
const undivided = async (shop: TestShop) =>
  value(await listUnclearPayouts(shop, byStaff(), { unheard: true })).undivided
const said = (orderId: string) => ({ orderId, note: 'The account there was closed.' })
const standing = async (shop: TestShop) => {
  const { availableMinor, paidOutMinor } = value(await showPayee(shop, byStaff(), self))
  return { availableMinor, paidOutMinor }
}

describe('a payment that a gateway is to divide which the shop lacks', () => {
  it.each(['gone', 'undividing'] as const)(
    'is named once, listed, and named by every turn after three days, until the gateway is back (%s)',
    async (lack) => {
      const opened = await openLacking()
      const { shop, orderId } = opened
      const without = opened[lack]
      expect(await undivided(shop)).toEqual([])
      expect(await turn(without)).toEqual([{ id: orderId, reason: 'GatewayUnknown' }])
      const since = shop.clock.now()
      expect(await turn(without)).toEqual([])
      expect(await undivided(shop)).toEqual([
        { orderId, currency: 'CNY', payees: [{ payee: 'self', amountMinor: selfMinor }], lackingSince: since },
      ])
      expect((await payOut(without, byStaff(), self))._unsafeUnwrapErr().type).toBe('NothingToPayOut')
      shop.pass(3 * daysMs)
      for (let again = 0; again < 2; again += 1) {
        expect(await turn(without)).toEqual([{ id: orderId, reason: 'SplitOverdue' }])
      }
      expect(await turn(shop)).toEqual([])
      expect(await undivided(shop)).toEqual([])
      expect(await standing(shop)).toEqual({ availableMinor: 0, paidOutMinor: selfMinor })
      await expectBooksToAgree(shop)
    },
  )

  it.each(['gone', 'undividing'] as const)(
    'is given up by staff: its payees are paid by the shop, once, and the gateway, once back, only ends it (%s)',
    async (lack) => {
      const opened = await openLacking()
      const { shop, orderId, sent } = opened
      const without = opened[lack]
      await turn(without)
      expect(value(await giveUpSplit(without, byStaff(), said(orderId)))).toEqual({ orderId })
      expect(await undivided(shop)).toEqual([])
      expect(await turn(without)).toEqual([])
      value(await payOut(without, byStaff(), self))
      expect(sent).toEqual([`self ${selfMinor}`])
      expect(await standing(shop)).toEqual({ availableMinor: 0, paidOutMinor: selfMinor })
      for (let day = 0; day < 5; day += 1) {
        shop.pass(daysMs)
        expect(await turn(without)).toEqual([])
      }
      await expectBooksToAgree(shop)
      shop.pass(daysMs)
      expect(await turn(shop)).toEqual([])
      const { splits, splitsOver } = shop.gateway.books()
      expect(splits).toEqual([])
      // What the gateway kept to be divided is the shop's.
      expect(splitsOver).toHaveLength(1)
      expect((await payOut(shop, byStaff(), self))._unsafeUnwrapErr().type).toBe('NothingToPayOut')
      const { ledger } = await booksOf(shop)
      expect(balanceOf(ledger, 'bank')).toBe(-selfMinor)
      expect(balanceOf(ledger, 'payable:self')).toBe(0)
      await expectBooksToAgree(shop)
      const log = await ask(shop, entries(auditLog, { where: [], limit: 100 }))
      expect(log.filter(({ body }) => body.action === 'orders.giveUpSplit')).toMatchObject([
        { body: { subject: orderId, outcome: 'done', detail: 'The account there was closed.' } },
      ])
    },
  )

  it('is divided after all where the gateway is back before anybody was paid, and paid once', async () => {
    const { shop, gone, orderId, sent } = await openLacking()
    await turn(gone)
    value(await giveUpSplit(gone, byStaff(), said(orderId)))
    expect(await turn(shop)).toEqual([])
    expect(shop.gateway.books().splits).toMatchObject([{ amountMinor: selfMinor }])
    expect((await payOut(shop, byStaff(), self))._unsafeUnwrapErr().type).toBe('NothingToPayOut')
    expect(sent).toEqual([])
    expect(await standing(shop)).toEqual({ availableMinor: 0, paidOutMinor: selfMinor })
    await expectBooksToAgree(shop)
  })

  it('is not given up while the shop has the gateway, twice, or where there is nothing to divide', async () => {
    const { shop, gone, orderId } = await openLacking()
    const refused = async (at: TestShop) => (await giveUpSplit(at, byStaff(), said(orderId)))._unsafeUnwrapErr()
    const nothing = { type: 'NoSplitToGiveUp', orderId }
    expect(await refused(shop)).toEqual(nothing)
    value(await giveUpSplit(gone, byStaff(), said(orderId)))
    expect(await refused(gone)).toEqual(nothing)
    expect(await turn(shop)).toEqual([])
    expect(await refused(gone)).toEqual(nothing)
    expect((await giveUpSplit(gone, byStaff(), said('none')))._unsafeUnwrapErr().type).toBe('NotFound')
  })

  it('is given up of what goes back meanwhile, too: a payee is paid what is left', async () => {
    const { shop, gone, undividing, orderId, sent } = await openLacking()
    await turn(gone)
    const lines = [{ lineId: 'kettle-1', quantity: 1 }]
    value(await refundOrder(undividing, byStaff(), { orderId, reason: 'goodwill', lines }))
    value(await giveUpSplit(gone, byStaff(), said(orderId)))
    await turn(gone)
    const { availableMinor } = await standing(shop)
    expect(availableMinor).toBeGreaterThan(0)
    expect(availableMinor).toBeLessThan(selfMinor)
    value(await payOut(gone, byStaff(), self))
    expect(sent).toEqual([`self ${availableMinor}`])
    await expectBooksToAgree(shop)
  })

  it('that was told and not answered is decided for each payee; the rest is given up', async () => {
    const { shop, gone, splits, orderId, sent } = await openLacking()
    const lost = { ...splits, send: () => okAsync({ kind: 'unknown', cause: 'timeout' } as const) }
    await turn({ ...shop, gateways: { sandbox: { ...shop.gateway, splits: lost } } })
    expect(await turn(gone)).toEqual([{ id: orderId, reason: 'GatewayUnknown' }])
    shop.pass(3 * daysMs)
    const [{ payoutId } = { payoutId: '' }] = value(
      await listUnclearPayouts(shop, byStaff(), { unheard: true }),
    ).payouts
    expect(await undivided(shop)).toMatchObject([{ orderId, payees: [] }])
    value(await settlePayouts(gone, { limit: 10 }))
    shop.pass(hoursMs)
    value(await decidePayout(gone, byStaff(), { payoutId, moved: false }))
    value(await giveUpSplit(gone, byStaff(), said(orderId)))
    value(await payOut(gone, byStaff(), self))
    expect(sent).toEqual([`self ${selfMinor}`])
    expect(await turn(gone)).toEqual([])
    shop.pass(daysMs)
    expect(await turn(shop)).toEqual([])
    expect(shop.gateway.books().splits).toEqual([])
    expect(shop.gateway.books().splitsOver).toHaveLength(1)
    await expectBooksToAgree(shop)
  })

  it('is listed page by page, beside payouts that nobody has heard of', async () => {
    const { shop, gone, splits, orderIds } = await openLacking(['ann', 'bob', 'cid'])
    const lost = { ...splits, send: () => okAsync({ kind: 'unknown', cause: 'timeout' } as const) }
    shop.pass(hoursMs)
    value(await splitShares({ ...shop, gateways: { sandbox: { ...shop.gateway, splits: lost } } }, { limit: 10 }))
    await turn(gone)
    const pages: string[][] = []
    let after: { readonly since: number; readonly payoutId: string } | null = null
    do {
      const page: Awaited<ReturnType<typeof listUnclearPayouts>> = await listUnclearPayouts(shop, byStaff(), {
        unheard: true,
        limit: 1,
        ...(after === null ? {} : { after }),
      })
      const { payouts, undivided: waiting, next } = value(page)
      pages.push([...payouts.map(({ parts }) => `told ${parts[0]?.orderId}`), ...waiting.map(({ orderId }) => orderId)])
      after = next
    } while (after !== null)
    expect(pages).toHaveLength(6)
    expect(pages.slice(0, 3).flat().sort()).toEqual(orderIds.map((orderId) => `told ${orderId}`).sort())
    expect(pages.slice(3).flat().sort()).toEqual([...orderIds].sort())
  })
})
