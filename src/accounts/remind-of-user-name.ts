import { err, okAsync, type ResultAsync } from 'neverthrow'
import { messageIdOf, messageSecretPlace, queueMessage } from '../notify/queue-message.js'
import { auditEntry } from '../shared/audit-entry.js'
import type { Change } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import { type SubjectKey, sealValue, type Unreadable } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { claims, row, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import type { Account } from './account.js'
import { maySignIn } from './account-machine.js'
import { accounts } from './accounts.schema.js'
import { linesLeft, reminderLines, spendCode, type TooManyCodes } from './budgets.js'
import { asContactError, contactMeant, noContact } from './contact-meant.js'
import type { EmailMalformed } from './email-address.js'
import type { ContactKind } from './identifier.js'
import { identifierSpace, identify, keysOf } from './identify.js'
import { parseRemindOfUserName } from './inputs.schema.js'
import type { PhoneMalformed } from './phone-number.js'
import type { AccountsPorts } from './ports.js'
import { channelOf, openProfile } from './profile.js'

/** Whoever the address or number belongs to is told there, if it is anybody's. */
export type UserNameReminded = { readonly askedAt: Instant }

/** Why nobody is reminded. */
export type RemindOfUserNameError = EmailMalformed | PhoneMalformed | TooManyCodes | Unreadable | CommandError

/**
 * Sends the user name of an account to its own address or number, and nowhere else. The answer is the same whether there
 * is such an account or not, and whether it has a user name.
 *
 * @errors EmailMalformed, PhoneMalformed, TooManyCodes, Unreadable, CommandError
 */
export const remindOfUserName = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<UserNameReminded, RemindOfUserNameError> => {
  const action = 'accounts.remindOfUserName'
  const policy = ports.accountsPolicy.code
  const meant = parseRemindOfUserName(input).match(contactMeant, () => noContact)
  return identify(ports, context, meant).andThen((visit) =>
    runCommand(ports, context, input, {
      action,
      parse: parseRemindOfUserName,
      plan: ({ now }) => ({
        owner: claims(identifierSpace, keysOf(visit)),
        account: row(accounts, { from: 'owner', path: '' }),
        key: row(subjectKeys, { from: 'owner', path: '' }),
        left: linesLeft(reminderLines(policy, visit, now)),
      }),
      decide: ({ account, key, left }, { actor, now: at }) => {
        const refuse = (error: RemindOfUserNameError) => err<never, RemindOfUserNameError>(error)
        if (visit.identity.isErr()) return refuse(asContactError(visit.identity.error))
        const spent = spendCode(reminderLines(policy, visit, at), left)
        if (spent.isErr()) return refuse(spent.error)
        const cause = ports.ids.next('reminder')
        return reminderTo(ports, { account, key: key?.state, kind: meant.kind, cause, at })
          .mapErr((error): RemindOfUserNameError => error)
          .map(
            (queued): Decision<UserNameReminded> => ({
              answer: { askedAt: at },
              changes: [
                ...queued,
                ...spent.value,
                auditEntry(ports.ids, { actor, action, subject: cause, at, outcome: 'done' }),
              ],
            }),
          )
      },
    }),
  )
}

const reminderTo = (
  ports: AccountsPorts,
  asked: {
    readonly account: Stored<Account> | undefined
    readonly key: SubjectKey | undefined
    readonly kind: ContactKind
    readonly cause: string
    readonly at: Instant
  },
): ResultAsync<readonly Change[], Unreadable | CryptoUnavailable> => {
  const { account, key, kind, cause, at } = asked
  if (account === undefined || key === undefined || !maySignIn(account.state, at)) return okAsync([])
  const message = { cause, accountId: account.id, channel: channelOf(kind), at }
  return openProfile(ports.sealer, key, account.state).andThen(({ userName }) =>
    userName === undefined
      ? okAsync([queueMessage({ ...message, template: 'noUserName' })])
      : // The name is personal data: it goes as a code does, sealed until the message is gone.
        sealValue(ports.sealer, key, messageSecretPlace(messageIdOf(message)), userName).map((secret) => [
          queueMessage({ ...message, template: 'userNameReminder', secret }),
        ]),
  )
}
