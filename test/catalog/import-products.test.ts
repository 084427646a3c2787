import fc from 'fast-check'
import { err, errAsync, okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import type { Category } from '../../src/catalog/category.js'
import { categories } from '../../src/catalog/category.schema.js'
import { depthsOf } from '../../src/catalog/category-lineage.js'
import { type ImportRequest, importProducts } from '../../src/catalog/import/import-products.js'
import type { ImportRow } from '../../src/catalog/import/import-row.js'
import { listProducts } from '../../src/catalog/list-products.js'
import type { CatalogPorts } from '../../src/catalog/ports.js'
import { products } from '../../src/catalog/product.schema.js'
import { type PreparedCommit, put } from '../../src/shared/commit.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { find } from '../../src/shared/read-plan.js'
import { commitChanges } from '../../src/shared/storage.js'
import { byCustomer, category, openShop, staff } from './open-shop.js'

const options = { importId: 'i1', merchantId: 'self', currency: 'CNY' } as const

const rowOf = (number: number, changed: Partial<ImportRow> = {}): ImportRow => ({
  externalId: `p${number}`,
  title: `Lamp ${number}`,
  categoryPath: ['Home', number % 2 === 0 ? 'Lamps' : 'Shades'],
  price: '19.90',
  ...changed,
})
const jsonLines = (rows: readonly unknown[]) => rows.map((each) => `${JSON.stringify(each)}\n`)

const run = (ports: CatalogPorts, request: Pick<ImportRequest, 'source'> & Partial<ImportRequest>) =>
  importProducts(ports, staff, { ...options, format: 'jsonl', ...request })

const versions = async (ports: CatalogPorts): Promise<readonly (readonly [string, number])[]> => {
  const plan = { all: find(products, { where: [], limit: 100_000 }) }
  const facts = await readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: 0, plan })
  return facts._unsafeUnwrap().all.map(({ id, version }) => [id, version] as const)
}

const treeOf = async (ports: CatalogPorts): Promise<ReadonlyMap<string, Category>> => {
  const plan = { all: find(categories, { where: [], limit: 1_000 }) }
  const facts = await readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: 0, plan })
  return new Map(facts._unsafeUnwrap().all.map(({ id, state }) => [id, state]))
}

/** The home of each product, by its external id. */
const homesOf = async (ports: CatalogPorts): Promise<ReadonlyMap<string, string | undefined>> => {
  const plan = { all: find(products, { where: [], limit: 1_000 }) }
  const facts = await readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: 0, plan })
  return new Map(facts._unsafeUnwrap().all.map(({ state }) => [state.externalId, state.homeCategoryIds[0]]))
}

