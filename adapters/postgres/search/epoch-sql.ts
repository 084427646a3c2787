import type { EpochPart, EpochPlace, SealedIndex } from 'shopwright'
import type { Statement } from '../sql.js'
import { createBinder } from './binder.js'
import { toHex } from './hex.js'
import { packBits, type SearchTables } from './tables.js'

type Unnamed = Omit<Statement, 'name'>
type Start = Parameters<SealedIndex['begin']>[0]

// Nothing is written to an epoch of so many parts, nobody is told of it, and its rows are dropped.
const givenUp = -1

/**
 * Begins an epoch where none of this format is being written, and the newest is the one that was seen. Those whose moment
 * is too long ago are given up: who still writes one is told that it is not theirs.
 */
export const beginStatement = ({ epoch }: SearchTables, start: Start): Unnamed => {
  const bind = createBinder()
  const [ofShop, inFormat] = [bind.text(start.shop), bind.int(start.format)]
  const [since, emptySince] = [bind.bigint(start.since), bind.bigint(start.emptySince)]
  const isDraft = 'not t.ready and t.parts >= 0'
  const isStale = `(t.from_at < ${since} or t.parts = 0 and t.from_at < ${emptySince})`
  const text =
    `with stale as (update ${epoch} t set parts = ${givenUp} where t.shop = ${ofShop} and ${isDraft} and ${isStale}), ` +
    `begun as (insert into ${epoch} (shop, epoch, format, from_at, parts, last_id, knowledge, ready) ` +
    `select ${ofShop}, coalesce(max(t.epoch), 0) + 1, ${inFormat}, ${bind.bigint(start.at)}, 0, null, null, false from ${epoch} t where t.shop = ${ofShop} ` +
    `having not coalesce(bool_or(${isDraft} and t.format = ${inFormat} and not ${isStale}), false) ` +
    `and coalesce(max(t.epoch) filter (where t.ready and t.format = ${inFormat}), 0) = ${bind.int(start.after)} ` +
    'on conflict (shop, epoch) do nothing returning 1) select count(*) as done from begun'
  return { text, values: bind.values }
}

/** The epoch that is being written. */
export const draftStatement = ({ epoch }: SearchTables, { shop, format }: Start): Unnamed => {
  const bind = createBinder()
  const text =
    `select epoch, format, from_at, parts, last_id from ${epoch} ` +
    `where shop = ${bind.text(shop)} and not ready and parts >= 0 and format = ${bind.int(format)} order by epoch desc limit 1`
  return { text, values: bind.values }
}

const listOf = (values: readonly number[]): string => `{${values.join(',')}}`

type Pack = {
  readonly pack: number
  /** Its first product. A pack that begins in one part and ends in another is two rows, of which each has its own. */
  readonly first: number
  /** Where the values of each place of the pack begin, and where the last end; what is not here has none. */
  readonly starts: number[]
  readonly values: number[]
}

/** What products state, those of neighbouring numbers together. */
const packsOf = (documents: EpochPart['documents']): readonly Pack[] => {
  const packs: Pack[] = []
  for (const { document, values } of documents) {
    const pack = document >> packBits
    let held = packs.at(-1)
    if (held?.pack !== pack) {
      held = { pack, first: document, starts: Array.from({ length: (1 << packBits) + 1 }, () => 0), values: [] }
      packs.push(held)
    }
    const place = document & ((1 << packBits) - 1)
    for (const value of values) held.values.push(value)
    held.starts.fill(held.values.length, place + 1)
  }
  return packs
}

/**
 * Writes a part: all of it, or nothing where another machine has written it. Its row of the epoch is counted up first;
 * who waits for it finds another count.
 */
