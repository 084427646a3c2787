import { performance } from 'node:perf_hooks'
import type { SealedIndex } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { startPostgresServer } from '../../scripts/postgres-server/start-server.js'
import { type CatalogIndex, indexOver, updateIndex } from '../../src/catalog/search/index/catalog-index.js'
import type { SearchDocument } from '../../src/catalog/search/index/search-document.js'
import { createVocabulary } from '../../src/catalog/search/index/vocabulary.js'
import { searchIndex } from '../../src/catalog/search/query/search-index.js'
import { epochFigures, type Knowledge, loadKnowledge, noKnowledge } from '../../src/catalog/search/sealed/knowledge.js'
import { sealPart } from '../../src/catalog/search/sealed/seal-part.js'
import {
  changeSealedCatalog,
  openSealedCatalog,
  type SealedCatalog,
} from '../../src/catalog/search/sealed/sealed-catalog.js'
import { searchSealed } from '../../src/catalog/search/sealed/search-sealed.js'
import { compareCodePoints } from '../../src/shared/json.js'
import { type Bench, type Figure, wholeOption } from './bench.js'
import { openCountingPool } from './counting-pool.js'
import { type JudgedQuery, listSets, readSet } from './search/judged-set.js'
import { searchDocumentOf } from './search/our-engine.js'
import { quantileOf } from './search/relevance-metric.js'

const mostMs: Readonly<Record<string, number>> = { en_chorus: 5, en_homedepot: 25 }
const partSize = 5_000
const firstWanted = 100

/** What a search takes where the database answers it, and whether it finds what an index in process finds. */
export const bench: Bench<'data' | 'turns' | 'changed'> = {
  name: 'search-postgres',
  summary: 'searches that Postgres answers: the same first hundred as in process, and the time that it takes',
  options: {
    data: { summary: 'folder of judged sets', otherwise: '../shared/data/search' },
    turns: { summary: 'times that every query is timed', otherwise: '3' },
    changed: { summary: 'products that change after the epoch was made', otherwise: '200' },
  },
  run: async ({ data, ...options }, report) => {
    const turns = wholeOption('turns', options.turns)
    const changed = wholeOption('changed', options.changed)
    const names = listSets(data).filter((name) => Object.hasOwn(mostMs, name))
    if (names.length === 0) {
      report('not run: no shared folder')
      return []
    }
    const server = await startPostgresServer({
      durable: true,
      maxConnections: 20,
      settings: { shared_buffers: '512MB' },
    })
    try {
      const { pool, roundTrips } = await openCountingPool(server.url(), 2)
      try {
        const storage = createPostgresStorage({ pool, prepared: 'named' })
        const migrated = await storage.migrate()
        if (migrated.isErr()) throw new Error(`the tables were not made: ${JSON.stringify(migrated.error)}`)
        const figures: Figure[] = []
        for (const name of names) {
          report(`${name}: sealing`)
          const set = readSet(data, name)
          const opened = await open(storage.catalogIndex, name, set.goods.map(searchDocumentOf))
          await pool.query('vacuum analyze')
          report(`${name}: asking`)
          figures.push(...(await ask(storage.catalogIndex, name, opened, { queries: set.queries, turns, roundTrips })))
          const later = await change(storage.catalogIndex, opened, set.goods.slice(0, changed).map(searchDocumentOf))
          const again = { queries: set.queries, turns, roundTrips }
          figures.push(...(await ask(storage.catalogIndex, `${name}, ${changed} changed`, later, again)))
          const text = `select sum(pg_total_relation_size(c.oid))::float8 as bytes from pg_class c where c.relname like 'search\\_%' and c.relkind = 'r'`
          const { rows } = await pool.query<{ bytes: number }>(text)
          figures.push({ ...plain(`tables ${name}`, (rows[0]?.bytes ?? 0) / 1e6, 'MB'), kind: 'memory' })
          figures.push({ ...plain(`knowledge in process ${name}`, opened.knowledgeMb, 'MB'), kind: 'memory' })
        }
        return figures
      } finally {
        await pool.end()
      }
    } finally {
      await server.stop()
    }
  },
}

type Opened = { readonly sealed: SealedCatalog; readonly inProcess: CatalogIndex; readonly knowledgeMb: number }

