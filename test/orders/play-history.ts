import { expect } from 'vitest'
import type { ShopPolicy } from '../../src/orders/policy/shop-policy.js'
import type { OutboxEvent } from '../../src/shared/events.js'
import { booksOf } from './books-of.js'
import { act } from './history-act.js'
import { expectBillsToMatch } from './history-bill.js'
import { expectBillsOfOrders } from './history-bills-laws.js'
import { eventsOf, expectLaws, expectRest } from './history-laws.js'
import { comeToRest } from './history-rest.js'
import type { History } from './history-scene.js'
import type { FatedStep } from './history-steps.js'
import { openHistory } from './open-history.js'

const movingMembers = /status$|^next$|^failure$/i

const sameThing = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer, (name, member: unknown) => (movingMembers.test(name) ? undefined : member)))

const beginnings = ['OrderPlaced', 'AttemptStarted', 'RefundStarted', 'RefundRequested', 'GoodsShipped', 'OrderEdited']

const begun = (events: readonly OutboxEvent[]): readonly string[] =>
  events.filter(({ type }) => beginnings.includes(type)).map(({ id }) => id)

/** Plays a history under some terms, and holds the books against each other after every turn and at the end, which it tells. */
export const playHistory = async (
  given: Partial<ShopPolicy>,
  history: readonly (readonly FatedStep[])[],
  people: number,
  watch: (world: History) => void = () => {},
): Promise<History> => {
  const world = await openHistory(given, people)
  watch(world)
  let books = await booksOf(world.shop)
  for (const together of history) {
    await Promise.all(
      together.map((fated, index) => act(world, books, fated, index % 2 === 0 ? world.shop : world.other)),
    )
    world.bill.look()
    const after = await booksOf(world.shop)
    await expectLaws(world.shop, after, books)
    const events = await eventsOf(world.shop)
    books = after
    const { last } = world
    const isAgain = together.some(({ step: { does } }) => does === 'sendAgain')
    if (isAgain && last?.answer !== undefined) {
      const again = await last.send()
      // What was under way may have come further; it is the same thing, and nothing is begun again.
      expect(sameThing(again.isOk() ? again.value : again.error)).toEqual(sameThing(last.answer))
      expect(begun(await eventsOf(world.shop))).toEqual(begun(events))
    }
  }
  await comeToRest(world)
  const rest = await booksOf(world.shop)
  await expectLaws(world.shop, rest, books)
  await expectRest(world.shop, rest)
  await expectBillsOfOrders(world, rest)
  await expectBillsToMatch(world, rest)
  // What the gateway had to tell is taken in the end, or it would tell it for ever.
  expect(world.untold.map((body) => new TextDecoder().decode(body))).toEqual([])
  return world
}
