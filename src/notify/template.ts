import type { Instant } from '../shared/instant.js'
import type { Locale, Message as Text } from '../shared/messages.js'
import type { Money } from '../shared/money.js'

/** What a template is filled with: ids, numbers, amounts, moments, texts of the catalog; never a name or an address. */
export type MessageFact =
  | string
  | number
  | Money
  /** A moment; written in the hours of `utcOffsetMinutes`, or of the sender where it names none. */
  | { readonly at: Instant; readonly utcOffsetMinutes?: number }
  | Readonly<Record<Locale, string>>

/** A message in every language. */
export type Template = {
  /** Transactional messages belong to something the person did; marketing needs a consent. */
  readonly kind: 'transactional' | 'marketing'
  readonly subject: Text
  /** `{name}` stands for a fact, `{code}` for the secret. */
  readonly text: Text
}
