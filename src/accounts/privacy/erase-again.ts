import { ok, type Result, ResultAsync } from 'neverthrow'
import type { Actor } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { type DecidedChange, removeRow } from '../../shared/commit.js'
import { type Decision, decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import { erasedSubjects, noteErased } from '../../shared/erased-subject.schema.js'
import type { InvalidInput } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { claims, type Facts, row } from '../../shared/read-plan.js'
import { erasedSpace, neverAgain } from '../../shared/subject-key.js'
import type { AccountCommand } from '../account.js'
import { isStanding } from '../account-machine.js'
import { accounts } from '../accounts.schema.js'
import type { AccountsPorts } from '../ports.js'
import { changeAccount } from '../write-account.js'
import { askErasedRows, eraseRows } from './erase-rows.js'
import type { ErasedPerson } from './list-erased.js'
import { askErasure, planFrom } from './plan-erasure.js'
import { parseEraseAgain } from './privacy-inputs.schema.js'

/** What erasing again came to. */
export type ErasedAgain = {
  /** People who stood in the storage once more, and stand there no more. */
  readonly erased: number
  /** People of whom nothing stood there but that they were erased, or not even that; it is noted now. */
  readonly settled: number
  readonly failures: readonly { readonly id: string; readonly reason: string }[]
}

const actor: Actor = { kind: 'system', reason: 'eraseAgain' }

/**
 * Erases people again who were erased once and came back with a backup, by the list that `erasedPeople` gave before: each in
 * a commit of its own, whatever business of theirs is open in what was restored. Safe to repeat. What else there is of them
 * the relay removes, as after any erasure.
 *
 * @errors InvalidInput
 */
export const eraseAgain = (
  ports: AccountsPorts,
  input: { readonly people: readonly ErasedPerson[] },
): ResultAsync<ErasedAgain, InvalidInput> =>
  parseEraseAgain(input).asyncAndThen(({ people }) =>
    people.reduce<ResultAsync<ErasedAgain, InvalidInput>>(
      (before, person) => before.andThen((report) => ResultAsync.fromSafePromise(eraseOne(ports, person, report))),
      ResultAsync.fromSafePromise(Promise.resolve<ErasedAgain>({ erased: 0, settled: 0, failures: [] })),
    ),
  )

const eraseOne = async (ports: AccountsPorts, person: ErasedPerson, report: ErasedAgain): Promise<ErasedAgain> =>
  (await commitAgain(ports, person)).match(
    (was) => ({ ...report, [was]: report[was] + 1 }),
    ({ type }) => ({ ...report, failures: [...report.failures, { id: person.subjectId, reason: type }] }),
  )

const planFor = (ports: AccountsPorts, subjectId: string) => ({
  ...askErasure(ports.personalRecords, subjectId),
  ...askErasedRows(subjectId),
  account: row(accounts, subjectId),
  noted: row(erasedSubjects, subjectId),
  gone: claims(erasedSpace, [subjectId]),
})

type Outcome = 'erased' | 'settled'

const commitAgain = (ports: AccountsPorts, person: ErasedPerson): ResultAsync<Outcome, StorageError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => planFor(ports, person.subjectId),
    decide: (facts, { now }): Result<Decision<Outcome>, never> => {
      const ended = endAccount(ports, facts, person, now)
      if (ended !== undefined) return ok({ answer: 'erased', changes: ended })
      return ok({ answer: 'settled', changes: settle(ports, facts, person, now) })
    },
  })

type FactsOfOne = Facts<ReturnType<typeof planFor>>

const note = (ports: AccountsPorts, subjectId: string, at: Instant): DecidedChange =>
  auditEntry(ports.ids, { actor, action: 'upkeep.eraseAgain', subject: subjectId, at, outcome: 'done' })

const endAccount = (
  ports: AccountsPorts,
  facts: FactsOfOne,
  { subjectId, erasedAt }: ErasedPerson,
  at: Instant,
): readonly DecidedChange[] | undefined => {
  const { account } = facts
  if (account === undefined) return undefined
  const { state } = account
  const command: AccountCommand =
    // A registration that the backup holds before it was activated: no time is given it to be activated once more.
    state.status === 'pending' ? { type: 'Lapse', at: Math.max(at, state.activateBy) } : { type: 'Erase', at }
  if (!isStanding(state) && state.status !== 'pending') return undefined
  return changeAccount(account, command).match(
    (change) => {
      const plan = planFrom(ports.personalRecords, facts, at, ports.accountsPolicy)
      return [change, ...eraseRows(ports, account, facts, plan, { at, erasedAt }).changes, note(ports, subjectId, at)]
    },
    () => undefined,
  )
}

const settle = (
  ports: AccountsPorts,
  { key, noted, gone }: FactsOfOne,
  { subjectId, erasedAt }: ErasedPerson,
  at: Instant,
): readonly DecidedChange[] => {
  const isGone = gone.has(subjectId)
  if (isGone && noted !== undefined && key === undefined) return []
  return [
    ...(key === undefined ? [] : [removeRow(subjectKeys, key)]),
    ...(isGone ? [] : [neverAgain(subjectId)]),
    ...(noted === undefined
      ? [noteErased({ subjectId, erasedAt, destroyFrom: ports.sealer.destroyKey === undefined ? null : at })]
      : []),
    note(ports, subjectId, at),
  ]
}
