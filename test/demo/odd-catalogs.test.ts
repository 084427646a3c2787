import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '../../adapters/memory/index.js'
import { Refusal } from '../../demo/refusal.js'
import { expectSound, playOn } from './play-on.js'
import { writeCatalog, writeFileFor } from './write-catalog.js'

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
    expectSound(await playOn(createMemoryStorage(), await writeCatalog(rows)))
  })

  it('is paid in a currency without decimals', async () => {
    const day = await playOn(
      createMemoryStorage(),
      await writeCatalog(['a', 'b', 'c'].map((id) => thing(id, { currency: 'JPY' }))),
    )
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
    const day = await playOn(
      createMemoryStorage(),
      await writeFileFor('mixed.jsonl', ['', ...lines, '{"externalId":'].join('\n')),
    )
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
    const { text } = await playOn(
      createMemoryStorage(),
      await writeCatalog([thing('a', { title, brand: 'Esc\u001b[2J' })]),
    )
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u)
  })

  it('ends with a sentence when there is nothing to sell', async () => {
    const nothing = await writeCatalog([{ externalId: 'a', title: 'No price' }])
    const refusal = await playOn(createMemoryStorage(), nothing).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(Refusal)
    expect(String(refusal)).toContain('The catalog has nothing that could be sold')
  })
})
