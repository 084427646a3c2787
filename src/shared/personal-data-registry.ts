import type { Json } from './json.js'
import type { Sealed } from './personal-data.js'

/**
 * Why a law allows a field to be kept. `legitimateInterest` is a basis of the GDPR and none of the PIPL (article 13): no record
 * of the library stands on it.
 */
export type LegalBasis = 'contract' | 'consent' | 'legalDuty' | 'legitimateInterest'

/** Sensitive data need a consent of their own and are masked for everyone who need not see them. */
export type Sensitivity = 'ordinary' | 'sensitive'

/** How long a field, or a record, is kept. */
export type Retention =
  /** Until the person's account is erased, which destroys the key. */
  | { readonly kind: 'untilErased' }
  /** Until what it was kept for is done, such as a code that was sent. */
  | { readonly kind: 'untilDone' }
  /**
   * So many days from the end of the business it belongs to: then upkeep removes it. Readable for no other purpose after an
   * erasure.
   */
  | { readonly kind: 'daysAfterEnd'; readonly days: number }
  /** For as long as there is the shop, because it proves what was done; once the account is erased it leads to nobody. */
  | { readonly kind: 'withoutEnd' }

/** A stored field that holds personal data, and what is owed to the person for keeping it. */
export type PersonalField = {
  /** The collection it stands in. */
  readonly collection: string
  /** Where it stands in the state, dotted; `*` stands for every member of a list (`contacts.*.phone`). */
  readonly path: string
  /** The name under which the value is sealed; `{member}` stands for a member of the list item that holds it. */
  readonly sealedAs: string
  /** Where a row names another that the value was sealed in, dotted; where it names none, that is the row itself. */
  readonly sealedIn?: string
  /** A secret of the shop that an export does not hold. */
  readonly withheld?: true
  /** What it is kept for, in a few words a person understands. */
  readonly purpose: string
  readonly basis: LegalBasis
  readonly sensitivity: Sensitivity
  readonly retention: Retention
}

/** A sealed value that stands where no catalogue says it may. */
export type UnregisteredField = { readonly collection: string; readonly path: string }

/**
 * Where sealed values stand in a state.
 *
 * @returns dotted paths in the order found, `*` for members of lists, each once
 */
export const sealedPaths = (state: Json | undefined): readonly string[] => {
  const found = new Set<string>()
  const visit = (value: Json | undefined, path: readonly string[]): void => {
    if (value === undefined || value === null || typeof value !== 'object') return
    if (isList(value)) {
      for (const item of value) visit(item, [...path, '*'])
      return
    }
    if (isSealed(value)) {
      found.add(path.join('.'))
      return
    }
    for (const key of Object.keys(value)) visit(value[key], [...path, key])
  }
  visit(state, [])
  return [...found]
}

/** The sealed values of stored states that no catalogue registers, each place once. */
export const findUnregistered = (
  catalogue: readonly PersonalField[],
  rows: readonly { readonly collection: string; readonly state: Json }[],
): readonly UnregisteredField[] => {
  const registered = new Set(catalogue.map(({ collection, path }) => `${collection}/${path}`))
  const missing = new Map<string, UnregisteredField>()
  for (const { collection, state } of rows) {
    for (const path of sealedPaths(state)) {
      const name = `${collection}/${path}`
      if (!registered.has(name)) missing.set(name, { collection, path })
    }
  }
  return [...missing.values()]
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

/** Whether a stored value is a sealed one. */
export const isSealed = (value: {
  readonly [key: string]: Json | undefined
}): value is Sealed & { readonly [key: string]: Json | undefined } => {
  const inner = value.sealed
  return typeof inner === 'object' && inner !== null && 'scheme' in inner && 'nonce' in inner && 'data' in inner
}
