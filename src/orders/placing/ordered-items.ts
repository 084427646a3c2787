import type { OrderedItem } from '../order-row.js'
import { isToConfirm } from '../policy/return-window.js'
import type { OrderQuote, QuoteRead } from './order-quote.js'
import { kitsIn } from './quoted-gifts.js'

/** What the lines and gifts of an order are as they are bought. */
export const orderedItems = (
  read: QuoteRead,
  { lines, gifts, products, policy }: OrderQuote,
  confirmedNoReturn: readonly string[],
): readonly OrderedItem[] => {
  const kits = kitsIn(read)
  const made = (sku: string): Pick<OrderedItem, 'parts'> => {
    const parts = kits.get(sku)
    return parts === undefined ? {} : { parts }
  }
  return [
    ...lines.map(({ lineId, productId, sku }) => {
      const product = products.find(({ id }) => id === productId)?.state
      return {
        lineId,
        title: product?.title ?? { en: sku, 'zh-CN': sku },
        options: product?.variants.find((variant) => variant.sku === sku)?.options ?? {},
        categoryIds: product?.categoryIds ?? [],
        ...(confirmedNoReturn.includes(lineId) && isToConfirm(policy, product?.categoryIds ?? [])
          ? { confirmedNoReturn: true as const }
          : {}),
        ...made(sku),
      }
    }),
    ...gifts.map(({ lineId, title, sku }) => ({ lineId, title, options: {}, categoryIds: [], ...made(sku) })),
  ]
}
