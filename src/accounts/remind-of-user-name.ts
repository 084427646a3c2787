import { err, type ResultAsync } from 'neverthrow'
import { messageIdOf, messageSecretPlace, queueMessage } from '../notify/queue-message.js'
import type { Change } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import { openValue, type SubjectKey, sealValue, type Unreadable } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { claims, row, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import type { Account } from './account.js'
import { maySignIn } from './account-machine.js'
import { accounts } from './accounts.schema.js'
import { linesLeft, pausesUntil, reminderLines, spendCode, type TooManyCodes } from './budgets.js'
import { asContactError, contactMeant, noContact } from './contact-meant.js'
import type { EmailMalformed } from './email-address.js'
import type { ContactKind } from './identifier.js'
import { identifierSpace, identify, keysOf } from './identify.js'
import type { RemindOfUserNameInput } from './inputs.js'
import { parseRemindOfUserName } from './inputs.schema.js'
import { ownAuditEntry } from './own-audit-entry.js'
import type { PhoneMalformed } from './phone-number.js'
import type { AccountsPorts } from './ports.js'
import { channelOf, parseText, profilePlace } from './profile.js'

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
  input: RemindOfUserNameInput,
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
        pauses: pausesUntil(keysOf(visit)),
      }),
      decide: ({ account, key, left, pauses }, { actor, now: at }) => {
        const refuse = (error: RemindOfUserNameError) => err<never, RemindOfUserNameError>(error)
        if (visit.identity.isErr()) return refuse(asContactError(visit.identity.error))
        const spent = spendCode(reminderLines(policy, visit, at), new Map([...left, ...pauses]))
        if (spent.isErr()) return refuse(spent.error)
        const cause = ports.ids.next('reminder')
        return reminderTo(ports, { account, key: key?.state, kind: meant.kind, cause, at }).map(
          (queued): Decision<UserNameReminded> => ({
            answer: { askedAt: at },
            changes: [...queued, ...spent.value, ownAuditEntry(ports.ids, { actor, action, id: cause, at })],
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
  const reached = account !== undefined && key !== undefined && maySignIn(account.state, at)
  const accountId = reached ? account.id : cause
  const message = { cause, accountId, channel: channelOf(kind), at }
  const secretPlace = messageSecretPlace(messageIdOf(message))
  const bound = reached ? account.state.identifiers.userName : undefined
  // One key made, one text opened and one sealed, whoever it is: with keys kept far away, that is what takes time.
  return ports.sealer.createKey(cause, 'passing').andThen((nobody) => {
    if (!reached || bound === undefined) {
      return sealValue(ports.sealer, nobody, secretPlace, '')
        .andThen((sealed) => openValue(ports.sealer, nobody, secretPlace, sealed, parseText))
        .map(() => (reached ? [queueMessage({ ...message, template: 'noUserName' })] : []))
    }
    // The name is personal data: it goes as a code does, sealed until the message is gone.
    return openValue(ports.sealer, key, profilePlace(accountId, 'userName'), bound.value, parseText)
      .andThen((userName) => sealValue(ports.sealer, key, secretPlace, userName))
      .map((secret) => [queueMessage({ ...message, template: 'userNameReminder', secret })])
  })
}
