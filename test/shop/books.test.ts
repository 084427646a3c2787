import type { ResultAsync } from 'neverthrow'
import type { CommandContext, QueryContext, ShownBook } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { unchecked } from '../support/unchecked.js'
import { must, openShop } from './open-shop.js'
import { by, clerk, offers, priceList, shippingBook, taxBook, text } from './world.js'

const guest = { kind: 'guest', guestId: 'somebody' } as const

type Show = (context: QueryContext) => ResultAsync<ShownBook<object>, { readonly type: string }>
type Publish<Input> = (context: CommandContext, input: Input) => ResultAsync<unknown, { readonly type: string }>

const roundTrip = async <Input>(
  show: Show,
  publish: Publish<Input>,
  book: Omit<Input, 'expectedRevision'>,
): Promise<void> => {
  expect(must(await show({ actor: clerk }))).toEqual({ revision: 0, book: null })
  must(await publish(by(clerk), unchecked({ expectedRevision: 0, ...book })))
  const first = must(await show({ actor: clerk }))
  expect(first).toEqual({ revision: 1, book })
  must(await publish(by(clerk), unchecked({ expectedRevision: first.revision, ...first.book })))
  expect(must(await show({ actor: clerk }))).toEqual({ revision: 2, book })
}

describe('what staff have written', () => {
  it('is read back in the shape in which it is published, with the revision that the next is published over', async () => {
    const { shop } = await openShop()
    const { promotions, pricing } = shop
    await roundTrip(promotions.offers, unchecked(promotions.publishOffers), { offers })
    await roundTrip(pricing.priceLists, unchecked(pricing.publishPriceLists), { lists: [priceList] })
    await roundTrip(pricing.shippingBook, unchecked(pricing.publishShippingBook), shippingBook)
    await roundTrip(pricing.taxBook, unchecked(pricing.publishTaxBook), taxBook)
  })

  it('holds for the terms as well, and a change of what somebody else changed meanwhile is refused', async () => {
    const { shop } = await openShop()
    const { revision, policy } = must(await shop.orders.policy({ actor: clerk }))
    expect(revision).toBe(0)
    const mine = { ...policy, shipWithinDays: 5 }
    must(await shop.orders.savePolicy(by(clerk), { ...mine, expectedRevision: revision }))
    expect(must(await shop.orders.policy({ actor: clerk }))).toEqual({ revision: 1, policy: mine })
    const late = await shop.orders.savePolicy(by(clerk), { ...policy, expectedRevision: revision })
    expect(late._unsafeUnwrapErr()).toEqual({
      type: 'BookChanged',
      bookId: 'shop',
      expectedRevision: 0,
      actualRevision: 1,
    })
    must(await shop.orders.savePolicy(by(clerk), policy))
    expect(must(await shop.orders.policy({ actor: clerk }))).toEqual({ revision: 2, policy })
  })
})

describe('the ways to send that a checkout may offer', () => {
  const zone = (zoneId: string, regions: readonly string[], latest: number) => ({
    zoneId,
    regions,
    rate: { kind: 'flat', chargeMinor: 800 } as const,
    freeFromMinor: zoneId === 'near' ? 9_900 : null,
    days: { earliest: 1, latest },
  })
  const methods = [
    { methodId: 'post', title: text('Post'), zones: [zone('near', ['CN-31', 'CN-32'], 2), zone('far', ['*'], 6)] },
    { methodId: 'courier', title: text('Courier'), zones: [zone('near', ['CN-31'], 1)] },
  ]

  it('are those that serve the region, by the first zone that names it, in the order of the book', async () => {
    const { shop } = await openShop()
    expect(must(await shop.pricing.shippingMethods({ actor: guest }, { region: 'CN-31' }))).toEqual({
      currency: null,
      methods: [],
    })
    must(await shop.pricing.publishShippingBook(by(clerk), { expectedRevision: 0, currency: 'CNY', methods }))
    const offered = async (region: string, currency?: string) => {
      const asked = { region, ...(currency === undefined ? {} : { currency }) }
      const answer = must(await shop.pricing.shippingMethods({ actor: guest }, asked))
      return answer.methods.map(({ methodId, days, freeFromMinor }) => [methodId, days.latest, freeFromMinor])
    }
    expect(await offered('CN-31')).toEqual([
      ['post', 2, 9_900],
      ['courier', 1, 9_900],
    ])
    expect(await offered('CN-11', 'CNY')).toEqual([['post', 6, null]])
    expect(await offered('CN-31', 'JPY')).toEqual([])
  })
})
