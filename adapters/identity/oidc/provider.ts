import { errAsync, ok, type Result, ResultAsync } from 'neverthrow'
import type * as Oauth from 'oauth4webapi'
import type { IdentityProvider, IdentityRefused, IdentityUnavailable, VerifiedIdentity } from 'shopwright'
import { readBody } from '../../gateways/http.js'
import { type IdentityConfigInvalid, readAddress, readText, refuseOption } from '../config.js'
import type { OidcOptions, PackageMissing } from './options.js'

type Oauth4webapi = typeof Oauth

type Failure = IdentityRefused | IdentityUnavailable

const missing: PackageMissing = {
  type: 'PackageMissing',
  package: 'oauth4webapi',
  install: 'npm install oauth4webapi',
}

/**
 * Makes a provider of options and of the package, once it is loaded.
 *
 * @errors PackageMissing, IdentityConfigInvalid
 */
export const openOidcProvider = (
  options: OidcOptions,
  load: () => Promise<Oauth4webapi>,
): ResultAsync<IdentityProvider, PackageMissing | IdentityConfigInvalid> =>
  readOptions(options).match(
    (read) =>
      ResultAsync.fromPromise(load(), (): PackageMissing | IdentityConfigInvalid => missing).map((oauth) =>
        providerOf(oauth, read),
      ),
    (error) => errAsync(error),
  )

type ReadOptions = Required<Omit<OidcOptions, 'clientSecret' | 'fetch'>> & Pick<OidcOptions, 'clientSecret' | 'fetch'>

const readOptions = (given: OidcOptions): Result<ReadOptions, IdentityConfigInvalid> => {
  const timeoutMs = given.timeoutMs ?? 10_000
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs <= 0) return refuseOption('timeoutMs', 'malformed')
  return readAddress('issuer', given.issuer)
    .andThen(() => readAddress('redirectUri', given.redirectUri))
    .andThen(() => readText('clientId', given.clientId))
    .andThen(() => (given.clientSecret === undefined ? ok('') : readText('clientSecret', given.clientSecret)))
    .map(() => ({ secretBy: 'basic', scopes: ['openid', 'email'], ...given, timeoutMs }))
}

const providerOf = (oauth: Oauth4webapi, options: ReadOptions): IdentityProvider => {
  const { clientId, redirectUri, scopes } = options
  const client: Oauth.Client = { client_id: clientId }
  const requestOptions = () => requestBy(oauth, options)
  const metadata = keptOnce(() => discover(oauth, options))
  return {
    begin: ({ state, nonce, codeVerifier }) =>
      ResultAsync.fromPromise(
        metadata().then(async (as) => {
          const url = new URL(as.authorization_endpoint ?? '')
          const asked = {
            response_type: 'code',
            client_id: clientId,
            redirect_uri: redirectUri,
            scope: scopes.join(' '),
            state,
            nonce,
            code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
            code_challenge_method: 'S256',
          }
          for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
          return { redirectUrl: url.href }
        }),
        (error) => unavailable(detailOf(error)),
      ),
    finish: ({ query, state, nonce, codeVerifier }) =>
      ResultAsync.fromPromise(
        (async (): Promise<VerifiedIdentity> => {
          const as = await metadata()
          const parameters = answerOf(oauth, as, client, query, state)
          const answer = await oauth.authorizationCodeGrantRequest(
            as,
            client,
            authenticationOf(oauth, options),
            parameters,
            redirectUri,
            codeVerifier,
            requestOptions(),
          )
          const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, {
            expectedNonce: nonce,
            requireIdToken: true,
          })
          await oauth.validateApplicationLevelSignature(as, answer, requestOptions())
          const claims = oauth.getValidatedIdTokenClaims(tokens)
          if (claims === undefined) throw new Error('no ID token')
          const told = claims.email === undefined && scopes.includes('email')
          const person =
            told && as.userinfo_endpoint !== undefined
              ? await oauth.processUserInfoResponse(
                  as,
                  client,
                  claims.sub,
                  await oauth.userInfoRequest(as, client, tokens.access_token, requestOptions()),
                )
              : claims
          return {
            subjects: [{ issuer: as.issuer, subject: claims.sub }],
            ...(typeof person.email === 'string'
              ? { email: { address: person.email, verified: person.email_verified === true } }
              : {}),
          }
        })(),
        (error) => failureOf(oauth, error),
      ),
  }
}

