import {
  accountBalance,
  defaultWarehouse,
  entries,
  type LedgerEntry,
  type PointsEntry,
  readFacts,
  type StockMovement,
  stockMovements,
  sumMovements,
  trialBalance,
} from 'shopwright'
import { clerk, type Story } from './story.js'
import { bold, green, print, red, right, tableLines } from './terminal.js'
import type { Buyer } from './the-day/join.js'

/** Prints the final ledgers, each with whether it balances. */
export const printLedgers = async (story: Story, buyer: Buyer, skus: readonly string[]): Promise<boolean> => {
  story.chapter('The books at the end', '期末账本')
  const told = [await printMoney(story), await printPoints(story, buyer), await printStock(story, skus)]
  return told.every(Boolean)
}

const verdict = ({ say }: Story, balances: boolean): boolean => {
  const words = say(`balances: ${balances ? 'yes' : 'no'}`, `平衡：${balances ? '是' : '否'}`)
  print(`  ${balances ? green(words) : red(words)}`, '')
  return balances
}

const printMoney = async (story: Story): Promise<boolean> => {
  const { shop, must, by, say, money, gateway, currency } = story
  const all: LedgerEntry[] = []
  for (let after: object | undefined; ; ) {
    const page = must('ledger', await shop.payments.ledger(by(clerk), { limit: 500, ...(after ? { after } : {}) }))
    all.push(...page.entries)
    if (page.next === null) break
    after = page.next
  }
  const trial = must('trialBalance', trialBalance(all))
  print(bold(say('Trial balance', '试算平衡表')))
  const total = trial.totals[0]
  print(
    ...tableLines([
      [
        say('account', '科目'),
        right(say('debit', '借方')),
        right(say('credit', '贷方')),
        right(say('balance', '余额')),
      ],
      ...trial.rows.map((row) => [
        row.account,
        right(money(row.debitMinor)),
        right(money(row.creditMinor)),
        right(money(row.balanceMinor)),
      ]),
      [
        say('total', '合计'),
        right(money(total?.debitMinor ?? 0)),
        right(money(total?.creditMinor ?? 0)),
        right(money((total?.debitMinor ?? 0) - (total?.creditMinor ?? 0))),
      ],
    ]),
  )
  const atGateway = gateway.books().totals.find((each) => each.currency === currency)?.netMinor ?? 0
  const booked = accountBalance(trial.rows, `gatewayClearing:${gateway.gatewayId}`, currency)
  print(`  ${say(`the gateway's own books say ${money(atGateway)}`, `支付渠道账面 ${money(atGateway)}`)}`)
  return verdict(story, all.length > 0 && trial.balances && atGateway === booked)
}

const printPoints = async (story: Story, buyer: Buyer): Promise<boolean> => {
  const { shop, must, by, say } = story
  const all: PointsEntry[] = []
  let available = 0
  let debt = 0
  for (let after: object | undefined; ; ) {
    const page = must(
      'pointsPage',
      await shop.membership.pointsPage(by(buyer), { limit: 100, ...(after ? { after } : {}) }),
    )
    all.push(...page.entries)
    available = page.available
    debt = page.debt
    if (page.next === null) break
    after = page.next
  }
  all.sort((a, b) => a.at - b.at)
  const places = [...new Set(all.flatMap(({ parts }) => parts.map(({ place }) => place)))].sort()
  const sumOf = (of: readonly PointsEntry[], place: string): number =>
    of.flatMap(({ parts }) => parts).reduce((sum, part) => sum + (part.place === place ? part.delta : 0), 0)
  print(bold(say('Points ledger', '积分账')))
  print(
    ...tableLines([
      [say('when', '时间'), say('movement', '变动'), ...places.map(right)],
      ...all.map((entry) => [
        story.when(entry.at),
        entry.type,
        ...places.map((place) => right(String(sumOf([entry], place) || ''))),
      ]),
      ['', say('total', '合计'), ...places.map((place) => right(String(sumOf(all, place))))],
    ]),
  )
  const even = all.every(({ parts }) => parts.reduce((sum, { delta }) => sum + delta, 0) === 0)
  const agrees = sumOf(all, 'lots') === available && sumOf(all, 'debt') === -debt
  print(`  ${say(`the member can spend ${available}`, `会员可用积分 ${available}`)}`)
  return verdict(story, all.length > 0 && even && agrees)
}

const printStock = async (story: Story, skus: readonly string[]): Promise<boolean> => {
  const { shop, must, by, say, now } = story
  const found = must(
    'stockMovements',
    await readFacts(shop.ports.storage, {
      shop: shop.ports.shop,
      scope: { kind: 'all' },
      at: now(),
      plan: {
        moved: entries(stockMovements, {
          where: [{ field: 'sku', is: 'in', values: [...skus] }],
          orderBy: { field: 'at', direction: 'ascending' },
          limit: 1_000,
        }),
      },
    }),
  )
  const moved = found.moved.map(({ body }) => body)
  print(bold(say('Stock movements of what was sold', '所售商品库存流水')))
  const row = ({ at, sku, from, to, quantity, reason }: StockMovement) => [
    story.when(at),
    sku,
    `${from} → ${to}`,
    right(String(quantity)),
    reason,
  ]
  const order = (a: StockMovement, b: StockMovement): number =>
    a.at - b.at || (a.sku < b.sku ? -1 : a.sku > b.sku ? 1 : 0) || (a.to < b.to ? -1 : 1)
  print(...tableLines([...moved].sort(order).map(row)))
  const free = must(
    'stockOf',
    await shop.inventory.stockOf(by(clerk), { skus: [...skus], warehouse: defaultWarehouse }),
  )
  const levels = skus.map((sku) => ({ sku, ...sumMovements(moved.filter((movement) => movement.sku === sku)) }))
  const places = ['available', 'reserved', 'allocated', 'shipped', 'scrapped'] as const
  print(
    '',
    ...tableLines([
      ['SKU', ...places.map(right), right(say('on the counter', '计数器'))],
      ...levels.map((level) => [
        level.sku,
        ...places.map((place) => right(String(level[place]))),
        right(String(free.lines.find(({ sku }) => sku === level.sku)?.available ?? 0)),
      ]),
    ]),
  )
  const balances = levels.every(
    (level) =>
      places.every((place) => level[place] >= 0) &&
      level.available === free.lines.find(({ sku }) => sku === level.sku)?.available,
  )
  return verdict(story, moved.length > 0 && balances)
}
