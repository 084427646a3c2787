import { expect } from 'vitest'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import type { PayerInput } from '../../../src/orders/order-inputs.js'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { sharePayment } from '../../../src/orders/payers/share-payment.js'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import type { CommandContext } from '../../../src/shared/run-command.js'
import { booksOf } from '../books-of.js'
import { by, fillCart, openShop, place, type TestShop, value } from '../open-shop.js'

export const openSharedShop = async (): Promise<TestShop> => ({
  ...(await openShop()),
  digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }),
})

let visits = 0

/** Somebody without an account. */
export const visitor = (): CommandContext => {
  visits += 1
  return { actor: { kind: 'guest', guestId: `visitor-${visits}` }, key: `visit-${visits}` }
}

/** Two kettles and a lamp of Ann's, 325.00 with carriage, not paid. */
export const order = async (shop: TestShop): Promise<string> => {
  await fillCart(shop, 'ann', [
    ['kettle', 2],
    ['lamp', 1],
  ])
  return (await place(shop, 'ann')).orderId
}

/** Ann pays 100.00, Bob a third and whoever has the link two thirds of what that leaves: 75.00 and 150.00. */
export const three: readonly PayerInput[] = [
  { accountId: 'ann', part: { by: 'amount', amountMinor: 10_000 } },
  { accountId: 'bob', part: { by: 'share', share: 1 } },
  { part: { by: 'share', share: 2 } },
]

export const shareAmong = async (shop: TestShop, orderId: string, payers: readonly PayerInput[] = three) => {
  const shared = value(await sharePayment(shop, by('ann'), { orderId, payers }))
  return { ...shared, link: shared.payers.find((payer) => payer.link !== null)?.link ?? '' } as const
}

export const how = { gatewayId: 'sandbox', method: 'wechatPay' } as const
export const payPart = async (shop: TestShop, context: CommandContext, whose: { orderId?: string; link?: string }) =>
  value(await payShare(shop, context, { ...whose, ...how }))

export const orderOf = async (shop: TestShop, orderId: string) =>
  (await booksOf(shop)).orders.find(({ id }) => id === orderId)?.state

export const hear = async (shop: TestShop): Promise<void> => {
  for (const signed of await shop.gateway.takeNotifications()) {
    expect(value(await receiveNotification(shop, { gatewayId: 'sandbox', ...signed })).outcome).toBe('handled')
  }
}

/** What each payment has given back, in the order of its payers. */
export const returned = async (shop: TestShop, orderId: string): Promise<readonly number[]> => {
  const { payments } = await booksOf(shop)
  const { payers = [] } = (await orderOf(shop, orderId))!
  return payers.map(({ paidBy }) => payments.find(({ id }) => id === paidBy)?.state.refundedMinor ?? 0)
}
