import { queueMessage } from '../../notify/queue-message.js'
import type { Change } from '../../shared/commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { Unreadable } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { row } from '../../shared/read-plan.js'
import type { CommandError } from '../../shared/run-command.js'
import type { Identifiers } from '../account.js'
import { accounts } from '../accounts.schema.js'
import { noticeChannel } from '../profile.js'
import type { SecondFactorError } from './second-factor.js'
import { secondFactors } from './second-factor.schema.js'

/** Recovery codes, to be kept where the authenticator app is not; shown once, and each of one use. */
export type RecoveryCodes = { readonly recoveryCodes: readonly string[] }

/** Why a second factor may not be changed. */
export type FactorError = SecondFactorError | NotFound | Unreadable | CommandError

/** What changing one's own second factor asks for. */
export const factorPlan = (accountId: string) => ({
  account: row(accounts, accountId),
  factor: row(secondFactors, accountId),
  key: row(subjectKeys, accountId),
})

/** Tells an owner that their second factor is another than before. */
export const tellOfFactor = (
  accountId: string,
  identifiers: Identifiers,
  { cause, at }: { readonly cause: string; readonly at: Instant },
): Change =>
  queueMessage({
    cause: `${accountId}:factor:${cause}`,
    accountId,
    channel: noticeChannel(identifiers),
    template: 'secondFactorChanged',
    facts: { at: { at } },
    at,
  })
