import { okAsync, type ResultAsync } from 'neverthrow'
import { type Instant, secondsMs } from '../../shared/instant.js'
import type { CorePorts } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { find, type PageEnd, rows, type Stored } from '../../shared/read-plan.js'
import type { Category } from '../category.js'
import { categories } from '../category.schema.js'
import type { Product } from '../product.js'
import { products } from '../product.schema.js'
import { type CatalogSource, type FollowError, sourceOfIndex } from './catalog-source.js'
import { type CatalogIndex, emptyIndex, updateIndex } from './index/catalog-index.js'
import { documentOf } from './index/search-document.js'

/**
 * The index of a shop's products on sale, kept in process. It follows the storage: before it answers it reads what was
 * saved since, whoever saved it.
 */
export type CatalogShelf = {
  /** The products on sale, each as it is committed. */
  readonly follow: (ports: FollowPorts) => ResultAsync<CatalogSource, FollowError>
  /** A shelf that begins with what this one has, and goes its own way. */
  readonly fork: () => CatalogShelf
}

/** What an index is brought up to date with. */
export type FollowPorts = Pick<CorePorts, 'shop' | 'storage' | 'clock'>

/**
 * How far clocks of machines may be apart, and how long a commit may be under way: what is saved is looked for again so
 * far back.
 */
const overlapMs = 60 * secondsMs

/** How many products are read at once. */
const pageSize = 1_000

/** What an index has been told. */
type Told = {
  readonly index: CatalogIndex
  /** The latest moment at which a product was saved that it knows of; null before it is filled. */
  readonly latest: Instant | null
  /** When it last looked back. */
  readonly lookedBackAt: Instant
  /** How long it waits before it does so again, longer where many products were saved lately. */
  readonly waitMs: number
  /** Versions of products that were saved lately, and when. */
  readonly lately: ReadonlyMap<string, { readonly version: number; readonly updatedAt: Instant }>
}

/** An empty shelf. */
export const createCatalogShelf = (): CatalogShelf =>
  shelfWith({ index: emptyIndex(), latest: null, lookedBackAt: 0, waitMs: 0, lately: new Map() })

const shelfWith = (first: Told): CatalogShelf => {
  let told = first
  let running: ResultAsync<CatalogSource, FollowError> | undefined
  let next: ResultAsync<CatalogSource, FollowError> | undefined
  const start = (ports: FollowPorts): ResultAsync<CatalogSource, FollowError> => {
    const begun = catchUp(ports, told)
      .map((now) => {
        told = now
        running = undefined
        return sourceOfIndex(now.index)
      })
      .mapErr((error) => {
        running = undefined
        return error
      })
    running = begun
    return begun
  }
  return {
    // Who comes while one looks shares the next look: the present one may have begun before what they saved.
    follow: (ports) => {
      if (running === undefined) return start(ports)
      if (next === undefined) {
        const go = (): ResultAsync<CatalogSource, FollowError> => {
          next = undefined
          return start(ports)
        }
        next = running
          .andThen(go)
          .orElse((error) => (next === undefined ? okAsync(sourceOfIndex(told.index)) : go().mapErr(() => error)))
      }
      return next
    },
    fork: () => shelfWith(told),
  }
}

const catchUp = (ports: FollowPorts, told: Told): ResultAsync<Told, FollowError> => {
  const now = ports.clock.now()
  const looksBack = told.latest !== null && now - told.lookedBackAt >= told.waitMs
  const from =
    told.latest === null ? null : looksBack ? Math.min(told.latest, told.lookedBackAt - overlapMs) : told.latest
  return readPages(ports, { told, from, now, read: 0 }, undefined).map(({ told: caught, read }) => {
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

type Reading = {
  readonly told: Told
  /** From which moment on products are read; null for all. */
  readonly from: Instant | null
  readonly now: Instant
  readonly read: number
}

const readPages = (
  ports: FollowPorts,
  { told, from, now, read }: Reading,
  after: PageEnd | undefined,
): ResultAsync<Reading, FollowError> => {
  const plan = {
    saved: find(products, {
      where: from === null ? [] : [{ field: 'updatedAt', is: 'gte', value: from }],
      orderBy: { field: 'updatedAt', direction: 'ascending' },
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    }),
    places: rows(categories, { from: 'saved', path: 'categoryIds.*' }),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: now, plan })
    .mapErr((error): FollowError => error)
    .andThen(({ saved, places }) => {
      const reading = { told: tell(told, saved, places), from, now, read: read + saved.length }
      const last = saved.at(-1)
      if (last === undefined || saved.length < pageSize) return okAsync(reading)
      return readPages(ports, reading, { value: last.state.updatedAt, id: last.id })
    })
}

const tell = (told: Told, saved: readonly Stored<Product>[], places: readonly Stored<Category>[]): Told => {
  const news = saved.filter(({ id, version }) => version > (told.lately.get(id)?.version ?? 0))
  if (news.length === 0) return told
  const names = new Map(places.map(({ id, state }) => [id, Object.values(state.name)]))
  const lately = new Map(told.lately)
  for (const { id, version, state } of news) lately.set(id, { version, updatedAt: state.updatedAt })
  const latest = news.reduce((most, { state }) => Math.max(most, state.updatedAt), told.latest ?? 0)
  const index = updateIndex(told.index, {
    changed: news.flatMap(({ state }) => (state.status === 'active' ? [documentOf(state, names)] : [])),
    gone: news.flatMap(({ id, state }) => (state.status === 'active' ? [] : [id])),
  })
  return { ...told, index, latest, lately }
}
