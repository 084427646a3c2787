import type { Locale } from 'shopwright'
import { playDay } from '../../demo/play-day.js'
import { openCatalog } from '../../demo/read-catalog/open-catalog.js'
import { openTerminal } from '../../demo/terminal.js'
import { openStorage } from '../support/storages.js'

/** A day that was played, as a person saw it. */
export type PlayedDay = {
  readonly balances: boolean
  readonly text: string
  /** The lines of the chapter with this number, without its title. */
  readonly chapter: (number: number) => readonly string[]
}

/** Plays a day with a catalog, on the storage of the test. */
export const playOn = async (catalog: string, locale: Locale = 'en', seed = 1): Promise<PlayedDay> => {
  let text = ''
  const terminal = openTerminal({
    write: (piece) => {
      text += piece
    },
  })
  const opened = {
    storage: await openStorage(),
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
export const amountsIn = (line: string): readonly number[] =>
  [...line.matchAll(amount)].map(
    ([, sign, digits = '']) => Number(digits.replace(/[,.]/g, '')) * (sign === '-' ? -1 : 1),
  )
