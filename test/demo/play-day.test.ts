import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../demo/columns.js'
import { openStorage } from '../support/storages.js'
import { expectSound, type PlayedDay, playOn } from './play-on.js'
import { smallCatalog, writeCatalog } from './write-catalog.js'

const play = async (locale: 'en' | 'zh-CN', seed = 1): Promise<PlayedDay> =>
  playOn(await openStorage(), await writeCatalog(smallCatalog), locale, seed)

const played = new Map<'en' | 'zh-CN', Promise<PlayedDay>>()
/** The day in a language, played once for all who look at it. */
const dayIn = (locale: 'en' | 'zh-CN'): Promise<PlayedDay> => {
  const day = played.get(locale) ?? play(locale)
  played.set(locale, day)
  return day
}

describe('the day', () => {
  it.each(['en', 'zh-CN'] as const)('is told in %s, and everything adds up', async (locale) => {
    const day = await dayIn(locale)
    expectSound(day, locale)
    if (locale === 'zh-CN') return
    // Nothing of the other language, and no name of a state or an event of the code.
    expect(day.text).not.toMatch(/\p{Script=Han}/u)
    expect(day.text.replaceAll('WeChat', '')).not.toMatch(/undefined|\[object|NaN|null|[a-z][A-Z][a-z]/)
  })

  it('is the same day again for the same seed, and another one for another', async () => {
    const { text } = await dayIn('en')
    expect((await play('en')).text).toBe(text)
    expect((await play('en', 8)).text).not.toBe(text)
  })

  it('shows the refusals of the day with what to do about them', async () => {
    const { chapter } = await dayIn('en')
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
    const { chapter } = await dayIn('zh-CN')
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
