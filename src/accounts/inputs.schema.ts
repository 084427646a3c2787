import * as z from 'zod'
import { channels } from '../notify/message.js'
import { freeTextSchema } from '../shared/free-text.schema.js'
import { daysMs } from '../shared/instant.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import { identifierKinds } from './identifier.js'
import { longestQuery } from './identity/answer-query.js'
import type {
  BanAccountInput,
  BeginIdentityInput,
  CodeInput,
  ConfirmSignInInput,
  ContactCodeInput,
  CorrectContactInput,
  DisownSignInInput,
  EraseAccountInput,
  FactorCodeInput,
  FinishIdentityInput,
  FinishPasskeyRegistrationInput,
  FinishPasskeySignInInput,
  FinishProviderSignInInput,
  LiftBanInput,
  RegisterByProviderInput,
  RegisterInput,
  RegisterOnDeviceInput,
  RemindOfUserNameInput,
  RemoveFactorInput,
  RemovePasskeyInput,
  ReportPeriodInput,
  RequestBindingInput,
  RequestCodeInput,
  RequestFactorCodeInput,
  RequestResetOnDeviceInput,
  RequirePasswordChangeInput,
  ResendInput,
  ResetPasswordInput,
  RevokeSessionInput,
  RevokeSessionsInput,
  SetConsentInput,
  SetUserNameInput,
  ShowCustomerInput,
  SignInInput,
  SignUpProgressInput,
  StepUpInput,
  UnbindInput,
  UnlinkIdentityInput,
} from './inputs.js'
import { longestTypedPassword } from './password-policy.js'
import { longestTypedPhone } from './phone-number.js'

// An attestation of an App Attest key is some 8,000 characters of base64.
const longestEvidence = 20_000
const email = z.string().min(3).max(320)
const phone = z.string().min(3).max(longestTypedPhone)
const identifier = z.string().min(1).max(320)
const userName = freeTextSchema(320).min(1)
const password = z.string().min(1).max(longestTypedPassword)
const id = z.string().min(1).max(100)
const code = z.string().min(1).max(12)
export const guardianWord = z.strictObject({ noticeVersion: z.string().min(1).max(50) })
// A name is one line of text: no control characters, nothing that turns the direction of writing.
export const personName = freeTextSchema(100)
  .min(1)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u)

// Which of them the shop asks, and how, is the policy's to say.
export const personDetails = z
  .record(z.string().min(1).max(50), z.string().max(1_000))
  .refine((given) => Object.keys(given).length <= 50, { message: 'At most 50 details' })

const namesOneContact = (input: { readonly email?: string; readonly phone?: string }): boolean =>
  (input.email === undefined) !== (input.phone === undefined)
const oneContact = { path: ['email'], message: 'Name an e-mail address or a mobile number, one of them' }

const locale = z.enum(['zh-CN', 'en'])
const providerPerson = {
  name: z.exactOptional(personName),
  details: z.exactOptional(personDetails),
  birthDate: z.exactOptional(z.iso.date()),
  guardian: z.exactOptional(guardianWord),
}
const registrant = { ...providerPerson, password, locale, openedAt: z.exactOptional(z.int().min(0)) }

