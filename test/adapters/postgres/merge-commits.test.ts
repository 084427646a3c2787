import fc from 'fast-check'
import {
  adjust,
  type Change,
  claims,
  counters,
  entries,
  expectRow,
  type PreparedCommit,
  prepareCommit,
  put,
  readFacts,
  rows,
  type Storage,
} from 'shopwright'
import { expect, it } from 'vitest'
import { boxes, contractScratch, notes, pieces, shelves } from '../../../adapters/contract/scratch.js'
import { createMemoryStorage } from '../../../adapters/memory/index.js'
import { mergeCommits, pickMergeable } from '../../../adapters/postgres/merge-commits.js'
import { anyChange, fewIds } from './random-changes.js'

const prepare = (changes: readonly Change[], at = 20): readonly PreparedCommit[] =>
  prepareCommit({ shop: 'main', at, changes }).match(
    (commit) => [commit],
    () => [],
  )

const minimumOf = (counter: string): number =>
  contractScratch.counters.find(({ name }) => name === counter)?.minimum ?? Number.NaN

const everything = async (storage: Storage) => {
  const plan = {
    boxes: rows(boxes, fewIds),
    shelves: rows(shelves, fewIds),
    pieces: counters(pieces, fewIds),
    claims: claims('s', fewIds),
    notes: entries(notes, { where: [], limit: 50 }),
  }
  const facts = await readFacts(storage, { shop: 'main', scope: { kind: 'all' }, at: 20, plan })
  const leased = await storage.lease({ shop: 'main', worker: 'w', at: 1_000, leaseMs: 0, limit: 1_000 })
  return [facts, leased.map((events) => events.map(({ event }) => event).sort((a, b) => (a.id < b.id ? -1 : 1)))]
}

it('is accepted where each by itself is, one after another, and leaves and answers the same', async () => {
  let accepted = 0
  let refused = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyChange, { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
      fc.array(fc.array(anyChange, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 }),
      async (before, given) => {
        const [together, alone] = [createMemoryStorage(), createMemoryStorage()]
        for (const commit of before.flatMap((changes) => prepare(changes, 1))) {
          for (const storage of [together, alone]) await storage.commit(commit)
        }
        let waiting = given.flatMap((changes) => prepare(changes)).map((commit) => ({ commit }))
        while (waiting.length > 0) {
          const { group, rest } = pickMergeable(waiting, 5)
          expect(group[0]).toBe(waiting[0])
          expect([...group, ...rest]).toHaveLength(waiting.length)
          const commits = group.map(({ commit }) => commit)
          const { commit, answersOf, placeOf } = mergeCommits('main', commits, minimumOf)
          const answer = await together.commit(commit)
          const answers = []
          for (const each of commits) answers.push(await alone.commit(each))
          if (answer.isOk()) {
            expect(answers.map((each) => each._unsafeUnwrap())).toEqual(answersOf(answer.value))
            accepted += commits.length > 1 ? 1 : 0
          } else {
            const error = answer.error
            // A refusal of a version or a claim is that commit's own, whoever it was merged with.
            if (error.type === 'VersionConflict' || error.type === 'AlreadyClaimed') {
              expect(answers[placeOf(error.index)]?.isErr()).toBe(true)
            }
            expect(answers.some((each) => each.isErr())).toBe(true)
            for (const each of commits) await together.commit(each)
            refused += 1
          }
          waiting = rest.slice()
        }
        expect(await everything(together)).toEqual(await everything(alone))
      },
    ),
  )
  // The property says something only where both happen.
  expect(Math.min(accepted, refused)).toBeGreaterThan(0)
})

it('keeps the floor of each, whatever follows it', () => {
  const moves = [
    adjust(pieces, { id: 'a', by: -3, floor: 5 }),
    adjust(pieces, { id: 'a', by: -4 }),
    adjust(pieces, { id: 'a', by: -1 }),
  ].flatMap((move) => prepare([move]))
  // After the first 5 must be left, so 0 at the end: 8 is enough at the beginning, and 7 is not.
  expect(mergeCommits('main', moves, minimumOf).commit.adjusts).toMatchObject([{ by: -8, floor: 0 }])
  const strict = [adjust(pieces, { id: 'a', by: -3, floor: 6 }), adjust(pieces, { id: 'a', by: -4 })]
  expect(
    mergeCommits(
      'main',
      strict.flatMap((move) => prepare([move])),
      minimumOf,
    ).commit.adjusts,
  ).toMatchObject([{ by: -7, floor: 2 }])
})

it('leaves for the next group who touches what another writes, relies on another version, or moves the other way', () => {
  const box = (id: string, version: number) => put(boxes, { id, version, state: { boxId: id } })
  const given = [
    [box('a', 1), expectRow(shelves, { id: 's', version: 2 })],
    [box('a', 2)],
    [box('b', 1), expectRow(shelves, { id: 's', version: 2 }), adjust(pieces, { id: 'a', by: -1 })],
    [expectRow(shelves, { id: 's', version: 3 })],
    [expectRow(boxes, { id: 'b', version: 1 })],
    [adjust(pieces, { id: 'a', by: 1 })],
    [adjust(pieces, { id: 'a', by: -2 })],
  ].map((changes, place) => ({ place, commit: prepare(changes)[0] as PreparedCommit }))
  const { group, rest } = pickMergeable(given, 64)
  expect(group.map(({ place }) => place)).toEqual([0, 2, 6])
  expect(rest.map(({ place }) => place)).toEqual([1, 3, 4, 5])
})
