import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../demo/columns.js'
import { Refusal } from '../../demo/refusal.js'
import { amountsIn, type PlayedDay, playOn } from './open-day.js'
import { smallCatalog, writeCatalog, writeFileFor } from './write-catalog.js'

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)
const rowsWith = (count: number, lines: readonly string[]): readonly (readonly number[])[] =>
  lines.map(amountsIn).filter((amounts) => amounts.length === count)

const verdicts = { en: 'balances: yes', 'zh-CN': '平衡：是' } as const

/** Whatever a day is about: its five books balance, its price adds up, and the refund is what the piece was paid with. */
const expectSound = ({ balances, text, chapter }: PlayedDay, locale: 'en' | 'zh-CN' = 'en'): void => {
  expect(balances).toBe(true)
  expect(text.split(`✓ ${verdicts[locale]}\n`)).toHaveLength(6)
  expect(text).toMatch(locale === 'en' ? /balances: yes\n$/ : /平衡：是\n$/)
  expect(text).not.toContain(locale === 'en' ? 'balances: no' : '平衡：否')

  const price = chapter(6)
  const total = price.findIndex((line) => line.includes(locale === 'en' ? 'To pay' : '应付'))
  const list = price.findIndex((line) => line.includes(locale === 'en' ? 'Goods at list price' : '商品总额'))
  const ofLines = sum(rowsWith(1, price.slice(0, list)).flat())
  const [payable = Number.NaN] = amountsIn(price[total] ?? '')
  const sums = rowsWith(1, price.slice(list, total)).flat()
  expect(sum(sums)).toBe(payable)
  const [listMinor = Number.NaN] = sums
  const discounts = sum(amountsIn(price[list + 1] ?? '').filter((minor) => minor < 0))
  expect(ofLines).toBe(listMinor + discounts)

  const table = rowsWith(
    2,
    chapter(9).filter((line) => line.startsWith(' ') && !line.includes('›')),
  )
  const [all = [], one = []] = [table.map(([left = 0]) => left), table.map(([, right = 0]) => right)]
  expect(all.length).toBeGreaterThanOrEqual(3)
  for (const column of [all, one]) expect(sum(column.slice(0, -1))).toBe(column.at(-1))
  const refunded = chapter(9).find((line) => line.trim().startsWith(locale === 'en' ? 'Refunded in money' : '退款 '))
  expect(amountsIn(refunded ?? '')).toEqual([one.at(-1)])
}

