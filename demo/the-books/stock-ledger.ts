import {
  entries,
  type Message,
  type MovementReason,
  readFacts,
  type StockMovement,
  type StockPlace,
  stockMovements,
  sumMovements,
} from 'shopwright'
import { cutTo, right } from '../columns.js'
import { clerk, type Story } from '../story.js'
import type { Ware } from '../the-day/choose-wares.js'
import { verdict } from './verdict.js'

/** The stock of what the day was about: every movement, and the levels they come to, held against the counters. */
export const printStockLedger = async (story: Story, wares: readonly Ware[]): Promise<boolean> => {
  const { shop, must, by, say, locale } = story
  const moved = await readMovements(story, wares)
  const nameOf = (sku: string): string => cutTo(sku, 20)
  story.chapter('The books: stock', '账本：库存')
  story.table(
    [
      [say('when', '时间'), 'SKU', right(say('pieces', '件数')), say('movement', '变动'), say('from → to', '从 → 到')],
      ...moved.map(({ at, sku, from, to, quantity, reason }) => [
        story.when(at),
        nameOf(sku),
        right(String(quantity)),
        reasonNames[reason][locale],
        `${placeNames[from][locale]} → ${placeNames[to][locale]}`,
      ]),
    ],
    { head: true },
  )
  const skus = wares.map(({ sku }) => sku)
  const free = must('stockOf', await shop.inventory.stockOf(by(clerk), { skus }))
  const levels = skus.map((sku) => ({
    sku,
    counted: free.lines.find((line) => line.sku === sku)?.available ?? 0,
    ...sumMovements(moved.filter((movement) => movement.sku === sku)),
  }))
  story.terminal.print('')
  story.table(
    [
      ['SKU', ...shownPlaces.map((place) => right(placeNames[place][locale])), right(say('counter', '计数器'))],
      ...levels.map((level) => [
        nameOf(level.sku),
        ...shownPlaces.map((place) => right(String(level[place]))),
        right(String(level.counted)),
      ]),
    ],
    { head: true },
  )
  const balances = levels.every(
    (level) => shownPlaces.every((place) => level[place] >= 0) && level.available === level.counted,
  )
  return verdict(story, moved.length > 0 && balances)
}

const readMovements = async ({ shop, must, now }: Story, wares: readonly Ware[]): Promise<readonly StockMovement[]> => {
  const found = must(
    'stockMovements',
    await readFacts(shop.ports.storage, {
      shop: shop.ports.shop,
      scope: { kind: 'all' },
      at: now(),
      plan: {
        moved: entries(stockMovements, {
          where: [{ field: 'sku', is: 'in', values: wares.map(({ sku }) => sku) }],
          orderBy: { field: 'at', direction: 'ascending' },
          limit: 1_000,
        }),
      },
    }),
  )
  const place = ({ sku }: StockMovement): number => wares.findIndex((ware) => ware.sku === sku)
  return found.moved
    .map(({ body }) => body)
    .sort((a, b) => a.at - b.at || place(a) - place(b) || a.quantity - b.quantity || (a.to < b.to ? -1 : 1))
}

const shownPlaces = ['available', 'reserved', 'allocated', 'shipped', 'scrapped'] as const

const placeNames: Readonly<Record<StockPlace, Message>> = {
  outside: { en: 'outside', 'zh-CN': '店外' },
  available: { en: 'free', 'zh-CN': '可售' },
  reserved: { en: 'reserved', 'zh-CN': '预留' },
  allocated: { en: 'sold', 'zh-CN': '已售待发' },
  shipped: { en: 'shipped', 'zh-CN': '已发出' },
  scrapped: { en: 'written off', 'zh-CN': '报损' },
}

const reasonNames: Readonly<Record<MovementReason, Message>> = {
  received: { en: 'came in', 'zh-CN': '入库' },
  corrected: { en: 'counted again', 'zh-CN': '盘点更正' },
  ordered: { en: 'ordered', 'zh-CN': '下单' },
  paid: { en: 'paid', 'zh-CN': '付款' },
  released: { en: 'released', 'zh-CN': '释放' },
  shipped: { en: 'shipped', 'zh-CN': '发货' },
  lost: { en: 'lost on the way', 'zh-CN': '途中丢失' },
  returned: { en: 'came back', 'zh-CN': '退货' },
}
