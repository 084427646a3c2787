import { okAsync } from 'neverthrow'
import { onDelivery, type PaymentGateway, promiseOnDelivery } from 'shopwright/payments'
import { capabilitiesOf, otherMethod, toldByPerson } from './told-by-person.js'

/** Who collects as goods are handed over. */
export type CashOnDeliveryOptions = {
  /** Unique in the shop, and the name under which the ledger says what they owe the shop; `cashOnDelivery` unless told. */
  readonly gatewayId?: string
  /** The shop's account with them; `cashOnDelivery` unless told. */
  readonly merchantAccount?: string
}

/**
 * Cash on delivery: the order goes out unpaid, and what its courier collected is recorded by a person
 * (`orders.recordDelivery`, `orders.recordReceipt`). A gateway for each courier keeps apart what each has of the shop's
 * money. It asks nobody and keeps nothing, so it answers the same on every machine. Who may choose it stands in the
 * shop's terms (`cashOnDelivery`).
 */
export const createCashOnDelivery = (options: CashOnDeliveryOptions = {}): PaymentGateway => {
  const merchantAccount = options.merchantAccount ?? 'cashOnDelivery'
  return {
    gatewayId: options.gatewayId ?? 'cashOnDelivery',
    merchantAccount,
    capabilities: capabilitiesOf(onDelivery),
    ...toldByPerson,
    create: ({ method, attemptRef: paymentId, orderRef: orderId, amount, at }) =>
      method === onDelivery
        ? okAsync({
            kind: 'ok',
            value: {
              gatewayRef: null,
              next: { kind: 'payOnDelivery' },
              snapshot: promiseOnDelivery(
                { paymentId, orderId, merchantAccount, amountMinor: amount.minor, currency: amount.currency },
                at,
              ),
            },
          })
        : okAsync(otherMethod),
  }
}
