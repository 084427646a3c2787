import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCatalog } from '../../demo/catalogs.js'
import { importProducts, listCategories, searchProducts } from '../../src/catalog/index.js'
import { openShop, staff } from './open-shop.js'

const own = new URL('../../demo/catalog', import.meta.url).pathname
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalogs-'))
})
afterAll(() => rm(folder, { recursive: true }))

const importFrom = async (path: string) => {
  const ports = await openShop()
  const { format, source, currency, shape, madeUp } = await openCatalog(path)
  const options = { importId: 'demo', merchantId: 'self', format, source, currency }
  const report = (await importProducts(ports, staff, options))._unsafeUnwrap()
  return { ports, report, shape, madeUp }
}

const write = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, name.endsWith('.gz') ? gzipSync(text) : text)
  return path
}

describe('our own catalog', () => {
  it('is imported whole, with three levels of categories', async () => {
    const { ports, report } = await importFrom(own)
    expect(report.errors).toEqual([])
    expect(report.counts.created).toBeGreaterThanOrEqual(200)
    const tree = (await listCategories(ports, staff))._unsafeUnwrap()
    expect(tree.every(({ children }) => children.length > 0)).toBe(true)
    expect(tree.flatMap(({ children }) => children).every(({ children }) => children.length > 0)).toBe(true)
  })

  it('is found by what shoppers type, in both languages', async () => {
    const { ports } = await importFrom(own)
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
    const electronics = {
      id: '1',
      title: 'Toner',
      desc: 'd',
      brand: 'X',
      price: 0,
      attrs: { colour: 'Black', pages: 23_000, wifi: false },
    }
    const title = {
      id: 'j0',
      title: '诺芝太阳能热水器',
      src: 'human',
      ents: [
        [0, 2, '1'],
        [2, 8, '4'],
      ],
    }
    const files = [
      ['a.json.gz', JSON.stringify(retailer, null, 2), 'retailerArray', ['stock']],
      ['b.jsonl.gz', `${JSON.stringify(electronics)}\n`, 'electronicsLines', ['price', 'stock']],
      ['c.jsonl', `${JSON.stringify(title)}\n`, 'chineseTitles', ['price', 'stock']],
      ['d.csv', 'externalId,title,price,category\np1,Lamp,1.50,Home\n', 'ownCsv', []],
      [
        'e.jsonl',
        `${JSON.stringify({ externalId: 'p1', title: 'Lamp', price: 1, categoryPath: ['Home'] })}\n`,
        'ownJsonLines',
        [],
      ],
    ] as const
    for (const [name, text, expected, invented] of files) {
      const { report, shape, madeUp } = await importFrom(await write(name, text))
      expect([name, shape, madeUp, report.counts.created, report.errors]).toEqual([name, expected, invented, 1, []])
    }
  })

  it('say which prices are made up, and make up the same ones again', async () => {
    const path = await write('f.jsonl', `${JSON.stringify({ id: '7', title: 'Toner', price: 0, attrs: {} })}\n`)
    const rowsOf = async () => {
      const rows: unknown[] = []
      for await (const row of (await openCatalog(path)).source) rows.push(row)
      return rows
    }
    const [row] = await rowsOf()
    expect(row).toMatchObject({ externalId: '7', attributes: { 'made up': 'price' } })
    expect(await rowsOf()).toEqual([row])
  })
})
