import type { ExportCursor } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { openStall, type Stall } from '../support/open-stall.js'
import { must } from './open-shop.js'
import { by, clerk, join, password, recipient } from './world.js'

type Person = Awaited<ReturnType<typeof join>>

const sandbox = { gatewayId: 'sandbox', method: 'wechatPay' } as const

/** Eve's order, of which Bob pays 10.00 and Eve the rest; Bob has paid his part. */
const openShared = async () => {
  const stall = await openStall([])
  const eve = await join(stall, 'eve@example.com', 'Eve')
  const bob = await join(stall, 'bob@example.com', 'Bob')
  const { shop, productId } = stall
  must(await shop.cart.addLine(by(eve.actor), { productId, sku: 'kettle', quantity: 1 }))
  const choice = { shippingMethodId: 'standard' }
  const { totals } = must(await shop.orders.preview(by(eve.actor), { ...choice, region: recipient.region }))
  const placing = { ...choice, recipient, expectedTotalMinor: totals.payableMinor }
  const { orderId } = must(await shop.orders.place(by(eve.actor), placing))
  const payers = [
    { accountId: bob.accountId, part: { by: 'amount', amountMinor: 1_000 } },
    { accountId: eve.accountId, part: { by: 'rest' } },
  ] as const
  must(await shop.orders.sharePayment(by(eve.actor), { orderId, payers }))
  must(await shop.orders.payShare(by(bob.actor), { orderId, ...sandbox }))
  return { stall, eve, bob, orderId }
}

const exportOf = async ({ shop }: Stall, { actor }: Person) => {
  const found: Record<string, readonly { readonly state: unknown }[]> = {}
  let after: ExportCursor | null | undefined
  while (after !== null) {
    const page: { record: string; rows: readonly { state: unknown }[]; next: ExportCursor | null } = must(
      await shop.accounts.exportData({ actor }, after === undefined ? {} : { after }),
    )
    if (page.rows.length > 0) found[page.record] = page.rows
    after = page.next
  }
  return found
}

const verdictsOf = async ({ shop }: Stall, { actor }: Person) =>
  new Map(must(await shop.accounts.erasurePlan({ actor }, {})).verdicts.map(({ record, verdict }) => [record, verdict]))

const erase = async ({ shop }: Stall, { actor }: Person) =>
  (await shop.accounts.erase(by(actor), { password })).match(
    () => [],
    (error) => (error.type === 'BusinessOpen' ? error.open.map(({ record }) => record) : [error.type]),
  )

describe('whoever pays a part of an order of another', () => {
  it('waits with their erasure for the money that is to come back to them, and the buyer does not', async () => {
    const { stall, eve, bob, orderId } = await openShared()
    const { shop, gateway, upkeep } = { ...stall, upkeep: stall.shop.upkeep }
    gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
    must(await shop.orders.cancel(by(eve.actor), { orderId }))
    must(await upkeep.settleRefunds({ limit: 10 }))
    const [refund] = must(await shop.payments.refunds({ actor: clerk }, {})).refunds
    expect(refund).toMatchObject({ status: 'failed', amount: { minor: 1_000 } })

    const refused = await shop.accounts.erase(by(bob.actor), { password })
    const open = [{ record: 'refund', id: refund?.refundId }]
    expect(refused.isErr() && refused.error).toEqual({ type: 'BusinessOpen', open })
    expect(await erase(stall, eve)).toEqual([])
    must(await shop.orders.retryRefund(by(clerk), { refundId: refund?.refundId ?? '' }))
    must(await upkeep.settleRefunds({ limit: 10 }))
    expect(await erase(stall, bob)).toEqual([])
  })

  it('waits with their erasure for the others, once their part is paid, and for its money where they do not pay', async () => {
    const { stall, eve, bob, orderId } = await openShared()
    const { shop } = stall
    const refused = await shop.accounts.erase(by(bob.actor), { password })
    const [paid] = must(await shop.payments.list({ actor: clerk }, { orderId })).payments
    expect(paid).toMatchObject({ status: 'captured', amount: { minor: 1_000 } })
    const open = [{ record: 'payment', id: paid?.paymentId }]
    expect(refused.isErr() && refused.error).toEqual({ type: 'BusinessOpen', open })
    must(await shop.orders.cancel(by(eve.actor), { orderId }))
    expect(await erase(stall, bob)).toEqual(['refund'])
    must(await shop.upkeep.settleRefunds({ limit: 10 }))
    expect(await erase(stall, bob)).toEqual([])
  })

  it('is erased once the others have paid theirs', async () => {
    const { stall, eve, bob, orderId } = await openShared()
    expect(await erase(stall, bob)).toEqual(['payment'])
    must(await stall.shop.orders.payShare(by(eve.actor), { orderId, ...sandbox }))
    expect(await erase(stall, bob)).toEqual([])
  })

  it('is told what is kept of it, without whose order it is, and what becomes of it', async () => {
    const { stall, eve, bob, orderId } = await openShared()
    const { shop } = stall
    must(await shop.orders.cancel(by(eve.actor), { orderId }))
    must(await shop.upkeep.settleRefunds({ limit: 10 }))
    const exported = await exportOf(stall, bob)
    expect(exported.paymentForOthers).toMatchObject([
      { state: { orderId, payerAccountId: bob.accountId, amountMinor: 1_000 } },
    ])
    expect(exported.refundForOthers).toMatchObject([{ state: { orderId, amountMinor: 1_000 } }])
    expect(JSON.stringify(exported)).not.toContain(eve.accountId)
    const { payment, refund } = await exportOf(stall, eve)
    expect([payment, refund]).toMatchObject([[{ state: { orderId } }], [{ state: { orderId } }]])
    expect(JSON.stringify([payment, refund])).not.toContain(bob.accountId)
    const verdicts = await verdictsOf(stall, bob)
    expect(verdicts.get('paymentForOthers')).toBe('restrict')
    expect(verdicts.get('refundForOthers')).toBe('restrict')
    expect(verdicts.get('disputeForOthers')).toBe('none')
    // Within their own reach they see what they paid, and nothing else of the order.
    const { payments } = must(await shop.payments.list({ actor: bob.actor }, { orderId }))
    expect(payments.map(({ amount }) => amount.minor)).toEqual([1_000])
  })
})
