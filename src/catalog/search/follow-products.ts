import { okAsync, type ResultAsync } from 'neverthrow'
import type { SearchHealth } from '../../shared/check-health.js'
import type { StoredDataInvalid } from '../../shared/collection.js'
import { type Instant, secondsMs } from '../../shared/instant.js'
import { valuesAt } from '../../shared/json.js'
import type { CorePorts } from '../../shared/ports.js'
import { eachAlone, type ReadAlone, readable } from '../../shared/read-alone.js'
import { readFacts } from '../../shared/read-facts.js'
import { find, type PageEnd, rows, type Stored } from '../../shared/read-plan.js'
import type { Category } from '../category.js'
import { categories } from '../category.schema.js'
import type { Product } from '../product.js'
import { products } from '../product.schema.js'
import type { FollowError } from './catalog-source.js'
import type { CatalogFigures } from './index/catalog-figures.js'
import type { IndexChanges } from './index/catalog-index.js'
import { documentOf, type SearchDocument } from './index/search-document.js'
import type { CatalogAnswer, CatalogQuery } from './query/catalog-query.js'
import type { PreparedWords } from './query/search-words.js'

/** What an index is brought up to date with. */
export type FollowPorts = Pick<CorePorts, 'shop' | 'storage' | 'clock'>

/** Keeps the products on sale, told of every change, where they can be searched. */
export type ProductKeeper<Held> = {
  /** What it begins with, and from which moment on it has to be told what was saved; null for all. */
  readonly begin: (
    ports: FollowPorts,
  ) => ResultAsync<{ readonly held: Held; readonly from: Instant | null }, FollowError>
  /** Whether there is something newer to begin with. */
  readonly isOver: (held: Held) => boolean
  readonly tell: (ports: FollowPorts, held: Held, changes: IndexChanges) => ResultAsync<Held, FollowError>
  /** The same for what may never come to be: what it is told from then on changes nothing that others see. */
  readonly apart: (held: Held) => Held
  readonly figuresOf: (held: Held) => CatalogFigures
  /** From what it answers. */
  readonly standingOf: (held: Held) => SearchHealth
  /** Answers each query in its place; null where what it began with is no more, and it has to begin anew. */
  readonly ask: (
    ports: FollowPorts,
    held: Held,
    queries: readonly CatalogQuery[],
    words: PreparedWords | undefined,
  ) => ResultAsync<readonly CatalogAnswer[] | null, FollowError>
}

/**
 * How far clocks of machines may be apart, and how long a commit may be under way: what is saved is looked for again so
 * far back.
 */
export const overlapMs = 60 * secondsMs

/** How many products are read at once. */
const pageSize = 1_000

/** What a keeper has been told. */
export type Told<Held> = {
  readonly held: Held
  /** The latest moment at which a product was saved that it knows of; null before it is filled. */
  readonly latest: Instant | null
  /** When it last looked back. */
  readonly lookedBackAt: Instant
  /** How long it waits before it does so again, longer where many products were saved lately. */
  readonly waitMs: number
  /** Versions of products that were saved lately, and when. */
  readonly lately: ReadonlyMap<string, { readonly version: number; readonly updatedAt: Instant }>
  /** Products that cannot be read, and are passed over until they are saved anew; some of them, where they are many. */
  readonly unreadable: ReadonlyMap<string, StoredDataInvalid>
}

const mostUnreadable = 100

/** What it has been told before anything. */
export const toldNothing = <Held>(held: Held, from: Instant | null): Told<Held> => ({
  held,
  latest: from,
  lookedBackAt: from ?? 0,
  waitMs: 0,
  lately: new Map(),
  unreadable: new Map(),
})

