import { err, okAsync, type ResultAsync } from 'neverthrow'
import { admit } from '../../shared/admit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import { counters, known, row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { challenges } from '../accounts.schema.js'
import type { SignedIn, SignInRefused } from '../begin-session.js'
import { challengeAttempts } from '../budgets.js'
import type { GuardianRequired } from '../consent.js'
import type { SecondFactorRequired } from '../enter-account.js'
import type { RegisterByProviderInput } from '../inputs.js'
import { parseRegisterByProvider } from '../inputs.schema.js'
import type { AccountsPorts } from '../ports.js'
import { type CodeRefused, redeemCode } from '../redeem-code.js'
import type { DetailsRefused } from '../registration-fields.js'
import { arrivalOf, arrivalPlan } from './arrival.js'
import { enterByIdentity, type IdentityEntry, type LinkFirst, sessionOf } from './enter-by-identity.js'
import { openKeptIdentity } from './keep-identity.js'

/** Why somebody whom a provider vouches for is not registered. */
export type RegisterByProviderError =
  | CodeRefused
  | DetailsRefused
  | GuardianRequired
  | LinkFirst
  | SignInRefused
  | SecondFactorRequired
  | CommandError

type Outcome = IdentityEntry | { readonly kind: 'unproven' }

/**
 * Goes on where `finishProviderSignIn` answered `RegistrationUnfinished`: registers by the identity that was proved then, with
 * what the shop asks. What is still lacking is told, and the token stays good; it opens one account, once.
 *
 * @errors CodeRefused where the token is used, too old or none, DetailsRefused with a reason by field, GuardianRequired,
 * LinkFirst, SignInRefused, SecondFactorRequired, CommandError; AlreadyDone when the key was used
 */
export const registerByProvider = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RegisterByProviderInput,
): ResultAsync<SignedIn, RegisterByProviderError> => {
  const action = 'accounts.registerByProvider'
  const typed = parseRegisterByProvider(input)
  const token = typed.match(
    (given) => given.token,
    () => '',
  )
  // Whoever may not ask has nothing read for them.
  const allowed = admit(ports, context, action)
  return allowed
    .andThen((scope) => openKeptIdentity(ports, token).map((opened) => ({ scope, opened })))
    .andThen(({ scope, opened }) =>
      opened?.proven === undefined
        ? okAsync({ scope, challengeId: opened?.challengeId, arrival: undefined })
        : arrivalOf(ports, context.origin, opened.proven).map((arrival) => ({
            scope,
            challengeId: opened.challengeId,
            arrival,
          })),
    )
    .andThen(({ scope, challengeId, arrival }) =>
      // The authorizer has been asked, and is not asked twice of one command.
      runCommand({ ...ports, authorizer: { authorize: () => okAsync(scope) } }, context, input, {
        action,
        secret: true,
        // The token stays out of what is remembered of the command.
        parse: () => typed.map(({ token: _, ...person }) => person),
        plan: () => ({
          challenge: challengeId === undefined ? known(undefined) : row(challenges, challengeId),
          left: counters(challengeAttempts, challengeId === undefined ? [] : [challengeId]),
          ...arrivalPlan(arrival ?? { keys: [], email: undefined, device: undefined }),
        }),
        decide: ({ challenge, left, ...facts }, { input: { locale, ...person }, actor, now: at }) =>
          redeemCode(ports, { challenge, left, purpose: 'identityRegister', code: token, action, actor, at }).andThen(
            (verdict): ResultAsync<Decision<Outcome>, RegisterByProviderError> => {
              if (verdict.kind === 'refused' || arrival === undefined) {
                return okAsync({ answer: { kind: 'unproven' }, changes: verdict.changes })
              }
              return enterByIdentity(ports, facts, { arrival, person, locale, action, actor, at }).map(
                ({ answer, changes }) => ({ answer, changes: [...verdict.changes, ...changes] }),
              )
            },
          ),
      }),
    )
    .andThen((outcome) =>
      outcome.kind === 'unproven' ? err<never, RegisterByProviderError>({ type: 'CodeRefused' }) : sessionOf(outcome),
    )
}
