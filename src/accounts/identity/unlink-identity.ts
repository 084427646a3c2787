import { err, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { expectRow } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Unreadable } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { accounts } from '../accounts.schema.js'
import type { UnlinkIdentityInput } from '../inputs.js'
import { parseUnlinkIdentity } from '../inputs.schema.js'
import { passkeys } from '../passkey/passkey.schema.js'
import type { AccountsPorts } from '../ports.js'
import { openProfile } from '../profile.js'
import { tellOfIdentifier } from '../tell-of-identifier.js'
import { releaseIdentities } from './identity-keys.js'
import { type LastWayIn, waysInto } from './linked-identity.js'
import { linkedIdentities } from './linked-identity.schema.js'
import { putLinks } from './write-links.js'

/** An identity leads into the account no longer. */
export type IdentityUnlinked = { readonly accountId: string; readonly linkId: string }

/** Why an identity may not be taken off. */
export type UnlinkError = LastWayIn | NotFound | Unreadable | CommandError

/**
 * Takes an identity off one's account, unless nothing else leads into it; every contact of the account is told.
 *
 * @errors LastWayIn, NotFound, Unreadable, StepUpRequired, CommandError
 */
export const unlinkIdentity = (
  ports: AccountsPorts,
  context: CommandContext,
  input: UnlinkIdentityInput,
): ResultAsync<IdentityUnlinked, UnlinkError> => {
  const accountId = customerIdOf(context.actor)
  return runCommand(ports, context, input, {
    action: 'accounts.unlinkIdentity',
    parse: parseUnlinkIdentity,
    plan: () => ({
      account: row(accounts, accountId),
      key: row(subjectKeys, accountId),
      links: row(linkedIdentities, accountId),
      kept: row(passkeys, accountId),
    }),
    decide: ({ account, key, links, kept }, { input: { linkId }, actor, now: at }) => {
      const refuse = (error: UnlinkError) => err<never, UnlinkError>(error)
      const link = links?.state.links.find((each) => each.linkId === linkId)
      if (account?.state.status !== 'active' || key === undefined || links === undefined || link === undefined) {
        return refuse({ type: 'NotFound', entity: 'identity', id: linkId })
      }
      const standing = account.state
      const others = links.state.links.filter((each) => each.linkId !== linkId)
      if (waysInto(ports, standing, { links: others, passkeys: kept?.state.keys ?? [] }) === 0)
        return refuse({ type: 'LastWayIn' })
      const { providerId } = link
      return openProfile(ports.sealer, key.state, standing)
        .andThen((profile) =>
          tellOfIdentifier(ports, {
            cause: `${linkId}:unlinked`,
            account: standing,
            key: key.state,
            profile,
            kind: 'identity',
            change: 'removed',
            at,
          }),
        )
        .map(
          (notices): Decision<IdentityUnlinked> => ({
            answer: { accountId, linkId },
            changes: [
              // What else leads in must still do so when this is written.
              expectRow(accounts, account),
              ...(kept === undefined ? [] : [expectRow(passkeys, kept)]),
              putLinks(links, { accountId, links: others }, { type: 'IdentityUnlinked', accountId, providerId }),
              // What another link lists as well leads in by that one.
              ...releaseIdentities(
                link.keys.filter((each) => !others.some(({ keys }) => keys.includes(each))),
                accountId,
              ),
              ...notices,
              auditEntry(ports.ids, {
                actor,
                action: 'accounts.unlinkIdentity',
                subject: accountId,
                at,
                outcome: 'done',
                detail: providerId,
              }),
            ],
          }),
        )
    },
  })
}
