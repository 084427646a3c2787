import fc from 'fast-check'
import { adjust, append, type Change, claim, expectRow, put, release, removeRow } from 'shopwright'
import { type Box, boxes, notes, pieces, shelves } from '../../../adapters/contract/scratch.js'

/** Few ids, so that random changes meet each other. */
export const fewIds = ['a', 'b', 'ä', '中'] as const

const ids = fc.constantFrom(...fewIds)
/** Texts that sort differently by code point, by UTF-16 unit and by locale. */
export const fewTexts = fc.constantFrom('x', 'y', 'Z', '\ue000', '😀', '')
const version = fc.integer({ min: 0, max: 3 })
/** A value, or none. */
export const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined, freq: 3 })

const state: fc.Arbitrary<Box> = fc.record(
  {
    boxId: fewTexts,
    ownerId: fc.constantFrom('ann', 'bob'),
    merchantId: fc.constantFrom('m1', 'm2'),
    status: fewTexts,
    size: fc.integer({ min: -2, max: 2 }),
    madeAt: fc.integer({ min: 1_790_000_000_000, max: 1_790_000_000_003 }),
    sealed: fc.boolean(),
    tags: fc.array(fc.constantFrom('red', 'big', '中'), { maxLength: 3 }),
    lines: fc.uniqueArray(
      fc.record({ lineId: fc.constantFrom('1', '2', '3'), shelfId: ids, count: fc.integer({ min: 0, max: 9 }) }),
      { selector: (line) => line.lineId, maxLength: 3 },
    ),
  },
  { requiredKeys: ['boxId'] },
)

/** A change of any kind of the scratch collections. */
export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ id: ids, version, state }).map((box) => put(boxes, { ...box, events: [{ type: 'Put' }] })),
  fc
    .record({ id: ids, version, title: fewTexts })
    .map(({ id, version, title }) => put(shelves, { id, version, state: { shelfId: id, title } })),
  fc.record({ id: ids, version: fc.integer({ min: 1, max: 3 }) }).map((key) => expectRow(shelves, key)),
  fc.record({ id: ids, version: fc.integer({ min: 1, max: 3 }) }).map((key) => removeRow(boxes, key)),
  fc
    .record({
      id: ids,
      by: fc.integer({ min: -4, max: 4 }),
      floor: fc.integer({ min: 0, max: 2 }),
      initial: optional(fc.integer({ min: 0, max: 5 })),
    })
    .map(({ initial, ...move }) => adjust(pieces, { ...move, ...(initial === undefined ? {} : { initial }) })),
  fc
    .record({ key: ids, owner: fc.constantFrom('o1', 'o2'), expiresAt: optional(fc.integer({ min: 1, max: 40 })) })
    .map(({ expiresAt, ...fact }) => claim({ space: 's', ...fact, ...(expiresAt === undefined ? {} : { expiresAt }) })),
  fc.record({ key: ids, owner: fc.constantFrom('o1', 'o2') }).map((fact) => release({ space: 's', ...fact })),
  fc
    .record({ id: ids, at: fc.integer({ min: 0, max: 5 }) })
    .map(({ id, at }) => append(notes, { id, body: { ownerId: id < 'b' ? 'ann' : 'bob', at } })),
)
