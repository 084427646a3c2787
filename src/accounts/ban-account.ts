import { err, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../shared/audit-entry.js'
import { removeRow } from '../shared/commit.js'
import type { NotFound } from '../shared/errors.js'
import { row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import type { Account, AccountError } from './account.js'
import { accounts, sessions } from './accounts.schema.js'
import type { BanAccountInput, LiftBanInput } from './inputs.js'
import { parseBanAccount, parseLiftBan } from './inputs.schema.js'
import { sessionsOf } from './my-sessions.js'
import type { AccountsPorts } from './ports.js'
import { tellOfBan, tellOfLift } from './tell-of-ban.js'
import { changeAccount } from './write-account.js'

/** How an account stands after a ban or its end. */
export type BanAnswer = { readonly accountId: string; readonly status: Account['status'] }

/**
 * Bans an account, ends its sessions, and tells its owner why and until when.
 *
 * @errors NotFound, AccountStateForbids, BanOver, CommandError
 */
export const banAccount = (
  ports: AccountsPorts,
  context: CommandContext,
  input: BanAccountInput,
): ResultAsync<BanAnswer, NotFound | AccountError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'accounts.ban',
    parse: parseBanAccount,
    plan: ({ input: { accountId } }) => ({ account: row(accounts, accountId), open: sessionsOf(accountId) }),
    decide: ({ account, open }, { input: { accountId, reason, until }, actor, now: at }) => {
      if (account === undefined) {
        return err<never, NotFound | AccountError>({ type: 'NotFound', entity: 'account', id: accountId })
      }
      return changeAccount(account, { type: 'Ban', reason, until, at }).map((change) => ({
        answer: { accountId, status: 'banned' },
        changes: [
          change,
          ...open.map((session) => removeRow(sessions, session)),
          ...tellOfBan(account, { reason, until, at }),
          auditEntry(ports.ids, {
            actor,
            action: 'accounts.ban',
            subject: accountId,
            at,
            outcome: 'done',
            detail: reason,
          }),
        ],
      }))
    },
  })

/**
 * Ends a ban, and tells the account's owner why.
 *
 * @errors NotFound, AccountStateForbids, CommandError
 */
export const liftBan = (
  ports: AccountsPorts,
  context: CommandContext,
  input: LiftBanInput,
): ResultAsync<BanAnswer, NotFound | AccountError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'accounts.liftBan',
    parse: parseLiftBan,
    plan: ({ input: { accountId } }) => ({ account: row(accounts, accountId) }),
    decide: ({ account }, { input: { accountId, reason }, actor, now: at }) => {
      if (account === undefined) {
        return err<never, NotFound | AccountError>({ type: 'NotFound', entity: 'account', id: accountId })
      }
      return changeAccount(account, { type: 'LiftBan', reason }).map((change) => ({
        answer: { accountId, status: 'active' },
        changes: [
          change,
          ...tellOfLift(account, reason, at),
          auditEntry(ports.ids, {
            actor,
            action: 'accounts.liftBan',
            subject: accountId,
            at,
            outcome: 'done',
            detail: reason,
          }),
        ],
      }))
    },
  })
