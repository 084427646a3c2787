import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCatalog, ownCatalog } from '../../demo/read-catalog/open-catalog.js'
import {
  importProducts,
  listCategories,
  listProducts,
  type RowError,
  searchProducts,
  textIn,
} from '../../src/catalog/index.js'
import { openShop, staff } from './open-shop.js'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalogs-'))
})
afterAll(() => rm(folder, { recursive: true }))

const importFrom = async (path: string) => {
  const ports = await openShop()
  const errors: (RowError & { readonly name: string })[] = []
  let created = 0
  const files = await openCatalog(path)
  for (const { name, format, source, currency } of files) {
    const options = { importId: name, merchantId: 'self', format, source, currency }
    const report = (await importProducts(ports, staff, options))._unsafeUnwrap()
    created += report.counts.created
    errors.push(...report.errors.map((error) => ({ ...error, name })))
  }
  return { ports, created, errors, files }
}

const write = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, name.endsWith('.gz') ? gzipSync(text) : text)
  return path
}

describe('our own catalog', () => {
  it('is imported but for two rows that are wrong on purpose, with three levels of categories', async () => {
    const { ports, created, errors } = await importFrom(ownCatalog)
    expect(errors.map(({ name, line, issues }) => [name, line, issues[0]?.path])).toEqual([
      ['new-arrivals.csv', 3, 'variants.0.price'],
      ['new-arrivals.csv', 5, 'stock'],
    ])
    expect(created).toBeGreaterThanOrEqual(200)
    const tree = (await listCategories(ports, staff))._unsafeUnwrap()
    expect(tree.every(({ children }) => children.length > 0)).toBe(true)
    expect(tree.flatMap(({ children }) => children).every(({ children }) => children.length > 0)).toBe(true)
  })

  it('is found by what shoppers type, in both languages', async () => {
    const { ports } = await importFrom(ownCatalog)
    for (const [text, expected] of [
      ['noise cancelling earbuds', 'TW-AIR2'],
      ['降噪耳机', 'TW-'],
      ['手机壳', 'AF-'],
      ['rice cooker', 'AL-RICE'],
      ['电饭煲', 'AL-RICE'],
      ['龙井', 'CL-LJ'],
      ['猫粮', 'PR-CATF'],
      ['usb c cable 2m', 'ZV-CC2'],
      ['ZV-65', 'ZV-65'],
      ['防晒霜', 'MB-SUN'],
    ] as const) {
      const { hits } = (await searchProducts(ports, staff, { text }))._unsafeUnwrap()
      expect([text, hits[0]?.productId.startsWith(`prd_self.${expected}`)]).toEqual([text, true])
    }
  })
})

describe('catalogs of other shapes', () => {
  it('are told by their beginning, packed or not', async () => {
    const retailer = [
      {
        name: 'Phone',
        description: 'd',
        brand: 'B',
        categories: ['Cell Phones', 'All'],
        price: 49.99,
        image: 'https://x/4984700_sb.jpg',
      },
    ]
    const titled = {
      id: '1',
      title: 'Toner &amp; drum',
      desc: 'd',
      brand: 'X',
      price: 1_250,
      attrs: { colour: 'Black', pages: 23_000, wifi: false },
    }
    const marked = {
      id: 'j0',
      title: '诺芝太阳能热水器',
      src: 'human',
      ents: [
        [0, 2, '1'],
        [2, 8, '4'],
      ],
    }
    const own = { externalId: 'p1', title: 'Lamp', price: 1, categoryPath: ['Home'] }
    const files = [
      ['a.json.gz', JSON.stringify(retailer, null, 2), 'USD', ['stock'], 'Phone', 4_999],
      ['b.jsonl.gz', `${JSON.stringify(titled)}\n`, 'USD', ['price', 'stock'], 'Toner & drum', 1_250],
      ['c.jsonl', `${JSON.stringify(marked)}\n`, 'CNY', ['price', 'stock'], '诺芝太阳能热水器', expect.any(Number)],
      ['d.csv', 'externalId,title,price,category\np1,Lamp,1.50,Home\n', 'CNY', [], 'Lamp', 150],
      ['e.jsonl', `\n${JSON.stringify(own)}\n`, 'CNY', [], 'Lamp', 100],
    ] as const
    for (const [name, text, currency, madeUp, title, minor] of files) {
      const { ports, errors, files: opened } = await importFrom(await write(name, text))
      const { products } = (await listProducts(ports, staff, {}))._unsafeUnwrap()
      const found = products.map((each) => [textIn(each.title, 'en'), each.price?.currency, each.price?.minor])
      expect([name, errors, opened[0]?.madeUp, found]).toEqual([name, [], madeUp, [[title, currency, minor]]])
    }
  })

  it('say which prices are made up, and make up the same ones again', async () => {
    const path = await write('f.jsonl', `${JSON.stringify({ id: '7', title: 'Toner', price: 0, attrs: {} })}\n`)
    const linesOf = async () => {
      const lines: string[] = []
      for (const { source } of await openCatalog(path)) for await (const line of source) lines.push(String(line))
      return lines
    }
    const [line = ''] = await linesOf()
    expect(JSON.parse(line)).toMatchObject({ externalId: '7', attributes: { 'made up': 'price' } })
    expect(await linesOf()).toEqual([line])
  })

  it('keep the number of a line that cannot be read', async () => {
    const good = (id: string) => JSON.stringify({ id, title: `Thing ${id}` })
    const { created, errors } = await importFrom(
      await write('g.jsonl', [good('1'), '', '{"id":', good('4'), '[]', good('6')].join('\n')),
    )
    expect([created, errors.map(({ line }) => line)]).toEqual([3, [3, 5]])
  })
})
