import { err, errAsync, ok, type Result, ResultAsync } from 'neverthrow'
import type { CryptoUnavailable, Sealed, Sealer, SubjectKey, SubjectKeyStore, Unreadable } from 'shopwright'
import { fromBase64Url, toBase64Url } from './base64url.js'
import { type Aes, type Bytes, type Ciphers, ciphersOfRuntime } from './ciphers.js'
import { onceDone, unavailable } from './keyed-digest.js'

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
  /**
   * Where a share of each new key is kept apart from the storage, so that destroying it makes backups unreadable. Keys from
   * before it was given stay as they are; absent, a key is whole in its row.
   */
  readonly keptApart?: SubjectKeyStore
}

const scheme = 1
const nonceBytes = 12

// What a wrapped key says of its share: kept apart, or of a key for nobody, for which the store is asked all the same, so that
// it cannot be told from another by the time it takes.
type ShareMark = 'apart' | 'passing'

/**
 * Seals with AES-256-GCM and 16-byte tags under a key of each person, which is wrapped the same way by a key of the
 * host. What is sealed is bound to its person and its place; what was wrapped, to its person. By `node:crypto` where the
 * runtime has it, else by WebCrypto. The host's keys stay in memory, the key of a person only while it is used. What a key
 * wrapped that is not held here is not unreadable: it answers `CryptoUnavailable`, until the key is.
 *
 * @errors throws where a key has not 32 bytes: no shop can be opened with it
 */
export const createSealer = (options: SealerOptions): Sealer => sealerBy(ciphersOfRuntime(), options)

/** A sealer by given ciphers. */
export const sealerBy = (ciphers: Ciphers, options: SealerOptions): Sealer => {
  for (const { key } of [options.current, ...(options.previous ?? [])]) {
    if (key.length !== 32) throw new Error('a sealing key has 32 bytes')
  }
  const importKey = (key: Uint8Array): Promise<Aes> => ciphers.importAes(Uint8Array.from(key))
  const wrapping = new Map(
    [...(options.previous ?? []), options.current].map(({ keyId, key }) => [keyId, onceDone(() => importKey(key))]),
  )
  const { keptApart } = options
  type AskShare = (subjectId: string) => Promise<string | undefined>
  const unwrap = async ({ subjectId, wrapped }: SubjectKey, shareOf: AskShare): Promise<Aes | undefined> => {
    const [keyId = '', nonceText = '', dataText = '', mark] = wrapped.split('.')
    const outer = wrapping.get(keyId)
    // Another machine may have been given the key before this one: what it wrapped is there, and readable in a while.
    if (outer === undefined) throw new Error('no key of that id is held here')
    const nonce = fromBase64Url(nonceText)
    const data = fromBase64Url(dataText)
    if (nonce?.length !== nonceBytes || data === undefined) return undefined
    const inner = await (await outer()).decrypt(wrapContext(keyId, subjectId), nonce, data)
    // The store is asked of nobody but those whose keys were wrapped here.
    if (inner === undefined) return undefined
    const personal = mark === undefined ? inner : withShare(inner, await shareOf(subjectId), mark)
    return personal === undefined ? undefined : importKey(personal)
  }
  const askShare: AskShare = async (subjectId) => {
    if (keptApart === undefined) throw new Error('its key is kept apart, and no store of keys is given')
    return answered(await keptApart.get(subjectId))
  }
  const divide = async (
    subjectId: string,
    use: 'passing' | undefined,
    personal: Bytes,
  ): Promise<{ readonly inner: Bytes; readonly mark?: ShareMark }> => {
    if (keptApart === undefined) return { inner: personal }
    if (use === 'passing') return { inner: personal, mark: 'passing' }
    const drawn = toBase64Url(crypto.getRandomValues(new Uint8Array(32)))
    const inner = withShare(personal, answered(await keptApart.put(subjectId, drawn)), 'apart')
    if (inner === undefined) throw new Error('the key of this person was destroyed')
    return { inner, mark: 'apart' }
  }
  const sealerAsking = (shareOf: AskShare): Sealer => ({
    createKey: (subjectId, use) =>
      attempt(async () => {
        const { keyId, key } = options.current
        const outer = await (wrapping.get(keyId)?.() ?? importKey(key))
        const { inner, mark } = await divide(subjectId, use, crypto.getRandomValues(new Uint8Array(32)))
        const box = await encrypt(outer, wrapContext(keyId, subjectId), inner)
        return { subjectId, wrapped: [keyId, box.nonce, box.data, ...(mark === undefined ? [] : [mark])].join('.') }
      }),
    ...(keptApart === undefined ? {} : { destroyKey: (subjectId) => keptApart.destroy(subjectId) }),
    seal: (key, place, text) =>
      attempt(async (): Promise<Sealed> => {
        const personal = await unwrap(key, shareOf)
        if (personal === undefined) throw new Error('the key cannot be unwrapped')
        const box = await encrypt(personal, sealContext(key.subjectId, place), new TextEncoder().encode(text))
        return { sealed: { scheme, ...box } }
      }),
    open: (key, place, { sealed }) => {
      const unreadable: Unreadable = { type: 'Unreadable', place }
      const nonce = fromBase64Url(sealed.nonce)
      const data = fromBase64Url(sealed.data)
      if (sealed.scheme !== scheme || nonce?.length !== nonceBytes || data === undefined) return errAsync(unreadable)
      return attempt(async () =>
        (await unwrap(key, shareOf))?.decrypt(sealContext(key.subjectId, place), nonce, data),
      ).andThen(
        (bytes): Result<string, Unreadable | CryptoUnavailable> =>
          bytes === undefined ? err(unreadable) : ok(new TextDecoder().decode(bytes)),
      )
    },
    ...(keptApart === undefined ? {} : { forOneCommand: () => sealerAsking(askedOnce(askShare)) }),
  })
  return sealerAsking(askShare)
}

