import { ResultAsync } from 'neverthrow'
import type { CryptoUnavailable, KeyedDigest } from 'shopwright'
import { type Ciphers, ciphersOfRuntime } from './ciphers.js'

/** The least length of a key, bytes. */
export const leastKeyBytes = 32

/**
 * Keyed digests: HMAC-SHA-256 over the purpose and the text, kept apart by their lengths. By `node:crypto` where the
 * runtime has it, else by WebCrypto.
 *
 * @errors throws where the key is shorter than 32 bytes: no shop can be opened with it
 */
export const createKeyedDigest = ({
  key,
}: {
  /** At least 32 bytes, of the shop's secrets; with another key every digest is another. */
  readonly key: Uint8Array
}): KeyedDigest => keyedDigestBy(ciphersOfRuntime(), key)

/** Keyed digests by given ciphers. */
export const keyedDigestBy = (ciphers: Ciphers, key: Uint8Array): KeyedDigest => {
  if (key.length < leastKeyBytes) throw new Error(`a digest key has at least ${leastKeyBytes} bytes`)
  const imported = onceDone(() => ciphers.importHmac(Uint8Array.from(key)))
  return {
    digest: (purpose, text) =>
      ResultAsync.fromPromise(
        imported().then(async (hmac) => toHex(await hmac(encoder.encode(`${purpose.length}:${purpose}:${text}`)))),
        unavailable,
      ),
  }
}

const encoder = new TextEncoder()

const toHex = (bytes: Uint8Array): string => {
  let hex = ''
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0')
  return hex
}

/** Does its work at the first call; a work that failed is tried again at the next. */
export const onceDone = <Value>(work: () => Promise<Value>): (() => Promise<Value>) => {
  let kept: Promise<Value> | undefined
  return () => {
    kept ??= work().catch((error: unknown) => {
      kept = undefined
      throw error
    })
    return kept
  }
}

/** What the runtime said, for the log. */
export const unavailable = (error: unknown): CryptoUnavailable => ({
  type: 'CryptoUnavailable',
  detail: error instanceof Error ? error.message : 'unknown',
})
