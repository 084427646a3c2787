import { errAsync } from 'neverthrow'
import type { EpochDraft, SealedIndex } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMemoryStorage } from '../../../../adapters/memory/index.js'
import { noKnowledge, saveKnowledge } from '../../../../src/catalog/search/sealed/knowledge.js'
import { sealCatalog } from '../../../../src/catalog/search/sealed/seal-catalog.js'
import { sealedFormat } from '../../../../src/catalog/search/sealed/sealed-index.js'
import { openTestDatabase, type TestDatabase } from '../../../postgres/database.js'

let database: TestDatabase
let index: SealedIndex
let shops = 0

beforeAll(async () => {
  database = await openTestDatabase()
  index = createPostgresStorage(database).catalogIndex
})
afterAll(() => database.close())

const nextShop = (): string => {
  shops += 1
  return `epochs-${shops}`
}

const begin = async (shop: string, at: number, more: { after?: number; since?: number; emptySince?: number } = {}) =>
  (await index.begin({ shop, format: sealedFormat, at, after: 0, since: 0, emptySince: 0, ...more }))._unsafeUnwrap()

const mustBegin = async (...given: Parameters<typeof begin>): Promise<EpochDraft> => {
  const draft = await begin(...given)
  if (draft === null) throw new Error('Nobody else seals this shop')
  return draft
}

/** A part without products, but with codes. */
const write = async (shop: string, { epoch, parts }: EpochDraft, codes = 1): Promise<boolean> => {
  const listed = Array.from({ length: codes }, (_, code) => ({ code, document: 1 }))
  const part = { part: parts, lastId: 'p', knowledge: new Uint8Array([1]), documents: [], postings: [], codes: listed }
  return (await index.write({ shop, epoch, ...part }))._unsafeUnwrap()
}

const publish = async (shop: string, epoch: number): Promise<boolean> =>
  (await index.publish({ shop, epoch, parts: 1 }))._unsafeUnwrap()

const rowsOf = async (table: 'epoch' | 'code', shop: string): Promise<number> => {
  const text = `select count(*)::int as rows from "${database.schema}"."search_${table}" where shop = $1`
  return (await database.pool.query<{ rows: number }>(text, [shop])).rows[0]?.rows ?? -1
}

/** How many turns it takes to drop what is given up, the last of which finds nothing. */
const dropAll = async (shop: string): Promise<number> => {
  for (let turns = 1; ; turns += 1) if (!(await index.drop(shop))._unsafeUnwrap()) return turns
}

const find = async (shop: string, epoch: number) => {
  const all = { dead: [], words: null, within: [], parts: [], among: null, sort: { by: 'score' } } as const
  const told = { most: 1, mostLooked: 0, apart: [], isCounted: false, wantsValues: false, isExplained: false }
  return (await index.find([{ shop, epoch, ...all, ...told }]))._unsafeUnwrap()?.[0] ?? null
}

const isFound = async (shop: string, epoch: number): Promise<boolean> => (await find(shop, epoch)) !== null

const ports = (shop: string, catalogIndex: SealedIndex, now: number) => ({
  shop,
  storage: createMemoryStorage(),
  clock: { now: () => now },
  catalogIndex,
})

const day = 24 * 60 * 60_000

