import { expect } from 'vitest'
import { returnRequests } from '../../../src/aftersales/return.collection.schema.js'
import type { ReturnAction } from '../../../src/aftersales/return-actions.js'
import { returnPage } from '../../../src/aftersales/return-page.js'
import type { NextAction, OrderParty } from '../../../src/orders/pages/next-actions.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { find } from '../../../src/shared/read-plan.js'
import type { CommandContext } from '../../../src/shared/run-command.js'
import { dryRun } from '../../support/dry-storage.js'
import { ask, booksOf } from '../books-of.js'
import { by, byStaff, type TestShop, value } from '../open-shop.js'
import { type Answer, type Order, waysOfReturn, waysTo } from '../ways-of.js'

let keys = 0
const contexts = ({
  accountId,
  merchantId,
}: Pick<Order, 'accountId' | 'merchantId'>): Readonly<Record<OrderParty, CommandContext>> => {
  keys += 1
  return {
    buyer: by(accountId),
    merchant: { actor: { kind: 'merchant', merchantId: merchantId ?? 'nobody' }, key: `merchant-${keys}` },
    staff: byStaff(),
  }
}

// A checkout of several merchants is no one merchant's.
const partiesOf = ({ merchantId }: Pick<Order, 'merchantId'>): readonly OrderParty[] =>
  merchantId === null ? ['buyer', 'staff'] : ['buyer', 'merchant', 'staff']

/** What the order page offers to one of them. */
export const offeredTo = async (shop: TestShop, order: Order, party: OrderParty): Promise<readonly NextAction[]> =>
  value(await orderPage(shop, contexts(order)[party], { orderId: order.orderId })).nextActions

// A line of a statement is booked whatever it is, a carrier may tell things late, and to ask a gateway is never wrong.
const neverRefused: readonly NextAction[] = ['recordReceipt', 'queryPayment', 'recordScan']
// Of several payments, one that no dispute holds may have enough; none is offered then.
const heldByDispute: readonly NextAction[] = ['refund', 'cancel', 'rejectHold']

/** Whether one of the ways can be gone now, of which nothing is written. */
const tryOut = async (
  shop: TestShop,
  who: CommandContext,
  ways: readonly ((world: TestShop, context: CommandContext) => Answer)[],
) => {
  const outcomes: unknown[] = []
  let isDone = false
  for (const [place, attempt] of ways.entries()) {
    const dry = dryRun(shop.storage)
    const answer = await attempt({ ...shop, storage: dry.storage }, { ...who, key: `${who.key}.${place}` })
    // To pay asks a gateway first what became of an attempt before; that is not what was asked for.
    const isThrough = answer.isOk() || answer.error.type === 'StorageUnavailable'
    isDone = (isThrough && dry.changed()) || isDone
    outcomes.push(answer.isOk() ? answer.value : answer.error)
  }
  return { isDone, outcomes }
}

/** Every action that is offered with a return of an order can be carried out now, and what is not offered is refused. */
export const expectReturnsToHold = async (shop: TestShop, order: Order): Promise<void> => {
  for (const { state } of await ask(shop, find(returnRequests, { where: [], limit: 1_000 }))) {
    if (state.orderId !== order.orderId) continue
    for (const party of partiesOf(order)) {
      const who = contexts(order)[party]
      const { nextActions } = value(await returnPage(shop, who, { returnId: state.returnId }))
      const ways = waysOfReturn(state)
      for (const action of Object.keys(ways) as ReturnAction[]) {
        const { isDone, outcomes } = await tryOut(shop, contexts(order)[party], ways[action])
        const isOffered = nextActions.includes(action)
        if (isOffered !== isDone) {
          expect({ party, action, isOffered, isDone, outcomes, status: state.status }).toBe('an offer that holds')
        }
      }
    }
  }
}

/** Every action that is offered can be carried out now, and what is not offered is refused. */
export const expectOffersToHold = async (shop: TestShop, order: Order): Promise<void> => {
  const ways = await waysTo(shop, order)
  const books = await booksOf(shop)
  const isDisputed = books.payments.some(
    ({ state }) => state.orderId === order.orderId && state.disputes?.some(({ status }) => status === 'held'),
  )
  for (const party of partiesOf(order)) {
    const offered = await offeredTo(shop, order, party)
    for (const [action, tries] of Object.entries(ways) as [NextAction, (typeof ways)[NextAction]][]) {
      const { isDone, outcomes } = await tryOut(shop, contexts(order)[party], tries)
      const isOffered = offered.includes(action)
      const isExempt = neverRefused.includes(action) || (isDisputed && heldByDispute.includes(action))
      if (isOffered !== isDone && (isOffered || !isExempt)) {
        const { status, hold, lines, refunds } = order
        expect({ party, action, isOffered, isDone, outcomes, status, hold, lines, refunds }).toBe('an offer that holds')
      }
    }
  }
}
