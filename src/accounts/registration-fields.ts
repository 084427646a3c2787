import { err, ok, type Result } from 'neverthrow'
import type { Instant } from '../shared/instant.js'
import type { ContactKind } from './identifier.js'

/** Something a shop asks of who registers, beside how they are reached. */
export type RegistrationField = {
  /** A line of text, a date of the past (ISO 8601), or one of `choices`. */
  readonly kind: 'text' | 'date' | 'choice'
  /** What it is used for, in words that people are shown; a field without one is not asked, and refused where it is given. */
  readonly purpose: string
  /** Registering is refused without it; off when absent. */
  readonly required?: boolean
  /** The most characters of a text; 100 when absent. */
  readonly longest?: number
  readonly choices?: readonly string[]
}

/** By what a shop has people register: an address, a number, or whichever of them they choose. */
export type AskedIdentifier = 'email' | 'phone' | 'either'

/** What a shop asks of who registers. */
export type RegistrationPolicy = {
  /**
   * The one identifier that nobody registers without, or takes off again; `either` when absent. Where `activationByPush` lets a
   * device vouch for who registers, they do so without one.
   */
  readonly identifier?: AskedIdentifier
  /** What is asked beside, by the name of the field; nothing when empty. */
  readonly fields: Readonly<Record<string, RegistrationField>>
}

/** Values of declared fields, by name. */
export type PersonDetails = Readonly<Record<string, string>>

/** Why a value is not taken. */
export type DetailReason = {
  readonly field: string
  /**
   * - `undeclared`: the shop asks nothing of the name, or says not what for
   * - `missing`: the shop requires it
   * - `malformed`: it is no line of text, no date, or a date to come
   * - `tooLong`: the text has more characters than the field
   * - `noChoice`: it is none of the choices
   */
  readonly reason: 'undeclared' | 'missing' | 'malformed' | 'tooLong' | 'noChoice'
}

/** Some details are not as the shop asks for them; every reason at once, by field. */
export type DetailsRefused = { readonly type: 'DetailsRefused'; readonly reasons: readonly DetailReason[] }

/** Whether a shop has people register by a kind of contact, or by none; a reason where it asks for another. */
export const judgeIdentifier = (
  { identifier = 'either' }: Pick<RegistrationPolicy, 'identifier'>,
  kind: ContactKind | undefined,
): readonly DetailReason[] =>
  identifier === 'either' || identifier === kind ? [] : [{ field: identifier, reason: 'missing' }]

/** The fields that are asked: those that say what for. */
export const askedFields = ({ fields }: RegistrationPolicy): readonly (readonly [string, RegistrationField])[] =>
  Object.entries(fields).filter(([, { purpose }]) => purpose.trim() !== '')

/**
 * Checks what a person tells of themselves against what the shop asks, and gives it in one form: NFC, trimmed.
 *
 * @param lacking - what else is not as the shop asks for it, told with the rest
 * @errors DetailsRefused
 */
export const checkDetails = (
  policy: RegistrationPolicy,
  given: PersonDetails,
  now: Instant,
  lacking: readonly DetailReason[] = [],
): Result<PersonDetails, DetailsRefused> => {
  const asked = askedFields(policy)
  const names = asked.map(([name]) => name)
  const details = asked.flatMap(([name]) => {
    const text = Object.hasOwn(given, name) ? (given[name] ?? '').normalize('NFC').trim() : ''
    return text === '' ? [] : [[name, text] as const]
  })
  const told = new Map(details)
  const reasons: readonly DetailReason[] = [
    ...lacking,
    ...Object.keys(given)
      .filter((field) => !names.includes(field))
      .map((field): DetailReason => ({ field, reason: 'undeclared' })),
    ...asked.flatMap(([field, rule]): readonly DetailReason[] => {
      const text = told.get(field)
      if (text === undefined) return rule.required === true ? [{ field, reason: 'missing' }] : []
      const reason = judgeDetail(rule, text, now)
      return reason === undefined ? [] : [{ field, reason }]
    }),
  ]
  return reasons.length > 0 ? err({ type: 'DetailsRefused', reasons }) : ok(Object.fromEntries(details))
}

const judgeDetail = (
  { kind, longest = 100, choices = [] }: RegistrationField,
  text: string,
  now: Instant,
): DetailReason['reason'] | undefined => {
  switch (kind) {
    case 'text':
      if ([...text].length > longest) return 'tooLong'
      return /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u.test(text) ? undefined : 'malformed'
    case 'date':
      return isPastDate(text, now) ? undefined : 'malformed'
    case 'choice':
      return choices.includes(text) ? undefined : 'noChoice'
  }
}

const isPastDate = (text: string, now: Instant): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  // 31 April is read as 1 May, or not at all.
  return !Number.isNaN(at) && at <= now && new Date(at).toISOString().startsWith(text)
}
