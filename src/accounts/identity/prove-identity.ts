import { errAsync, ok, type Result, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { decideFrom } from '../../shared/audit-origin.js'
import type { Decision, StorageError } from '../../shared/decide-and-commit.js'
import type { InvalidInput } from '../../shared/errors.js'
import { counters, known, row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { challenges } from '../accounts.schema.js'
import { challengeAttempts } from '../budgets.js'
import type { FinishIdentityInput } from '../inputs.js'
import type { AccountsPorts } from '../ports.js'
import { redeemCode } from '../redeem-code.js'
import { readState, stateOf } from './answer-query.js'
import type {
  IdentityProvider,
  IdentityRefused,
  IdentityUnavailable,
  ProviderUnknown,
  VerifiedIdentity,
} from './identity-provider.js'
import { type IdentityPurpose, identityCode, providerOf, requestOf } from './open-identity-challenge.js'

/** Why what a browser brought back proves nobody. */
export type ProveIdentityError = IdentityRefused | IdentityUnavailable | ProviderUnknown | CommandError

/** A person that a provider vouches for. */
export type ProvenIdentity = {
  readonly identity: VerifiedIdentity
  readonly challengeId: string
  /** The session epoch of the account when the way was opened, where it was opened for one. */
  readonly epoch?: number
}

type Redeemed = { readonly kind: 'redeemed'; readonly epoch?: number } | { readonly kind: 'refused' }

const answerInvalid: IdentityRefused = { type: 'IdentityRefused', reason: 'answerInvalid' }

/**
 * Finds out whom a provider vouches for. The challenge is used up before the provider is asked, so that of any number of
 * tries with one answer one at most asks; whoever is interrupted after it begins anew.
 *
 * @errors ProveIdentityError; AlreadyDone when the key was used
 */
export const proveIdentity = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
  asked: {
    readonly action: string
    readonly purpose: IdentityPurpose
    readonly typed: Result<FinishIdentityInput, InvalidInput>
  },
): ResultAsync<ProvenIdentity, ProveIdentityError> => {
  const { action, purpose, typed } = asked
  const { providerId, query, browserToken } = typed.match(
    (given) => given,
    (): FinishIdentityInput => ({ providerId: '', query: '', browserToken: '' }),
  )
  const { challengeId, secret } = readState(stateOf(query) ?? '') ?? { challengeId: '', secret: '' }
  const provider = providerOf(ports, providerId)
  return runCommand(ports, context, input, {
    action,
    secret: true,
    // What the browser brought stays out of what is remembered of the command.
    parse: () => typed.map(() => ({ providerId, challengeId })),
    plan: () => ({
      challenge: challengeId === '' ? known(undefined) : row(challenges, challengeId),
      left: counters(challengeAttempts, challengeId === '' ? [] : [challengeId]),
    }),
    decide: ({ challenge, left }, { actor, now: at }) => {
      // A challenge of another provider or another account is as if absent.
      const own =
        challenge?.state.providerId === providerId &&
        (challenge.state.accountId === undefined || challenge.state.accountId === customerIdOf(actor))
          ? challenge
          : undefined
      const code = identityCode(secret, browserToken)
      return redeemCode(ports, { challenge: own, left, purpose, code, action, actor, at }).map(
        ({ kind, changes }): Decision<Redeemed> => ({
          changes,
          answer:
            kind === 'refused'
              ? { kind }
              : {
                  kind: 'redeemed',
                  ...(own?.state.epoch === undefined ? {} : { epoch: own.state.epoch }),
                },
        }),
      )
    },
  }).andThen((redeemed): ResultAsync<ProvenIdentity, ProveIdentityError> => {
    if (provider === undefined) return errAsync({ type: 'ProviderUnknown', providerId })
    if (redeemed.kind === 'refused') return errAsync(answerInvalid)
    const { kind: _, ...facts } = redeemed
    return ask(ports, provider, { challengeId, secret, browserToken, query })
      .map((identity): ProvenIdentity => ({ identity, challengeId, ...facts }))
      .orElse((error) => noteRefusal(ports, context, { action, challengeId, error }))
  })
}

const ask = (
  ports: AccountsPorts,
  provider: IdentityProvider,
  given: {
    readonly challengeId: string
    readonly secret: string
    readonly browserToken: string
    readonly query: string
  },
): ResultAsync<VerifiedIdentity, ProveIdentityError> =>
  requestOf(ports.digests, given.challengeId, given.secret, given.browserToken).andThen((request) =>
    provider.finish({ ...request, query: given.query }),
  )

const noteRefusal = (
  ports: AccountsPorts,
  { actor, origin }: CommandContext,
  refused: { readonly action: string; readonly challengeId: string; readonly error: ProveIdentityError },
): ResultAsync<never, ProveIdentityError> => {
  const { action, challengeId: subject, error } = refused
  const detail = error.type === 'IdentityRefused' ? error.reason : error.type
  return decideFrom<Readonly<Record<string, never>>, null, StorageError>(ports, origin, {
    scope: { kind: 'all' },
    plan: () => ({}),
    decide: (_, { now: at }) =>
      ok({
        answer: null,
        changes: [auditEntry(ports.ids, { actor, action, subject, at, outcome: 'refused', detail })],
      }),
  }).andThen(() => errAsync(error))
}
