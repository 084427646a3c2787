import type { Channel } from '../notify/message.js'
import type { Instant } from '../shared/instant.js'
import type { Locale } from '../shared/messages.js'
import type { BanReason, LiftReason } from './account.js'
import type { ConsentPurpose } from './consent.js'
import type { ContactKind, IdentifierKind } from './identifier.js'
import type { PasskeyAssertion, PasskeyAttestation } from './passkey/passkey-verifier.js'
import type { OnRequest } from './privacy/privacy-inputs.js'
import type { PersonDetails } from './registration-fields.js'
import type { FactorKind, FactorWay } from './second-factor/second-factor.js'
import type { OwnCodeKind } from './second-factor/try-factor.js'

/**
 * Who registers, by e-mail address or by mobile number; the code goes there. Where both are told, it goes to the one that the
 * shop asks for, else to the address, and the other is bound by a code of its own, later.
 */
export type RegisterInput = {
  /** As typed. */
  readonly email?: string
  /** As typed. */
  readonly phone?: string
  readonly password: string
  /** What the person wants to be called. */
  readonly name?: string
  /** The language of the shop's messages to the person. */
  readonly locale: Locale
  /** What the shop's policy asks beside, by the name of the field. */
  readonly details?: PersonDetails
  /** ISO 8601; not kept. Who is younger than the policy says needs a guardian's consent. */
  readonly birthDate?: string
  /** When the form was opened, as `openSignUp` said; counted, and not kept. */
  readonly openedAt?: Instant
  /** A guardian agrees, on the notice that was shown. */
  readonly guardian?: { readonly noticeVersion: string }
}

/** Who registers from a device, by a user name and with a code by push. */
export type RegisterOnDeviceInput = Omit<RegisterInput, 'email' | 'phone'> & {
  /** As typed. */
  readonly userName: string
  /** What the device shows of itself, for the port `installations`; 1 to 20,000 characters, kept nowhere. */
  readonly evidence: string
}

/** Who forgot the password of an account that has no contact, at the device it was registered from. */
export type RequestResetOnDeviceInput = Pick<RegisterOnDeviceInput, 'userName' | 'evidence'>

/** The token of a message about an unusual sign-in. */
export type DisownSignInInput = { readonly token: string }

/** A code that came by message. */
export type CodeInput = { readonly challengeId: string; readonly code: string }

/** A registration that waits for its code, and where the person is reached in truth, as typed; one of them. */
export type CorrectContactInput = { readonly challengeId: string; readonly email?: string; readonly phone?: string }

/** The sign-up that was begun; none when absent. */
export type SignUpProgressInput = { readonly challengeId?: string }

/** A challenge whose code shall be sent anew. */
export type ResendInput = { readonly challengeId: string }

/** Who asks for a code: an e-mail address, a mobile number or a user name, as typed. */
export type RequestCodeInput = { readonly identifier: string }

/** The address or the number to be bound, as typed; one of them. */
export type RequestBindingInput = { readonly email?: string; readonly phone?: string }

/** Where the user name shall be sent: an address or a number of the account, as typed; one of them. */
export type RemindOfUserNameInput = { readonly email?: string; readonly phone?: string }

/** Which identifier shall be the account's no longer. */
export type UnbindInput = { readonly kind: IdentifierKind }

/** The user name to be, as typed. */
export type SetUserNameInput = { readonly userName: string }

/** What shows once more who one is. */
export type StepUpInput =
  | { readonly kind: 'password'; readonly password: string }
  /** What a passkey signed for the question of `beginPasskeyStepUp`. */
  | ({ readonly kind: 'passkey'; readonly challengeId: string } & PasskeyAssertion)
  /** A code of the second factor; where there is one, the password alone is not enough. */
  | { readonly kind: OwnCodeKind; readonly code: string }
  /** A code of the second factor that `requestStepUpCode` sent. */
  | { readonly kind: ContactKind; readonly challengeId: string; readonly code: string }

