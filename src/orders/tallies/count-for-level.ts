import { ok, okAsync, safeTry } from 'neverthrow'
import { levelEntries } from '../../membership/member.collection.schema.js'
import { askMember, closeMember, countedSince, draftLevelEntry, openMember } from '../../membership/member-draft.js'
import { isGuestOwner } from '../../shared/actor.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { readFacts } from '../../shared/read-facts.js'
import { entries, row } from '../../shared/read-plan.js'
import { sumAmounts } from '../money/given-amounts.js'
import { orders } from '../order.collection.schema.js'
import { liveRefunds } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import { unitsOf } from '../order-units.js'

/** More than an order can have: one when it completes, and one for each refund. */
const entriesOfOrder = 1_000

/**
 * Counts a completed order toward its buyer's level, at the moment it was paid, and takes from there what is given back
 * later. What stands in the order is compared with what was counted, so that it comes right whatever was delivered when.
 */
export const countForLevel: Reaction = {
  name: 'orders.countForLevel',
  listensTo: ['order/OrderCompleted', 'order/RefundStarted'],
  react: (ports, event) =>
    readFacts(ports.storage, {
      shop: ports.shop,
      scope: { kind: 'all' },
      at: ports.clock.now(),
      plan: { order: row(orders, event.rowId) },
    }).andThen(({ order }) => {
      if (order === undefined || isGuestOwner(order.state.accountId)) return okAsync(undefined)
      const { accountId } = order.state
      return reactOnce(
        ports,
        { name: 'orders.countForLevel', event },
        {
          plan: ({ now }) => ({
            order: row(orders, event.rowId),
            ...askMember(ports, accountId, now),
            ofOrder: entries(levelEntries, {
              where: [
                { field: 'accountId', is: 'eq', value: accountId },
                { field: 'reference', is: 'eq', value: event.rowId },
              ],
              limit: entriesOfOrder,
            }),
          }),
          decide: ({ order: found, ofOrder, ...read }, { now }) =>
            safeTry(function* () {
              const draft = openMember(read, accountId, now)
              const { state } = draft.member
              const nothing = ok({ changes: [], answer: undefined })
              if (found === undefined || state.status !== 'member') return nothing
              const { orderId, currency } = found.state
              if (found.state.status !== 'completed' || currency !== draft.terms.currency) return nothing
              // What was bought before the member joined counts for nothing, nor does what is given back of it.
              if (found.state.paidAt < state.joinedAt) return nothing
              const counted = countedSince({ counted: ofOrder }, state.joinedAt)
              const amount = counted.reduce((left, entry) => left - entry.amount, keptMinor(found.state))
              if (amount === 0) return nothing
              draftLevelEntry(draft, {
                id: `order:${event.id}`,
                kind: 'spent',
                reference: orderId,
                amount,
                countsAt: found.state.paidAt,
              })
              const changes = yield* closeMember(draft)
              return ok({ changes, answer: undefined })
            }),
        },
      )
    }),
}

/**
 * What was paid in money for the pieces that the buyer keeps, carriage and tax on top left aside, less what was given back
 * for them by amount; pieces go back from the first on.
 */
const keptMinor = (order: OrderRow): number => {
  const { lines, taxInclusive } = unitsOf(order.details)
  const amounts = liveRefunds(order).flatMap((refund) => refund.amounts ?? [])
  return lines.reduce((sum, { lineId, cashMinor, taxMinor }) => {
    const refunded = order.lines.find((line) => line.lineId === lineId)?.refundedQuantity ?? 0
    const kept = (pieces: readonly number[]) => pieces.slice(refunded).reduce((left, piece) => left + piece, 0)
    // What came back of them was set off against what had been given.
    const givenMinor = sumAmounts(amounts.filter((each) => each.lineId === lineId))
    const [paid, tax] = [kept(cashMinor), taxInclusive ? 0 : kept(taxMinor)]
    return sum + paid - shareOf(givenMinor, paid, paid + tax)
  }, 0)
}

/** So much of an amount as a part is of the whole; never more than the part. */
const shareOf = (amountMinor: number, part: number, whole: number): number =>
  amountMinor <= 0 || part <= 0 ? 0 : Math.min(part, Number((BigInt(amountMinor) * BigInt(part)) / BigInt(whole)))
