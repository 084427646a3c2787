import { err, errAsync, ok, type Result, type ResultAsync } from 'neverthrow'
import type { Json } from './json.js'
import type { CryptoUnavailable } from './ports.js'

/** Personal data at rest: readable only with the key of the person it is about. */
export type Sealed = {
  readonly sealed: {
    /** Version of the sealing scheme. */
    readonly scheme: number
    /** Nonce, base64url. */
    readonly nonce: string
    /** Cipher text with its 16-byte tag, base64url. */
    readonly data: string
  }
}

/**
 * The key of one person, wrapped by a key that only the host holds. It is a row of its own: when the row is removed,
 * all that was sealed with it can never be read again, but in a backup of the storage that still has the row; there neither,
 * where the sealer keeps a share of it apart (`SubjectKeyStore`) and that was destroyed.
 */
export type SubjectKey = {
  /** Account or guest the key belongs to. */
  readonly subjectId: string
  /** The wrapped key, base64url. */
  readonly wrapped: string
}

/** The sealed text does not fit its key or its place: it was changed, moved, or its key is gone. */
export type Unreadable = { readonly type: 'Unreadable'; readonly place: string }

/**
 * Keeps a share of each person's key apart from the storage. Without it a key is in every backup of the storage, and a person
 * who was erased can be read in a backup for as long as it is kept; with it nobody can, from the moment the share is destroyed.
 */
export type SubjectKeyStore = {
  /** The share of a person, base64url; undefined where there is none, or it was destroyed. */
  readonly get: (subjectId: string) => ResultAsync<string | undefined, CryptoUnavailable>
  /** Keeps a share where the person has none and never had one; answers the one that stands, undefined where it was destroyed. */
  readonly put: (subjectId: string, share: string) => ResultAsync<string | undefined, CryptoUnavailable>
  /** Destroys the share of a person for good; to be done any number of times. */
  readonly destroy: (subjectId: string) => ResultAsync<void, CryptoUnavailable>
}

/** Seals and opens; the host's key never leaves the adapter. */
export type Sealer = {
  /**
   * A new key for a person; `CryptoUnavailable` for one whose key was destroyed.
   *
   * @param use - `passing` for a key that seals for nobody and is not kept: it takes the same time
   */
  readonly createKey: (subjectId: string, use?: 'passing') => ResultAsync<SubjectKey, CryptoUnavailable>
  /** Destroys what is kept of a person's key apart from the storage, for good; absent where nothing is. */
  readonly destroyKey?: (subjectId: string) => ResultAsync<void, CryptoUnavailable>
  /**
   * Seals a text.
   *
   * @param place - collection, row and field, bound to the cipher text so that it cannot be moved elsewhere
   */
  readonly seal: (key: SubjectKey, place: string, text: string) => ResultAsync<Sealed, CryptoUnavailable>
  readonly open: (key: SubjectKey, place: string, sealed: Sealed) => ResultAsync<string, Unreadable | CryptoUnavailable>
  /**
   * The same sealer for one command or question, which asks for what is kept apart of a person's key once, however much it seals and
   * opens. It is dropped with the answer: what is destroyed meanwhile is gone for the next. Absent where nothing is kept apart.
   */
  readonly forOneCommand?: () => Sealer
}

/** Where a sealed value stands. */
export type Place = { readonly collection: string; readonly id: string; readonly field: string }

/** The text a sealed value is bound to. */
export const placeName = (place: Place): string => `${place.collection}/${place.id}/${place.field}`

/** Seals a JSON value at its place. */
export const sealValue = (
  sealer: Sealer,
  key: SubjectKey,
  place: Place,
  value: Json,
): ResultAsync<Sealed, CryptoUnavailable> => sealer.seal(key, placeName(place), JSON.stringify(value))

/**
 * Opens a sealed JSON value and checks its shape.
 *
 * @errors Unreadable when the key is gone, the value was changed or moved, or is not of the shape
 */
export const openValue = <Value>(
  sealer: Sealer,
  key: SubjectKey | undefined,
  place: Place,
  sealed: Sealed,
  parse: (value: unknown) => Result<Value, unknown>,
): ResultAsync<Value, Unreadable | CryptoUnavailable> => {
  const unreadable: Unreadable = { type: 'Unreadable', place: placeName(place) }
  if (key === undefined) return errAsync(unreadable)
  return sealer
    .open(key, placeName(place), sealed)
    .andThen((text) => parseJson(text).mapErr(() => unreadable))
    .andThen((value) => parse(value).mapErr(() => unreadable))
}

const parseJson = (text: string): Result<unknown, 'notJson'> => {
  try {
    return ok(JSON.parse(text))
  } catch {
    return err('notJson')
  }
}
