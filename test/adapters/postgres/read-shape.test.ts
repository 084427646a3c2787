import fc from 'fast-check'
import type { Ids, Query, ReadRequest } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { boxes, pieces, shelves } from '../../../adapters/contract/scratch.js'
import { createReads } from '../../../adapters/postgres/read.js'
import { createRegistry } from '../../../adapters/postgres/registry.js'
import { scratchTables } from './scratch-database.js'

const registry = createRegistry(scratchTables)
const text = fc.oneof(fc.constantFrom('a', 'b', 'c', '', '\ud800', '"', '\\', '{}'), fc.string({ maxLength: 4 }))
const part = fc.option(text, { nil: undefined })
const ids = (earlier: number): fc.Arbitrary<Ids> =>
  fc.oneof(
    fc.array(text, { maxLength: 3 }),
    fc
      .record({
        place: fc.nat({ max: earlier }),
        path: fc.constantFrom('', 'lines.*.shelfId'),
        prefix: part,
        suffix: part,
      })
      .map(({ place, path, prefix, suffix }) => ({
        from: `q${place}`,
        path,
        ...(prefix === undefined ? {} : { prefix }),
        ...(suffix === undefined ? {} : { suffix }),
      })),
  )
const query = (place: number): fc.Arbitrary<Query> =>
  ids(place).chain(
    (given): fc.Arbitrary<Query> =>
      fc.oneof(
        fc.constantFrom(boxes, shelves).map((collection): Query => ({ kind: 'rows', collection, ids: given })),
        fc.constantFrom('status', 'note.up').map((up): Query => ({ kind: 'rows', collection: boxes, ids: given, up })),
        fc.constant<Query>({ kind: 'counters', family: pieces, ids: given }),
        text.map((space): Query => ({ kind: 'claims', space, keys: given })),
      ),
  )
const request: fc.Arbitrary<ReadRequest> = fc.record({
  shop: fc.constantFrom('one', 'two'),
  at: fc.nat(),
  scope: fc.oneof(
    fc.constant({ kind: 'all' as const }),
    text.map((ownerId) => ({ kind: 'own' as const, ownerId })),
    text.map((merchantId) => ({ kind: 'merchant' as const, merchantId })),
    text.map((value) => ({ kind: 'fields' as const, fields: { shelfId: [value] } })),
  ),
  queries: fc
    .integer({ min: 1, max: 4 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, place) => query(place))))
    .map((queries) => queries.map((each, place) => ({ name: `q${place}`, query: each }))),
})

describe('texts of reads, kept by shape', () => {
  it('are those that would have been made anew, whatever was asked before', () => {
    const warm = createReads(registry, () => undefined)
    fc.assert(
      fc.property(request, (asked) => {
        const fresh = createReads(registry, () => undefined).one(asked)
        expect(warm.one(asked)).toEqual(fresh)
        // The second time its shape is known for certain.
        expect(warm.one(asked)).toEqual(fresh)
      }),
      { numRuns: 500 },
    )
  })

  it('are not made again for a shape that was asked before', () => {
    const texts: string[] = []
    const reads = createReads(registry, (made) => {
      texts.push(made)
      return undefined
    })
    const ask = (owner: string, box: string): ReadRequest => ({
      shop: 's',
      at: 1,
      scope: { kind: 'own', ownerId: owner },
      queries: [
        { name: 'box', query: { kind: 'rows', collection: boxes, ids: [box] } },
        { name: 'left', query: { kind: 'counters', family: pieces, ids: { from: 'box', path: 'lines.*.shelfId' } } },
      ],
    })
    expect(reads.one(ask('a', '1'))).toMatchObject({ values: expect.arrayContaining(['s', '1']) })
    expect(reads.one(ask('b', '2'))).toMatchObject({ values: expect.arrayContaining(['2']) })
    expect(texts).toHaveLength(1)
  })
})
