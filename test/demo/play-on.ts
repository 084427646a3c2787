import type { Locale, Storage } from 'shopwright'
import { expect } from 'vitest'
import { playDay } from '../../demo/play-day.js'
import { openCatalog } from '../../demo/read-catalog/open-catalog.js'
import { openTerminal } from '../../demo/terminal.js'

/** A day that was played, as a person saw it. */
export type PlayedDay = {
  readonly balances: boolean
  readonly text: string
  /** The lines of the chapter with this number, without its title. */
  readonly chapter: (number: number) => readonly string[]
}

/** Plays a day with a catalog, on an empty storage. */
export const playOn = async (
  storage: Storage,
  catalog: string,
  locale: Locale = 'en',
  seed = 1,
): Promise<PlayedDay> => {
  let text = ''
  const terminal = openTerminal({
    write: (piece) => {
      text += piece
    },
  })
  const opened = {
    storage,
    description: { en: 'for a test', 'zh-CN': '测试' },
    shop: 'demo',
    close: async () => {},
  }
  const balances = await playDay({ files: await openCatalog(catalog), opened, terminal, seed, locale })
  const chapters = text.split(/^\d+\. /mu)
  return {
    balances,
    text,
    chapter: (number) => (chapters[number] ?? '').split('\n').slice(1),
  }
}

const amount = /(-?)(?:[A-Z]{2})?[¥$]([\d,]+(?:\.\d+)?)/gu

/** The amounts of a line in its smallest unit, left to right. */
const amountsIn = (line: string): readonly number[] =>
  [...line.matchAll(amount)].map(
    ([, sign, digits = '']) => Number(digits.replace(/[,.]/g, '')) * (sign === '-' ? -1 : 1),
  )

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)
const rowsWith = (count: number, lines: readonly string[]): readonly (readonly number[])[] =>
  lines.map(amountsIn).filter((amounts) => amounts.length === count)

const verdicts = { en: 'balances: yes', 'zh-CN': '平衡：是' } as const

/** Whatever a day is about: its five books balance, its price adds up, and the refund is what the piece was paid with. */
export const expectSound = ({ balances, text, chapter }: PlayedDay, locale: 'en' | 'zh-CN' = 'en'): void => {
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