export const writeStatement = (tables: SearchTables, part: EpochPart): Unnamed => {
  const bind = createBinder()
  const { documents, postings, codes } = part
  const [shop, epoch] = [bind.text(part.shop), bind.int(part.epoch)]
  const column = (of: (document: EpochPart['documents'][number]) => number | null): string =>
    bind.numbers(documents.map(of))
  const numbers = bind.ints(documents.map(({ document }) => document))
  const stated = bind.texts(documents.map(({ values }) => listOf(values)))
  const packs = packsOf(documents)
  const columns = [
    column(({ price }) => price),
    column(({ price }) => price ?? 0),
    column(({ columns: { createdAt } }) => createdAt),
    column(({ columns: { launchedAt } }) => launchedAt),
    column(({ columns: { sold } }) => sold),
    column(({ columns: { trend } }) => trend),
    column(({ columns: { recommendation } }) => recommendation),
  ]
  const text = `with moved as (
  update ${tables.epoch} set parts = parts + 1, last_id = ${bind.text(part.lastId)}, knowledge = decode(${bind.text(toHex(part.knowledge))}, 'hex')
  where shop = ${shop} and epoch = ${epoch} and not ready and parts = ${bind.int(part.part)} returning 1
), documents as (
  insert into ${tables.document} (shop, epoch, document, id, price, price_or_free, created_at, launched_at, sold, trend, recommendation, "values", words)
  select ${shop}, ${epoch}, u.document, u.id, u.price, u.price_or_free, u.created_at, u.launched_at, u.sold, u.trend, u.recommendation, u.numbers::int[], u.words::int[]
  from moved, unnest(${numbers}, ${bind.texts(documents.map(({ id }) => id))}, ${columns.join(', ')}, ${stated}, ${bind.texts(documents.map(({ title }) => listOf(title)))})
    u(document, id, price, price_or_free, created_at, launched_at, sold, trend, recommendation, numbers, words)
), stated as (
  insert into ${tables.stated} (shop, epoch, pack, first, starts, "values")
  select ${shop}, ${epoch}, u.pack, u.first, u.starts::int[], u.numbers::int[]
  from moved, unnest(${bind.ints(packs.map(({ pack }) => pack))}, ${bind.ints(packs.map(({ first }) => first))}, ${bind.texts(packs.map(({ starts }) => listOf(starts)))}, ${bind.texts(packs.map(({ values }) => listOf(values)))})
    u(pack, first, starts, numbers)
), postings as (
  insert into ${tables.posting} (shop, epoch, term, base, entries)
  select ${shop}, ${epoch}, u.term, u.base, u.entries::int[]
  from moved, unnest(${bind.ints(postings.map(({ term }) => term))}, ${bind.ints(postings.map(({ base }) => base))}, ${bind.texts(postings.map(({ entries }) => listOf(entries)))})
    u(term, base, entries)
), codes as (
  insert into ${tables.code} (shop, epoch, code, document)
  select ${shop}, ${epoch}, u.code, u.document
  from moved, unnest(${bind.bigints(codes.map(({ code }) => code))}, ${bind.ints(codes.map(({ document }) => document))}) u(code, document)
  on conflict do nothing
) select count(*) as done from moved`
  return { text, values: bind.values }
}

/**
 * Makes an epoch the newest of its format. Who looks things up in the one before may go on with it; what is older, and what
 * was begun before and never ended, is given up. What is of another format and newer than the one before is of a release that
 * still runs; of one that does not, nothing is left after two epochs. Few rows are touched, so that this ends however large the catalog is.
 */
export const publishStatement = ({ epoch }: SearchTables, place: EpochPlace & { readonly parts: number }): Unnamed => {
  const bind = createBinder()
  const [shop, number] = [bind.text(place.shop), bind.int(place.epoch)]
  const text = `with made as (
  update ${epoch} set ready = true where shop = ${shop} and epoch = ${number} and not ready and parts = ${bind.int(place.parts)} returning format
), before as (
  select max(t.epoch) as epoch from ${epoch} t, made m where t.shop = ${shop} and t.ready and t.format = m.format and t.epoch < ${number}
), old as (
  update ${epoch} t set ready = false, parts = ${givenUp} from made m, before b
  where t.shop = ${shop} and t.epoch < ${number} and t.parts >= 0
  and (t.epoch < b.epoch or t.format = m.format and t.epoch is distinct from b.epoch)
) select count(*) as done from made`
  return { text, values: bind.values }
}

/** How many rows of a table are dropped at once: some tenths of a second, for there may be a limit to a statement's time. */
const mostDropped = 5_000

/**
 * Drops rows of the first epoch that is given up and that nobody else drops at the moment; where none is left, its own.
 * It was given up in a statement before, so whoever wrote to it has ended, and all that they wrote is seen. Rows that
 * somebody else has dropped since this statement began are seen still: its own goes only where there are none to see.
 */
export const dropStatement = (tables: SearchTables, ofShop: string): Unnamed => {
  const bind = createBinder()
  const [shop, most] = [bind.text(ofShop), bind.bigint(mostDropped)]
  const { epoch, ...held } = tables
  const drops = Object.entries(held).map(
    ([name, table]) =>
      `${name} as (delete from ${table} t where t.ctid = any (array(select r.ctid from ${table} r where r.shop = ${shop} and r.epoch = (select o.epoch from old o) limit ${most})) returning 1)`,
  )
  const counts = Object.keys(held).map((name) => `(select count(*) from ${name})`)
  const seen = Object.values(held).map(
    (table) => `exists (select from ${table} r where r.shop = ${shop} and r.epoch = o.epoch)`,
  )
  const text = `with old as (
  select t.epoch from ${epoch} t where t.shop = ${shop} and t.parts < 0 order by t.epoch limit 1 for update skip locked
), ${drops.join(', ')}, dropped as (
  select ${counts.join(' + ')} as count
), emptied as (
  select o.epoch from old o where not (${seen.join(' or ')})
), ended as (
  delete from ${epoch} t using emptied e where t.shop = ${shop} and t.epoch = e.epoch returning 1
) select d.count + (select count(*) from old) as done from dropped d`
  return { text, values: bind.values }
}
