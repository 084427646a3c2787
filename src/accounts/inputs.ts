import type { Channel } from '../notify/message.js'
import type { Instant } from '../shared/instant.js'
import type { Locale } from '../shared/messages.js'
import type { BanReason } from './account.js'
import type { ConsentPurpose } from './consent.js'

/** Who registers. */
export type RegisterInput = {
  /** As typed. */
  readonly email: string
  readonly password: string
  /** What the person wants to be called. */
  readonly name?: string
  /** The language of the shop's messages to the person. */
  readonly locale: Locale
}

/** A code that came by message. */
export type CodeInput = { readonly challengeId: string; readonly code: string }

/** A challenge whose code shall be sent anew. */
export type ResendInput = { readonly challengeId: string }

/** Whose password was forgotten. */
export type RequestResetInput = { readonly email: string }

/** A code and the password to be. */
export type ResetPasswordInput = CodeInput & { readonly newPassword: string }

/** Who signs in. */
export type SignInInput = { readonly email: string; readonly password: string }

/** Which sign-in shall end. */
export type RevokeSessionInput = { readonly sessionId: string }

/** What a person decides about the use of their data. */
export type SetConsentInput = {
  readonly purpose: ConsentPurpose
  readonly decision: 'given' | 'withdrawn'
  /** Given: e-mail and the account when absent. Withdrawn: all channels when absent. */
  readonly channels?: readonly Channel[]
  /** The version of the notice that was shown. */
  readonly noticeVersion: string
}

/** The password, once more. */
export type EraseAccountInput = { readonly password: string }

/** Whom to ban, why, and until when; for good when `until` is null. */
export type BanAccountInput = {
  readonly accountId: string
  readonly reason: BanReason
  readonly until: Instant | null
}

/** Whose ban ends. */
export type LiftBanInput = { readonly accountId: string }