describe('an epoch that is being written', () => {
  it('is gone on with, and begun anew where it has waited too long, by whoever writes it', async () => {
    const shop = nextShop()
    const first = await mustBegin(shop, 100)
    expect(await begin(shop, 200, { since: 100, emptySince: 100 })).toEqual(first)
    const second = await mustBegin(shop, 200, { emptySince: 101 })
    expect(second).toEqual({ epoch: first.epoch + 1, format: sealedFormat, from: 200, parts: 0, lastId: null })
    expect(await write(shop, first)).toBe(false)
    expect(await write(shop, second)).toBe(true)
    // It is written now: only its age counts.
    const written = { ...second, parts: 1, lastId: 'p' }
    expect(await begin(shop, 300, { since: 200, emptySince: 300 })).toEqual(written)
    const third = await mustBegin(shop, 300, { since: 201, emptySince: 300 })
    expect(third).toEqual({ ...second, epoch: second.epoch + 1, from: 300 })
    expect(await write(shop, written)).toBe(false)
    expect(await publish(shop, second.epoch)).toBe(false)
    await dropAll(shop)
    expect([await rowsOf('epoch', shop), await rowsOf('code', shop)]).toEqual([1, 0])
    expect(await write(shop, third)).toBe(true)
    expect(await publish(shop, third.epoch)).toBe(true)
    expect(await begin(shop, 400, { after: second.epoch })).toBe(null)
  })

  it('is left to those who write it in another way, as where what is known of it is saved in another version', async () => {
    const version = new Uint32Array(saveKnowledge(noKnowledge()).slice(0, 8).buffer)[1]
    expect(sealedFormat % 100).toBe(version)
    const shop = nextShop()
    const start = { shop, at: 100, after: 0, since: 0, emptySince: 0 }
    const ours = (await index.begin({ ...start, format: sealedFormat }))._unsafeUnwrap()
    const theirs = (await index.begin({ ...start, format: sealedFormat + 1 }))._unsafeUnwrap()
    expect([ours?.epoch, theirs?.epoch]).toEqual([1, 2])
    expect(await begin(shop, 200)).toEqual(ours)
  })

  it('is seen by its own release alone, and stays as long as another seals beside it', async () => {
    const shop = nextShop()
    const newestOf = async (format: number) => (await index.newest({ shop, format }))._unsafeUnwrap()?.epoch
    const ours = await mustBegin(shop, 100)
    await write(shop, ours)
    expect(await publish(shop, ours.epoch)).toBe(true)
    const other = sealedFormat + 1
    expect(await newestOf(other)).toBe(undefined)
    // What our release has sealed is none of theirs, so theirs begins as the first.
    const start = { shop, at: 200, after: 0, since: 0, emptySince: 0, format: other }
    const theirs = (await index.begin(start))._unsafeUnwrap()
    if (theirs === null) throw new Error('Nobody else seals this shop')
    await write(shop, theirs)
    expect(await publish(shop, theirs.epoch)).toBe(true)
    expect([await newestOf(sealedFormat), await newestOf(other)]).toEqual([ours.epoch, theirs.epoch])
    expect((await find(shop, ours.epoch))?.newest).toBe(ours.epoch)
    expect((await find(shop, theirs.epoch))?.newest).toBe(theirs.epoch)
    const again = await mustBegin(shop, 300, { after: ours.epoch })
    await write(shop, again)
    expect(await publish(shop, again.epoch)).toBe(true)
    expect([await newestOf(sealedFormat), await newestOf(other)]).toEqual([again.epoch, theirs.epoch])
    expect([await isFound(shop, ours.epoch), await isFound(shop, theirs.epoch)]).toEqual([true, true])
    // Theirs has made none since the one before last of ours: nobody is left who asks it.
    const last = await mustBegin(shop, 400, { after: again.epoch })
    await write(shop, last)
    expect(await publish(shop, last.epoch)).toBe(true)
    expect([await newestOf(sealedFormat), await newestOf(other)]).toEqual([last.epoch, undefined])
    expect([await isFound(shop, ours.epoch), await isFound(shop, theirs.epoch)]).toEqual([false, false])
  })

  it('is begun once by many who find one that has waited too long', async () => {
    const shop = nextShop()
    await begin(shop, 100)
    const drafts = await Promise.all(Array.from({ length: 8 }, () => begin(shop, 200, { since: 150, emptySince: 150 })))
    expect(new Set(drafts.map((draft) => draft?.epoch))).toEqual(new Set([2]))
  })

  it('begins when its first product comes, however long a shop without products has been sealed', async () => {
    const shop = nextShop()
    for (const now of [day, day + 60 * 60_000, 90 * day]) {
      expect((await sealCatalog(ports(shop, index, now)))._unsafeUnwrap().status).toBe('nothing')
    }
    expect((await mustBegin(shop, 91 * day)).from).toBe(90 * day - 60_000)
    expect(await rowsOf('epoch', shop)).toBe(1)
  })
})

describe('an epoch that is replaced', () => {
  it('is no answer any more when its rows are dropped, some at once and its own last', async () => {
    const shop = nextShop()
    const made: number[] = []
    for (const codes of [12_000, 1, 1]) {
      const draft = await mustBegin(shop, 100, { after: made.at(-1) ?? 0 })
      expect(await write(shop, draft, codes)).toBe(true)
      expect(await publish(shop, draft.epoch)).toBe(true)
      made.push(draft.epoch)
    }
    const [oldest = 0, before = 0, newest = 0] = made
    // Nothing is dropped yet, and nothing of it is gone on with.
    expect(await begin(shop, 200, { after: before })).toBe(null)
    expect([await rowsOf('epoch', shop), await rowsOf('code', shop)]).toEqual([3, 12_002])
    expect([await isFound(shop, oldest), await isFound(shop, before), await isFound(shop, newest)]).toEqual([
      false,
      true,
      true,
    ])
    expect((await index.drop(shop))._unsafeUnwrap()).toBe(true)
    expect([await rowsOf('epoch', shop), await rowsOf('code', shop)]).toEqual([3, 7_002])
    // Whoever is overtaken by another leaves no row without its epoch.
    await Promise.all(Array.from({ length: 8 }, () => dropAll(shop)))
    expect(await dropAll(shop)).toBe(1)
    expect([await rowsOf('epoch', shop), await rowsOf('code', shop)]).toEqual([2, 2])
    expect([await isFound(shop, before), await isFound(shop, newest)]).toEqual([true, true])
  })

  it('is dropped by a later turn where this one cannot', async () => {
    const shop = nextShop()
    await begin(shop, 100)
    await mustBegin(shop, day, { emptySince: day })
    const drop = () =>
      errAsync({ type: 'StorageUnavailable', detail: 'canceling statement due to statement timeout' } as const)
    expect((await sealCatalog(ports(shop, { ...index, drop }, day)))._unsafeUnwrap().status).toBe('nothing')
    expect(await rowsOf('epoch', shop)).toBe(2)
    expect((await sealCatalog(ports(shop, index, day)))._unsafeUnwrap().status).toBe('nothing')
    expect(await rowsOf('epoch', shop)).toBe(1)
  })
})
