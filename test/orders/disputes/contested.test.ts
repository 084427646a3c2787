import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { products } from '../../../src/catalog/product.schema.js'
import { settleDisputes } from '../../../src/orders/disputes/settle-disputes.js'
import { submitEvidence } from '../../../src/orders/disputes/submit-evidence.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { recordDelivery } from '../../../src/orders/parcels/move-parcel.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy, type ShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { payOut } from '../../../src/orders/settlement/pay-out.js'
import { releaseShares } from '../../../src/orders/settlement/release-shares.js'
import { advanceOrders, markLateParcels } from '../../../src/orders/sweep-orders.js'
import { disputes } from '../../../src/payments/dispute.schema.js'
import { type GatewayErrorCode, gatewayErrorCodes, gatewayErrors } from '../../../src/payments/gateway-error.js'
import { listDisputes } from '../../../src/payments/list-disputes.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { find, rows } from '../../../src/shared/read-plan.js'
import { ask, balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, commit, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'
import { cutOff, decideAt, deliver, dispute, ledgerOf, openPaid, owe } from './disputed.js'

describe('contesting a dispute', () => {
  const explanation = 'The parcel was handed over and signed for.'

  it('hands over what staff says and what the shop knows, once for a key, and keeps none of the words', async () => {
    const { shop, orderId, paymentId } = await openPaid()
    value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
    const { disputeId } = await dispute(shop, paymentId)
    const sent = value(await submitEvidence(shop, byStaff('once'), { disputeId, explanation }))
    expect(sent).toMatchObject({ disputeId, status: 'underReview', evidence: { outcome: 'taken', code: null } })
    expect(value(await submitEvidence(shop, byStaff('once'), { disputeId, explanation }))).toEqual(sent)
    expect(shop.gateway.books().disputes[0]?.evidence).toEqual([
      {
        explanation,
        files: [],
        goods: ['kettle'],
        parcels: [{ carrier: 'sf-express', trackingNumber: 'SF1', shippedAt: shop.clock.now(), deliveredAt: null }],
        refunded: { minor: 0, currency: 'CNY' },
      },
    ])
    expect(JSON.stringify([await ask(shop, find(disputes, { where: [], limit: 10 })), shop.told])).not.toContain(
      explanation,
    )
    expect(await deliver(shop)).toEqual(['handled'])
    const late = await submitEvidence(shop, byStaff(), { disputeId, explanation })
    expect(late._unsafeUnwrapErr()).toEqual({
      type: 'DisputeStateForbids',
      status: 'underReview',
      command: 'SendEvidence',
    })
  })

  it('says of parcels whose receipt the buyer confirmed that they came, and of later ones that they have not', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    const shipOne = async (trackingNumber: string) =>
      value(
        await shipOrder(shop, byStaff(), {
          orderId,
          carrier: 'sf-express',
          trackingNumber,
          lines: [{ lineId, quantity: 1 }],
        }),
      ).parcelId
    const first = await shipOne('SF1')
    shop.pass(hoursMs)
    const confirmedAt = shop.clock.now()
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    shop.pass(hoursMs)
    const second = await shipOne('SF2')
    const { disputeId } = await dispute(shop, paymentId, { reason: 'notReceived' })
    value(await submitEvidence(shop, byStaff(), { disputeId, explanation }))
    expect(shop.gateway.books().disputes[0]?.evidence[0]?.parcels).toMatchObject([
      { trackingNumber: 'SF1', deliveredAt: confirmedAt },
      { trackingNumber: 'SF2', deliveredAt: null },
    ])
    // What the carrier tells of the first one afterwards is its own, and says nothing of the second.
    const told = value(await recordDelivery(shop, byStaff(), { parcelId: first }))
    expect(told).toMatchObject({ parcelStatus: 'delivered', orderStatus: 'shipped' })
    expect((await orderPage(shop, by('ann'), { orderId }))._unsafeUnwrap().lines[0]).toMatchObject({
      signedQuantity: 1,
    })
    const last = value(await recordDelivery(shop, byStaff(), { parcelId: second }))
    expect(last).toMatchObject({ parcelStatus: 'delivered', orderStatus: 'signed' })
  })

  it('names the first witness of a delivery, and none where only the clock took the goods as received', async () => {
    type Sent = { readonly orderId: string; readonly parcelId: string }
    const sentWith = async (
      until: (shop: TestShop, sent: Sent) => Promise<unknown>,
      { inDays }: { readonly inDays?: number } = { inDays: 12 },
    ) => {
      const { shop, orderId, paymentId } = await openPaid()
      const promise = inDays === undefined ? {} : { deliverBy: shop.clock.now() + inDays * daysMs }
      const parcel = { orderId, carrier: 'sf-express', trackingNumber: 'SF1', ...promise }
      const { parcelId } = value(await shipOrder(shop, byStaff(), parcel))
      const shippedAt = shop.clock.now()
      await until(shop, { orderId, parcelId })
      const { disputeId } = await dispute(shop, paymentId, { reason: 'notReceived' })
      value(await submitEvidence(shop, byStaff(), { disputeId, explanation }))
      const { deliveredAt = null } = shop.gateway.books().disputes[0]?.evidence[0]?.parcels[0] ?? {}
      return deliveredAt === null ? null : deliveredAt - shippedAt
    }
    const confirm = async (shop: TestShop, orderId: string) => {
      shop.pass(3 * daysMs)
      value(await confirmReceipt(shop, by('ann'), { orderId }))
      shop.pass(10 * daysMs)
      expect(value(await markLateParcels(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
    }
    expect(await sentWith((shop, { orderId }) => confirm(shop, orderId))).toBe(3 * daysMs)
    const confirmedThenTold = async (shop: TestShop, { orderId, parcelId }: Sent) => {
      await confirm(shop, orderId)
      value(await recordDelivery(shop, byStaff(), { parcelId }))
    }
    expect(await sentWith(confirmedThenTold)).toBe(3 * daysMs)
    const takenByClock = async (shop: TestShop) => {
      shop.pass(25 * daysMs)
      expect(value(await advanceOrders(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
      expect((await booksOf(shop)).orders[0]?.state.status).toBe('signed')
      expect(value(await markLateParcels(shop, { limit: 10 }))).toEqual({ done: 0, failed: [] })
    }
    expect(await sentWith(takenByClock, {})).toBeNull()
  })

  it('says whether the gateway took it, and lets staff send it again where nobody knows', async () => {
    const { shop, paymentId } = await openPaid()
    const { disputeId } = await dispute(shop, paymentId)
    shop.gateway.scriptEvidence({ kind: 'decline', code: 'RateLimited' }, { kind: 'timeout', taken: false })
    const refused = value(await submitEvidence(shop, byStaff(), { disputeId, explanation }))
    expect(refused).toMatchObject({ status: 'evidenceDue', evidence: { outcome: 'refused', code: 'RateLimited' } })
    const lost = value(await submitEvidence(shop, byStaff(), { disputeId, explanation }))
    expect(lost).toMatchObject({ status: 'evidenceDue', evidence: { outcome: 'waiting' } })
    const taken = value(await submitEvidence(shop, byStaff(), { disputeId, explanation }))
    expect(taken).toMatchObject({ status: 'underReview', evidence: { outcome: 'taken' } })
  })

  const turnedAway = (shop: TestShop, code: GatewayErrorCode): TestShop => {
    const { disputes: port } = shop.gateway
    if (port === undefined) throw new Error('a gateway without disputes')
    const no = { kind: 'declined', error: { code, gatewayCode: code } } as const
    const submit: typeof port.submitEvidence = () => okAsync(no)
    return { ...shop, gateways: { sandbox: { ...shop.gateway, disputes: { ...port, submitEvidence: submit } } } }
  }

  it('never takes for refused what may have been taken before, whatever stands at the door when it is sent again', async () => {
    for (const code of gatewayErrorCodes) {
      const { definite, atTheDoor } = gatewayErrors[code]
      const { shop, paymentId } = await openPaid()
      const { disputeId } = await dispute(shop, paymentId)
      const stopped = await submitEvidence(cutOff(shop), byStaff('once'), { disputeId, explanation })
      expect(stopped._unsafeUnwrapErr()).toMatchObject({ type: 'StorageUnavailable' })
      const again = value(await submitEvidence(turnedAway(shop, code), byStaff('once'), { disputeId, explanation }))
      const outcome = definite && !atTheDoor ? 'refused' : 'waiting'
      expect([code, again.evidence?.outcome]).toEqual([code, outcome])
      // It has been taken all along; the gateway says so.
      await deliver(shop)
      expect(value(await listDisputes(shop, byStaff(), {})).disputes[0]?.status).toBe('underReview')
    }
  })

  it('takes for refused, of what is sent the first time, what is a no for certain; also at the door', async () => {
    for (const code of gatewayErrorCodes) {
      const { shop, paymentId } = await openPaid()
      const { disputeId } = await dispute(shop, paymentId)
      const sent = value(await submitEvidence(turnedAway(shop, code), byStaff(), { disputeId, explanation }))
      expect([code, sent.evidence?.outcome]).toEqual([code, gatewayErrors[code].definite ? 'refused' : 'waiting'])
    }
  })

  it('says nothing of evidence whose answer was lost by the no at the door to the next', async () => {
    const { shop, paymentId } = await openPaid()
    const { disputeId } = await dispute(shop, paymentId)
    shop.gateway.scriptEvidence({ kind: 'timeout', taken: true })
    const lost = value(await submitEvidence(shop, byStaff(), { disputeId, explanation }))
    expect(lost.evidence?.outcome).toBe('waiting')
    const next = value(await submitEvidence(turnedAway(shop, 'RateLimited'), byStaff(), { disputeId, explanation }))
    expect(next.evidence?.outcome).toBe('waiting')
  })

  it('appeals what is lost where the gateway says that it may be, and the money follows', async () => {
    const { shop, orderId, paymentId } = await openPaid()
    const { disputeId, disputeRef } = await dispute(shop, paymentId)
    await decideAt(shop, disputeRef, 'lost')
    const forbidden = await submitEvidence(shop, byStaff(), { disputeId, explanation })
    expect(forbidden._unsafeUnwrapErr()).toMatchObject({ type: 'DisputeStateForbids', status: 'lost' })
    shop.pass(hoursMs)
    shop.gateway.moveDispute(disputeRef, { status: 'lost', mayAppeal: true })
    await deliver(shop)
    const listed = async () => value(await listDisputes(shop, byStaff(), { orderId })).disputes[0]
    expect(await listed()).toMatchObject({ status: 'lost', mayAppeal: true })
    shop.pass(hoursMs)
    shop.gateway.scriptEvidence({ kind: 'timeout', taken: true })
    const sent = value(await submitEvidence(shop, byStaff(), { disputeId, explanation }))
    expect(sent).toMatchObject({ status: 'lost', evidence: { outcome: 'waiting' } })
    // What it told unasked got lost too: the shop asks.
    shop.gateway.takeNotifications()
    shop.pass(25 * hoursMs)
    value(await settleDisputes(shop, { limit: 10 }))
    expect(await listed()).toMatchObject({ status: 'underReview', mayAppeal: false })
    await expectBooksToAgree(shop)
    shop.pass(hoursMs)
    await decideAt(shop, disputeRef, 'won')
    expect(balanceOf((await booksOf(shop)).ledger, 'chargebackLoss')).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('is refused after its time, of a dispute that is none, and where the gateway takes none', async () => {
    const { shop, paymentId } = await openPaid()
    const { disputeId } = await dispute(shop, paymentId, { evidenceWithinMs: hoursMs })
    const { disputes: _, ...without } = shop.gateway
    const mute = { ...shop, gateways: { sandbox: without } }
    const unheard = await submitEvidence(mute, byStaff(), { disputeId, explanation })
    expect(unheard._unsafeUnwrapErr()).toEqual({ type: 'EvidenceNotOffered', gatewayId: 'sandbox' })
    const absent = await submitEvidence(shop, byStaff(), { disputeId: 'sandbox:none', explanation })
    expect(absent._unsafeUnwrapErr()).toMatchObject({ type: 'NotFound', entity: 'dispute' })
    const number = await submitEvidence(shop, byStaff(), { disputeId, explanation: 'Card 4111 1111 1111 1111' })
    expect(number._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput' })
    shop.pass(hoursMs + 1)
    const overdue = await submitEvidence(shop, byStaff(), { disputeId, explanation })
    expect(overdue._unsafeUnwrapErr()).toMatchObject({ type: 'EvidenceOverdue', disputeId })
  })
})

describe('payees', () => {
  const openSharing = async (terms: Partial<ShopPolicy> = {}) => {
    const shop = await openShop()
    const { policyId: _, ...policy } = defaultShopPolicy
    const settlement = { afterWorkingDays: 0, rates: [{ merchantId: null, platformBasisPoints: 500, partners: [] }] }
    value(await savePolicy(shop, byStaff(), { ...policy, settlement, ...terms }))
    const payouts = { send: () => okAsync({ kind: 'ok' as const, value: { payoutRef: 'bank-1' } }) }
    return { ...shop, payouts }
  }
  const finish = async (shop: TestShop, orderId: string) => {
    value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    value(await completeOrder(shop, byStaff(), { orderId }))
  }

  it('wait for the end of a dispute, before their share is free and after', async () => {
    const shop = await openSharing()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    const { paymentId } = await pay(shop, 'ann', orderId)
    await finish(shop, orderId)
    const first = await dispute(shop, paymentId, { status: 'inquiry' })
    value(await releaseShares(shop, { limit: 10 }))
    const payee = { payee: 'self', currency: 'CNY' }
    expect((await payOut(shop, byStaff(), payee))._unsafeUnwrapErr()).toMatchObject({ type: 'NothingToPayOut' })
    await decideAt(shop, first.disputeRef, 'won')
    expect(value(await releaseShares(shop, { limit: 10 })).done).toBe(1)

    const second = await dispute(shop, paymentId)
    expect((await payOut(shop, byStaff(), payee))._unsafeUnwrapErr()).toMatchObject({ type: 'NothingToPayOut' })
    await decideAt(shop, second.disputeRef, 'lost')
    // Who bears a loss is between the shop and its payees; the share is theirs as it was.
    expect(value(await payOut(shop, byStaff(), payee))).toMatchObject({ status: 'paid', amountMinor: 13_015 })
    await expectBooksToAgree(shop)
  })

  it('of a checkout that was divided all wait, and what is owed by one of its orders comes by the dispute', async () => {
    const shop = await openSharing({ severalMerchants: 'apart' })
    const stored = await ask(shop, rows(products, ['p-lamp']))
    await commit(
      shop,
      stored.map(({ id, version, state }) => put(products, { id, version, state: { ...state, merchantId: 'lights' } })),
    )
    await fillCart(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 1],
    ])
    const { orderId } = await place(shop, 'ann')
    const { paymentId } = await pay(shop, 'ann', orderId)
    const { orderIds } = value(await orderPage(shop, by('ann'), { orderId }))
    const parts = await Promise.all(
      orderIds.map(async (id) => value(await orderPage(shop, by('ann'), { orderId: id }))),
    )
    const lamp = parts.find(({ lines }) => lines[0]?.sku === 'lamp')
    const owed = await owe(shop, lamp?.orderId ?? '', lamp?.lines[0]?.lineId ?? '')
    const { disputeRef } = await dispute(shop, paymentId)
    const partsNow = async () => (await booksOf(shop)).orders.filter(({ id }) => orderIds.includes(id))
    expect((await partsNow()).map(({ state }) => state.openDisputeIds?.length)).toEqual([1, 1])
    const kettle = parts.find(({ lines }) => lines[0]?.sku === 'kettle')
    const seenBy = async (merchantId: string, asked: object = {}) =>
      value(await listDisputes(shop, { actor: { kind: 'merchant', merchantId } }, asked)).disputes
    // 129.00 and 8.00 of carriage for the kettle, 59.00 for the lamp: each sees the order and the money of their own.
    expect(await seenBy('self')).toMatchObject([
      { orderId: kettle?.orderId, amount: { minor: kettle?.totals.payableMinor }, status: 'evidenceDue' },
    ])
    expect(await seenBy('lights')).toMatchObject([
      { orderId: lamp?.orderId, amount: { minor: lamp?.totals.payableMinor }, heldMinor: lamp?.totals.payableMinor },
    ])
    expect((await seenBy('lights', { orderId: lamp?.orderId })).length).toBe(1)
    expect(await seenBy('lights', { orderId: kettle?.orderId })).toEqual([])
    expect(await seenBy('nobody')).toEqual([])
    const whole = value(await listDisputes(shop, byStaff(), { orderId })).disputes
    expect(whole).toMatchObject([{ orderId, amount: { minor: 13_700 + 5_900 } }])
    await decideAt(shop, disputeRef, 'lost')
    const after = await partsNow()
    expect(after.map(({ state }) => state.openDisputeIds)).toEqual([[], []])
    expect(after.find(({ id }) => id === lamp?.orderId)?.state.refunds).toMatchObject([{ status: 'succeeded' }])
    const ledger = await ledgerOf(shop)
    expect(balanceOf(ledger, 'chargebackLoss')).toBe(13_700 + 5_900 - owed.cashMinor)
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(0)
    await expectBooksToAgree(shop)
  })
})
