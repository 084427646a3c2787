import { err, errAsync, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../../shared/audit-entry.js'
import { decideFrom } from '../../shared/audit-origin.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { Instant } from '../../shared/instant.js'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import type { SignedIn, SignInRefused } from '../begin-session.js'
import type { GuardianRequired } from '../consent.js'
import type { SecondFactorRequired } from '../enter-account.js'
import type { FinishProviderSignInInput } from '../inputs.js'
import { parseFinishProviderSignIn } from '../inputs.schema.js'
import type { AccountsPorts } from '../ports.js'
import type { DetailsRefused } from '../registration-fields.js'
import { arrivalOf, arrivalPlan } from './arrival.js'
import { enterByIdentity, type IdentityEntry, type LinkFirst, sessionOf } from './enter-by-identity.js'
import { keepIdentity } from './keep-identity.js'
import { type ProveIdentityError, proveIdentity } from './prove-identity.js'

/**
 * The person is not known yet, and the shop asks of who registers what was not told. `registerByProvider` takes it with the
 * token, without another trip to the provider.
 */
export type RegistrationUnfinished = {
  readonly type: 'RegistrationUnfinished'
  /** What is lacking; `signUpProgress` says everything that is asked. */
  readonly because: DetailsRefused | GuardianRequired
  /** To be kept by this browser alone, as a session's token is. */
  readonly token: string
  readonly expiresAt: Instant
}

/** Why nobody is signed in by a provider. */
export type ProviderSignInError =
  | ProveIdentityError
  | SignInRefused
  | SecondFactorRequired
  | LinkFirst
  | RegistrationUnfinished
  | CommandError

type Outcome = IdentityEntry | { readonly kind: 'unfinished'; readonly unfinished: RegistrationUnfinished }

/**
 * Signs in whom a provider vouches for, by what the browser brought back. Who is not known yet is registered by the same
 * rules as by `register`, active at once, and so is the address that the provider has proved, where nobody has it. A second
 * factor is asked for as after every first proof.
 *
 * @errors IdentityRefused, IdentityUnavailable, ProviderUnknown, SignInRefused, SecondFactorRequired, LinkFirst,
 * RegistrationUnfinished where the shop asks for more, CommandError; AlreadyDone when the key was used
 */
export const finishProviderSignIn = (
  ports: AccountsPorts,
  context: CommandContext,
  input: FinishProviderSignInInput,
): ResultAsync<SignedIn, ProviderSignInError> => {
  const action = 'accounts.finishProviderSignIn'
  const typed = parseFinishProviderSignIn(input)
  const nothing: FinishProviderSignInInput = { providerId: '', query: '', browserToken: '', locale: 'zh-CN' }
  const { providerId, locale, query: _, browserToken: __, ...person } = typed.unwrapOr(nothing)
  return proveIdentity(ports, context, input, { action, purpose: 'identitySignIn', typed })
    .andThen(({ identity }) =>
      arrivalOf(ports, context.origin, { identity, providerId }).andThen((arrival) =>
        decideFrom(ports, context.origin, {
          scope: { kind: 'all' },
          plan: () => arrivalPlan(arrival),
          decide: (facts, { now: at }) => {
            const { actor } = context
            return enterByIdentity(ports, facts, { arrival, person, locale, action, actor, at })
              .map((decision): Decision<Outcome> => decision)
              .orElse((error): ResultAsync<Decision<Outcome>, ProviderSignInError> => {
                if (error.type !== 'DetailsRefused' && error.type !== 'GuardianRequired') return errAsync(error)
                return keepIdentity(ports, arrival, at).map(({ changes, ...kept }) => ({
                  answer: {
                    kind: 'unfinished',
                    unfinished: { type: 'RegistrationUnfinished', because: error, ...kept },
                  },
                  changes: [
                    ...changes,
                    auditEntry(ports.ids, {
                      actor,
                      action,
                      subject: `provider:${providerId}`,
                      at,
                      outcome: 'refused',
                      detail: error.type,
                    }),
                  ],
                }))
              })
          },
        }),
      ),
    )
    .andThen((outcome) =>
      outcome.kind === 'unfinished' ? err<never, ProviderSignInError>(outcome.unfinished) : sessionOf(outcome),
    )
}
