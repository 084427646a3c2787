import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import type { CryptoUnavailable, Sealed, Sealer, SubjectKey, Unreadable } from 'shopwright'
import { fromBase64Url, toBase64Url } from './base64url.js'
import { unavailable } from './keyed-digest.js'

/** A key of the host that wraps the keys of people. */
export type WrappingKey = {
  /** Names the key in what it wrapped; letters, digits, `-` and `_`. */
  readonly keyId: string
  /** 32 bytes. */
  readonly key: Uint8Array
}

/** The keys of a sealer. */
export type SealerOptions = {
  /** Wraps new keys. */
  readonly current: WrappingKey
  /** Keys of earlier times, to unwrap what they wrapped. */
  readonly previous?: readonly WrappingKey[]
}

const scheme = 1
const nonceBytes = 12

/**
 * Seals by WebCrypto: AES-256-GCM with 16-byte tags under a key of each person, which is wrapped the same way by a key of
 * the host. What is sealed is bound to its person and its place; what was wrapped, to its person.
 */
export const createSealer = (options: SealerOptions): Sealer => {
  const wrapping = new Map([...(options.previous ?? []), options.current].map((each) => [each.keyId, each]))
  return {
    createKey: (subjectId) =>
      attempt(async () => {
        const personal = crypto.getRandomValues(new Uint8Array(32))
        const { keyId, key } = options.current
        const box = await encrypt(await importKey(key), wrapContext(keyId, subjectId), personal)
        return { subjectId, wrapped: [keyId, toBase64Url(box.nonce), toBase64Url(box.data)].join('.') }
      }),
    seal: (key, place, text) =>
      unwrap(wrapping, key).andThen((personal) =>
        personal === undefined
          ? errAsync<Sealed, CryptoUnavailable>({ type: 'CryptoUnavailable', detail: 'the key cannot be unwrapped' })
          : attempt(async (): Promise<Sealed> => {
              const bytes = new TextEncoder().encode(text)
              const box = await encrypt(personal, sealContext(key.subjectId, place), bytes)
              return { sealed: { scheme, nonce: toBase64Url(box.nonce), data: toBase64Url(box.data) } }
            }),
      ),
    open: (key, place, { sealed }) => {
      const refused = errAsync<string, Unreadable | CryptoUnavailable>({ type: 'Unreadable', place })
      const nonce = fromBase64Url(sealed.nonce)
      const data = fromBase64Url(sealed.data)
      if (sealed.scheme !== scheme || nonce?.length !== nonceBytes || data === undefined) return refused
      return unwrap(wrapping, key)
        .mapErr((error): Unreadable | CryptoUnavailable => error)
        .andThen((personal) => {
          if (personal === undefined) return refused
          return decrypt(personal, sealContext(key.subjectId, place), { nonce, data }).andThen((bytes) =>
            bytes === undefined ? refused : okAsync(new TextDecoder().decode(bytes)),
          )
        })
    },
  }
}

type AesKey = Awaited<ReturnType<typeof importKey>>
type Box = { readonly nonce: Uint8Array<ArrayBuffer>; readonly data: Uint8Array<ArrayBuffer> }

const attempt = <Value>(work: () => Promise<Value>): ResultAsync<Value, CryptoUnavailable> =>
  ResultAsync.fromPromise(work(), unavailable)

const importKey = (key: Uint8Array) => {
  if (key.length !== 32) return Promise.reject(new Error('a sealing key has 32 bytes'))
  return crypto.subtle.importKey('raw', Uint8Array.from(key), 'AES-GCM', false, ['encrypt', 'decrypt'])
}

// Each part is told apart by its length, so that no two contexts are the same text.
const contextOf = (...parts: readonly string[]): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(parts.map((part) => `${part.length}:${part}`).join(''))

const wrapContext = (keyId: string, subjectId: string) => contextOf('wrap', String(scheme), keyId, subjectId)
const sealContext = (subjectId: string, place: string) => contextOf('seal', String(scheme), subjectId, place)

const parameters = (nonce: Uint8Array<ArrayBuffer>, additionalData: Uint8Array<ArrayBuffer>) => ({
  name: 'AES-GCM',
  iv: nonce,
  additionalData,
  tagLength: 128,
})

const encrypt = async (key: AesKey, context: Uint8Array<ArrayBuffer>, bytes: Uint8Array<ArrayBuffer>): Promise<Box> => {
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes))
  return { nonce, data: new Uint8Array(await crypto.subtle.encrypt(parameters(nonce, context), key, bytes)) }
}

// The cipher says no by an exception without a reason; whatever it is, the text cannot be read with this key.
const decrypt = (
  key: AesKey,
  context: Uint8Array<ArrayBuffer>,
  { nonce, data }: Box,
): ResultAsync<Uint8Array<ArrayBuffer> | undefined, CryptoUnavailable> =>
  attempt(() =>
    crypto.subtle.decrypt(parameters(nonce, context), key, data).then(
      (bytes) => new Uint8Array(bytes),
      () => undefined,
    ),
  )

const unwrap = (
  wrapping: ReadonlyMap<string, WrappingKey>,
  { subjectId, wrapped }: SubjectKey,
): ResultAsync<AesKey | undefined, CryptoUnavailable> => {
  const [keyId = '', nonceText = '', dataText = ''] = wrapped.split('.')
  const outer = wrapping.get(keyId)
  const nonce = fromBase64Url(nonceText)
  const data = fromBase64Url(dataText)
  if (outer === undefined || nonce?.length !== nonceBytes || data === undefined) return okAsync(undefined)
  return attempt(() => importKey(outer.key))
    .andThen((key) => decrypt(key, wrapContext(keyId, subjectId), { nonce, data }))
    .andThen((bytes) => (bytes === undefined ? okAsync(undefined) : attempt(() => importKey(bytes))))
}
