import { createShop, type Storage } from 'shopwright'
import type { MethodId, PaymentGateway } from 'shopwright/payments'
import { createMemoryStorage } from '../../../adapters/memory/index.js'
import { by, byStaff, chooseMugs, examplePorts, sellMugs } from '../../../examples/support/mug-shop.js'
import { must } from '../../../examples/support/must.js'

/** A gateway, and what its payer and the provider behind it do. */
export type SaleOver = {
  readonly gateway: PaymentGateway
  readonly method: MethodId
  readonly instrumentToken?: string
  readonly now: () => number
  /** The payer does what the shop has shown. */
  readonly pay: (paymentId: string) => Promise<void>
  readonly takeNotifications: () => Promise<
    readonly { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> }[]
  >
}

/**
 * Sells two mugs over a gateway and takes one back, by notifications alone. Tells how the order stood after each step,
 * and every text that the shop has written, told or answered meanwhile.
 */
export const sellOver = async (world: SaleOver) => {
  const { gateway, method, instrumentToken, now } = world
  const { gatewayId } = gateway
  const said: string[] = []
  const memory = createMemoryStorage()
  const storage: Storage = {
    ...memory,
    commit: (commit) => {
      said.push(JSON.stringify(commit))
      return memory.commit(commit)
    },
  }
  const shop = createShop({ ...examplePorts, clock: { now }, storage, gateways: { [gatewayId]: gateway } })
  shop.on('*', (event) => {
    said.push(JSON.stringify(event))
  })
  await sellMugs(shop, 5)
  const { orderId } = must(await shop.orders.place(by('ann'), await chooseMugs(shop, 'ann', 2)))
  const page = async () => must(await shop.orders.page(by('ann'), { orderId }))
  const choice = { orderId, gatewayId, method, ...(instrumentToken === undefined ? {} : { instrumentToken }) }
  const shown = must(await shop.orders.pay(by('ann'), choice))
  said.push(JSON.stringify(shown))
  const before = (await page()).state

  await world.pay(shown.paymentId)
  const outcomes: string[] = []
  const receive = async () => {
    for (const { body, headers } of await world.takeNotifications()) {
      const altered = Uint8Array.from(body, (byte, place) => (place === body.length >> 1 ? byte ^ 1 : byte))
      const forged = must(await shop.orders.receiveNotification({ gatewayId, body: altered, headers }))
      const handled = must(await shop.orders.receiveNotification({ gatewayId, body, headers }))
      const again = must(await shop.orders.receiveNotification({ gatewayId, body, headers }))
      said.push(JSON.stringify([forged, handled, again]))
      outcomes.push(forged.outcome, handled.outcome, again.outcome)
    }
  }
  await receive()
  const paid = await page()
  const lines = [{ lineId: paid.lines[0]?.lineId ?? '', quantity: 1 }]
  const refund = must(await shop.orders.refund(byStaff(), { orderId, reason: 'goodwill', lines }))
  await receive()
  must(await shop.upkeep.settleRefunds({ limit: 10 }))
  must(await shop.upkeep.relay({ worker: 'w', limit: 100 }))
  const after = await page()
  said.push(JSON.stringify([refund, after]))
  return {
    shop,
    next: shown.next,
    states: [before, paid.state],
    refund: after.refund,
    refundedMinor: refund.cashMinor,
    outcomes,
    said: said.join('\n'),
  }
}
