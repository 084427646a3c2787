import { ResultAsync } from 'neverthrow'
import type { CryptoUnavailable, KeyedDigest } from 'shopwright'

/** The least length of a key, bytes. */
export const leastKeyBytes = 32

/**
 * Keyed digests by WebCrypto: HMAC-SHA-256 over the purpose and the text, kept apart by their lengths.
 */
export const createKeyedDigest = ({
  key,
}: {
  /** At least 32 bytes, of the shop's secrets; with another key every digest is another. */
  readonly key: Uint8Array
}): KeyedDigest => {
  const imported = onceDone(() => importHmacKey(key))
  return {
    digest: (purpose, text) =>
      ResultAsync.fromPromise(
        imported().then(async (hmac) => {
          const bytes = new TextEncoder().encode(`${purpose.length}:${purpose}:${text}`)
          return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', hmac, bytes)))
        }),
        unavailable,
      ),
  }
}

const importHmacKey = async (key: Uint8Array) => {
  if (key.length < leastKeyBytes) throw new Error(`a digest key has at least ${leastKeyBytes} bytes`)
  return crypto.subtle.importKey('raw', Uint8Array.from(key), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
}

const toHex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

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
