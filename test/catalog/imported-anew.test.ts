import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ImportRequest, importProducts } from '../../src/catalog/import/import-products.js'
import type { ImportRow } from '../../src/catalog/import/import-row.js'
import type { CatalogPorts } from '../../src/catalog/ports.js'
import type { ProductContent } from '../../src/catalog/product.js'
import { products } from '../../src/catalog/product.schema.js'
import { publishProduct } from '../../src/catalog/publish-product.js'
import { saveCategory } from '../../src/catalog/save-category.js'
import { saveProduct } from '../../src/catalog/save-product.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { row } from '../../src/shared/read-plan.js'
import { byStaff, category, content, openShop, staff } from './open-shop.js'

let runs = 0
const run = async (ports: CatalogPorts, request: Pick<ImportRequest, 'source' | 'format'>) => {
  runs += 1
  const options = { importId: `run-${runs}`, merchantId: 'self', currency: 'CNY' } as const
  return (await importProducts(ports, staff, { ...options, ...request }))._unsafeUnwrap()
}

const stored = async (ports: CatalogPorts) => {
  const plan = { tee: row(products, 'prd_self.tee') }
  const facts = await readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: 0, plan })
  return facts._unsafeUnwrap().tee?.state
}

const [pictured, filmed] = ['https://example.com/1.jpg', 'https://example.com/1.mp4']

const variant = (sku: string, minor: number) => ({
  sku,
  options: { colour: sku },
  listPrice: { minor, currency: 'CNY' },
  weightGrams: 250,
  taxClass: 'books',
  discountable: false,
})

const tee: ProductContent = {
  ...content(),
  title: { en: 'Tee', 'zh-CN': 'T恤' },
  description: { en: 'Of cotton', 'zh-CN': '纯棉' },
  brand: 'Sola',
  homeCategoryIds: ['cat_home', 'cat_sale'],
  variants: [variant('White', 5_900), variant('Black', 6_900)],
  attributes: { fabric: 'cotton', washable: true },
  tags: ['summer'],
  media: [
    { kind: 'image', url: pictured },
    { kind: 'video', url: filmed },
  ],
  perPersonLimit: 3,
}

/** A shop with a tee on sale that says all it can. */
const openWithTee = async () => {
  const ports = await openShop()
  for (const id of ['cat_home', 'cat_sale']) (await saveCategory(ports, byStaff(), category(id)))._unsafeUnwrap()
  const input = { externalId: 'tee', merchantId: 'self', content: tee }
  const { productId } = (await saveProduct(ports, byStaff(), input))._unsafeUnwrap()
  ;(await publishProduct(ports, byStaff(), { productId }))._unsafeUnwrap()
  return ports
}

const csv = (...lines: readonly string[]) => ({ format: 'csv', source: [lines.join('\n')] }) as const
const jsonl = (...rows: readonly ImportRow[]) =>
  ({ format: 'jsonl', source: rows.map((each) => `${JSON.stringify(each)}\n`) }) as const

describe('a file of prices alone', () => {
  it('changes the prices, and leaves all else as it is', async () => {
    const ports = await openWithTee()
    const report = await run(ports, csv('externalId,sku,price', 'tee,White,49', 'tee,Black,55'))
    expect(report).toMatchObject({ counts: { created: 0, updated: 1, unchanged: 0, failed: 0 } })
    const [white, black] = [variant('White', 4_900), variant('Black', 5_500)]
    expect(await stored(ports)).toMatchObject({ ...tee, status: 'active', variants: [white, black] })
  })

  it('writes nothing where it says what stands already, whichever columns it has', async () => {
    const ports = await openWithTee()
    const full = {
      title: tee.title,
      description: tee.description,
      brand: tee.brand,
      attributes: tee.attributes,
      tags: tee.tags ?? [],
      images: [pictured],
      perPersonLimit: 3,
      weightGrams: 250,
      taxClass: 'books',
      discountable: false,
    }
    const variants = tee.variants.map(({ sku, listPrice, options }) => ({ sku, priceMinor: listPrice.minor, options }))
    const names = fc.subarray(['title.en', 'title.zh-CN', ...Object.keys(full)])
    await fc.assert(
      fc.asyncProperty(names, fc.boolean(), async (kept, withOptions) => {
        const said = Object.fromEntries(Object.entries(full).filter(([name]) => kept.includes(name)))
        const title = kept.includes('title.en') ? { title: { en: 'Tee' } } : {}
        const stated = withOptions ? variants : variants.map(({ options: _, ...each }) => each)
        const { counts } = await run(ports, jsonl({ externalId: 'tee', ...title, ...said, variants: stated }))
        expect(counts).toEqual({ created: 0, updated: 0, unchanged: 1, failed: 0 })
      }),
      { numRuns: 25 },
    )
  })
})

describe('an empty cell', () => {
  it('empties what may be empty, and says nothing of what may not', async () => {
    const ports = await openWithTee()
    const columns =
      'externalId,sku,price,title.en,description.en,brand,category,weightGrams,taxClass,discountable,image,tag,perPersonLimit,attribute.fabric,option.colour'
    await run(ports, csv(columns, 'tee,White,59,Shirt,,,,,,,,,,,'))
    const [white = variant('White', 5_900)] = tee.variants
    expect(await stored(ports)).toMatchObject({
      title: { en: 'Shirt', 'zh-CN': 'T恤' },
      description: { en: '', 'zh-CN': '纯棉' },
      brand: '',
      homeCategoryIds: tee.homeCategoryIds,
      variants: [{ ...white, options: {} }],
      attributes: {},
      tags: [],
      media: [{ kind: 'video', url: filmed }],
      perPersonLimit: null,
    })
  })
})

describe('a new product', () => {
  it('has of what its row leaves out what is usual', async () => {
    const ports = await openShop()
    await run(ports, jsonl({ externalId: 'tee', title: 'T恤', categoryPath: ['Home'], price: '59' }))
    expect(await stored(ports)).toMatchObject({
      title: { en: '', 'zh-CN': 'T恤' },
      brand: '',
      variants: [{ sku: 'tee', weightGrams: 0, taxClass: 'standard', discountable: true, options: {} }],
      perPersonLimit: null,
    })
  })

  it('is refused without a title or a category', async () => {
    const ports = await openShop()
    const { errors } = await run(ports, csv('externalId,price', 'tee,59'))
    expect(errors.flatMap(({ issues }) => issues.map(({ path }) => path))).toEqual(['title', 'category'])
  })
})

describe('an id that a CSV repeats without end', () => {
  it('is refused as one row of too many variants, and the next is read', async () => {
    const ports = await openShop()
    const many = Array.from({ length: 1_000 }, (_, at) => `tee,Tee,Home,${at},1`)
    const report = await run(ports, csv('externalId,title,category,sku,price', ...many, 'cap,Cap,Home,cap,1'))
    expect(report.counts).toMatchObject({ created: 1, failed: 1 })
    expect(report.errors.map(({ line, issues }) => [line, issues[0]?.path])).toEqual([[2, 'variants']])
  })
})
