import type { CodeContact } from './challenge.js'
import type { ContactKind, IdentifierKind } from './identifier.js'

// The codes of the world begin with none of each other: one digit in zones 1 and 7, two for those below, three elsewhere.
const ofTwoDigits =
  '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'.split(
    ' ',
  )

/** The calling code of a number in E.164 (`86` of `+8613800138000`); undefined for what is none. */
export const callingCodeOf = (number: string): string | undefined => {
  const [, digits] = /^\+([1-9]\d{6,14})$/.exec(number) ?? []
  if (digits === undefined) return undefined
  if (digits.startsWith('1') || digits.startsWith('7')) return digits.slice(0, 1)
  return digits.slice(0, ofTwoDigits.includes(digits.slice(0, 2)) ? 2 : 3)
}

/** What is kept of a number in the open, so that codes to it are counted without opening it: its calling code. */
export const numberFacts = (kind: IdentifierKind, value: string): { readonly callingCode?: string } => {
  const callingCode = kind === 'phone' ? callingCodeOf(value) : undefined
  return callingCode === undefined ? {} : { callingCode }
}

/** A contact as codes are sent to it and counted. */
export const codeContact = (
  kind: ContactKind,
  { key, callingCode }: { readonly key: string; readonly callingCode?: string },
): CodeContact => ({ kind, key, ...(callingCode === undefined ? {} : { callingCode }) })