const must = <Value>(result: { readonly isErr: () => boolean; readonly _unsafeUnwrap: () => Value }): Value =>
  result._unsafeUnwrap()

const open = async (index: SealedIndex, shop: string, documents: readonly SearchDocument[]): Promise<Opened> => {
  const draft = must(await index.begin({ shop, format: 1, at: 0, after: 0, since: 0, emptySince: 0 }))
  if (draft === null) throw new Error('Nobody else seals this catalog')
  const { epoch } = draft
  const sorted = [...documents].sort((a, b) => compareCodePoints(a.id, b.id))
  let knowledge: Knowledge = noKnowledge()
  let inProcess = indexOver(createVocabulary(), [])
  let parts = 0
  for (let at = 0; at < sorted.length; at += partSize) {
    const held = sorted.slice(at, at + partSize)
    const sealed = sealPart(knowledge, held)
    knowledge = sealed.knowledge
    must(await index.write({ shop, epoch, part: parts, lastId: held.at(-1)?.id ?? '', ...sealed.part }))
    inProcess = updateIndex(inProcess, { changed: held, gone: [] })
    parts += 1
  }
  must(await index.publish({ shop, epoch, parts }))
  const bytes = must(await index.knowledge({ shop, epoch })) ?? new Uint8Array()
  const known = must(loadKnowledge(bytes))
  return {
    sealed: openSealedCatalog(shop, epoch, known),
    inProcess: indexOver(inProcess.vocabulary, inProcess.segments, epochFigures(known, 0)),
    knowledgeMb: bytes.byteLength / 1e6,
  }
}

/** Each gets another's title. */
const change = async (index: SealedIndex, opened: Opened, documents: readonly SearchDocument[]): Promise<Opened> => {
  const { sealed, inProcess } = opened
  const { shop, epoch } = sealed
  const changed = documents.map((each, at) => ({ ...each, texts: documents.at(at - 1)?.texts ?? each.texts }))
  const places = must(await index.placesOf({ shop, epoch, ids: changed.map(({ id }) => id) }))
  const changes = { changed, gone: [] }
  return {
    ...opened,
    sealed: changeSealedCatalog(sealed, updateIndex(sealed.changed, changes), places),
    inProcess: updateIndex(inProcess, changes),
  }
}

type Asking = {
  readonly queries: readonly JudgedQuery[]
  readonly turns: number
  readonly roundTrips: () => number
}

const ask = async (
  index: SealedIndex,
  name: string,
  { sealed, inProcess }: Opened,
  { queries, turns, roundTrips }: Asking,
): Promise<readonly Figure[]> => {
  const quickest = queries.map(() => Number.POSITIVE_INFINITY)
  const own = queries.map(() => Number.POSITIVE_INFINITY)
  let equal = 0
  const before = roundTrips()
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [at, { text }] of queries.entries()) {
      const query = { text, filter: {}, within: [], sort: 'relevance', offset: 0, limit: firstWanted } as const
      const begin = performance.now()
      const found = must(await searchSealed(index, [{ catalog: sealed, query }]))
      quickest[at] = Math.min(quickest[at] ?? 0, performance.now() - begin)
      const start = performance.now()
      const wanted = searchIndex(inProcess, query)
      own[at] = Math.min(own[at] ?? 0, performance.now() - start)
      if (turn === 0 && JSON.stringify(found?.answers[0]) === JSON.stringify(wanted)) equal += 1
    }
  }
  const set = name.split(',')[0] ?? name
  const time = (what: string, share: number): Figure => ({
    ...plain(`${what} ${name}`, quantileOf(quickest, share), 'ms'),
    baseline: quantileOf(own, share),
    kind: 'time',
  })
  return [
    {
      ...plain(`answers as in process ${name}`, equal, 'count'),
      baseline: queries.length,
      target: { kind: 'exactly', value: queries.length },
    },
    time('p50', 0.5),
    { ...time('p95', 0.95), target: { kind: 'atMost', value: mostMs[set] ?? 0 } },
    plain(`round trips of a search ${name}`, (roundTrips() - before) / (turns * queries.length), 'count'),
  ]
}

const plain = (name: string, value: number, unit: string): Figure => ({
  case: name,
  value,
  unit,
  baseline: null,
  ratio: null,
  target: null,
  kind: 'correctness',
})
