import type { Committed, PreparedCommit } from 'shopwright'
import { pairName } from './transaction-view.js'

/** Several commits as one, and what each of them is answered once that one is written. */
export type MergedCommit = {
  readonly commit: PreparedCommit
  readonly answersOf: (committed: Committed) => readonly Committed[]
  /** Which commit's change an index of the merged one is. */
  readonly placeOf: (index: number) => number
}

type Adjust = PreparedCommit['adjusts'][number]

/** What the commits of a group touch, and how. */
type Touched = { readonly things: Map<string, number>; readonly counters: Map<string, Adjust> }

// A thing that is written may be touched by one commit alone; one that is relied on by all who rely on the same version.
const written = 0

const rowName = ({ collection, id }: PreparedCommit['expects'][number]['key']): string =>
  `row ${pairName(collection, id)}`

const thingsOf = (commit: PreparedCommit): readonly (readonly [string, number])[] => [
  ...[...commit.puts, ...commit.removes].map(({ key }) => [rowName(key), written] as const),
  ...commit.expects.map(({ key, version }) => [rowName(key), version] as const),
  ...[...commit.claims, ...commit.releases].map(
    ({ space, key }) => [`claim ${pairName(space, key)}`, written] as const,
  ),
  ...commit.appends.map(({ log, id }) => [`entry ${pairName(log, id)}`, written] as const),
]

const isOneWay = (a: Adjust, b: Adjust): boolean => a.initial === b.initial && a.by * b.by >= 0

const join = (touched: Touched, commit: PreparedCommit): boolean => {
  const things = thingsOf(commit)
  const areFree = things.every(([name, how]) => {
    const before = touched.things.get(name)
    return before === undefined || (before !== written && before === how)
  })
  const areOneWay = commit.adjusts.every((move) => {
    const before = touched.counters.get(pairName(move.counter, move.id))
    return before === undefined || isOneWay(before, move)
  })
  if (!areFree || !areOneWay) return false
  for (const [name, how] of things) touched.things.set(name, how)
  for (const move of commit.adjusts) {
    const name = pairName(move.counter, move.id)
    if ((touched.counters.get(name)?.by ?? 0) === 0) touched.counters.set(name, move)
  }
  return true
}

/**
 * Picks those that can be written as one: of one shop, none of which writes what another touches, and whose moves of a
 * counter all go the same way. Judged one after another they would all be accepted where the merged one is.
 *
 * @returns the first and all that go with it, at most `most`, and the rest in their order
 */
export const pickMergeable = <Item extends { readonly commit: PreparedCommit }>(
  waiting: readonly Item[],
  most: number,
): { readonly group: readonly Item[]; readonly rest: readonly Item[] } => {
  const touched: Touched = { things: new Map(), counters: new Map() }
  const group: Item[] = []
  const rest: Item[] = []
  for (const item of waiting) {
    const fits =
      group.length < most && item.commit.shop === (group[0] ?? item).commit.shop && join(touched, item.commit)
    ;(fits ? group : rest).push(item)
  }
  return { group, rest }
}

const mergeMoves = (commits: readonly PreparedCommit[], minimumOf: (counter: string) => number): readonly Adjust[] => {
  const moves = new Map<string, Adjust>()
  for (const { adjusts } of commits) {
    for (const move of adjusts) {
      const name = pairName(move.counter, move.id)
      const before = moves.get(name)
      const floor = Math.max(move.floor, minimumOf(move.counter))
      // The end may not lie below what each floor leaves after the moves that follow it.
      const end = before === undefined ? floor : Math.max(before.floor + move.by, floor)
      moves.set(name, { ...move, by: (before?.by ?? 0) + move.by, floor: end })
    }
  }
  return [...moves.values()]
}

/**
 * Merges commits that `pickMergeable` has picked.
 *
 * @param minimumOf - the lowest value of a family of counters
 */
export const mergeCommits = (
  shop: string,
  commits: readonly PreparedCommit[],
  minimumOf: (counter: string) => number,
): MergedCommit => {
  const firsts = firstIndexes(commits)
  const listOf = <Item extends { readonly index: number }>(of: (commit: PreparedCommit) => readonly Item[]) =>
    commits.flatMap((commit, place) =>
      of(commit).map((item) => ({ ...item, index: item.index + (firsts[place] ?? 0) })),
    )
  const expects = new Map(listOf((commit) => commit.expects).map((expected) => [rowName(expected.key), expected]))
  return {
    commit: {
      shop,
      // A claim that ends in between is not over yet for this one, which is then refused and judged commit by commit.
      at: Math.min(...commits.map(({ at }) => at)),
      puts: listOf((commit) => commit.puts),
      expects: [...expects.values()],
      removes: listOf((commit) => commit.removes),
      adjusts: mergeMoves(commits, minimumOf),
      claims: listOf((commit) => commit.claims),
      releases: listOf((commit) => commit.releases),
      appends: listOf((commit) => commit.appends),
      events: commits.flatMap(({ events }) => events),
      eventTexts: commits.flatMap(({ eventTexts }) => eventTexts),
    },
    answersOf: ({ counters }) => {
      const values = new Map(counters.map(({ counter, id, value }) => [pairName(counter, id), value]))
      const answers: Committed[] = []
      // The last commit saw the values that stand; each before it saw them without the moves that followed.
      for (const { adjusts } of [...commits].reverse()) {
        const moved = adjusts.map(({ counter, id, by }) => {
          const name = pairName(counter, id)
          const value = values.get(name) ?? 0
          values.set(name, value - by)
          return { counter, id, value }
        })
        answers.push({ counters: moved })
      }
      return answers.reverse()
    },
    placeOf: (index) => Math.max(0, firsts.filter((first) => first <= index).length - 1),
  }
}

// Where the indexes of each commit begin in the merged one, so that no two changes have the same.
const firstIndexes = (commits: readonly PreparedCommit[]): readonly number[] => {
  const firsts: number[] = []
  let next = 0
  for (const commit of commits) {
    firsts.push(next)
    const { puts, expects, removes, adjusts, claims, releases, appends } = commit
    for (const { index } of [...puts, ...expects, ...removes, ...adjusts, ...claims, ...releases, ...appends]) {
      next = Math.max(next, (firsts.at(-1) ?? 0) + index + 1)
    }
  }
  return firsts
}
