import fc from 'fast-check'
import type { SealedIndex } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CatalogIndex, indexOver, updateIndex } from '../../../../src/catalog/search/index/catalog-index.js'
import type { SearchDocument } from '../../../../src/catalog/search/index/search-document.js'
import { createVocabulary } from '../../../../src/catalog/search/index/vocabulary.js'
import type { CatalogQuery } from '../../../../src/catalog/search/query/catalog-query.js'
import { searchIndex } from '../../../../src/catalog/search/query/search-index.js'
import { epochFigures, loadKnowledge, noKnowledge } from '../../../../src/catalog/search/sealed/knowledge.js'
import { sealPart } from '../../../../src/catalog/search/sealed/seal-part.js'
import {
  changeSealedCatalog,
  openSealedCatalog,
  type SealedCatalog,
} from '../../../../src/catalog/search/sealed/sealed-catalog.js'
import { searchSealed } from '../../../../src/catalog/search/sealed/search-sealed.js'
import { compareCodePoints } from '../../../../src/shared/json.js'
import { openTestDatabase, type TestDatabase } from '../../../postgres/database.js'
import { catalogs, changes, queries } from './catalogs.js'

let database: TestDatabase
let index: SealedIndex
let shops = 0

beforeAll(async () => {
  database = await openTestDatabase()
  index = createPostgresStorage({ ...database, prepared: 'named' }).catalogIndex
})
afterAll(() => database.close())

/** The same products in tables and in process, with the figures of one epoch. */
const open = async (
  documents: readonly SearchDocument[],
): Promise<{ readonly sealed: SealedCatalog; readonly inProcess: CatalogIndex }> => {
  shops += 1
  const shop = `shop-${shops}`
  const draft = (await index.begin({ shop, format: 1, at: 0, after: 0, since: 0, emptySince: 0 }))._unsafeUnwrap()
  if (draft === null) throw new Error('Nobody else seals this shop')
  const sorted = [...documents].sort((a, b) => compareCodePoints(a.id, b.id))
  const middle = Math.ceil(sorted.length / 2)
  let knowledge = noKnowledge()
  let inProcess = indexOver(createVocabulary(), [])
  for (const [part, held] of [sorted.slice(0, middle), sorted.slice(middle)].entries()) {
    const sealed = sealPart(knowledge, held)
    knowledge = sealed.knowledge
    const place = { shop, epoch: draft.epoch, part, lastId: held.at(-1)?.id ?? '' }
    expect((await index.write({ ...place, ...sealed.part }))._unsafeUnwrap()).toBe(true)
    inProcess = updateIndex(inProcess, { changed: held, gone: [] })
  }
  expect((await index.publish({ shop, epoch: draft.epoch, parts: 2 }))._unsafeUnwrap()).toBe(true)
  const bytes = (await index.knowledge({ shop, epoch: draft.epoch }))._unsafeUnwrap() ?? new Uint8Array()
  const known = loadKnowledge(bytes)._unsafeUnwrap()
  return {
    sealed: openSealedCatalog(shop, draft.epoch, known),
    inProcess: indexOver(inProcess.vocabulary, inProcess.segments, epochFigures(known, 0)),
  }
}

const askSealed = async (catalog: SealedCatalog, query: CatalogQuery) =>
  (await searchSealed(index, [{ catalog, query }]))._unsafeUnwrap()?.answers[0]

const plain = (id: string, title: string): SearchDocument => ({
  id,
  texts: { title: [title], brand: [], category: [], codes: [], attributes: [], description: [] },
  facets: [],
  priceMinor: null,
  createdAt: 0,
})

describe('an epoch in Postgres', () => {
  it('answers what an index in process answers, also when products have changed since', async () => {
    const turns = fc.record({
      documents: catalogs,
      changes: fc.array(changes, { maxLength: 2 }),
      asked: fc.array(queries, { minLength: 40, maxLength: 40, size: 'max' }),
    })
    await fc.assert(
      fc.asyncProperty(turns, async ({ documents, changes: news, asked }) => {
        let { sealed, inProcess } = await open(documents)
        const ask = async (wanted: typeof asked): Promise<void> => {
          for (const query of wanted) expect(await askSealed(sealed, query)).toEqual(searchIndex(inProcess, query))
          const some = wanted.slice(0, 8)
          // Asked at once they are one statement, in which those of one form share its text.
          const atOnce = (
            await searchSealed(
              index,
              some.map((query) => ({ catalog: sealed, query })),
            )
          )._unsafeUnwrap()
          expect(atOnce?.answers).toEqual(some.map((query) => searchIndex(inProcess, query)))
        }
        await ask(asked.slice(0, 20))
        for (const { changed, gone } of news) {
          const told = { changed, gone: gone.filter((id) => !changed.some((each) => each.id === id)) }
          const ids = [...told.changed.map(({ id }) => id), ...told.gone].filter((id) => !sealed.dead.has(id))
          const places = (await index.placesOf({ shop: sealed.shop, epoch: sealed.epoch, ids }))._unsafeUnwrap()
          sealed = changeSealedCatalog(sealed, updateIndex(sealed.changed, told), places)
          inProcess = updateIndex(inProcess, told)
        }
        await ask(asked.slice(20))
      }),
      // A smaller case costs as much as this one.
      { numRuns: 12, endOnFailure: true },
    )
  })

  it('finds what is under several of the values that are asked for once', async () => {
    const coloured = (id: string, ...values: readonly string[]): SearchDocument => ({
      ...plain(id, 'lamp'),
      facets: values.map((value) => ({ facet: 'attribute:colour', value, label: value })),
    })
    const { sealed, inProcess } = await open([
      coloured('p1', 'red', 'blue'),
      coloured('p2', 'red'),
      plain('p3', 'lamp'),
    ])
    const both = { kind: 'facet', facet: 'attribute:colour', values: new Set(['red', 'blue']) } as const
    for (const within of [both, { kind: 'anyOf', choices: [[both]] } as const]) {
      const query = { text: '', filter: {}, within: [within], sort: 'relevance', offset: 0, limit: 10 } as const
      const answer = await askSealed(sealed, query)
      expect(answer).toEqual(searchIndex(inProcess, query))
      expect(answer?.total).toBe(2)
    }
  })

  it('finds what has just half of the query, where enough have that', async () => {
    const titles = ['red lamp', 'red', 'lamp', 'oak of red lamp and brass']
    const documents = Array.from({ length: 160 }, (_, at) => plain(`p${at}`, titles[at % 4] ?? ''))
    const { sealed, inProcess } = await open([...documents, plain('q', 'brass')])
    const ask = async (text: string) => {
      const query = { text, filter: {}, within: [], sort: 'relevance', offset: 0, limit: 200 } as const
      const answer = await askSealed(sealed, query)
      expect(answer).toEqual(searchIndex(inProcess, query))
      return answer
    }
    expect((await ask('red lamp'))?.total).toBe(160)
    await ask('red lamp oak brass')
  })
})
