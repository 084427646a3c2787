import { err, ok, type Result } from 'neverthrow'
import type { IdentityProvider } from 'shopwright'
import * as z from 'zod'
import {
  askJson,
  type CodeFlowOptions,
  codeRefused,
  createCodeFlow,
  identityOf,
  unavailable,
  writeParameters,
} from '../code-flow.js'
import { type IdentityConfigInvalid, readText } from '../config.js'

export type { CodeFlowOptions } from '../code-flow.js'
export type { IdentityConfigInvalid } from '../config.js'

/** Who the shop is to WeChat. */
export type WechatOptions = CodeFlowOptions & {
  readonly appId: string
  readonly appSecret: string
  /** `website`: a code to be scanned, of an app of the open platform; `inWechat`: the page of an official account within WeChat. */
  readonly place: 'website' | 'inWechat'
}

const subject = z.string().min(1).max(200)
const answer = z.union([
  z.object({ openid: subject, unionid: z.optional(subject), errcode: z.optional(z.literal(0)) }),
  z.object({ errcode: z.int() }),
])

// A code that is none, is over, or was used.
const codeErrors: readonly number[] = [40029, 40163, 41008, 42003]

/**
 * Signing in by WeChat (微信登录). A person has an openid in each app, and a unionid over all apps of one open platform once
 * the app belongs to one: the account is found by either.
 *
 * @errors IdentityConfigInvalid
 */
export const createWechatProvider = ({
  appId,
  appSecret,
  place,
  ...options
}: WechatOptions): Result<IdentityProvider, IdentityConfigInvalid> =>
  readText('appId', appId)
    .andThen(() => readText('appSecret', appSecret))
    .andThen(() =>
      createCodeFlow(
        {
          authorizeUrl: `https://open.weixin.qq.com/connect/${place === 'website' ? 'qrconnect' : 'oauth2/authorize'}`,
          baseUrl: 'https://api.weixin.qq.com',
          fragment: 'wechat_redirect',
          codeName: 'code',
          parameters: (redirectUri) => ({
            appid: appId,
            redirect_uri: redirectUri,
            response_type: 'code',
            scope: place === 'website' ? 'snsapi_login' : 'snsapi_userinfo',
          }),
          exchange: async (http, code) => {
            const query = writeParameters({
              appid: appId,
              secret: appSecret,
              code,
              grant_type: 'authorization_code',
            })
            const asked = await askJson(http, {
              method: 'GET',
              path: `/sns/oauth2/access_token?${query}`,
              headers: { accept: 'application/json' },
            })
            return asked.andThen((value) => {
              const told = answer.safeParse(value)
              if (!told.success) return err(unavailable('unparsable'))
              if (!('openid' in told.data)) {
                const { errcode } = told.data
                return err(codeErrors.includes(errcode) ? codeRefused : unavailable(`errcode ${errcode}`))
              }
              const { openid, unionid } = told.data
              const first = { issuer: `wechat/${appId}`, subject: openid }
              return ok(identityOf(first, { issuer: 'wechat/union', subject: unionid }))
            })
          },
        },
        options,
      ),
    )
