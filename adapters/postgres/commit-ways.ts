import { err, ok, type Result } from 'neverthrow'
import { type Committed, compareCodePoints, type PreparedCommit, type StorageUnavailable } from 'shopwright'
import type { OperationCodes } from './commit-function.js'
import { createStatementForm } from './commit-statement.js'
import { type Answer, commitTogether } from './commit-transaction.js'
import { isMissingFunction, isPassing, refusalOf, stateOf, unavailable } from './errors.js'
import { createFunctionForm, type FunctionCall } from './function-call.js'
import type { GroupWays } from './group-commit.js'
import { mergeCommits } from './merge-commits.js'
import type { QueryRows, Session } from './queryable.js'
import type { Registry } from './registry.js'

/** How a commit reaches the server; all three give the same answers. */
export type CommitForm =
  /** A transaction of several statements; asks the least of the server. */
  | 'transaction'
  /** One statement, written for the parts that a commit touches. */
  | 'statement'
  /** One call of a function that the migration has installed. */
  | 'function'

/** What every storage over one registry shares. */
export type Shared = {
  readonly registry: Registry
  /** Which form to take, as seen through a session. */
  readonly formFor: (session: Session) => Promise<CommitForm>
  /** Lets the form be looked up anew. */
  readonly forgetForm: () => void
  readonly functionName: string
  readonly codes: OperationCodes
  readonly textOfShape: (shape: string, make: () => string) => string
}

/** The name of a statement, where statements have names. */
export type NameOf = (text: string) => string | undefined

/** How commits are written through a session: one, and the ways of a group; none of them rejects. */
export type CommitWays = GroupWays & { readonly one: (commit: PreparedCommit) => Promise<Answer> }

const byCounter = (a: Committed['counters'][number], b: Committed['counters'][number]): number =>
  compareCodePoints(a.counter, b.counter) || compareCodePoints(a.id, b.id)

const committedOf = ({ rows }: QueryRows): Committed => {
  // The text is the list of counter, id and value that the commit's own SQL has written.
  const moved = JSON.parse(String(rows[0]?.counters ?? '[]')) as readonly (readonly [string, string, number])[]
  return { counters: moved.map(([counter, id, value]) => ({ counter, id, value })).sort(byCounter) }
}

// The function answers the new values alone, `{1,2}`, in the order in which it was given the counters.
const committedBy = ({ rows }: QueryRows, moved: FunctionCall['counters']): Committed => {
  const values = String(rows[0]?.counters ?? '{}')
    .slice(1, -1)
    .split(',')
  return {
    counters: moved.map(({ counter, id }, place) => ({ counter, id, value: Number(values[place]) })).sort(byCounter),
  }
}

// Faults of one commit's own content: the transaction is over and certainly wrote nothing.
const isFaultOfContent = (error: unknown): boolean => /^(21|22|23|54|P0)/.test(stateOf(error) ?? '')

/** Commits, all of whose collections, counters and logs the registry knows, through a session. */
export const createCommitWays = (shared: Shared, session: Session, nameOf: NameOf): CommitWays => {
  const { registry } = shared
  const statementForm = createStatementForm(registry, shared.textOfShape, nameOf)
  const texts = { textOfShape: shared.textOfShape, nameOf }
  const functionForm = createFunctionForm(shared.functionName, shared.codes, nameOf)

  const minimumOf = (counter: string): number => registry.counters.get(counter)?.family.minimum ?? 0

  const commitBy = async (form: CommitForm, commit: PreparedCommit): Promise<Answer> => {
    switch (form) {
      case 'transaction': {
        const [answer] = await commitTogether(registry, session, [commit], texts)
        return answer ?? err({ type: 'StorageUnavailable', detail: 'the transaction gave no answer' })
      }
      case 'statement':
        return ok(committedOf(await session.write(statementForm(commit))))
      case 'function': {
        const { statement, counters } = functionForm(commit)
        return ok(committedBy(await session.write(statement), counters))
      }
    }
  }

  const commitOnce = async (commit: PreparedCommit): Promise<Answer> => {
    const form = await shared.formFor(session)
    try {
      return await commitBy(form, commit)
    } catch (error) {
      const refusal = form === 'transaction' ? undefined : refusalOf(error, commit)
      if (refusal !== undefined) return err(refusal)
      throw error
    }
  }

  const commitOne = async (commit: PreparedCommit): Promise<Answer> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await commitOnce(commit)
      } catch (error) {
        if (isMissingFunction(error)) shared.forgetForm()
        if (attempt >= session.attempts || !(isPassing(error) || isMissingFunction(error)))
          return err(unavailable(error))
      }
    }
  }

  const commitAll = async (
    commits: readonly PreparedCommit[],
  ): Promise<Result<readonly Answer[], StorageUnavailable>> => {
    if (commits.length === 1) return ok(await Promise.all(commits.map(commitOne)))
    for (let attempt = 1; ; attempt += 1) {
      try {
        return ok(await commitTogether(registry, session, commits, texts))
      } catch (error) {
        if (isPassing(error) && attempt < session.attempts) continue
        if (!isPassing(error) && !isFaultOfContent(error)) return err(unavailable(error))
        break
      }
    }
    // One commit is at fault, or in the others' way: each by itself, so that its fault stays its own.
    const answers: Answer[] = []
    for (const commit of commits) answers.push(await commitOne(commit))
    return ok(answers)
  }

  const mergeAndCommit = async (
    commits: readonly PreparedCommit[],
    mayLeaveOut: boolean,
  ): Promise<Result<readonly Answer[], StorageUnavailable> | undefined> => {
    const [first] = commits
    if (first === undefined) return ok([])
    // One alone goes as a group does: by a text that the connection has planned, not by one that it seldom meets.
    const merged = mergeCommits(first.shop, commits, minimumOf)
    try {
      const written = committedOf(await session.write(statementForm(merged.commit, 0)))
      return ok(merged.answersOf(written).map((each): Answer => ok(each)))
    } catch (error) {
      const refusal = refusalOf(error, merged.commit)
      // Nothing that a version or a claim hangs on is touched by another of the group: this one is refused whoever goes
      // with it, and says why by itself. Of a counter it may be another's turn.
      if (mayLeaveOut && (refusal?.type === 'VersionConflict' || refusal?.type === 'AlreadyClaimed')) {
        const place = merged.placeOf(refusal.index)
        const others = await mergeAndCommit([...commits.slice(0, place), ...commits.slice(place + 1)], false)
        if (others?.isOk() !== true) return others
        const own = await Promise.all(commits.slice(place, place + 1).map(commitOne))
        return ok([...others.value.slice(0, place), ...own, ...others.value.slice(place)])
      }
      return isPassing(error) || isFaultOfContent(error) ? undefined : err(unavailable(error))
    }
  }

  return {
    one: commitOne,
    merged: (commits) => mergeAndCommit(commits, true),
    judged: (commits) => commitAll(commits).catch((error: unknown) => err(unavailable(error))),
  }
}
