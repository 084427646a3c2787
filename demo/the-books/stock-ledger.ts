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
  story.chapter('The books: stock of what was sold', '账本：所售商品的库存')
  story.table(
    [
      [
        say('when', '时间'),
        say('movement', '变动'),
        right('SKU'),
        right(say('pieces', '件数')),
        say('from → to', '从 → 到'),
      ],
      ...stepsOf(moved).map(({ at, reason, from, to, skus, pieces }) => [
        story.when(at),
        reasonNames[reason][locale],
        right(String(skus)),
        right(String(pieces)),
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
        cutTo(level.sku, 30),
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
  return found.moved.map(({ body }) => body)
}

type Step = Pick<StockMovement, 'at' | 'reason' | 'from' | 'to'> & { readonly skus: number; readonly pieces: number }

/** Movements of one moment and kind, summed up. */
const stepsOf = (moved: readonly StockMovement[]): readonly Step[] => {
  const steps = new Map<string, Step>()
  for (const { at, reason, from, to, quantity } of moved) {
    const key = `${at} ${reason} ${from} ${to}`
    const sofar = steps.get(key) ?? { at, reason, from, to, skus: 0, pieces: 0 }
    steps.set(key, { ...sofar, skus: sofar.skus + 1, pieces: sofar.pieces + quantity })
  }
  return [...steps.values()]
}

const shownPlaces = ['available', 'reserved', 'allocated', 'shipped', 'quarantined', 'scrapped'] as const

const placeNames: Readonly<Record<StockPlace, Message>> = {
  outside: { en: 'outside', 'zh-CN': '店外' },
  available: { en: 'free', 'zh-CN': '可售' },
  reserved: { en: 'reserved', 'zh-CN': '预留' },
  allocated: { en: 'sold', 'zh-CN': '已售待发' },
  shipped: { en: 'shipped', 'zh-CN': '已发出' },
  quarantined: { en: 'in quarantine', 'zh-CN': '待检' },
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
  sound: { en: 'found sound', 'zh-CN': '检验完好' },
  repaired: { en: 'repaired', 'zh-CN': '已修复' },
  damaged: { en: 'found damaged', 'zh-CN': '检验损坏' },
  incomplete: { en: 'found incomplete', 'zh-CN': '配件不全' },
  expired: { en: 'expired', 'zh-CN': '已过期' },
  unsafe: { en: 'not safe to sell', 'zh-CN': '不宜再售' },
  counterfeit: { en: 'another piece than was sent', 'zh-CN': '非原发商品' },
}
