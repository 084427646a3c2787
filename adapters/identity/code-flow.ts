import { err, ok, type Result, ResultAsync } from 'neverthrow'
import type {
  IdentityProvider,
  IdentityRefused,
  IdentityRequest,
  IdentityUnavailable,
  IssuedSubject,
  VerifiedIdentity,
} from 'shopwright'
import {
  createHttpSender,
  type HttpAnswer,
  type HttpOptions,
  type HttpRequest,
  type HttpSender,
  readJson,
  toText,
} from '../gateways/http.js'
import { type IdentityConfigInvalid, readAddress, refuseOption } from './config.js'

/** Why a provider vouches for nobody. */
export type IdentityFailure = IdentityRefused | IdentityUnavailable

/** How a provider that speaks OAuth 2.0 in a way of its own is reached. */
export type CodeFlowOptions = HttpOptions & {
  /** Where the browser comes back to, exactly as it is registered with the provider. */
  readonly redirectUri: string
  /** Where the browser is sent to; the provider's own address unless told. */
  readonly authorizeUrl?: string
}

/** A provider's own way: what the browser is sent with, and how the code that it brings becomes a person. */
export type CodeFlow = {
  readonly authorizeUrl: string
  readonly baseUrl: string
  readonly parameters: (redirectUri: string) => Readonly<Record<string, string>>
  /** What follows the address, after a hash. */
  readonly fragment?: string
  /** The name of the code in the query that comes back. */
  readonly codeName: 'code' | 'auth_code'
  readonly exchange: (
    http: HttpSender,
    code: string,
    redirectUri: string,
  ) => Promise<Result<VerifiedIdentity, IdentityFailure>>
}

/**
 * Makes a provider of its own way. These have neither PKCE nor a nonce: what keeps an answer to the browser it was asked
 * for is its state, which the shop binds to the browser and takes once.
 *
 * @errors IdentityConfigInvalid
 */
export const createCodeFlow = (
  flow: CodeFlow,
  options: CodeFlowOptions,
): Result<IdentityProvider, IdentityConfigInvalid> => {
  const { redirectUri, authorizeUrl = flow.authorizeUrl, ...transport } = options
  const http = createHttpSender(flow.baseUrl, transport)
  if (http.isErr()) return refuseOption(http.error, 'malformed')
  return readAddress('redirectUri', redirectUri)
    .andThen(() => readAddress('authorizeUrl', authorizeUrl))
    .map(() => providerOf(flow, { redirectUri, authorizeUrl, http: http.value }))
}

const providerOf = (
  flow: CodeFlow,
  at: { readonly redirectUri: string; readonly authorizeUrl: string; readonly http: HttpSender },
): IdentityProvider => ({
  begin: ({ state }) => {
    const url = new URL(at.authorizeUrl)
    for (const [name, value] of Object.entries({ ...flow.parameters(at.redirectUri), state })) {
      url.searchParams.set(name, value)
    }
    if (flow.fragment !== undefined) url.hash = flow.fragment
    return ResultAsync.fromSafePromise(Promise.resolve({ redirectUrl: url.href }))
  },
  finish: (answer) =>
    readCode(answer, flow.codeName).asyncAndThen(
      (code) => new ResultAsync(flow.exchange(at.http, code, at.redirectUri)),
    ),
})

/** The code that a browser brought; each member that is read stands in the query once. */
const readCode = (
  { query, state }: Pick<IdentityRequest, 'state'> & { readonly query: string },
  codeName: CodeFlow['codeName'],
): Result<string, IdentityFailure> => {
  const given = new URLSearchParams(query)
  const only = (name: string): string | undefined => {
    const [value, ...more] = given.getAll(name)
    return more.length > 0 ? undefined : value
  }
  if (only('state') !== state) return err({ type: 'IdentityRefused', reason: 'answerInvalid' })
  const code = only(codeName)
  // Who says no is sent back by some with an error, by others with nothing but the state.
  if (code === undefined && !given.has(codeName)) return err({ type: 'IdentityRefused', reason: 'cancelled' })
  return code === undefined || !/^[\x21-\x7e]{1,1000}$/.test(code)
    ? err({ type: 'IdentityRefused', reason: 'answerInvalid' })
    : ok(code)
}

export const codeRefused: IdentityFailure = { type: 'IdentityRefused', reason: 'codeRefused' }
export const proofInvalid: IdentityFailure = { type: 'IdentityRefused', reason: 'proofInvalid' }
export const unavailable = (detail: string): IdentityFailure => ({ type: 'IdentityUnavailable', detail })

/** The text of an answer; none of a server that failed or did not answer. */
export const textOf = (answer: HttpAnswer): Result<string, IdentityFailure> => {
  if (answer.kind === 'unknown') return err(unavailable(answer.cause))
  if (answer.status >= 500) return err(unavailable(`status ${answer.status}`))
  const text = toText(answer.body)
  return text === null ? err(unavailable('unparsable')) : ok(text)
}

/** Asks, and reads the answer as JSON, whatever type it says it is of; also where it is wrapped as `callback( … );`. */
export const askJson = async (http: HttpSender, request: HttpRequest): Promise<Result<unknown, IdentityFailure>> =>
  textOf(await http.send(request)).andThen((text) => {
    const wrapped = /^\s*callback\(([\s\S]*)\)\s*;?\s*$/.exec(text)?.[1]
    const value = readJson(wrapped ?? text)
    return value === undefined ? err(unavailable('unparsable')) : ok(value)
  })

/** Writes parameters as a query or a form. */
export const writeParameters = (parameters: Readonly<Record<string, string>>): string =>
  new URLSearchParams(parameters).toString()

/** Who a provider says it was, under each of its names. */
export const identityOf = (
  first: IssuedSubject,
  other: { readonly issuer: string; readonly subject: string | undefined },
): VerifiedIdentity => ({
  subjects: other.subject === undefined ? [first] : [first, { issuer: other.issuer, subject: other.subject }],
})
