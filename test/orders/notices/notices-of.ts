import { messages } from '../../../src/notify/message.schema.js'
import { orderReactions } from '../../../src/orders/notices/notify-buyer.js'
import { find } from '../../../src/shared/read-plan.js'
import { runRelay } from '../../../src/shared/relay.js'
import { ask } from '../books-of.js'
import { type TestShop, value } from '../open-shop.js'

/** Delivers what happened to the reactions of orders, twice, and tells who has been told what by then. */
export const noticesOf = async (
  shop: TestShop,
): Promise<readonly (readonly [accountId: string, template: string])[]> => {
  for (const worker of ['one', 'two']) {
    const { postponed, setAside } = value(await runRelay(shop, orderReactions, { worker, limit: 1_000 }))
    if (postponed.length + setAside.length > 0) throw new Error('an event was not delivered')
  }
  const queued = await ask(shop, find(messages, { where: [], limit: 1_000 }))
  return queued.map(({ state }) => [state.accountId, state.template] as const).sort()
}
