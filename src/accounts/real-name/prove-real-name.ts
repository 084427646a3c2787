import { err, errAsync, ok, okAsync, type ResultAsync } from 'neverthrow'
import { customerIdOf, type Scope } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { expectRow, put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import { type Place, sealValue } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { type Entry, entries, row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, completeCommand, startCommand } from '../../shared/run-command.js'
import { isStanding } from '../account-machine.js'
import { accounts, consentLog } from '../accounts.schema.js'
import { linesLeft, realNameLines, spendCode, type TooManyCodes } from '../budgets.js'
import type { ConsentEntry, GuardianRequired } from '../consent.js'
import type { AccountsPorts } from '../ports.js'
import { standingConsents } from '../privacy/show-consents.js'
import { isChild } from '../register-account.js'
import {
  type ConsentRequired,
  type RealNameEvent,
  type RealNameKind,
  type RealNameNotOffered,
  type RealNameProvenBefore,
  type RealNameRefused,
  type RealNameUnavailable,
  type RealNameVerdict,
  realNamePurposes,
} from './real-name.js'
import { parseProveRealName, realNameProofs } from './real-name.schema.js'
import type { ProveRealNameInput } from './real-name-inputs.js'
import { type AgeClass, type IdNumberMalformed, readResidentId } from './resident-id.js'

/** The real name is proven. */
export type RealNameProven = { readonly kind: RealNameKind; readonly ageClass: AgeClass }

/** Why a real name is not proven. */
export type ProveRealNameError =
  | RealNameNotOffered
  | ConsentRequired
  | GuardianRequired
  | IdNumberMalformed
  | RealNameProvenBefore
  | RealNameRefused
  | RealNameUnavailable
  | TooManyCodes
  | NotFound
  | CommandError

// All that is remembered of a claim: which kind it was, and what its number says of an age.
type Step = { readonly kind: RealNameKind; readonly ageClass: AgeClass; readonly requestId: string }
type Outcome = RealNameVerdict['outcome']
type Answer = RealNameProven & { readonly outcome: Outcome }

const action = 'accounts.proveRealName'

/**
 * Has a real name proved by the shop's verifier: by the number of an identity card, or by a face beside it. It takes a consent
 * of its own for each kind, and of a child its guardian's. The verdict is kept, with the class of age and the verifier's
 * reference, sealed; name, number and picture are kept nowhere. Withdrawing the consent forgets the proof.
 *
 * @errors RealNameNotOffered, ConsentRequired, GuardianRequired, IdNumberMalformed, RealNameProvenBefore, RealNameRefused,
 * RealNameUnavailable (the same command again goes on), TooManyCodes, NotFound, StepUpRequired, CommandError
 */
export const proveRealName = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<RealNameProven, ProveRealNameError> => {
  const accountId = customerIdOf(context.actor)
  const typed = parseProveRealName(input)
  return startCommand<Pick<ProveRealNameInput, 'kind'>, ReturnType<typeof claimPlan>, Answer, Step, ProveRealNameError>(
    ports,
    context,
    input,
    {
      action,
      parse: () => typed.map(({ kind }) => ({ kind })),
      plan: ({ now }) => claimPlan(accountId, now),
      decide: ({ account, key, proof, consents, left }, { actor, input: { kind }, now: at }) => {
        const refuse = (error: ProveRealNameError) => err<never, ProveRealNameError>(error)
        if (ports.realNames?.kinds.includes(kind) !== true) return refuse({ type: 'RealNameNotOffered', kind })
        if (account === undefined || !isStanding(account.state) || key === undefined) {
          return refuse({ type: 'NotFound', entity: 'account', id: accountId })
        }
        if (proof !== undefined) return refuse({ type: 'RealNameProvenBefore', provenAt: proof.state.provenAt })
        if (!stands(ports, realNamePurposes[kind], consents)) {
          return refuse({ type: 'ConsentRequired', purpose: realNamePurposes[kind] })
        }
        // Checked here and not at the door: whoever has not agreed is told that first.
        const card = typed.andThen(({ idNumber }) => readResidentId(idNumber, at))
        if (card.isErr()) return refuse(card.error)
        const { guardianBelowYears: belowYears } = ports.accountsPolicy.privacy
        const isGuarded = consents.some(({ body }) => body.purpose === 'guardian' && body.decision === 'given')
        if (isChild(card.value.birthDate, belowYears, at) && !isGuarded) {
          return refuse({ type: 'GuardianRequired', belowYears })
        }
        return spendCode(realNameLines(accountId, at), left)
          .mapErr((error): ProveRealNameError => error)
          .map((spent) => ({
            answer: { kind, ageClass: ageClassOf(card.value.birthDate, at), requestId: ports.ids.next('realName') },
            changes: [
              ...spent,
              expectRow(accounts, account),
              auditEntry(ports.ids, {
                actor,
                action,
                subject: accountId,
                at,
                outcome: 'done',
                detail: `asked:${kind}`,
              }),
            ],
          }))
      },
    },
  )
    .andThen((progress): ResultAsync<Answer, ProveRealNameError> => {
      if (progress.kind === 'answered') return okAsync(progress.answer)
      const { step, scope } = progress
      const claimed = typed.andThen((given) =>
        readResidentId(given.idNumber, ports.clock.now()).map(({ number }) => ({ ...given, idNumber: number })),
      )
      const verifier = ports.realNames
      if (claimed.isErr()) return errAsync(claimed.error)
      if (verifier === undefined) return errAsync({ type: 'RealNameNotOffered', kind: step.kind })
      return verifier
        .verify({ ...claimed.value, requestId: step.requestId })
        .mapErr((error): ProveRealNameError => error)
        .andThen((verdict) => keepVerdict(ports, context, { accountId, step, scope, verdict }))
    })
    .andThen(({ outcome, kind, ageClass }) =>
      outcome === 'matched'
        ? ok<RealNameProven, ProveRealNameError>({ kind, ageClass })
        : err<RealNameProven, ProveRealNameError>({ type: 'RealNameRefused', outcome }),
    )
}

const claimPlan = (accountId: string, now: number) => ({
  account: row(accounts, accountId),
  key: row(subjectKeys, accountId),
  proof: row(realNameProofs, accountId),
  consents: entries(consentLog, {
    where: [
      { field: 'accountId', is: 'eq', value: accountId },
      { field: 'purpose', is: 'in', values: [...Object.values(realNamePurposes), 'guardian'] },
    ],
    orderBy: { field: 'at', direction: 'descending' },
    limit: 100,
  }),
  left: linesLeft(realNameLines(accountId, now)),
})

const stands = (
  { accountsPolicy: { consents } }: AccountsPorts,
  purpose: string,
  ledger: readonly Entry<ConsentEntry>[],
): boolean =>
  // Of one moment the entry that was written last comes first.
  standingConsents(
    consents,
    [...ledger].reverse().map(({ body }) => body),
  ).some((each) => each.purpose === purpose && each.standing === 'given')

const ageClassOf = (birthDate: string, at: number): AgeClass => {
  if (isChild(birthDate, 14, at)) return 'under14'
  return isChild(birthDate, 18, at) ? 'under18' : 'adult'
}

type Judged = {
  readonly accountId: string
  readonly step: Step
  readonly scope: Scope
  readonly verdict: RealNameVerdict
}

// The account may have been erased, and the consent withdrawn, while the verifier was asked: nothing is kept then.
const keepVerdict = (
  ports: AccountsPorts,
  context: CommandContext,
  { accountId, step: { kind, ageClass }, scope, verdict }: Judged,
): ResultAsync<Answer, ProveRealNameError> =>
  completeCommand<ReturnType<typeof claimPlan>, Answer, ProveRealNameError>(ports, context, {
    action,
    scope,
    plan: ({ now }) => claimPlan(accountId, now),
    decide: ({ account, key, proof, consents }, { now: at }) => {
      const refuse = (error: ProveRealNameError) => errAsync<Decision<Answer>, ProveRealNameError>(error)
      if (account === undefined || !isStanding(account.state) || key === undefined) {
        return refuse({ type: 'NotFound', entity: 'account', id: accountId })
      }
      if (!stands(ports, realNamePurposes[kind], consents)) {
        return refuse({ type: 'ConsentRequired', purpose: realNamePurposes[kind] })
      }
      const { outcome, reference } = verdict
      const answer = { kind, ageClass, outcome }
      const note = auditEntry(ports.ids, {
        actor: context.actor,
        action,
        subject: accountId,
        at,
        outcome: outcome === 'matched' ? 'done' : 'refused',
        detail: `${outcome}:${kind}`,
      })
      if (outcome !== 'matched') return okAsync({ answer, changes: [note] })
      if (proof !== undefined) return refuse({ type: 'RealNameProvenBefore', provenAt: proof.state.provenAt })
      const proven: RealNameEvent = { type: 'RealNameProven', accountId, kind }
      return sealValue(ports.sealer, key.state, referencePlace(accountId), reference).map((sealed) => ({
        answer,
        changes: [
          put(realNameProofs, {
            id: accountId,
            version: 0,
            state: { accountId, kind, ageClass, reference: sealed, provenAt: at },
            events: [proven],
          }),
          expectRow(accounts, account),
          expectRow(subjectKeys, key),
          note,
        ],
      }))
    },
  })

const referencePlace = (accountId: string): Place => ({
  collection: realNameProofs.name,
  id: accountId,
  field: 'reference',
})
