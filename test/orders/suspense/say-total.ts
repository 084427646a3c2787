import { recordPayment } from '../../../src/orders/paying/record-outcome.js'
import { type TestShop, value } from '../open-shop.js'

/** What the gateway says of a payment, of the total that was asked for or of another. */
export const say = async (
  shop: TestShop,
  paymentId: string,
  { minor, capturedMinor, status }: { minor: number; capturedMinor: number; status: 'authorised' | 'captured' },
) =>
  value(
    await recordPayment(shop, paymentId, ({ merchantAccount, orderId, currency }, at) => [
      {
        type: 'RecordSnapshot',
        snapshot: {
          ...{ kind: 'payment', attemptRef: paymentId, orderRef: orderId, gatewayRef: null, merchantAccount, at },
          ...{ status, total: { minor, currency }, authorisedMinor: status === 'authorised' ? minor : 0 },
          ...{ capturedMinor, feeMinor: null, failure: null },
        },
      },
    ]),
  )
