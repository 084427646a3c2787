import type { LocalText, Message, ProductCard, ProductFilter } from 'shopwright'
import { createChance } from '../chance.js'
import { Refusal } from '../refusal.js'
import { clerk, type Telling } from '../story.js'

/** A thing that the day is about. */
export type Ware = {
  readonly productId: string
  readonly sku: string
  readonly title: LocalText
  readonly minor: number
  readonly currency: string
  readonly taxClass: string
  /** The most pieces one person may buy; null without a limit. */
  readonly limit: number | null
  /** What it was looked for by; null where it was not. */
  readonly lookedFor: Message | null
}

/** What the customer will buy, of one to three things, and what is given with it. */
export type Wares = {
  /** Bought twice, where one person may: a piece of it comes back. */
  readonly twice: Ware
  readonly once: readonly Ware[]
  /** The cheapest, where there are four. */
  readonly gift: Ware
  /** Every one of them, once. */
  readonly all: readonly Ware[]
  readonly currency: string
}

/** What people look for; a catalog that has none of it is leafed through instead. */
const wanted: readonly Message[] = [
  { en: 'kettle', 'zh-CN': '水壶' },
  { en: 'tea', 'zh-CN': '茶' },
  { en: 'headphones', 'zh-CN': '耳机' },
  { en: 'coffee', 'zh-CN': '咖啡' },
  { en: 'lamp', 'zh-CN': '灯' },
  { en: 'charger', 'zh-CN': '充电器' },
  { en: 'case', 'zh-CN': '手机壳' },
  { en: 'towel', 'zh-CN': '毛巾' },
  { en: 'backpack', 'zh-CN': '双肩包' },
  { en: 'knife', 'zh-CN': '刀' },
]

/** From a price that is worth a parcel to one that is paid without thinking twice, then whatever there is. */
const pricesMinor: readonly ProductFilter[] = [
  { minPriceMinor: 4_000, maxPriceMinor: 30_000 },
  { minPriceMinor: 1_000, maxPriceMinor: 100_000 },
  { minPriceMinor: 1 },
]

const waresOfADay = 4

/** Chooses what the day is about: things in stock, in one currency, of a middling price where there are such. */
export const chooseWares = async (story: Telling): Promise<Wares> => {
  const found: Ware[] = []
  for (const { card, lookedFor } of await findCards(story)) {
    const ware = await wareOf(story, card.productId, lookedFor)
    if (ware !== undefined) found.push(ware)
  }
  const all = largestGroup(found)
    .slice(0, waresOfADay)
    .sort((a, b) => b.minor - a.minor)
  const [first, second, third, fourth] = all
  if (first === undefined) {
    throw new Refusal({
      en: 'The catalog has nothing that could be sold: no product on sale has a price.',
      'zh-CN': '目录中没有可以出售的商品：没有带价格的上架商品。',
    })
  }
  await fillShelves(story, all)
  const twice = third ?? second ?? first
  const once = [first, second].flatMap((ware) => (ware === undefined || ware === twice ? [] : [ware]))
  return { twice, once, gift: fourth ?? twice, all, currency: first.currency }
}

type Found = { readonly card: ProductCard; readonly lookedFor: Message | null }

/** More than the day needs, for some of them may turn out to be of another currency. */
const cardsWanted = 8

const findCards = async (story: Telling): Promise<readonly Found[]> => {
  const { shop, must, by, seed } = story
  const words = createChance(seed + 1).shuffle(wanted)
  const found = new Map<string, Found>()
  const take = (cards: readonly ProductCard[], most: number, lookedFor: Message | null): void => {
    const fresh = createChance(seed + 2).shuffle(cards.filter(({ productId }) => !found.has(productId)))
    for (const card of fresh.slice(0, most)) found.set(card.productId, { card, lookedFor })
  }
  for (const filter of pricesMinor) {
    for (const word of words) {
      if (found.size >= cardsWanted) break
      const ask = async (text: string): Promise<readonly ProductCard[]> => {
        const asked = { text, filter, inStockOnly: true, limit: 40 }
        return must('searchProducts', await shop.catalog.searchProducts(by(clerk), asked)).hits
      }
      const hits = await ask(word.en)
      take(hits.length > 0 ? hits : await ask(word['zh-CN']), 1, word)
    }
    for (const inStockOnly of [true, false]) {
      if (found.size >= waresOfADay) return [...found.values()]
      const asked = { filter, inStockOnly, limit: 40 }
      take(must('listProducts', await shop.catalog.listProducts(by(clerk), asked)).products, cardsWanted, null)
    }
  }
  return [...found.values()]
}

const wareOf = async (
  { shop, must, by }: Telling,
  productId: string,
  lookedFor: Message | null,
): Promise<Ware | undefined> => {
  const { product, stock } = must('productPage', await shop.storefront.productPage(by(clerk), { productId }))
  const available = (sku: string): number => stock.find((each) => each.sku === sku)?.available ?? 0
  const priced = product.variants.filter(({ listPrice }) => listPrice.minor > 0)
  const variant = priced.find(({ sku }) => available(sku) >= piecesNeeded) ?? priced[0]
  if (variant === undefined) return undefined
  const { sku, listPrice, taxClass } = variant
  const { minor, currency } = listPrice
  return { productId, sku, title: product.title, minor, currency, taxClass, limit: product.perPersonLimit, lookedFor }
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
