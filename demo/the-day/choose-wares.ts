import type { LocalText } from 'shopwright'
import { clerk, type Story } from '../story.js'

/** A thing that the day is about. */
type Ware = {
  readonly productId: string
  readonly sku: string
  readonly title: LocalText
  readonly minor: number
}

/** What is bought, by whom it is found, and what is given with it. */
export type Wares = { readonly bought: readonly Ware[]; readonly gift: Ware; readonly query: string }

const queries = ['kettle', '水壶', 'headphones', '耳机', 'coffee', '咖啡', 'cable', '手机', 'black', '新款']

/** Chooses, by search, what the buyer will be looking for: things from 50 to 250 that are in stock. */
export const chooseWares = async ({ shop, must, by }: Story): Promise<Wares> => {
  const found: { readonly query: string; readonly ware: Ware }[] = []
  const seen = new Set<string>()
  for (const query of queries) {
    const { hits } = must(
      'searchProducts',
      await shop.catalog.searchProducts(by(clerk), {
        text: query,
        filter: { minPriceMinor: 5_000, maxPriceMinor: 25_000 },
        inStockOnly: true,
        limit: 20,
      }),
    )
    for (const hit of hits) {
      const [sku] = hit.skus
      if (seen.has(hit.productId) || sku === undefined || hit.price === null || hit.skus.length > 1) continue
      seen.add(hit.productId)
      found.push({ query, ware: { productId: hit.productId, sku, title: hit.title, minor: hit.price.minor } })
      if (found.filter((each) => each.query === query).length === 2) break
    }
    if (found.length >= 4) break
  }
  const [first, second, third, last] = found
  if (first === undefined || second === undefined || third === undefined || last === undefined) {
    throw new Error('The catalog has not four products between 50 and 250 that the demo could sell.')
  }
  return { bought: [first.ware, second.ware, third.ware], gift: last.ware, query: first.query }
}
