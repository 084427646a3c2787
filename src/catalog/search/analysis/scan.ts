/** A run of letters, of digits (with a decimal point or as a fraction) or of Chinese characters. */
export type Run = {
  readonly kind: 'letters' | 'digits' | 'han'
  readonly text: string
  /** Where it stands in the folded text. */
  readonly start: number
  readonly end: number
  /** What stands before it: nothing, a single sign that links, a space, or something else. */
  readonly gap: 'touching' | 'linked' | 'space' | 'apart'
}

/** Splits a folded text into runs. */
export const scanRuns = (text: string): readonly Run[] => {
  const found: Run[] = []
  let end = -1
  let index = 0
  while (index < text.length) {
    const kind = kindAt(text, index)
    if (kind === 'none') {
      index += 1
      continue
    }
    const start = index
    index = endOfRun(text, index, kind)
    const isFraction = kind === 'digits' && text[start - 1] === '.' && end < start - 1
    const written = text.slice(start, index)
    found.push({
      kind,
      text: isFraction ? `0.${written}` : written,
      start,
      end: index,
      gap: end < 0 ? 'apart' : gapOf(text, end, start),
    })
    end = index
  }
  return found
}

type Kind = Run['kind'] | 'none'

const gapOf = (text: string, end: number, start: number): Run['gap'] => {
  if (start === end) return 'touching'
  const between = text.slice(end, start)
  if (linking.has(between)) return 'linked'
  return between.trim() === '' && between.length <= 2 ? 'space' : 'apart'
}

const linking: ReadonlySet<string> = /* @__PURE__ */ new Set(['-', '‐', '‑', '_', '.', '&', '+', '*', '#'])

const endOfRun = (text: string, start: number, kind: Run['kind']): number => {
  let index = start
  while (index < text.length) {
    const next = kindAt(text, index)
    if (next === kind) {
      index += widthAt(text, index)
      continue
    }
    // 6.1, 1,000 and 1/2 are one number.
    if (kind !== 'digits' || next !== 'none' || kindAt(text, index + 1) !== 'digits') return index
    const sign = text[index]
    if (sign === '.' || sign === '/' || sign === '⁄' || (sign === ',' && isThousand(text, index))) index += 1
    else return index
  }
  return index
}

const isThousand = (text: string, comma: number): boolean => /^\d{3}(?!\d)/.test(text.slice(comma + 1, comma + 5))

const widthAt = (text: string, index: number): number => ((text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1)

const kindAt = (text: string, index: number): Kind => {
  const code = text.charCodeAt(index)
  if (code < 0x80) {
    if (code >= 0x61 && code <= 0x7a) return 'letters'
    if (code >= 0x30 && code <= 0x39) return 'digits'
    return 'none'
  }
  if (code >= 0x4e00 && code <= 0x9fff) return 'han'
  if (Number.isNaN(code)) return 'none'
  const character = String.fromCodePoint(text.codePointAt(index) ?? 0)
  if (hanScript.test(character)) return 'han'
  if (letter.test(character)) return 'letters'
  return digit.test(character) ? 'digits' : 'none'
}

const hanScript = /^\p{Script=Han}$/u
const letter = /^[\p{L}\p{M}]$/u
const digit = /^\p{Nd}$/u