describe('an import', () => {
  it('reports bad rows with their lines and imports the rest', async () => {
    const ports = await openShop()
    const source = [
      ...jsonLines([rowOf(1)]),
      '{"externalId": "broken\n',
      '\n',
      ...jsonLines([rowOf(2, { price: '19.999' }), { ...rowOf(3), colour: 'red' }, rowOf(4), rowOf(1), { title: 'x' }]),
    ]
    const report = (await run(ports, { source }))._unsafeUnwrap()
    expect(report.counts).toEqual({ created: 2, updated: 0, unchanged: 0, failed: 5 })
    expect(
      report.errors.map(({ line, externalId, issues }) => [line, externalId, issues[0]?.path, issues[0]?.code]),
    ).toEqual([
      [2, null, '', 'not_json'],
      [4, 'p2', 'price', 'TooManyDecimals'],
      [5, 'p3', '', 'unrecognized_keys'],
      [7, 'p1', 'externalId', 'duplicate_row'],
      [8, null, 'externalId', 'invalid_type'],
    ])
    expect((await versions(ports)).map(([id]) => id)).toEqual(['prd_self.p1', 'prd_self.p4'])
  })

  it('writes nothing for rows that say what stands already', async () => {
    const ports = await openShop()
    const rows = [1, 2, 3].map((number) => rowOf(number))
    await run(ports, { source: jsonLines(rows) })
    ports.setNow(ports.clock.now() + 60_000)
    const changed = [...rows.slice(0, 2), rowOf(3, { price: 25 })]
    const again = await run(ports, { importId: 'i2', source: jsonLines(changed) })
    expect(again._unsafeUnwrap().counts).toEqual({ created: 0, updated: 1, unchanged: 2, failed: 0 })
    expect(await versions(ports)).toEqual([
      ['prd_self.p1', 1],
      ['prd_self.p2', 1],
      ['prd_self.p3', 2],
    ])
  })

  it('reads any pieces of a file alike, and imported twice changes nothing', async () => {
    const text = fc.constantFrom('Lamp', '台灯', 'A "good" one', 'two\nlines', 'a, b', '')
    const someRows = fc.uniqueArray(
      fc.record({ number: fc.nat(30), title: text, price: fc.constantFrom('1.00', '0.5', 'x', '') }),
      { maxLength: 12, selector: (each) => each.number },
    )
    const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`
    await fc.assert(
      fc.asyncProperty(
        someRows,
        fc.array(fc.integer({ min: 1, max: 40 })),
        fc.constantFrom('\n', '\r\n'),
        async (rows, cuts, end) => {
          const csv = [
            'externalId,title,price,category',
            ...rows.map(({ number, title, price }) => `p${number},${quoted(title)},${price},Home > Lamps`),
          ].join(end)
          const pieces: string[] = []
          let from = 0
          for (const cut of cuts) {
            pieces.push(csv.slice(from, from + cut))
            from += cut
          }
          pieces.push(csv.slice(from))
          const ports = await openShop()
          const first = (await run(ports, { format: 'csv', source: pieces, batchSize: 3 }))._unsafeUnwrap()
          const good = rows.filter(({ title, price }) => title !== '' && /\d/.test(price)).length
          expect(first.counts).toEqual({ created: good, updated: 0, unchanged: 0, failed: rows.length - good })
          const before = await versions(ports)
          const second = (await run(ports, { importId: 'i2', format: 'csv', source: [csv] }))._unsafeUnwrap()
          expect(second.counts).toEqual({ created: 0, updated: 0, unchanged: good, failed: rows.length - good })
          expect(await versions(ports)).toEqual(before)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('tells categories apart by the whole path, however long it is and whatever signs it holds', async () => {
    const ports = await openShop()
    const long = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(55))
    const paths = [
      ['Books', 'C++'],
      ['Books', 'C#'],
      ['Books', 'c++ '],
      [...long, 'Kettles'],
      [...long, 'Lamps'],
      [`a${'𠮷'.repeat(40)}`, `𠮷${'a'.repeat(50)}`, '𠮷'.repeat(59), '𠮷'.repeat(60)],
    ]
    const source = paths.map((categoryPath, index) => rowOf(index, { categoryPath }))
    const report = (await run(ports, { format: 'rows', source }))._unsafeUnwrap()
    expect(report).toMatchObject({ counts: { created: 6, failed: 0 } })
    const homes = await homesOf(ports)
    expect(homes.get('p0')).toBe(homes.get('p2'))
    expect(new Set(homes.values()).size).toBe(5)
    const tree = await treeOf(ports)
    expect([...tree.values()].map(({ name }) => name.en).sort()).toEqual(
      expect.arrayContaining(['Books', 'C#', 'C++', 'Kettles', 'Lamps']),
    )
    const depths = depthsOf([...tree.values()])
    for (const [index, path] of paths.entries()) {
      expect(depths.get(homes.get(`p${index}`) ?? '')).toBe(path.length - 1)
    }
  })

  it('finds a category that was imported under an id that says less than its path', async () => {
    const ports = await openShop()
    const stored = (id: string, parentId: string | null, name: string): Category => ({
      ...category(id, parentId),
      name: { en: name, 'zh-CN': '' },
      status: 'settled',
    })
    const before = [stored('cat_books', null, 'Books'), stored('cat_books/c', 'cat_books', 'C++')]
    const changes = before.map((state) => put(categories, { id: state.categoryId, version: 0, state }))
    ;(await commitChanges(ports.storage, { shop: ports.shop, at: 0, changes }))._unsafeUnwrap()
    const source = ['C++', 'C#'].map((name, index) => rowOf(index, { categoryPath: ['Books', name] }))
    ;(await run(ports, { format: 'rows', source }))._unsafeUnwrap()
    const homes = await homesOf(ports)
    expect(homes.get('p0')).toBe('cat_books/c')
    expect(homes.get('p1')).toMatch(/^cat_books\/c~/)
  })

  it('fails the rows of a category that cannot be stored, and no others', async () => {
    const ports = await openShop()
    const malformed = { type: 'MalformedCommit', index: 0, reason: 'TextTooLong' } as const
    const isRefused = ({ puts }: PreparedCommit) => puts.some(({ key }) => key.id === 'cat_home/lamps')
    const storage: CatalogPorts['storage'] = {
      ...ports.storage,
      commitEach: (commits) =>
        ports.storage.commitEach(commits.filter((each) => !isRefused(each))).map((answers) => {
          const stood = answers.values()
          return commits.map((each) => (isRefused(each) ? err(malformed) : (stood.next().value ?? err(malformed))))
        }),
    }
    const source = [1, 2, 3, 4].map((number) => rowOf(number))
    const report = (await run({ ...ports, storage }, { format: 'rows', source }))._unsafeUnwrap()
    expect(report.counts).toEqual({ created: 2, updated: 0, unchanged: 0, failed: 2 })
    const issue = { path: 'categoryPath', code: 'TextTooLong' }
    expect(report.errors).toMatchObject([
      { line: 2, issues: [issue] },
      { line: 4, issues: [issue] },
    ])
  })

  it('goes on behind the last batch that was done', async () => {
    const ports = await openShop()
    const rows = jsonLines([1, 2, 3, 4, 5].map((number) => rowOf(number)))
    const breaks = function* () {
      yield* rows.slice(0, 3)
      throw new Error('disk gone')
    }
    const stopped = await run(ports, { source: breaks(), batchSize: 2 })
    expect(stopped._unsafeUnwrapErr()).toEqual({ type: 'ImportInterrupted', lineDone: 2, detail: 'disk gone' })
    const resumed = (await run(ports, { source: rows, batchSize: 2 }))._unsafeUnwrap()
    expect(resumed.counts).toEqual({ created: 5, updated: 0, unchanged: 0, failed: 0 })
    expect(await versions(ports)).toEqual([1, 2, 3, 4, 5].map((number) => [`prd_self.p${number}`, 1]))
    const answered = (await run(ports, { source: ['not read'] }))._unsafeUnwrap()
    expect(answered.counts).toEqual(resumed.counts)
  })

  it('takes consecutive CSV records of one id as variants, and maps columns', async () => {
    const ports = await openShop()
    const csv = [
      'id,title.en,title.zh-CN,brand,category,sku,price,option.colour,stock',
      'tee,Tee,T恤,Sola,Clothing > Tops,TEE-W,59,White,5',
      'tee,,,,,TEE-B,69,Black,7',
    ].join('\n')
    const received: unknown[] = []
    const report = await run(ports, {
      format: 'csv',
      mapping: { id: 'externalId' },
      source: [csv],
      receiveStock: (stock) => {
        received.push(...stock)
        return okAsync(undefined)
      },
    })
    expect(report._unsafeUnwrap().counts.created).toBe(1)
    expect(received).toEqual([
      { productId: 'prd_self.tee', sku: 'TEE-W', quantity: 5, outcome: 'created' },
      { productId: 'prd_self.tee', sku: 'TEE-B', quantity: 7, outcome: 'created' },
    ])
    const [card] = (await listProducts(ports, staff, { filter: { categoryId: 'cat_clothing' } }))._unsafeUnwrap()
      .products
    expect(card).toMatchObject({
      title: { en: 'Tee', 'zh-CN': 'T恤' },
      price: { minor: 5_900 },
      skus: ['TEE-W', 'TEE-B'],
    })
  })

  it('says of how many SKUs a file stated stock that nobody received', async () => {
    const ports = await openShop()
    const source = jsonLines([
      rowOf(1, { stock: 4 }),
      rowOf(2),
      rowOf(3, { stock: 0 }),
      rowOf(4, { stock: 1, price: 'x' }),
    ])
    expect((await run(ports, { source }))._unsafeUnwrap().unreceivedStock).toBe(2)
    const receiveStock = () => okAsync(undefined)
    expect((await run(ports, { importId: 'i2', source, receiveStock }))._unsafeUnwrap().unreceivedStock).toBe(0)
  })

  it('stops when the stock of a batch cannot be received, and hands it over again', async () => {
    const ports = await openShop()
    const source = jsonLines([rowOf(1, { stock: 4 })])
    const stopped = await run(ports, { source, receiveStock: () => errAsync({ type: 'WarehouseClosed' }) })
    expect(stopped._unsafeUnwrapErr()).toEqual({ type: 'StockNotReceived', lineDone: 0, reason: 'WarehouseClosed' })
    const received: number[] = []
    await run(ports, {
      source,
      receiveStock: (stock) => {
        received.push(...stock.map(({ quantity }) => quantity))
        return okAsync(undefined)
      },
    })
    expect(received).toEqual([4])
  })

  it('says which CSV records break the rules, and reads on', async () => {
    const ports = await openShop()
    const csv = 'externalId,title,price,category\np1,"Lamp"x,1,A\np2,Lamp,1\np3,Lamp,1,A\np4,"open,1,A\n'
    const report = (await run(ports, { format: 'csv', source: [csv] }))._unsafeUnwrap()
    expect(report.errors.map(({ line, issues }) => [line, issues[0]?.code])).toEqual([
      [2, 'text_after_quote'],
      [3, 'cell_count'],
      [5, 'quote_not_closed'],
    ])
    expect(report.counts.created).toBe(1)
  })

  it('does not give a SKU to two products', async () => {
    const ports = await openShop()
    const report = (
      await run(ports, { source: jsonLines([rowOf(1, { sku: 'S' }), rowOf(2, { sku: 'S' })]) })
    )._unsafeUnwrap()
    expect(report.errors.map(({ line, issues }) => [line, issues[0]?.code])).toEqual([[2, 'sku_taken']])
  })

  it('is for staff, and for a merchant only of their own goods', async () => {
    const ports = await openShop()
    const request = { ...options, format: 'jsonl', source: jsonLines([rowOf(1)]) } as const
    expect((await importProducts(ports, byCustomer('a'), request))._unsafeUnwrapErr().type).toBe('Denied')
    const merchant = { actor: { kind: 'merchant', merchantId: 'm1' } } as const
    expect((await importProducts(ports, merchant, request))._unsafeUnwrapErr().type).toBe('Denied')
    const own = await importProducts(ports, merchant, { ...request, merchantId: 'm1' })
    expect(own._unsafeUnwrap().counts.created).toBe(1)
  })
})
