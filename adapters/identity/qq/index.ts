import { err, ok, type Result } from 'neverthrow'
import type { IdentityProvider } from 'shopwright'
import * as z from 'zod'
import { type HttpSender, readJson } from '../../gateways/http.js'
import {
  askJson,
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
import { type IdentityConfigInvalid, readText } from '../config.js'

export type { CodeFlowOptions } from '../code-flow.js'
export type { IdentityConfigInvalid } from '../config.js'

/** Who the shop is to QQ. */
export type QqOptions = CodeFlowOptions & { readonly appId: string; readonly appKey: string }

const subject = z.string().min(1).max(200)
const accessToken = z.object({ access_token: z.string().min(1) })
const failure = z.object({ error: z.coerce.number() })
const person = z.object({ client_id: z.string(), openid: subject, unionid: z.optional(subject) })

// A code that is none, is over, or was used.
const codeErrors: readonly number[] = [100_019, 100_020, 100_029]

const headers = { accept: 'application/json' }

/**
 * Signing in by QQ (QQ 登录). Whose token it is, QQ says apart from giving it, and for which app: a token of another app is
 * none.
 *
 * @errors IdentityConfigInvalid
 */
export const createQqProvider = ({
  appId,
  appKey,
  ...options
}: QqOptions): Result<IdentityProvider, IdentityConfigInvalid> =>
  readText('appId', appId)
    .andThen(() => readText('appKey', appKey))
    .andThen(() =>
      createCodeFlow(
        {
          authorizeUrl: 'https://graph.qq.com/oauth2.0/authorize',
          baseUrl: 'https://graph.qq.com',
          codeName: 'code',
          parameters: (redirectUri) => ({
            response_type: 'code',
            client_id: appId,
            redirect_uri: redirectUri,
            scope: 'get_user_info',
          }),
          exchange: async (http, code, redirectUri) => {
            const token = await askToken(http, {
              grant_type: 'authorization_code',
              client_id: appId,
              client_secret: appKey,
              code,
              redirect_uri: redirectUri,
              fmt: 'json',
            })
            return token.isErr() ? err(token.error) : askPerson(http, token.value, appId)
          },
        },
        options,
      ),
    )

/** Asks for a token; QQ answers with JSON, with a form, or with JSON in a call, by its release. */
const askToken = async (
  http: HttpSender,
  parameters: Readonly<Record<string, string>>,
): Promise<Result<string, IdentityFailure>> =>
  textOf(await http.send({ method: 'GET', path: `/oauth2.0/token?${writeParameters(parameters)}`, headers })).andThen(
    (text) => {
      const wrapped = /^\s*callback\(([\s\S]*)\)\s*;?\s*$/.exec(text)?.[1]
      const value = readJson(wrapped ?? text) ?? Object.fromEntries(new URLSearchParams(text))
      const told = accessToken.safeParse(value)
      if (told.success) return ok(told.data.access_token)
      const code = failure.safeParse(value)
      if (!code.success) return err(unavailable('unparsable'))
      const { error } = code.data
      return err(codeErrors.includes(error) ? codeRefused : unavailable(`error ${error}`))
    },
  )

const askPerson = async (http: HttpSender, token: string, appId: string) => {
  const query = writeParameters({ access_token: token, unionid: '1', fmt: 'json' })
  const asked = await askJson(http, { method: 'GET', path: `/oauth2.0/me?${query}`, headers })
  return asked.andThen((value) => {
    const told = person.safeParse(value)
    if (!told.success) return err(unavailable('unparsable'))
    const { client_id: client, openid, unionid } = told.data
    if (client !== appId) return err(proofInvalid)
    return ok(identityOf({ issuer: `qq/${appId}`, subject: openid }, { issuer: 'qq/union', subject: unionid }))
  })
}
