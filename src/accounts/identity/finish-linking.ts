import { err, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { decideFrom } from '../../shared/audit-origin.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Unreadable } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { claims, row } from '../../shared/read-plan.js'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import { accounts } from '../accounts.schema.js'
import type { FinishIdentityInput } from '../inputs.js'
import { parseFinishLinking } from '../inputs.schema.js'
import type { AccountsPorts } from '../ports.js'
import { openProfile } from '../profile.js'
import type { AlreadyBound } from '../request-binding.js'
import { tellOfIdentifier } from '../tell-of-identifier.js'
import { touchAccount } from '../write-account.js'
import { claimIdentities, identityKeys, identitySpace } from './identity-keys.js'
import { mostLinks, withLink } from './linked-identity.js'
import { linkedIdentities } from './linked-identity.schema.js'
import { type ProveIdentityError, proveIdentity } from './prove-identity.js'
import { putLinks, sealLink } from './write-links.js'

/** An identity leads into the account. */
export type IdentityLinked = { readonly accountId: string; readonly linkId: string; readonly providerId: string }

/** The identity leads into another account: sign in by it and take it off there first. */
export type IdentityTaken = { readonly type: 'IdentityTaken' }

/** The account has as many identities as an account may have. */
export type TooManyLinks = { readonly type: 'TooManyLinks'; readonly most: number }

/** Why an identity may not be linked. */
export type LinkError =
  | ProveIdentityError
  | IdentityTaken
  | AlreadyBound
  | TooManyLinks
  | NotFound
  | Unreadable
  | CommandError

/**
 * Links to one's account the identity that the browser came back with: both sides are proved, the account's by the
 * session that asked and the provider's by what it vouches for. What addresses the two have plays no part. Every contact
 * of the account is told.
 *
 * @errors IdentityRefused, IdentityUnavailable, ProviderUnknown, IdentityTaken, AlreadyBound, TooManyLinks, NotFound,
 * Unreadable, StepUpRequired, CommandError; AlreadyDone when the key was used
 */
export const finishLinking = (
  ports: AccountsPorts,
  context: CommandContext,
  input: FinishIdentityInput,
): ResultAsync<IdentityLinked, LinkError> => {
  const action = 'accounts.finishLinking'
  const accountId = customerIdOf(context.actor)
  const typed = parseFinishLinking(input)
  return proveIdentity(ports, context, input, { action, purpose: 'identityLink', typed }).andThen(
    ({ identity, challengeId, epoch }) =>
      identityKeys(ports.digests, identity).andThen((keys) =>
        decideFrom(ports, context.origin, {
          scope: { kind: 'own', ownerId: accountId },
          plan: () => ({
            owners: claims(identitySpace, keys),
            account: row(accounts, accountId),
            key: row(subjectKeys, accountId),
            links: row(linkedIdentities, accountId),
          }),
          decide: ({ owners, account, key, links }, { now: at }) => {
            const refuse = (error: LinkError) => err<never, LinkError>(error)
            if (account?.state.status !== 'active' || account.state.sessionEpoch !== epoch || key === undefined) {
              return refuse({ type: 'NotFound', entity: 'account', id: accountId })
            }
            if (keys.some((each) => (owners.get(each) ?? accountId) !== accountId)) {
              return refuse({ type: 'IdentityTaken' })
            }
            if (owners.has(keys[0])) return refuse({ type: 'AlreadyBound' })
            if ((links?.state.links.length ?? 0) >= mostLinks) {
              return refuse({ type: 'TooManyLinks', most: mostLinks })
            }
            const standing = account.state
            // A name that another link of the account has already stays with that one.
            const fresh = keys.filter((each) => !owners.has(each))
            const { actor } = context
            const providerId = typed.map((given) => given.providerId).unwrapOr('')
            return openProfile(ports.sealer, key.state, standing)
              .andThen((profile) =>
                tellOfIdentifier(ports, {
                  cause: challengeId,
                  account: standing,
                  key: key.state,
                  profile,
                  kind: 'identity',
                  change: 'added',
                  at,
                }),
              )
              .andThen((notices) =>
                sealLink(ports, key.state, { accountId, providerId, identity, keys: fresh, at }).map(
                  (link): Decision<IdentityLinked> => ({
                    answer: { accountId, linkId: link.linkId, providerId },
                    changes: [
                      touchAccount(account),
                      putLinks(links, withLink(accountId, links?.state, link), {
                        type: 'IdentityLinked',
                        accountId,
                        providerId,
                      }),
                      ...claimIdentities(fresh, accountId),
                      ...notices,
                      auditEntry(ports.ids, {
                        actor,
                        action,
                        subject: accountId,
                        at,
                        outcome: 'done',
                        detail: providerId,
                      }),
                    ],
                  }),
                ),
              )
          },
        }),
      ),
  )
}
