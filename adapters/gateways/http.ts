import { err, ok, type Result } from 'neverthrow'
import type { UnknownCause } from 'shopwright/payments'

/** The part of an answer that is read. */
export type HttpFetchAnswer = {
  readonly status: number
  readonly headers: { readonly forEach: (each: (value: string, name: string) => void) => void }
  /** What was sent, piece by piece; null where nothing was. */
  readonly body: HttpFetchBody | null
}

/** The part of a stream that is read. */
export type HttpFetchBody = {
  readonly getReader: () => {
    readonly read: () => Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>
    readonly cancel: () => Promise<unknown>
  }
}

/** The part of the runtime's own `fetch` that a gateway uses. */
export type HttpFetch = (
  url: string,
  init: {
    readonly method: string
    readonly headers: Record<string, string>
    readonly body?: Uint8Array<ArrayBuffer>
    readonly redirect: 'manual'
    readonly signal: AbortSignal
  },
) => Promise<HttpFetchAnswer>

/** How a gateway is reached over HTTP. */
export type HttpOptions = {
  /** Where it answers: https, or http on this machine; its own address unless told. */
  readonly baseUrl?: string
  /**
   * How long a whole answer is waited for, milliseconds; 10 s unless told, and best no more than 20: some requests are three
   * calls, and are taken to be over within a minute. A file is waited for thirty times as long.
   */
  readonly timeoutMs?: number
  /** Sends the requests; the runtime's own `fetch` unless told. */
  readonly fetch?: HttpFetch
}

/** A request below the base address; `path` begins with a slash and carries its query. */
export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array<ArrayBuffer>
  /** Whether a file is asked for, which may be long; not so when absent. */
  readonly isFile?: boolean
}

/** What came of a request: an answer as it was sent, whatever it says, or none. */
export type HttpAnswer =
  | {
      readonly kind: 'answered'
      readonly status: number
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>
      readonly body: Uint8Array<ArrayBuffer>
    }
  | { readonly kind: 'unknown'; readonly cause: UnknownCause }

/** Sends a request; never throws, and follows no redirect. */
export type HttpSender = {
  readonly baseUrl: string
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>
}

// A day's bill of a great shop is tens of megabytes.
const fileFactor = 30

/** More than any answer of a gateway but a bill; a longer one is not read. */
const maxAnswerBytes = 64 * 1024 * 1024

/**
 * Makes a sender below a base address. Nothing of a request, and no text of an error, is in its answers: either may hold
 * a secret.
 */
export const createHttpSender = (
  standardUrl: string,
  options: HttpOptions,
): Result<HttpSender, 'baseUrl' | 'timeoutMs'> => {
  const { baseUrl = standardUrl, timeoutMs = 10_000, fetch: send = fetch } = options
  const base = readBaseUrl(baseUrl)
  if (base === null) return err('baseUrl')
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs <= 0) return err('timeoutMs')
  const waitsMs = ({ isFile = false }: HttpRequest) => (isFile ? timeoutMs * fileFactor : timeoutMs)
  return ok({ baseUrl: base, send: (request) => sendWithin(send, base, waitsMs(request), request) })
}

/** A base address without a slash at its end: https, or http on this machine; null where it is none. */
export const readBaseUrl = (text: string): string | null => {
  if (!URL.canParse(text)) return null
  const { protocol, hostname, username, password, search, hash, href } = new URL(text)
  const own = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
  if (protocol !== 'https:' && !(protocol === 'http:' && own)) return null
  if (`${username}${password}${search}${hash}` !== '') return null
  return href.replace(/\/+$/, '')
}

const sendWithin = async (
  send: HttpFetch,
  base: string,
  timeoutMs: number,
  { method, path, headers, body }: HttpRequest,
): Promise<HttpAnswer> => {
  const abort = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  // A `fetch` that does not heed the signal is not waited for either.
  const late = new Promise<HttpAnswer>((resolve) => {
    timer = setTimeout(() => {
      resolve({ kind: 'unknown', cause: 'timeout' })
      abort.abort()
    }, timeoutMs)
  })
  const asked = (async (): Promise<HttpAnswer> => {
    try {
      const { signal } = abort
      const init = { method, headers: { ...headers }, redirect: 'manual' as const, signal }
      const answer = await send(`${base}${path}`, body === undefined ? init : { ...init, body })
      const told: Record<string, string> = {}
      answer.headers.forEach((value, name) => {
        told[name.toLowerCase()] = value
      })
      if (Number(told['content-length'] ?? 0) > maxAnswerBytes) return tooLong
      const bytes = await readBody(answer.body, maxAnswerBytes)
      return bytes === null ? tooLong : { kind: 'answered', status: answer.status, headers: told, body: bytes }
    } catch {
      return { kind: 'unknown', cause: 'reset' }
    }
  })()
  try {
    return await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}

const tooLong: HttpAnswer = { kind: 'unknown', cause: 'unparsable' }

/**
 * Reads an answer up to a length; null of a longer one. The bytes themselves are counted: an answer in chunks does not say
 * how long it is, and one that does may be longer.
 */
export const readBody = async (
  body: HttpFetchBody | null,
  mostBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> => {
  if (body === null) return new Uint8Array()
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    if (value === undefined) continue
    length += value.length
    if (length > mostBytes) {
      await reader.cancel()
      return null
    }
    chunks.push(value)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/** Text as UTF-8. */
export const toBytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

/** UTF-8 as text; null where it is none. */
export const toText = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** The value that a JSON text says; undefined where it is none. */
export const readJson = (text: string | null): unknown => {
  if (text === null) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
