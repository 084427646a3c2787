import * as z from 'zod'
import { channels } from '../notify/message.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type {
  BanAccountInput,
  CodeInput,
  EraseAccountInput,
  LiftBanInput,
  RegisterInput,
  RequestResetInput,
  ResendInput,
  ResetPasswordInput,
  RevokeSessionInput,
  SetConsentInput,
  SignInInput,
} from './inputs.js'
import { longestTypedPassword } from './password-policy.js'

const email = z.string().min(3).max(320)
const password = z.string().min(1).max(longestTypedPassword)
const id = z.string().min(1).max(100)
const code = z.string().min(1).max(12)
// A name is one line of text: no control characters, nothing that turns the direction of writing.
const name = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u)

export const parseRegister = parseInput<RegisterInput>(
  schemaOf<RegisterInput>()(
    z.strictObject({ email, password, name: z.exactOptional(name), locale: z.enum(['zh-CN', 'en']) }),
  ),
)
export const parseCode = parseInput<CodeInput>(schemaOf<CodeInput>()(z.strictObject({ challengeId: id, code })))
export const parseResend = parseInput<ResendInput>(schemaOf<ResendInput>()(z.strictObject({ challengeId: id })))
export const parseRequestReset = parseInput<RequestResetInput>(schemaOf<RequestResetInput>()(z.strictObject({ email })))
export const parseResetPassword = parseInput<ResetPasswordInput>(
  schemaOf<ResetPasswordInput>()(z.strictObject({ challengeId: id, code, newPassword: password })),
)
export const parseSignIn = parseInput<SignInInput>(schemaOf<SignInInput>()(z.strictObject({ email, password })))
export const parseRevokeSession = parseInput<RevokeSessionInput>(
  schemaOf<RevokeSessionInput>()(z.strictObject({ sessionId: id })),
)
export const parseSetConsent = parseInput<SetConsentInput>(
  schemaOf<SetConsentInput>()(
    z.strictObject({
      purpose: z.literal('marketing'),
      decision: z.enum(['given', 'withdrawn']),
      channels: z.exactOptional(z.array(z.enum(channels)).min(1).max(channels.length)),
      noticeVersion: z.string().min(1).max(50),
    }),
  ),
)
export const parseEraseAccount = parseInput<EraseAccountInput>(
  schemaOf<EraseAccountInput>()(z.strictObject({ password })),
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
export const parseLiftBan = parseInput<LiftBanInput>(schemaOf<LiftBanInput>()(z.strictObject({ accountId: id })))