// What could not be answered is asked once more.
const askedOnce = <Answer>(ask: (id: string) => Promise<Answer>): ((id: string) => Promise<Answer>) => {
  const asked = new Map<string, Promise<Answer>>()
  return (id) => {
    const answer =
      asked.get(id) ??
      ask(id).catch((fault: unknown) => {
        asked.delete(id)
        throw fault
      })
    asked.set(id, answer)
    return answer
  }
}

// A key is the share and what is wrapped, bit by bit one or the other: without either it could be any key.
const withShare = (inner: Bytes, share: string | undefined, mark: string): Bytes | undefined => {
  if (mark === 'passing') return inner
  const bytes = share === undefined ? undefined : fromBase64Url(share)
  return bytes?.length !== 32 ? undefined : inner.map((byte, at) => byte ^ (bytes[at] ?? 0))
}

// What the store cannot say is told as any other fault of the runtime's.
const answered = <Value>(answer: Result<Value, CryptoUnavailable>): Value => {
  if (answer.isErr()) throw new Error(answer.error.detail)
  return answer.value
}

const attempt = <Value>(work: () => Promise<Value>): ResultAsync<Value, CryptoUnavailable> =>
  ResultAsync.fromPromise(work(), unavailable)

// Each part is told apart by its length, so that no two contexts are the same text.
const contextOf = (...parts: readonly string[]): Bytes =>
  new TextEncoder().encode(parts.map((part) => `${part.length}:${part}`).join(''))

const wrapContext = (keyId: string, subjectId: string) => contextOf('wrap', String(scheme), keyId, subjectId)
const sealContext = (subjectId: string, place: string) => contextOf('seal', String(scheme), subjectId, place)

const encrypt = async (key: Aes, context: Bytes, bytes: Bytes): Promise<Omit<Sealed['sealed'], 'scheme'>> => {
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes))
  return { nonce: toBase64Url(nonce), data: toBase64Url(await key.encrypt(context, nonce, bytes)) }
}
