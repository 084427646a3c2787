import type { KeyObject } from 'node:crypto'
import { err, ok, type Result } from 'neverthrow'
import type { Clock, IdentityProvider, VerifiedIdentity } from 'shopwright'
import * as z from 'zod'
import { isSignedByOneOf, signRequest } from '../../gateways/alipay-signature.js'
import { readJson, toBytes } from '../../gateways/http.js'
import { readMemberText } from '../../gateways/json-span.js'
import { readPrivateKey, readPublicKey } from '../../gateways/rsa.js'
import { inShanghai } from '../../gateways/shanghai-time.js'
import {
  type CodeFlowOptions,
  codeRefused,
  createCodeFlow,
  type IdentityFailure,
  identityOf,
  proofInvalid,
  textOf,
  unavailable,
  writeParameters,
} from '../code-flow.js'
import { type IdentityConfigInvalid, readText, refuseOption } from '../config.js'

export type { CodeFlowOptions } from '../code-flow.js'
export type { IdentityConfigInvalid } from '../config.js'

/** Who the shop is to Alipay, and by what Alipay is known. */
export type AlipayIdentityOptions = CodeFlowOptions & {
  readonly appId: string
  /** The app's RSA private key, PEM or base64. */
  readonly privateKey: string
  /** Alipay's RSA public key, PEM or base64; answers that it has not signed are not believed. */
  readonly alipayPublicKey: string
  readonly clock: Clock
}

const method = 'alipay.system.oauth.token'
const subject = z.string().min(1).max(200)
const person = z.union([
  z.object({ open_id: subject, user_id: z.optional(subject) }),
  z.object({ user_id: subject, open_id: z.optional(subject) }),
])
const failure = z.object({ code: z.string().regex(/^\d{1,6}$/), sub_code: z.string().default('') })

/**
 * Signing in by Alipay (支付宝登录). Newer apps are told an open id of their own, older ones the user id that is one over all
 * apps; the account is found by either.
 *
 * @errors IdentityConfigInvalid
 */
export const createAlipayProvider = ({
  appId,
  privateKey,
  alipayPublicKey,
  clock,
  ...options
}: AlipayIdentityOptions): Result<IdentityProvider, IdentityConfigInvalid> => {
  const own = readPrivateKey(privateKey)
  const alipays = readPublicKey(alipayPublicKey)
  if (own === null) return refuseOption('privateKey', 'malformed')
  if (alipays === null) return refuseOption('alipayPublicKey', 'malformed')
  return readText('appId', appId).andThen(() =>
    createCodeFlow(
      {
        authorizeUrl: 'https://openauth.alipay.com/oauth2/publicAppAuthorize.htm',
        baseUrl: 'https://openapi.alipay.com',
        codeName: 'auth_code',
        parameters: (redirectUri) => ({ app_id: appId, scope: 'auth_user', redirect_uri: redirectUri }),
        exchange: async (http, code) => {
          const signed = signRequest(own, {
            app_id: appId,
            method,
            format: 'JSON',
            charset: 'utf-8',
            sign_type: 'RSA2',
            timestamp: inShanghai(clock.now()),
            version: '1.0',
            grant_type: 'authorization_code',
            code,
          })
          const answer = await http.send({
            method: 'POST',
            path: '/gateway.do?charset=utf-8',
            headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' },
            body: toBytes(writeParameters(signed)),
          })
          return textOf(answer).andThen((text) => readAnswer(alipays, appId, text))
        },
      },
      options,
    ),
  )
}

/** Who it was, believed only where Alipay has signed the very text of the answer. */
const readAnswer = (key: KeyObject, appId: string, text: string): Result<VerifiedIdentity, IdentityFailure> => {
  const said = readMemberText(text, `${method.replaceAll('.', '_')}_response`)
  const refusal = failure.safeParse(readJson(said ?? readMemberText(text, 'error_response')))
  if (refusal.success) {
    const { code, sub_code: subCode } = refusal.data
    return err(subCode === 'isv.code-invalid' ? codeRefused : unavailable(`code ${code}`))
  }
  const signature = readJson(readMemberText(text, 'sign'))
  if (said === null || typeof signature !== 'string') return err(unavailable('unparsable'))
  if (!isSignedByOneOf([key], said, signature)) return err(proofInvalid)
  const told = person.safeParse(readJson(said))
  if (!told.success) return err(unavailable('unparsable'))
  const { open_id: openId, user_id: userId } = told.data
  const overall = { issuer: 'alipay', subject: userId ?? '' }
  return ok(
    openId === undefined
      ? identityOf(overall, { issuer: 'alipay', subject: undefined })
      : identityOf({ issuer: `alipay/${appId}`, subject: openId }, { issuer: 'alipay', subject: userId }),
  )
}
