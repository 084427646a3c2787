import { err, okAsync, type ResultAsync } from 'neverthrow'
import type { Decision } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { claims, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { accounts, challenges } from './accounts.schema.js'
import { activateByOf } from './activate-by.js'
import { linesFor, linesLeft, pausesUntil, spendCode, type TooManyCodes } from './budgets.js'
import { codeContact } from './calling-code.js'
import { challengeMachine } from './challenge-machine.js'
import { asContactError, contactMeant, noContact } from './contact-meant.js'
import type { EmailMalformed } from './email-address.js'
import { identifierSpace, identify, keysOf } from './identify.js'
import type { CorrectContactInput } from './inputs.js'
import { parseCorrectContact } from './inputs.schema.js'
import { openChallenge } from './open-challenge.js'
import { ownAuditEntry } from './own-audit-entry.js'
import type { PhoneMalformed } from './phone-number.js'
import type { AccountsPorts } from './ports.js'
import { sealIdentifier } from './profile.js'
import type { CodeRefused } from './redeem-code.js'
import { type Registered, tellOwner } from './register-account.js'
import { type DetailsRefused, judgeIdentifier } from './registration-fields.js'
import { accountOf, changeAccount, putChallenge } from './write-account.js'

/** Why the contact of a registration may not be corrected. */
export type CorrectContactError =
  | CodeRefused
  | EmailMalformed
  | PhoneMalformed
  | DetailsRefused
  | TooManyCodes
  | CommandError

/**
 * Corrects the address or number of a registration that waits for its code: another code goes to the one that was meant,
 * the one before is dead, and the registration lapses when it would have. Whoever names what has an account gets the same
 * answer, and its owner a message.
 *
 * @errors CodeRefused where no registration waits, or one of a device, EmailMalformed, PhoneMalformed, DetailsRefused where the shop asks
 * for the other kind of contact, TooManyCodes, CommandError
 */
export const correctContact = (
  ports: AccountsPorts,
  context: CommandContext,
  input: CorrectContactInput,
): ResultAsync<Registered, CorrectContactError> => {
  const action = 'accounts.correctContact'
  const policy = ports.accountsPolicy
  const meant = parseCorrectContact(input).match(contactMeant, () => noContact)
  return identify(ports, context, meant).andThen((visit) =>
    runCommand(ports, context, input, {
      action,
      parse: parseCorrectContact,
      plan: ({ input: { challengeId }, now }) => ({
        challenge: row(challenges, challengeId),
        account: row(accounts, { from: 'challenge', path: 'accountId' }),
        key: row(subjectKeys, { from: 'challenge', path: 'accountId' }),
        owner: claims(identifierSpace, keysOf(visit)),
        left: linesLeft(linesFor(policy.code, visit, now)),
        pauses: pausesUntil(keysOf(visit)),
      }),
      decide: ({ challenge, account, key, owner, left, pauses }, { actor, now: at }) => {
        const refuse = (error: CorrectContactError) => err<never, CorrectContactError>(error)
        if (challenge === undefined || challenge.state.purpose !== 'activate') return refuse({ type: 'CodeRefused' })
        // It waits by a user name, which another registration may wait for as well: from the device that was meant.
        if (challenge.state.pushedTo !== undefined) return refuse({ type: 'CodeRefused' })
        const lapsesAt = activateByOf(challenge.state, policy)
        const pending = accountOf(challenge.state, account)
        const revoked = decideNext(challengeMachine, challenge.state, { type: 'Revoke', at })
        if (revoked.isErr() || at >= lapsesAt) return refuse({ type: 'CodeRefused' })
        if (visit.identity.isErr()) return refuse(asContactError(visit.identity.error))
        const reasons = judgeIdentifier(policy.registration, meant.kind)
        if (reasons.length > 0) return refuse({ type: 'DetailsRefused', reasons })
        const identity = visit.identity.value
        const spent = spendCode(linesFor(policy.code, visit, at), new Map([...left, ...pauses]))
        if (spent.isErr()) return refuse(spent.error)
        const holder = owner.get(identity.key)
        // The same work where no registration waits any more, and for an address that is taken.
        const accountId = pending?.id ?? ports.ids.next('account')
        return ports.sealer
          .createKey(accountId, 'passing')
          .andThen((nobody) => {
            const sealing = pending === undefined || key === undefined ? nobody : key.state
            return sealIdentifier(ports.sealer, sealing, accountId, identity).andThen((identifier) =>
              openChallenge(ports, {
                purpose: 'activate',
                identifierKey: identity.key,
                receiver: {
                  accountId,
                  epoch: 0,
                  key: sealing,
                  sentTo: codeContact(meant.kind, identity),
                  // A message that waits goes where its code was meant to, not to what the contact was corrected to since.
                  address: identity.value,
                },
                activateBy: lapsesAt,
                at,
              }).map((opened) => ({ identifier, opened })),
            )
          })
          .andThen(({ identifier, opened }): ResultAsync<Decision<Registered>, CorrectContactError> => {
            const { answer, changes, unsent, decoy } = opened
            const decided = (what: Decision<Registered>['changes']) =>
              okAsync<Decision<Registered>, CorrectContactError>({
                answer: { ...answer, activateBy: lapsesAt },
                changes: [
                  putChallenge(challenge.id, challenge.version, revoked.value),
                  ...what,
                  ...spent.value,
                  ownAuditEntry(ports.ids, { actor, action, id: answer.challengeId, at }),
                ],
              })
            const told = holder === undefined ? [] : [tellOwner(answer.challengeId, holder, meant.kind, at)]
            const corrected =
              pending === undefined
                ? undefined
                : changeAccount(pending, { type: 'CorrectContact', kind: meant.kind, identifier })
            if (corrected === undefined || corrected.isErr()) return decided([...decoy, ...told])
            return decided([corrected.value, ...(holder === undefined ? changes : unsent), ...told])
          })
      },
    }),
  )
}
