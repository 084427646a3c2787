import { createHash } from 'node:crypto'
import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import type { BreachedPasswords, BreachListUnavailable } from 'shopwright'

/** The part of an answer that is read. */
export type RangeAnswer = { readonly status: number; readonly text: () => Promise<string> }

/** The part of the runtime's own `fetch` that is used. */
export type RangeFetch = (
  url: string,
  init: {
    readonly headers: Readonly<Record<string, string>>
    readonly redirect: 'error'
    readonly signal: AbortSignal
  },
) => Promise<RangeAnswer>

/** Where leaked passwords are asked for. */
export type BreachRangeOptions = {
  /** Answers below it with the rest of every digest that begins so; https, or http on this machine. */
  readonly baseUrl?: string
  /** How long an answer is waited for, milliseconds; 2,000 when absent. */
  readonly timeoutMs?: number
  /** In how many leaks a password must have been seen; 1 when absent. */
  readonly minSightings?: number
  /** Sends the requests; the runtime's own `fetch` when absent. */
  readonly fetch?: RangeFetch
}

/** The address is none, or would carry what is asked in the clear. */
export type RangeAddressRefused = { readonly type: 'RangeAddressRefused'; readonly baseUrl: string }

const publicService = 'https://api.pwnedpasswords.com/range/'

/**
 * Asks a range service about leaked passwords by k-anonymity: the first five hex digits of the SHA-1 digest go out, and
 * some hundred digests come back among which the right one is looked for here. Answers are asked to be padded, so that
 * their length tells nothing.
 *
 * @errors RangeAddressRefused
 */
export const createBreachRange = (
  options: BreachRangeOptions = {},
): ResultAsync<BreachedPasswords, RangeAddressRefused> => {
  const baseUrl = options.baseUrl ?? publicService
  if (!isSafeAddress(baseUrl)) return errAsync({ type: 'RangeAddressRefused', baseUrl })
  const { timeoutMs = 2_000, minSightings = 1 } = options
  const send: RangeFetch = options.fetch ?? ((url, init) => fetch(url, init))
  return okAsync({
    isBreached: (password) => {
      const digest = createHash('sha1').update(password, 'utf8').digest('hex').toUpperCase()
      return ResultAsync.fromPromise(
        ask(send, `${baseUrl}${digest.slice(0, 5)}`, timeoutMs),
        (error): BreachListUnavailable => unavailable(error instanceof Error ? error.name : 'failed'),
      )
        .andThen(({ status, text }) => (status === 200 ? okAsync(text) : errAsync(unavailable(`status ${status}`))))
        .map((text) => sightingsOf(text, digest.slice(5)) >= minSightings)
    },
  })
}

const unavailable = (detail: string): BreachListUnavailable => ({ type: 'BreachListUnavailable', detail })

const ask = async (
  send: RangeFetch,
  url: string,
  timeoutMs: number,
): Promise<{ readonly status: number; readonly text: string }> => {
  const answer = await send(url, {
    headers: { 'add-padding': 'true', 'user-agent': 'shopwright' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  return { status: answer.status, text: await answer.text() }
}

// Lines of the rest of a digest, a colon and in how many leaks it was seen; padding has none.
const sightingsOf = (text: string, rest: string): number => {
  for (const line of text.split('\n')) {
    const [listed = '', sightings = '0'] = line.trim().split(':')
    if (listed.toUpperCase() === rest) return Number.parseInt(sightings, 10) || 0
  }
  return 0
}

const isSafeAddress = (baseUrl: string): boolean => {
  if (!URL.canParse(baseUrl)) return false
  const { protocol, hostname } = new URL(baseUrl)
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname))
}
