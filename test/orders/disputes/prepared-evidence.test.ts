import { describe, expect, it } from 'vitest'
import { prepareEvidence } from '../../../src/orders/disputes/prepare-evidence.js'
import { submitEvidence } from '../../../src/orders/disputes/submit-evidence.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { reportPayment } from '../../../src/orders/watch/report-payment.js'
import { hoursMs } from '../../../src/shared/instant.js'
import { by, byStaff, value } from '../open-shop.js'
import { dispute, openPaid } from './disputed.js'

describe('what speaks for the shop', () => {
  it('is shown of a payment that its owner reports, before anybody has gone to the bank', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    const startedAt = shop.clock.now()
    const parcel = { orderId, carrier: 'sf-express', trackingNumber: 'SF1', lines: [{ lineId, quantity: 1 }] }
    value(await shipOrder(shop, byStaff(), parcel))
    shop.pass(hoursMs)
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    value(await reportPayment(shop, by('ann'), { orderId }))
    expect(value(await prepareEvidence(shop, byStaff(), { paymentId }))).toMatchObject({
      ...{ paymentId, orderId, gatewayId: 'sandbox', startedAt, disputes: [] },
      amount: { minor: 26_600, currency: 'CNY' },
      known: {
        goods: ['kettle'],
        parcels: [{ trackingNumber: 'SF1', shippedAt: startedAt, deliveredAt: startedAt + hoursMs }],
        refunded: { minor: 0, currency: 'CNY' },
      },
      takes: { mostCharacters: 5_000 },
    })
  })

  it('is what goes to the gateway with the words of staff', async () => {
    const { shop, orderId, paymentId } = await openPaid()
    value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
    const { disputeId } = await dispute(shop, paymentId)
    const { known, disputes } = value(await prepareEvidence(shop, byStaff(), { paymentId }))
    expect(disputes).toMatchObject([{ disputeId, status: 'held' }])
    value(await submitEvidence(shop, byStaff(), { disputeId, explanation: 'It was handed over.' }))
    expect(shop.gateway.books().disputes[0]?.evidence).toEqual([
      { explanation: 'It was handed over.', files: [], ...known },
    ])
  })

  it('is read where its gateway is gone, takes nothing then, and is for staff alone', async () => {
    const { shop, paymentId } = await openPaid()
    const without = { ...shop, gateways: {} }
    expect(value(await prepareEvidence(without, byStaff(), { paymentId }))).toMatchObject({ takes: null })
    expect((await prepareEvidence(shop, by('ann'), { paymentId }))._unsafeUnwrapErr()).toMatchObject({ type: 'Denied' })
    expect((await prepareEvidence(shop, byStaff(), { paymentId: 'pay_none' }))._unsafeUnwrapErr()).toEqual({
      ...{ type: 'NotFound', entity: 'payment', id: 'pay_none' },
    })
  })
})
