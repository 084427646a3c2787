import { err, type Result } from 'neverthrow'
import type { PreparedCommit, StorageUnavailable } from 'shopwright'
import type { Answer } from './commit-transaction.js'
import { type GroupOptions, gather, pickFirst } from './gather.js'
import { pickMergeable } from './merge-commits.js'

type Waiting = { readonly commit: PreparedCommit; readonly answer: (answer: Answer) => void }

type Answers = Result<readonly Answer[], StorageUnavailable>

/** The ways a group may go; neither rejects. */
export type GroupWays = {
  /** All of them as one, where nothing that one writes is touched by another; undefined where they have to be judged. */
  readonly merged: (commits: readonly PreparedCommit[]) => Promise<Answers | undefined>
  /** Judged one after another, each with an answer of its own. */
  readonly judged: (commits: readonly PreparedCommit[]) => Promise<Answers>
}

const unanswered: StorageUnavailable = { type: 'StorageUnavailable', detail: 'the group gave no answer' }

/**
 * Lets commits that wait for each other go together. Groups are merged for as long as that goes well; after refusals
 * they are judged commit by commit, until a group of which all are accepted.
 */
export const groupCommits = (
  { merged, judged }: GroupWays,
  options: GroupOptions,
): ((commit: PreparedCommit) => Promise<Answer>) => {
  let isCalm = true

  const answersOf = async (commits: readonly PreparedCommit[]): Promise<Answers> => {
    const answers = isCalm ? await merged(commits) : undefined
    if (answers !== undefined) return answers
    const each = await judged(commits)
    isCalm = each.isOk() && each.value.every((answer) => answer.isOk())
    return each
  }

  const join = gather<Waiting>(
    options,
    (waiting, most) => (isCalm ? pickMergeable(waiting, most) : pickFirst(waiting, most)),
    async (group) => {
      const answers = await answersOf(group.map(({ commit }) => commit))
      for (const [place, { answer }] of group.entries()) {
        answer(answers.andThen((each) => each[place] ?? err(unanswered)))
      }
    },
  )

  return (commit) => new Promise((answer) => join({ commit, answer }))
}
