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
import type { ConsentEvent, ConsentPurpose, NoticeOutdated, PurposeUnknown } from './consent.js'
import type { SetConsentInput } from './inputs.js'
import { parseSetConsent } from './inputs.schema.js'
import type { AccountsPorts } from './ports.js'

/** What stands now. */
export type ConsentSet = {
  readonly purpose: ConsentPurpose
  readonly decision: 'given' | 'withdrawn'
  /** The channels on which marketing may now be sent. */
  readonly marketing: readonly Channel[]
}

/** Why a consent is not taken in. */
export type SetConsentError = NotFound | PurposeUnknown | NoticeOutdated

/**
 * Gives or withdraws a consent to a purpose of the shop's policy, that to marketing channel by channel; the ledger keeps both, and messages follow it from that moment.
 * What a guardian agreed to for a child (`guardian`) is withdrawn here as well, whatever the policy says: it counts no more.
 *
 * @errors NotFound, PurposeUnknown, NoticeOutdated, CommandError
 */
export const setConsent = (
  ports: AccountsPorts,
  context: CommandContext,
  input: SetConsentInput,
): ResultAsync<ConsentSet, SetConsentError | CommandError> =>
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
        return err<never, SetConsentError>({ type: 'NotFound', entity: 'account', id })
      }
      const { consents } = ports.accountsPolicy
      const rule = Object.hasOwn(consents, input.purpose) ? consents[input.purpose] : undefined
      // A guardian's word is given where the child is registered or corrected, and taken back as any other.
      const isGuardians = input.purpose === 'guardian' && input.decision === 'withdrawn'
      if (rule === undefined && !isGuardians) {
        return err<never, SetConsentError>({ type: 'PurposeUnknown', purpose: input.purpose })
      }
      // A consent is withdrawn on whatever notice.
      if (
        input.decision === 'given' &&
        rule !== undefined &&
        rule.noticeVersion !== null &&
        rule.noticeVersion !== input.noticeVersion
      ) {
        return err<never, SetConsentError>({ type: 'NoticeOutdated', currentNotice: rule.noticeVersion })
      }
      const accountId = account.id
      const { purpose, decision, noticeVersion } = input
      const given = decision === 'given'
      const isMarketing = purpose === 'marketing'
      const meant = isMarketing ? (input.channels ?? (given ? (['email', 'inApp'] as const) : channels)) : []
      // What was agreed to under another notice is not agreed to under this one.
      const isCarried = !isMarketing || !given || preference?.state.noticeVersion === noticeVersion
      const before = isCarried ? (preference?.state.marketing ?? []) : []
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
              ...preference?.state,
              accountId,
              locale: preference?.state.locale ?? 'zh-CN',
              marketing,
              ...(isMarketing && given ? { noticeVersion } : {}),
              changedAt: now,
            },
            events: [event],
          }),
        ],
      })
    },
  })