export const parseRegister = parseInput<RegisterInput>(
  schemaOf<RegisterInput>()(
    z
      .strictObject({
        email: z.exactOptional(email),
        phone: z.exactOptional(phone),
        ...registrant,
      })
      .refine(({ email, phone }) => email !== undefined || phone !== undefined, {
        path: ['email'],
        message: 'Name an e-mail address, a mobile number, or both',
      }),
  ),
)
export const parseRegisterOnDevice = parseInput<RegisterOnDeviceInput>(
  schemaOf<RegisterOnDeviceInput>()(
    z.strictObject({ userName, evidence: z.string().min(1).max(longestEvidence), ...registrant }),
  ),
)
export const parseRequestResetOnDevice = parseInput<RequestResetOnDeviceInput>(
  schemaOf<RequestResetOnDeviceInput>()(z.strictObject({ userName, evidence: z.string().min(1).max(longestEvidence) })),
)
export const parseCode = parseInput<CodeInput>(schemaOf<CodeInput>()(z.strictObject({ challengeId: id, code })))
export const parseDisownSignIn = parseInput<DisownSignInInput>(
  schemaOf<DisownSignInInput>()(z.strictObject({ token: z.string().regex(/^[^.]{1,100}\.[0-9A-Za-z_-]{20,100}$/) })),
)
export const parseResend = parseInput<ResendInput>(schemaOf<ResendInput>()(z.strictObject({ challengeId: id })))
export const parseRequestCode = parseInput<RequestCodeInput>(
  schemaOf<RequestCodeInput>()(z.strictObject({ identifier })),
)
export const parseRequestBinding = parseInput<RequestBindingInput>(
  schemaOf<RequestBindingInput>()(
    z
      .strictObject({ email: z.exactOptional(email), phone: z.exactOptional(phone) })
      .refine(namesOneContact, oneContact),
  ),
)
export const parseRemindOfUserName = parseInput<RemindOfUserNameInput>(
  schemaOf<RemindOfUserNameInput>()(
    z
      .strictObject({ email: z.exactOptional(email), phone: z.exactOptional(phone) })
      .refine(namesOneContact, oneContact),
  ),
)
export const parseCorrectContact = parseInput<CorrectContactInput>(
  schemaOf<CorrectContactInput>()(
    z
      .strictObject({ challengeId: id, email: z.exactOptional(email), phone: z.exactOptional(phone) })
      .refine(namesOneContact, oneContact),
  ),
)
export const parseSignUpProgress = parseInput<SignUpProgressInput>(
  schemaOf<SignUpProgressInput>()(z.strictObject({ challengeId: z.exactOptional(id) })),
)
export const parseUnbind = parseInput<UnbindInput>(
  schemaOf<UnbindInput>()(z.strictObject({ kind: z.enum(identifierKinds) })),
)
export const parseSetUserName = parseInput<SetUserNameInput>(schemaOf<SetUserNameInput>()(z.strictObject({ userName })))
const base64Url = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[0-9A-Za-z_-]+$/)
const credentialId = base64Url(1_400)
const assertion = {
  challengeId: id,
  credentialId,
  clientDataJson: base64Url(4_000),
  authenticatorData: base64Url(4_000),
  signature: base64Url(2_000),
  userHandle: z.exactOptional(base64Url(100)),
}
const contact = z.enum(['email', 'phone'])
const factorCode = z.string().min(1).max(40)
export const parseStepUp = parseInput<StepUpInput>(
  schemaOf<StepUpInput>()(
    z.union([
      z.strictObject({ kind: z.literal('password'), password }),
      z.strictObject({ kind: z.enum(['totp', 'recoveryCode']), code: factorCode }),
      z.strictObject({ kind: contact, challengeId: id, code: factorCode }),
      z.strictObject({ kind: z.literal('passkey'), ...assertion }),
    ]),
  ),
)
export const parseConfirmSignIn = parseInput<ConfirmSignInInput>(
  schemaOf<ConfirmSignInInput>()(
    z.union([
      z.strictObject({
        challengeId: id,
        kind: z.enum(['totp', 'recoveryCode', 'email', 'phone']),
        code: factorCode,
      }),
      z.strictObject({ kind: z.literal('passkey'), ...assertion }),
    ]),
  ),
)
export const parseRequestFactorCode = parseInput<RequestFactorCodeInput>(
  schemaOf<RequestFactorCodeInput>()(z.strictObject({ challengeId: id, to: contact })),
)
export const parseContactCode = parseInput<ContactCodeInput>(
  schemaOf<ContactCodeInput>()(z.strictObject({ to: contact })),
)
export const parseRemoveFactor = parseInput<RemoveFactorInput>(
  schemaOf<RemoveFactorInput>()(z.strictObject({ way: z.exactOptional(z.enum(['totp', 'email', 'phone'])) })),
)
export const parseFactorCode = parseInput<FactorCodeInput>(
  schemaOf<FactorCodeInput>()(z.strictObject({ code: factorCode })),
)
const providerId = z.string().min(1).max(50)
const broughtBack = { providerId, query: z.string().min(1).max(longestQuery), browserToken: z.string().min(1).max(100) }
export const parseBeginIdentity = parseInput<BeginIdentityInput>(
  schemaOf<BeginIdentityInput>()(z.strictObject({ providerId })),
)
export const parseFinishProviderSignIn = parseInput<FinishProviderSignInInput>(
  schemaOf<FinishProviderSignInInput>()(z.strictObject({ ...broughtBack, ...providerPerson, locale })),
)
// It holds two sealed names and an address, some 2,000 characters at most.
export const parseRegisterByProvider = parseInput<RegisterByProviderInput>(
  schemaOf<RegisterByProviderInput>()(
    z.strictObject({ token: z.string().min(1).max(longestQuery), ...providerPerson, locale }),
  ),
)
export const parseFinishLinking = parseInput<FinishIdentityInput>(
  schemaOf<FinishIdentityInput>()(z.strictObject(broughtBack)),
)
export const parseUnlinkIdentity = parseInput<UnlinkIdentityInput>(
  schemaOf<UnlinkIdentityInput>()(z.strictObject({ linkId: id })),
)
export const parseFinishPasskeyRegistration = parseInput<FinishPasskeyRegistrationInput>(
  schemaOf<FinishPasskeyRegistrationInput>()(
    z.strictObject({
      challengeId: id,
      credentialId,
      clientDataJson: base64Url(4_000),
      attestationObject: base64Url(20_000),
      transports: z.exactOptional(z.array(z.string().regex(/^[a-z-]{1,20}$/)).max(10)),
    }),
  ),
)
export const parseFinishPasskeySignIn = parseInput<FinishPasskeySignInInput>(
  schemaOf<FinishPasskeySignInInput>()(z.strictObject(assertion)),
)
export const parseRemovePasskey = parseInput<RemovePasskeyInput>(
  schemaOf<RemovePasskeyInput>()(z.strictObject({ passkeyId: id })),
)
export const parseResetPassword = parseInput<ResetPasswordInput>(
  schemaOf<ResetPasswordInput>()(z.strictObject({ challengeId: id, code, newPassword: password })),
)
export const parseSignIn = parseInput<SignInInput>(schemaOf<SignInInput>()(z.strictObject({ identifier, password })))
export const parseRevokeSession = parseInput<RevokeSessionInput>(
  schemaOf<RevokeSessionInput>()(z.strictObject({ sessionId: id })),
)
export const parseSetConsent = parseInput<SetConsentInput>(
  schemaOf<SetConsentInput>()(
    z.strictObject({
      purpose: z.string().min(1).max(50),
      decision: z.enum(['given', 'withdrawn']),
      channels: z.exactOptional(z.array(z.enum(channels)).min(1).max(channels.length)),
      noticeVersion: z.string().min(1).max(50),
    }),
  ),
)
export const parseEraseAccount = parseInput<EraseAccountInput>(
  schemaOf<EraseAccountInput>()(
    z.strictObject({
      password: z.exactOptional(password),
      onRequest: z.exactOptional(
        z.strictObject({ requestId: id, accountId: id, confirmation: z.string().min(1).max(100) }),
      ),
    }),
  ),
)
export const parseBanAccount = parseInput<BanAccountInput>(
  schemaOf<BanAccountInput>()(
    z.strictObject({
      accountId: id,
      reason: z.enum(['fraud', 'abuse', 'compromised', 'legal']),
      until: z.int().min(0).nullable(),
    }),
  ),
)
export const parseLiftBan = parseInput<LiftBanInput>(
  schemaOf<LiftBanInput>()(z.strictObject({ accountId: id, reason: z.enum(['mistake', 'appeal', 'resolved']) })),
)
export const parseRequirePasswordChange = parseInput<RequirePasswordChangeInput>(
  schemaOf<RequirePasswordChangeInput>()(z.strictObject({ accountId: id })),
)
export const parseReportPeriod = parseInput<ReportPeriodInput>(
  schemaOf<ReportPeriodInput>()(
    z
      .strictObject({ from: z.int().min(0), to: z.int().min(0) })
      .refine(({ from, to }) => to > from && to - from <= 366 * daysMs, {
        path: ['to'],
        message: 'A period is of 1 to 366 days',
      }),
  ),
)
export const parseShowCustomer = parseInput<ShowCustomerInput>(
  schemaOf<ShowCustomerInput>()(z.strictObject({ accountId: id })),
)
export const parseRevokeSessions = parseInput<RevokeSessionsInput>(
  schemaOf<RevokeSessionsInput>()(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('others') }),
      z.strictObject({ kind: z.literal('device'), device: id }),
    ]),
  ),
)