const discover = async (oauth: Oauth4webapi, options: ReadOptions): Promise<Oauth.AuthorizationServer> => {
  const issuer = new URL(options.issuer)
  const answer = await oauth.discoveryRequest(issuer, requestBy(oauth, options))
  const as = await oauth.processDiscoveryResponse(issuer, answer)
  if (readAddress('authorization_endpoint', as.authorization_endpoint ?? '').isErr()) {
    throw new MetadataUnfit('no authorization endpoint')
  }
  // Who lists what it takes and does not list S256 would let the challenge be left out.
  if (as.code_challenge_methods_supported?.includes('S256') === false) throw new MetadataUnfit('no PKCE by S256')
  return as
}

class MetadataUnfit extends Error {}

/** More than any answer of an issuer; a longer one is not read. */
const maxAnswerBytes = 1024 * 1024

/** Every request is bounded in time, every answer in length; it follows no redirect, and goes by https, or by http on this machine. */
const requestBy = (oauth: Oauth4webapi, { issuer, timeoutMs, fetch: send = fetch }: ReadOptions) => ({
  signal: () => AbortSignal.timeout(timeoutMs),
  [oauth.allowInsecureRequests]: new URL(issuer).protocol === 'http:',
  [oauth.customFetch]: async (
    url: string,
    { body, headers, method, redirect, signal }: Oauth.CustomFetchOptions<'GET' | 'POST', URLSearchParams | undefined>,
  ) => {
    if (readAddress('endpoint', url).isErr()) throw new MetadataUnfit('an address that is not https')
    const init = { headers, method, redirect, signal: signal ?? null }
    return readWhole(await send(url, body === undefined ? init : { ...init, body }))
  },
})

const readWhole = async ({ body, status, statusText, headers }: Response): Promise<Response> => {
  const bytes = await readBody(body, maxAnswerBytes)
  if (bytes === null) throw new MetadataUnfit('an answer that is too long')
  return new Response(body === null ? null : bytes, { status, statusText, headers })
}

const authenticationOf = (oauth: Oauth4webapi, { clientSecret, secretBy }: ReadOptions): Oauth.ClientAuth => {
  if (clientSecret === undefined) return oauth.None()
  return secretBy === 'post' ? oauth.ClientSecretPost(clientSecret) : oauth.ClientSecretBasic(clientSecret)
}

/** What the browser brought is no answer of this issuer to this request. */
class AnswerInvalid extends Error {}

const answerOf = (
  oauth: Oauth4webapi,
  as: Oauth.AuthorizationServer,
  client: Oauth.Client,
  query: string,
  state: string,
): URLSearchParams => {
  try {
    return oauth.validateAuthResponse(as, client, new URLSearchParams(query), state)
  } catch (error) {
    throw error instanceof oauth.AuthorizationResponseError ? error : new AnswerInvalid()
  }
}

const unavailable = (detail: string): IdentityUnavailable => ({ type: 'IdentityUnavailable', detail })

// Nothing of what was sent or answered is told: either may hold a secret.
const failureOf = (oauth: Oauth4webapi, error: unknown): Failure => {
  const refuse = (reason: IdentityRefused['reason']): Failure => ({ type: 'IdentityRefused', reason })
  if (error instanceof AnswerInvalid) return refuse('answerInvalid')
  if (error instanceof oauth.AuthorizationResponseError) {
    const { error: code } = error
    return code === 'server_error' || code === 'temporarily_unavailable' ? unavailable(code) : refuse('cancelled')
  }
  if (error instanceof oauth.ResponseBodyError) {
    // Where the issuer does not take the client, the shop's own registration is at fault.
    const { error: code } = error
    return code === 'invalid_grant' ? refuse('codeRefused') : unavailable(/^[a-z_]{1,40}$/.test(code) ? code : 'error')
  }
  if (error instanceof oauth.UnsupportedOperationError) return refuse('proofInvalid')
  if (error instanceof oauth.OperationProcessingError) {
    return faultsOfIssuer(oauth).includes(error.code ?? '') ? unavailable(error.code ?? '') : refuse('proofInvalid')
  }
  return unavailable(detailOf(error))
}

const faultsOfIssuer = (oauth: Oauth4webapi): readonly string[] => [
  oauth.RESPONSE_IS_NOT_CONFORM,
  oauth.RESPONSE_IS_NOT_JSON,
  oauth.PARSE_ERROR,
  oauth.MISSING_SERVER_METADATA,
  oauth.INVALID_SERVER_METADATA,
]

const detailOf = (error: unknown): string => {
  if (error instanceof MetadataUnfit) return error.message
  if (!(error instanceof Error)) return 'unknown'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  return code.slice(0, 60)
}

/** Does its work at the first call; a work that failed is tried again at the next. */
const keptOnce = <Value>(work: () => Promise<Value>): (() => Promise<Value>) => {
  let kept: Promise<Value> | undefined
  return () => {
    kept ??= work().catch((error: unknown) => {
      kept = undefined
      throw error
    })
    return kept
  }
}
