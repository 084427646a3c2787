import { err, ok, type ResultAsync } from 'neverthrow'
import { type Channel, channels } from '../notify/message.js'
import { messagePreferences } from '../notify/preference.schema.js'
import { customerIdOf } from '../shared/actor.js'
import { append, expectRow, put } from '../shared/commit.js'
import type { NotFound } from '../shared/errors.js'
import { known, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { isStanding } from './account-machine.js'
import { accounts, consentLog } from './accounts.schema.js'
import type { ConsentEvent } from './consent.js'
import { parseSetConsent } from './inputs.schema.js'
import type { AccountsPorts } from './ports.js'

/** What stands now. */
export type ConsentSet = {
  readonly purpose: 'marketing'
  readonly decision: 'given' | 'withdrawn'
  /** The channels on which marketing may now be sent. */
  readonly marketing: readonly Channel[]
}

/**
 * Gives or withdraws a consent, channel by channel; the ledger keeps both, and messages follow it from that moment.
 *
 * @errors NotFound, CommandError
 */
export const setConsent = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<ConsentSet, NotFound | CommandError> =>
  runCommand(ports, context, input, {
    action: 'accounts.setConsent',
    parse: parseSetConsent,
    plan: ({ actor }) => {
      const accountId = actor.kind === 'customer' ? actor.accountId : undefined
      return {
        account: accountId === undefined ? known(undefined) : row(accounts, accountId),
        preference: accountId === undefined ? known(undefined) : row(messagePreferences, accountId),
      }
    },
    decide: ({ account, preference }, { input, actor, now }) => {
      if (account === undefined || !isStanding(account.state)) {
        const id = customerIdOf(actor)
        return err<never, NotFound>({ type: 'NotFound', entity: 'account', id })
      }
      const accountId = account.id
      const { purpose, decision, noticeVersion } = input
      const given = decision === 'given'
      const meant = input.channels ?? (given ? (['email', 'inApp'] as const) : channels)
      const before = preference?.state.marketing ?? []
      const marketing = channels.filter((channel) => (meant.includes(channel) ? given : before.includes(channel)))
      const type = given ? 'ConsentGiven' : 'ConsentWithdrawn'
      const event: ConsentEvent = { type, accountId, purpose }
      return ok({
        answer: { purpose, decision, marketing },
        changes: [
          expectRow(accounts, account),
          append(consentLog, {
            id: ports.ids.next('consent'),
            body: {
              accountId,
              purpose,
              decision,
              channels: channels.filter((channel) => meant.includes(channel)),
              noticeVersion,
              at: now,
            },
          }),
          put(messagePreferences, {
            id: accountId,
            version: preference?.version ?? 0,
            state: {
              accountId,
              locale: preference?.state.locale ?? 'zh-CN',
              marketing,
              changedAt: now,
            },
            events: [event],
          }),
        ],
      })
    },
  })
