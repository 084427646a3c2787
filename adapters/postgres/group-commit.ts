import { err, type Result } from 'neverthrow'
import type { PreparedCommit, StorageUnavailable } from 'shopwright'
import type { Answer } from './commit-transaction.js'
import { pickMergeable } from './merge-commits.js'

/** How commits that come at the same time are written together. */
export type GroupCommitOptions = {
  /** How many groups are under way at once, each on a connection of its own; 2 unless told. */
  readonly committers?: number
  /** The most commits of one group; 64 unless told. */
  readonly most?: number
}

type Waiting = { readonly commit: PreparedCommit; readonly answer: (answer: Answer) => void }

type Answers = Result<readonly Answer[], StorageUnavailable>

/** The ways a group may go; neither rejects. */
export type GroupWays = {
  /** All of them as one, where nothing that one writes is touched by another; undefined where they have to be judged. */
  readonly merged: (commits: readonly PreparedCommit[]) => Promise<Answers | undefined>
  /** Judged one after another, each with an answer of its own. */
  readonly judged: (commits: readonly PreparedCommit[]) => Promise<Answers>
}

// A further group sets out while others are under way only when it is worth a connection of its own.
const worthwhile = 8

const unanswered: StorageUnavailable = { type: 'StorageUnavailable', detail: 'the group gave no answer' }

/**
 * Lets commits that wait for each other go together. None waits for company: who comes while nothing is under way goes
 * at once, and those who come meanwhile are the next group. Groups are merged for as long as that goes well; after
 * refusals they are judged commit by commit, until a group of which all are accepted.
 */
export const groupCommits = (
  { merged, judged }: GroupWays,
  options: GroupCommitOptions,
): ((commit: PreparedCommit) => Promise<Answer>) => {
  // With none at once, or none of a group, everybody would wait for ever.
  const committers = Math.max(1, options.committers ?? 2)
  const most = Math.max(1, options.most ?? 64)
  let waiting: Waiting[] = []
  let underWay = 0
  let isCalm = true

  const answersOf = async (commits: readonly PreparedCommit[]): Promise<Answers> => {
    const answers = isCalm ? await merged(commits) : undefined
    if (answers !== undefined) return answers
    const each = await judged(commits)
    isCalm = each.isOk() && each.value.every((answer) => answer.isOk())
    return each
  }

  const commitGroup = async (group: readonly Waiting[]): Promise<void> => {
    const answers = await answersOf(group.map(({ commit }) => commit))
    for (const [place, { answer }] of group.entries()) {
      answer(answers.andThen((each) => each[place] ?? err(unanswered)))
    }
  }

  const setOut = async (): Promise<void> => {
    if (underWay >= committers || waiting.length < (underWay === 0 ? 1 : worthwhile)) return
    const { group, rest } = isCalm
      ? pickMergeable(waiting, most)
      : { group: waiting.slice(0, most), rest: waiting.slice(most) }
    waiting = [...rest]
    underWay += 1
    await commitGroup(group)
    underWay -= 1
    void setOut()
  }

  return (commit) =>
    new Promise((answer) => {
      waiting.push({ commit, answer })
      void setOut()
    })
}
