import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { customerIdOf, type Scope } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { decideFrom } from '../../shared/audit-origin.js'
import { type DecidedChange, expectRow, put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { type Place, sealValue } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { readFacts } from '../../shared/read-facts.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, completeCommand, startCommand } from '../../shared/run-command.js'
import { realNameLines, spendCode, type TooManyCodes } from '../budgets.js'
import type { GuardianRequired } from '../consent.js'
import type { AccountsPorts } from '../ports.js'
import { guardianConsent, isChild } from '../register-account.js'
import type {
  ConsentRequired,
  RealNameEvent,
  RealNameKind,
  RealNameNotOffered,
  RealNameProvenBefore,
  RealNameRefused,
  RealNameUnavailable,
  RealNameVerdict,
} from './real-name.js'
import { parseProveRealName, realNameProofs } from './real-name.schema.js'
import { type ClaimFacts, checkClaim, claimPlan, notOffered } from './real-name-claim.js'
import type { ProveRealNameInput } from './real-name-inputs.js'
import { type AgeClass, type IdNumberMalformed, type ResidentId, readResidentId } from './resident-id.js'

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

// What is remembered of a claim under its key: nothing of the person. The class of age is the proof's, and goes with it.
type Step = { readonly requestId: string }
type Answer = { readonly outcome: RealNameVerdict['outcome'] }

const action = 'accounts.proveRealName'

/**
 * Has a real name proved by the shop's verifier: by the number of an identity card, or by a face beside it. It takes a consent
 * of its own for each kind, and of a child its guardian's, given before or with the command. The verdict is kept, with the
 * class of age and the verifier's reference, sealed; name, number and picture are kept nowhere. Withdrawing the consent
 * forgets the proof.
 *
 * @errors RealNameNotOffered, ConsentRequired, GuardianRequired, IdNumberMalformed, RealNameProvenBefore, RealNameRefused,
 * RealNameUnavailable (the same command again goes on), TooManyCodes, NotFound, StepUpRequired, CommandError; AlreadyDone when
 * the proof of the same key has been forgotten since
 */
export const proveRealName = (
  ports: AccountsPorts,
  context: CommandContext,
  input: ProveRealNameInput,
): ResultAsync<RealNameProven, ProveRealNameError> => {
  const accountId = customerIdOf(context.actor)
  const typed = parseProveRealName(input)
  return (
    startCommand<ProveRealNameInput, ReturnType<typeof claimPlan>, Answer, Step, ProveRealNameError>(
      ports,
      context,
      input,
      {
        action,
        // The key is bound to the whole claim, by a keyed digest: no second number goes on under what was found of the first.
        parse: () => typed,
        plan: ({ now, input: { kind } }) => claimPlan(accountId, kind, now),
        decide: (facts, { input: claim, now: at }) =>
          beforeAsking(ports, context, { accountId, claim, facts, at, guardian: claim.guardian }).map((changes) => ({
            answer: { requestId: ports.ids.next('realName') },
            changes,
          })),
      },
    )
      // Nobody is asked to prove who they are for what the shop does not offer.
      .mapErr(
        (error): ProveRealNameError =>
          error.type === 'StepUpRequired'
            ? typed.map((claim) => notOffered(ports, claim) ?? error).unwrapOr(error)
            : error,
      )
      .andThen((progress): ResultAsync<Answer, ProveRealNameError> => {
        if (progress.kind === 'answered') return okAsync(progress.answer)
        if (typed.isErr()) return errAsync(typed.error)
        const { step, scope, resumed } = progress
        const judged = { accountId, claim: typed.value, step, scope }
        return (resumed ? clearAnew(ports, context, judged) : okAsync<null, ProveRealNameError>(null)).andThen(() =>
          askVerifier(ports, context, judged),
        )
      })
      .andThen(({ outcome }) =>
        outcome === 'matched'
          ? showProof(ports, accountId)
          : err<RealNameProven, ProveRealNameError>({ type: 'RealNameRefused', outcome }),
      )
  )
}

type Judged = {
  readonly accountId: string
  readonly claim: ProveRealNameInput
  readonly step: Step
  readonly scope: Scope
}

type Asking = {
  readonly accountId: string
  readonly claim: ProveRealNameInput
  readonly facts: ClaimFacts
  readonly at: Instant
  /** The word of a guardian that comes with the claim. */
  readonly guardian: ProveRealNameInput['guardian']
}

// What has to hold, and what is spent, each time a verifier is asked.
const beforeAsking = (
  ports: AccountsPorts,
  { actor }: CommandContext,
  { accountId, claim, facts, at, guardian }: Asking,
): Result<readonly DecidedChange[], ProveRealNameError> =>
  checkClaim(ports, accountId, claim, facts, at).andThen(({ lacksGuardian, relied }) => {
    if (facts.proof !== undefined) {
      return err<never, ProveRealNameError>({ type: 'RealNameProvenBefore', provenAt: facts.proof.state.provenAt })
    }
    if (lacksGuardian && guardian === undefined) return err<never, ProveRealNameError>(guardianRequired(ports))
    return spendCode(realNameLines(accountId, at), facts.left).map((spent) => [
      ...spent,
      ...relied,
      ...(lacksGuardian && guardian !== undefined
        ? [guardianConsent(ports, accountId, guardian.noticeVersion, at)]
        : []),
      auditEntry(ports.ids, {
        actor,
        action,
        subject: accountId,
        at,
        outcome: 'done',
        detail: `asked:${claim.kind}`,
      }),
    ])
  })

const guardianRequired = ({ accountsPolicy: { privacy } }: AccountsPorts): GuardianRequired => ({
  type: 'GuardianRequired',
  belowYears: privacy.guardianBelowYears,
})

// Between the first try and this one the account may have gone, and what was agreed to. A guardian's word that came with the
// first stands in the ledger: it is not given once more by a repetition.
const clearAnew = (
  ports: AccountsPorts,
  context: CommandContext,
  { accountId, claim, scope }: Judged,
): ResultAsync<null, ProveRealNameError> =>
  decideFrom<ReturnType<typeof claimPlan>, null, ProveRealNameError>(ports, context.origin, {
    scope,
    plan: ({ now }) => claimPlan(accountId, claim.kind, now),
    decide: (facts, { now: at }) =>
      beforeAsking(ports, context, { accountId, claim, facts, at, guardian: undefined }).map((changes) => ({
        changes,
        answer: null,
      })),
  })

const askVerifier = (
  ports: AccountsPorts,
  context: CommandContext,
  judged: Judged,
): ResultAsync<Answer, ProveRealNameError> => {
  const { claim, step } = judged
  const verifier = ports.realNames
  if (verifier === undefined) return errAsync({ type: 'RealNameNotOffered', kind: claim.kind })
  const { guardian: _, ...asked } = claim
  return readResidentId(claim.idNumber, ports.clock.now())
    .asyncAndThen(({ number: idNumber }) => verifier.verify({ ...asked, idNumber, requestId: step.requestId }))
    .andThen((verdict) => keepVerdict(ports, context, { ...judged, verdict }))
}

// The account may have been erased, and a consent withdrawn, while the verifier was asked: nothing is kept then.
const keepVerdict = (
  ports: AccountsPorts,
  context: CommandContext,
  { accountId, claim, scope, verdict: { outcome, reference } }: Judged & { readonly verdict: RealNameVerdict },
): ResultAsync<Answer, ProveRealNameError> =>
  completeCommand<ReturnType<typeof claimPlan>, Answer, ProveRealNameError>(ports, context, {
    action,
    scope,
    plan: ({ now }) => claimPlan(accountId, claim.kind, now),
    decide: (facts, { now: at }) => {
      const refuse = (error: ProveRealNameError) => errAsync<Decision<Answer>, ProveRealNameError>(error)
      const cleared = checkClaim(ports, accountId, claim, facts, at)
      if (cleared.isErr()) return refuse(cleared.error)
      const { key, card, relied, lacksGuardian } = cleared.value
      const { kind } = claim
      const answer = { outcome }
      const note = auditEntry(ports.ids, {
        actor: context.actor,
        action,
        subject: accountId,
        at,
        outcome: outcome === 'matched' ? 'done' : 'refused',
        detail: `${outcome}:${kind}`,
      })
      if (outcome !== 'matched') return okAsync({ answer, changes: [note] })
      if (lacksGuardian) return refuse(guardianRequired(ports))
      if (facts.proof !== undefined) {
        return refuse({ type: 'RealNameProvenBefore', provenAt: facts.proof.state.provenAt })
      }
      const proven: RealNameEvent = { type: 'RealNameProven', accountId, kind }
      return sealValue(ports.sealer, key.state, referencePlace(accountId), reference).map((sealed) => ({
        answer,
        changes: [
          put(realNameProofs, {
            id: accountId,
            version: 0,
            state: { accountId, kind, ageClass: ageClassOf(card, at), reference: sealed, provenAt: at },
            events: [proven],
          }),
          ...relied,
          expectRow(subjectKeys, key),
          note,
        ],
      }))
    },
  })

// Nothing but the proof itself knows the class of age: when it is forgotten, no repetition tells it.
const showProof = (ports: AccountsPorts, accountId: string): ResultAsync<RealNameProven, ProveRealNameError> =>
  readFacts(ports.storage, {
    shop: ports.shop,
    scope: { kind: 'all' },
    at: ports.clock.now(),
    plan: { proof: row(realNameProofs, accountId) },
  }).andThen(({ proof }) =>
    proof === undefined
      ? err<RealNameProven, ProveRealNameError>({ type: 'AlreadyDone', command: action })
      : ok<RealNameProven, ProveRealNameError>({ kind: proof.state.kind, ageClass: proof.state.ageClass }),
  )

const ageClassOf = ({ birthDate }: ResidentId, at: Instant): AgeClass => {
  if (isChild(birthDate, 14, at)) return 'under14'
  return isChild(birthDate, 18, at) ? 'under18' : 'adult'
}

const referencePlace = (accountId: string): Place => ({
  collection: realNameProofs.name,
  id: accountId,
  field: 'reference',
})
