import { err, ok, type Result } from 'neverthrow'
import type { IdentityProvider } from 'shopwright'
import * as z from 'zod'
import { toBytes } from '../../gateways/http.js'
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

/** Who the shop is to Weibo. */
export type WeiboOptions = CodeFlowOptions & { readonly appKey: string; readonly appSecret: string }

const answer = z.union([z.object({ uid: z.string().min(1).max(200) }), z.object({ error_code: z.int() })])

// A grant that is none, is over, or was used.
const codeErrors: readonly number[] = [21_325, 21_327]

/**
 * Signing in by Weibo (微博登录). The uid of a person is one over all apps.
 *
 * @errors IdentityConfigInvalid
 */
export const createWeiboProvider = ({
  appKey,
  appSecret,
  ...options
}: WeiboOptions): Result<IdentityProvider, IdentityConfigInvalid> =>
  readText('appKey', appKey)
    .andThen(() => readText('appSecret', appSecret))
    .andThen(() =>
      createCodeFlow(
        {
          authorizeUrl: 'https://api.weibo.com/oauth2/authorize',
          baseUrl: 'https://api.weibo.com',
          codeName: 'code',
          parameters: (redirectUri) => ({ client_id: appKey, response_type: 'code', redirect_uri: redirectUri }),
          exchange: async (http, code, redirectUri) => {
            const form = writeParameters({
              client_id: appKey,
              client_secret: appSecret,
              grant_type: 'authorization_code',
              code,
              redirect_uri: redirectUri,
            })
            const asked = await askJson(http, {
              method: 'POST',
              path: '/oauth2/access_token',
              headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
              body: toBytes(form),
            })
            return asked.andThen((value) => {
              const told = answer.safeParse(value)
              if (!told.success) return err(unavailable('unparsable'))
              if ('uid' in told.data) {
                return ok(
                  identityOf({ issuer: 'weibo', subject: told.data.uid }, { issuer: 'weibo', subject: undefined }),
                )
              }
              const { error_code: errorCode } = told.data
              return err(codeErrors.includes(errorCode) ? codeRefused : unavailable(`error_code ${errorCode}`))
            })
          },
        },
        options,
      ),
    )