describe('the day', () => {
  it.each(['en', 'zh-CN'] as const)('is told in %s, and everything adds up', async (locale) => {
    const day = await playOn(await writeCatalog(smallCatalog), locale)
    expectSound(day, locale)
    if (locale === 'zh-CN') return
    // Nothing of the other language, and no name of a state or an event of the code.
    expect(day.text).not.toMatch(/\p{Script=Han}/u)
    expect(day.text.replaceAll('WeChat', '')).not.toMatch(/undefined|\[object|NaN|null|[a-z][A-Z][a-z]/)
  })

  it('is the same day again for the same seed, and another one for another', async () => {
    const catalog = await writeCatalog(smallCatalog)
    const first = await playOn(catalog, 'en', 7)
    expect((await playOn(catalog, 'en', 7)).text).toBe(first.text)
    expect((await playOn(catalog, 'en', 8)).text).not.toBe(first.text)
  })

  it('shows the refusals of the day with what to do about them', async () => {
    const { chapter } = await playOn(await writeCatalog(smallCatalog))
    expect(chapter(3).join('\n')).toMatch(
      /✗ Types (\d{6})\. The code is not valid[\s\S]*✓ Types (?!\1)\d{6}: the account is active/,
    )
    expect(chapter(6).join('\n')).toMatch(/– {2}Large order +spend CN¥[\d,.]+ more/)
    expect(chapter(6).join('\n')).toMatch(/– {2}Any six +add \d more/)
    expect(chapter(7).join('\n')).toMatch(
      /✗ WeChat Pay is declined\.\n +› Your balance is not enough.*pay by another method/,
    )
  })

  it('keeps its columns in Chinese', async () => {
    const { chapter } = await playOn(await writeCatalog(smallCatalog), 'zh-CN')
    const [head = '', ...rows] = chapter(12)
      .slice(0, 8)
      .filter((line) => line.startsWith(' ') && !line.includes('›'))
    const edges = rows.map((row) => columnsOf(row))
    const right = columnsOf(head)
    expect(Math.max(...edges)).toBe(right)
    const prices = chapter(6).filter((line) => /¥[\d,.]+$/u.test(line) && !line.includes('›'))
    const table = prices.slice(0, prices.findIndex((line) => line.includes('应付')) + 1)
    expect(new Set(table.map(columnsOf)).size).toBe(1)
  })
})

const thing = (externalId: string, rest: object = {}): object => ({
  externalId,
  title: `Thing ${externalId}`,
  categoryPath: ['Things'],
  priceMinor: 9_900,
  stock: 30,
  ...rest,
})

describe('a catalog that lacks something', () => {
  const catalogs: Readonly<Record<string, readonly object[]>> = {
    'only one thing, and no stock of it': [
      { externalId: 'one', title: 'The one', categoryPath: ['Things'], price: '12.00' },
    ],
    'things of which one person may buy one': ['a', 'b', 'c', 'd'].map((id) => thing(id, { perPersonLimit: 1 })),
    'prices of a fen': ['a', 'b'].map((id) => thing(id, { priceMinor: 1 })),
    'tax classes that nobody has heard of': ['a', 'b', 'c'].map((id) => thing(id, { taxClass: `odd-${id}` })),
    'things that no offer may touch': ['a', 'b', 'c'].map((id) => thing(id, { discountable: false })),
    'choices only, the first of them sold out': [
      thing('a', {
        priceMinor: undefined,
        stock: undefined,
        variants: [
          { sku: 'a-red', options: { colour: 'Red' }, priceMinor: 5_000, stock: 0 },
          { sku: 'a-blue', options: { colour: 'Blue' }, priceMinor: 5_100, stock: 9 },
        ],
      }),
    ],
    'more of another currency than of our own': [
      thing('a'),
      ...['b', 'c', 'd'].map((id) => thing(id, { currency: 'USD' })),
    ],
  }

  it.each(Object.entries(catalogs))('tells its day with %s', async (_, rows) => {
    expectSound(await playOn(await writeCatalog(rows)))
  })

  it('is paid in a currency without decimals', async () => {
    const day = await playOn(await writeCatalog(['a', 'b', 'c'].map((id) => thing(id, { currency: 'JPY' }))))
    expectSound(day)
    expect(day.text).toContain('¥9,900')
  })

  it('has its wrong rows reported with their lines, and the day goes on', async () => {
    const lines = [
      thing('a'),
      { externalId: 'b', title: 'No price', categoryPath: ['Things'] },
      thing('c'),
      thing('a'),
    ].map((row) => JSON.stringify(row))
    const day = await playOn(await writeFileFor('mixed.jsonl', ['', ...lines, '{"externalId":'].join('\n')))
    expectSound(day)
    const told = day.chapter(1).join('\n')
    expect(told).toMatch(/2 products are on sale/)
    expect(told).toMatch(/3 rows were wrong/)
    for (const wrong of [/mixed\.jsonl +line 3 +b +price is missing/, /line 5 +a +externalId stands/, /line 6 /]) {
      expect(told).toMatch(wrong)
    }
  })

  it('cannot move the cursor of the terminal', async () => {
    const title = 'Bell\u0007 and \u001b[31mred\u001b[0m\r\n over\u202etwo lines'
    const { text } = await playOn(await writeCatalog([thing('a', { title, brand: 'Esc\u001b[2J' })]))
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u)
  })

  it('ends with a sentence when there is nothing to sell', async () => {
    const nothing = await writeCatalog([{ externalId: 'a', title: 'No price' }])
    const refusal = await playOn(nothing).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(Refusal)
    expect(String(refusal)).toContain('The catalog has nothing that could be sold')
  })
})
