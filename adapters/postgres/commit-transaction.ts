import type { Result } from 'neverthrow'
import { applyCommit, type CommitError, type Committed, compareCodePoints, type PreparedCommit } from 'shopwright'
import { StaleView } from './errors.js'
import type { Run, Session } from './queryable.js'
import type { Registry } from './registry.js'
import { type Ask, askOver } from './transaction-ask.js'
import { loadView } from './transaction-load.js'
import { pairName } from './transaction-view.js'
import { writeView } from './transaction-write.js'

export type Answer = Result<Committed, CommitError>

type Placed = { readonly place: number; readonly commit: PreparedCommit }

const byShop = (commits: readonly PreparedCommit[]): readonly (readonly [string, readonly Placed[]])[] => {
  const shops = new Map<string, Placed[]>()
  for (const [place, commit] of commits.entries()) {
    const placed = shops.get(commit.shop) ?? []
    placed.push({ place, commit })
    shops.set(commit.shop, placed)
  }
  return [...shops].sort(([a], [b]) => compareCodePoints(a, b))
}

const namesOf = (commit: PreparedCommit): readonly string[] => [
  ...[...commit.puts, ...commit.expects, ...commit.removes].map(({ key }) => pairName(key.collection, key.id)),
  ...[...commit.claims, ...commit.releases].map(({ space, key }) => pairName(space, key)),
]

const judgeShop = async (registry: Registry, ask: Ask, placed: readonly Placed[], answers: Answer[]): Promise<void> => {
  const commits = placed.map(({ commit }) => commit)
  const view = await loadView(registry, ask, commits)
  for (const { place, commit } of placed) {
    answers[place] = applyCommit(view, commit).map((set) => {
      if (namesOf(commit).some((name) => view.seen.has(name))) throw new StaleView('something appeared')
      view.accept(set)
      return { counters: set.counters }
    })
  }
  await writeView(registry, ask, view)
}

/**
 * Judges commits one after another in one transaction and writes what those accepted come to. Everything touched is
 * locked first, in the order of all writers: rows by rank and id, claims, entries, counters.
 */
export const commitTogether = (
  registry: Registry,
  session: Session,
  commits: readonly PreparedCommit[],
  texts: Parameters<typeof askOver>[2],
): Promise<readonly Answer[]> =>
  session.transaction(async (run: Run) => {
    const answers: Answer[] = []
    for (const [shop, placed] of byShop(commits)) {
      const ask = askOver(run, shop, texts)
      await judgeShop(registry, ask, placed, answers)
    }
    return { keep: answers.some((answer) => answer.isOk()), value: answers }
  })
