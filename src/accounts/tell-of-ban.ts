import { queueMessage } from '../notify/queue-message.js'
import type { MessageFact } from '../notify/templates.js'
import type { Change } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import type { Locale } from '../shared/messages.js'
import type { Stored } from '../shared/read-plan.js'
import type { Account, BanReason, LiftReason } from './account.js'
import { isStanding } from './account-machine.js'
import { noticeChannel } from './profile.js'

type Words = Readonly<Record<Locale, string>>

const banReasons: Readonly<Record<BanReason, Words>> = {
  fraud: { 'zh-CN': '涉嫌欺诈', en: 'suspected fraud' },
  abuse: { 'zh-CN': '违反店铺规则', en: 'a breach of the shop’s rules' },
  compromised: { 'zh-CN': '账户可能被他人使用', en: 'somebody else may be using the account' },
  legal: { 'zh-CN': '法律要求', en: 'a duty by law' },
}

const liftReasons: Readonly<Record<LiftReason, Words>> = {
  mistake: { 'zh-CN': '封禁有误', en: 'it was a mistake' },
  appeal: { 'zh-CN': '您的申诉成立', en: 'your appeal was granted' },
  resolved: { 'zh-CN': '相关问题已解决', en: 'what it was for is settled' },
}

const forGood: Words = { 'zh-CN': '长期', en: 'with no end set' }

/** Tells the owner that the account was banned, why and until when. */
export const tellOfBan = (
  account: Stored<Account>,
  { reason, until, at }: { readonly reason: BanReason; readonly until: Instant | null; readonly at: Instant },
): readonly Change[] =>
  tell(account, 'accountBanned', {
    reason: banReasons[reason],
    until: until === null ? forGood : { at: until },
    at: { at },
  })

/** Tells the owner that the account's ban was lifted, and why. */
export const tellOfLift = (account: Stored<Account>, reason: LiftReason, at: Instant): readonly Change[] =>
  tell(account, 'banLifted', { reason: liftReasons[reason], at: { at } })

const tell = (
  { id: accountId, version, state }: Stored<Account>,
  template: 'accountBanned' | 'banLifted',
  { at, ...facts }: Readonly<Record<string, MessageFact>> & { readonly at: { readonly at: Instant } },
): readonly Change[] =>
  isStanding(state)
    ? [
        queueMessage({
          // No other ban of the account is told under it.
          cause: `${accountId}:${version}`,
          accountId,
          channel: noticeChannel(state.identifiers),
          template,
          facts: { ...facts, at },
          at: at.at,
        }),
      ]
    : []