/** Reads what was saved since, whoever saved it. A product that cannot be read is passed over, as one that is not on sale. */
export const catchUp = <Held>(
  ports: FollowPorts,
  keeper: Pick<ProductKeeper<Held>, 'tell'>,
  told: Told<Held>,
): ResultAsync<Told<Held>, FollowError> => {
  const now = ports.clock.now()
  const looksBack = told.latest !== null && now - told.lookedBackAt >= told.waitMs
  const from =
    told.latest === null ? null : looksBack ? Math.min(told.latest, told.lookedBackAt - overlapMs) : told.latest
  return readPages(ports, keeper, { told, from, now, read: 0 }, undefined).map(({ told: caught, read }) => {
    const keptFrom = Math.min(now - 2 * overlapMs, caught.latest ?? 0)
    return looksBack || told.latest === null
      ? {
          ...caught,
          latest: caught.latest ?? 0,
          lookedBackAt: now,
          waitMs: Math.max(secondsMs, 2 * read),
          lately: new Map([...caught.lately].filter(([, { updatedAt }]) => updatedAt >= keptFrom)),
        }
      : caught
  })
}

type Reading<Held> = {
  readonly told: Told<Held>
  /** From which moment on products are read; null for all. */
  readonly from: Instant | null
  readonly now: Instant
  readonly read: number
}

const readPages = <Held>(
  ports: FollowPorts,
  keeper: Pick<ProductKeeper<Held>, 'tell'>,
  { told, from, now: moment, read }: Reading<Held>,
  after: PageEnd | undefined,
): ResultAsync<Reading<Held>, FollowError> => {
  const plan = {
    saved: find(eachAlone(products), {
      where: from === null ? [] : [{ field: 'updatedAt', is: 'gte', value: from }],
      orderBy: { field: 'updatedAt', direction: 'ascending' },
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    }),
    places: rows(eachAlone(categories), { from: 'saved', path: 'categoryIds.*' }),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: moment, plan }).andThen(
    ({ saved, places }) =>
      tell(ports, keeper, { told, saved, places: readable(places) }).andThen((now) => {
        const reading = { told: now, from, now: moment, read: read + saved.length }
        const end = saved.length < pageSize ? undefined : endOf(saved)
        return end === undefined ? okAsync(reading) : readPages(ports, keeper, reading, end)
      }),
  )
}

const savedAt = ({ state }: Stored<ReadAlone<Product>>): Instant | undefined => {
  const [moment] = valuesAt(state.stored, 'updatedAt')
  return typeof moment === 'number' ? moment : undefined
}

/** The end of a page: the last product that says when it was saved. */
const endOf = (saved: readonly Stored<ReadAlone<Product>>[]): PageEnd | undefined => {
  const last = saved.filter((each) => savedAt(each) !== undefined).at(-1)
  const value = last === undefined ? undefined : savedAt(last)
  return last === undefined || value === undefined ? undefined : { value, id: last.id }
}

type Page<Held> = {
  readonly told: Told<Held>
  readonly saved: readonly Stored<ReadAlone<Product>>[]
  readonly places: readonly Stored<Category>[]
}

const tell = <Held>(
  ports: FollowPorts,
  keeper: Pick<ProductKeeper<Held>, 'tell'>,
  { told, saved, places }: Page<Held>,
): ResultAsync<Told<Held>, FollowError> => {
  const news = saved.filter(({ id, version }) => version > (told.lately.get(id)?.version ?? 0))
  if (news.length === 0) return okAsync(told)
  const lately = new Map(told.lately)
  const unreadable = new Map(told.unreadable)
  let latest = told.latest ?? 0
  const gone: string[] = []
  for (const each of news) {
    const { id, version, state } = each
    const moment = savedAt(each) ?? latest
    lately.set(id, { version, updatedAt: moment })
    latest = Math.max(latest, moment)
    unreadable.delete(id)
    if (state.read.isErr() && unreadable.size < mostUnreadable) unreadable.set(id, state.read.error)
    if (state.read.isErr() || state.read.value.status !== 'active') gone.push(id)
  }
  const changes = { changed: documentsOf(readable(news), places), gone }
  return keeper.tell(ports, told.held, changes).map((held) => ({ ...told, held, latest, lately, unreadable }))
}

/** What is searched of those products that are on sale. */
export const documentsOf = (
  saved: readonly Stored<Product>[],
  places: readonly Stored<Category>[],
): readonly SearchDocument[] => {
  const names = new Map(places.map(({ id, state }) => [id, Object.values(state.name)]))
  return saved.flatMap(({ state }) => (state.status === 'active' ? [documentOf(state, names)] : []))
}
