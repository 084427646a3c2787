import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '../../../adapters/memory/index.js'
import { createSealedShelf } from '../../../src/catalog/search/catalog-shelf.js'
import type { SearchDocument } from '../../../src/catalog/search/index/search-document.js'
import type { CatalogQuery } from '../../../src/catalog/search/query/catalog-query.js'
import { noKnowledge } from '../../../src/catalog/search/sealed/knowledge.js'
import { sealPart } from '../../../src/catalog/search/sealed/seal-part.js'
import { type SealedFindings, type SealedIndex, sealedFormat } from '../../../src/catalog/search/sealed/sealed-index.js'
import type { Storage } from '../../../src/shared/storage.js'

const lamp: SearchDocument = {
  id: 'p1',
  texts: { title: ['lamp', ''], brand: [], category: [], codes: [], attributes: [], description: [] },
  facets: [],
  priceMinor: 1,
  createdAt: 0,
  launchedAt: 0,
  sold: 0,
  trend: 0,
  recommendation: 0,
}

const query: CatalogQuery = { text: 'lamp', filter: {}, within: [], sort: 'relevance', offset: 0, limit: 10 }

const nothingIn = (newest: number): SealedFindings => ({
  newest,
  least: 0,
  rows: [],
  best: null,
  missing: [],
  counts: [],
  impacts: [],
})

/** An index elsewhere whose newest epoch a test says, and how often it and the storage were read whole. */
const openWorld = () => {
  const knowledge = sealPart(noKnowledge(), [lamp]).part.knowledge
  const counts = { opened: 0, wholeReads: 0 }
  let newest: { readonly epoch: number; readonly format: number } | null = { epoch: 5, format: sealedFormat }
  const index: SealedIndex = {
    newest: ({ format }) => okAsync(newest?.format === format ? { ...newest, from: 1_000 } : null),
    knowledge: () => {
      counts.opened += 1
      return okAsync(knowledge)
    },
    placesOf: () => okAsync([]),
    find: (questions) => {
      const latest = newest?.epoch
      const isGone = latest === undefined || questions.some(({ epoch }) => epoch < latest - 1)
      return okAsync(isGone ? null : questions.map(() => nothingIn(latest)))
    },
    begin: () => okAsync(null),
    write: () => okAsync(false),
    publish: () => okAsync(false),
    drop: () => okAsync(false),
  }
  const memory = createMemoryStorage()
  const storage: Storage = {
    ...memory,
    read: (request) => {
      if (!JSON.stringify(request).includes('"gte"')) counts.wholeReads += 1
      return memory.read(request)
    },
  }
  const ports = { shop: 'shop', storage, clock: { now: () => 1_772_424_000_000 } }
  const shelf = createSealedShelf(index)
  const follow = async () => (await shelf.follow(ports))._unsafeUnwrap()
  return {
    counts,
    follow,
    search: async () => (await (await follow()).ask(query))._unsafeUnwrap(),
    seal: (epoch: number, format = sealedFormat) => {
      newest = { epoch, format }
    },
    empty: () => {
      newest = null
    },
  }
}

describe('a shelf whose products are looked up elsewhere', () => {
  it('reads everything once, not with every search, where only another release has sealed', async () => {
    const world = openWorld()
    await world.search()
    world.seal(6, sealedFormat + 1)
    await world.search()
    for (let time = 0; time < 5; time += 1) await world.search()
    expect(world.counts).toEqual({ opened: 1, wholeReads: 1 })
    // Once its own release has sealed again it takes that.
    world.seal(7)
    for (let time = 0; time < 3; time += 1) await world.search()
    expect(world.counts).toEqual({ opened: 2, wholeReads: 1 })
  })

  it('reads everything once where nothing is sealed any more', async () => {
    const world = openWorld()
    await world.search()
    world.empty()
    for (let time = 0; time < 5; time += 1) await world.search()
    expect(world.counts).toEqual({ opened: 1, wholeReads: 1 })
  })

  it('opens the newest epoch once for all that one request asks', async () => {
    const world = openWorld()
    await world.search()
    const source = await world.follow()
    world.seal(9)
    const answers = await Promise.all(Array.from({ length: 20 }, () => source.ask(query)))
    expect(answers.every((answer) => answer.isOk())).toBe(true)
    expect(world.counts.opened).toBe(2)
  })
})
