import { okAsync, ResultAsync } from 'neverthrow'
import { type MessageRequest, messageIdOf, queueMessage } from '../notify/queue-message.js'
import type { Change } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import type { Locale } from '../shared/messages.js'
import type { SubjectKey } from '../shared/personal-data.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import type { StandingAccount } from './account-machine.js'
import type { ContactKind, IdentifierKind } from './identifier.js'
import { sealAddress } from './issue-code.js'
import type { AccountsPorts } from './ports.js'
import { channelOf, contactOf, type Profile } from './profile.js'

/** What became of an identifier. */
type IdentifierChange = 'added' | 'changed' | 'removed'

/** What leads into an account and its person is told of. */
type WayKind = IdentifierKind | 'identity' | 'passkey'

const kindNames: Readonly<Record<WayKind, Readonly<Record<Locale, string>>>> = {
  email: { 'zh-CN': '电子邮箱', en: 'e-mail address' },
  phone: { 'zh-CN': '手机号', en: 'mobile number' },
  userName: { 'zh-CN': '用户名', en: 'user name' },
  identity: { 'zh-CN': '第三方登录', en: 'sign-in by another service' },
  passkey: { 'zh-CN': '通行密钥', en: 'passkey' },
}

const changeNames: Readonly<Record<IdentifierChange, Readonly<Record<Locale, string>>>> = {
  added: { 'zh-CN': '添加', en: 'added' },
  changed: { 'zh-CN': '更换', en: 'changed' },
  removed: { 'zh-CN': '解除绑定', en: 'removed' },
}

/**
 * Tells every contact that the account had before of a change: the old address too, which by the time the message goes
 * out is no longer the account's. An account that had none is told by push.
 *
 * @errors CryptoUnavailable
 */
export const tellOfIdentifier = (
  ports: AccountsPorts,
  told: {
    /** What no other change of the account is told under. */
    readonly cause: string
    /** As it was before the change, or as it is once a sign-in was disowned. */
    readonly account: StandingAccount
    readonly key: SubjectKey
    /** As it was before the change. */
    readonly profile: Profile
    readonly kind: WayKind
    readonly change: IdentifierChange
    readonly at: Instant
  },
): ResultAsync<readonly Change[], CryptoUnavailable> => {
  const requestBy = (reached: ContactKind | 'push'): MessageRequest => ({
    cause: `${told.cause}:${reached}`,
    accountId: told.account.accountId,
    channel: reached === 'push' ? 'push' : channelOf(reached),
    template: 'identifierChanged',
    facts: { what: kindNames[told.kind], change: changeNames[told.change], at: { at: told.at } },
    at: told.at,
  })
  const tell = (contact: ContactKind): ResultAsync<readonly Change[], CryptoUnavailable> => {
    const request = requestBy(contact)
    const address = told.profile[contact]
    return sealAddress(ports.sealer, told.key, messageIdOf(request), address).map((to) =>
      address === undefined ? [] : [queueMessage({ ...request, ...to })],
    )
  }
  // Who has no contact is told at the device that the host knows: the first contact, above all.
  if (contactOf(told.account.identifiers) === undefined) return okAsync([queueMessage(requestBy('push'))])
  return ResultAsync.combine([tell('email'), tell('phone')]).map((queued) => queued.flat())
}