/**
 * The second proof of a sign-in: a code of the authenticator app, one of the recovery codes, one that `requestFactorCode`
 * sent, or what a passkey signed for the sign-in.
 */
export type ConfirmSignInInput =
  | { readonly challengeId: string; readonly kind: FactorKind; readonly code: string }
  | ({ readonly challengeId: string; readonly kind: 'passkey' } & PasskeyAssertion)

/** The sign-in that waits for its second proof, and where the code shall go. */
export type RequestFactorCodeInput = { readonly challengeId: string; readonly to: ContactKind }

/** The contact of one's own that a code shall go to. */
export type ContactCodeInput = { readonly to: ContactKind }

/** Which way of the second factor shall be none any more; all of them when absent. */
export type RemoveFactorInput = { readonly way?: FactorWay }

/** A code of the authenticator app. */
export type FactorCodeInput = { readonly code: string }

/** Which provider of the shop a browser is to be sent to. */
export type BeginIdentityInput = { readonly providerId: string }

/** What a browser brought back from a provider. */
export type FinishIdentityInput = {
  /** The provider whose address it came back to. */
  readonly providerId: string
  /** The query of that address, as it came. */
  readonly query: string
  /** What this browser was given when it was sent. */
  readonly browserToken: string
}

/** What a person tells who is registered by somebody else's word, as `register` takes it. */
export type ProviderPerson = Pick<RegisterInput, 'name' | 'details' | 'birthDate' | 'guardian'>

/**
 * What a browser brought back, and of a person who is not known yet the language of the shop's messages and what the shop
 * asks, as far as the host has it already.
 */
export type FinishProviderSignInInput = FinishIdentityInput & ProviderPerson & { readonly locale: Locale }

/** What the shop asks of who registers, with the token of `RegistrationUnfinished`. */
export type RegisterByProviderInput = ProviderPerson & { readonly token: string; readonly locale: Locale }

/** Which identity shall lead into the account no longer. */
export type UnlinkIdentityInput = { readonly linkId: string }

/** What an authenticator made for the invitation of a challenge; base64url, as browsers give it. */
export type FinishPasskeyRegistrationInput = PasskeyAttestation & { readonly challengeId: string }

/** What an authenticator signed for the question of a challenge; base64url, as browsers give it. */
export type FinishPasskeySignInInput = PasskeyAssertion & { readonly challengeId: string }

/** Which passkey shall lead into the account no longer. */
export type RemovePasskeyInput = { readonly passkeyId: string }

/** A code and the password to be. */
export type ResetPasswordInput = CodeInput & { readonly newPassword: string }

/** Who signs in: an e-mail address, a mobile number or a user name, as typed, and the password. */
export type SignInInput = { readonly identifier: string; readonly password: string }

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

/** The password, once more; an account without one is erased by who signed in to it a moment ago. */
export type EraseAccountInput = {
  readonly password?: string
  /** For staff: on whose request, and the plan that they were shown (`confirmation` of `erasurePlan`). */
  readonly onRequest?: OnRequest & { readonly confirmation: string }
}

/** Whom to ban, why, and until when: a moment to come, for good when `until` is null. */
export type BanAccountInput = {
  readonly accountId: string
  readonly reason: BanReason
  readonly until: Instant | null
}

/** Whose ban ends, and why. */
export type LiftBanInput = { readonly accountId: string; readonly reason: LiftReason }

/** Whose password signs nobody in any more. */
export type RequirePasswordChangeInput = { readonly accountId: string }

/** From this moment on, and up to but without the other; at most 366 days. */
export type ReportPeriodInput = { readonly from: Instant; readonly to: Instant }

/** Whose account staff look at. */
export type ShowCustomerInput = { readonly accountId: string }

/** Which sign-ins shall end: all but the one that asks, or those of a device as `mySessions` names it. */
export type RevokeSessionsInput = { readonly kind: 'others' } | { readonly kind: 'device'; readonly device: string }
