import type { LocalText, ProductCard, ProductFilter } from 'shopwright'
import { createChance } from '../chance.js'
import { Refusal } from '../refusal.js'
import { clerk, type Telling } from '../story.js'

/** A thing that the day is about. */
type Ware = {
  readonly productId: string
  readonly sku: string
  readonly title: LocalText
  readonly minor: number
  readonly currency: string
  readonly taxClass: string
  /** The most pieces one person may buy; null without a limit. */
  readonly limit: number | null
}

/** What the customer will buy, of one to three things, and what is given with it. */
export type Wares = {
  /** Bought twice, where one person may: a piece of it comes back. */
  readonly twice: Ware
  readonly once: readonly Ware[]
  readonly gift: Ware
  /** Every one of them, once. */
  readonly all: readonly Ware[]
  readonly currency: string
}

/** What people look for, of one kind and another; a catalog that has none of it is leafed through instead. */
const wanted = ['kettle', '茶', 'headphones', '耳机', 'coffee', '咖啡', 'lamp', '台灯', 'cable', '手机', 'case', '毛巾']

/** From a price that is worth a parcel to one that is paid without thinking twice, then whatever there is. */
const pricesMinor: readonly ProductFilter[] = [
  { minPriceMinor: 5_000, maxPriceMinor: 25_000 },
  { minPriceMinor: 1_000, maxPriceMinor: 100_000 },
  { minPriceMinor: 1 },
]

/** Chooses what the day is about: things in stock, in one currency, of a middling price where there are such. */
export const chooseWares = async (story: Telling): Promise<Wares> => {
  const cards = await findCards(story)
  const wares: Ware[] = []
  for (const { productId } of cards) {
    const ware = await wareOf(story, productId)
    if (ware !== undefined) wares.push(ware)
  }
  const all = largestGroup(wares).slice(0, 4)
  const [first, second, third, fourth] = all
  if (first === undefined) {
    throw new Refusal({
      en: 'The catalog has nothing that could be sold: no product on sale has a price.',
      'zh-CN': '目录中没有可以出售的商品：没有带价格的上架商品。',
    })
  }
  await fillShelves(story, all)
  const twice = second ?? first
  const once = [first, third].flatMap((ware) => (ware === undefined || ware === twice ? [] : [ware]))
  return { twice, once, gift: fourth ?? third ?? first, all, currency: first.currency }
}

const findCards = async (story: Telling): Promise<readonly ProductCard[]> => {
  const { shop, must, by, seed } = story
  const words = createChance(seed + 1).shuffle(wanted)
  const found = new Map<string, ProductCard>()
  for (const filter of pricesMinor) {
    for (const text of words) {
      if (found.size >= 6) break
      const asked = { text, filter, inStockOnly: true, limit: 40 }
      const { hits } = must('searchProducts', await shop.catalog.searchProducts(by(clerk), asked))
      // Two of a kind make a story; more of them would make a dull cart.
      const fresh = createChance(seed + 2).shuffle(hits.filter(({ productId }) => !found.has(productId)))
      for (const hit of fresh.slice(0, 2)) found.set(hit.productId, hit)
    }
    if (found.size >= 4) return [...found.values()]
    for (const inStockOnly of [true, false]) {
      const asked = { filter, inStockOnly, limit: 40 }
      const { products } = must('listProducts', await shop.catalog.listProducts(by(clerk), asked))
      const fresh = createChance(seed + 3).shuffle(products.filter(({ productId }) => !found.has(productId)))
      for (const card of fresh.slice(0, 6)) found.set(card.productId, card)
      if (found.size >= 4) return [...found.values()]
    }
  }
  return [...found.values()]
}

const wareOf = async ({ shop, must, by }: Telling, productId: string): Promise<Ware | undefined> => {
  const { product, stock } = must('productPage', await shop.storefront.productPage(by(clerk), { productId }))
  const available = (sku: string): number => stock.find((each) => each.sku === sku)?.available ?? 0
  const priced = product.variants.filter(({ listPrice }) => listPrice.minor > 0)
  const variant = priced.find(({ sku }) => available(sku) >= piecesNeeded) ?? priced[0]
  if (variant === undefined) return undefined
  const { sku, listPrice, taxClass } = variant
  const { minor, currency } = listPrice
  return { productId, sku, title: product.title, minor, currency, taxClass, limit: product.perPersonLimit }
}

// Two to be bought, one to be given with them, of the same thing where the catalog has only one.
const piecesNeeded = 3

/** The wares of the currency that most of them have; the first of them where it is even. */
const largestGroup = (wares: readonly Ware[]): readonly Ware[] =>
  wares
    .map(({ currency }) => wares.filter((ware) => ware.currency === currency))
    .reduce<readonly Ware[]>((most, group) => (group.length > most.length ? group : most), [])

/** A catalog need not say how much is there; what the day is about has to be. */
const fillShelves = async ({ shop, must, by, note }: Telling, wares: readonly Ware[]): Promise<void> => {
  const { lines } = must('stockOf', await shop.inventory.stockOf(by(clerk), { skus: wares.map(({ sku }) => sku) }))
  const short = lines.filter(({ available }) => (available ?? 0) < piecesNeeded)
  if (short.length === 0) return
  const quantity = 20
  must(
    'receive',
    await shop.inventory.receive(by(clerk), {
      reference: 'for-the-day',
      lines: short.map(({ sku }) => ({ sku, quantity })),
    }),
  )
  note(
    `${short.length} of the things of the day were short; ${quantity} of each are taken in`,
    `当天要卖的 ${short.length} 种商品库存不足，各补货 ${quantity} 件`,
  )
}
