import { repeatedPart } from './password-patterns.js'

/** How long guessing takes: 0 very weak, 1 weak, 2 fair, 3 good, 4 strong. */
export type GuessingScore = 0 | 1 | 2 | 3 | 4

/**
 * Estimates what guessing a password costs, were it chosen at random: of what it comes to without its repeats, code
 * points that are neither repeated nor the neighbour of the one before count in full, the others a quarter, each by the
 * size of the alphabets used.
 *
 * @param password - in its canonical form
 */
export const scoreGuessing = (password: string): GuessingScore => scoreOf(estimateBits(repeatedPart(password)))

// Letters beyond this add nothing to the estimate, which keeps its cost small on any input.
const estimatedCodePoints = 64

const scoreOf = (bits: number): GuessingScore => {
  if (bits < 25) return 0
  if (bits < 40) return 1
  if (bits < 55) return 2
  return bits < 75 ? 3 : 4
}

const estimateBits = (password: string): number => {
  const letters = [...password].slice(0, estimatedCodePoints)
  const bitsEach = Math.log2(Math.max(2, alphabetSize(password)))
  let weight = 0
  const seen = new Set<string>()
  for (const [index, letter] of letters.entries()) {
    const before = letters[index - 1]
    weight += seen.has(letter) || (before !== undefined && areNeighbours(before, letter)) ? 0.25 : 1
    seen.add(letter)
  }
  return weight * bitsEach
}

const areNeighbours = (left: string, right: string): boolean =>
  Math.abs((left.codePointAt(0) ?? 0) - (right.codePointAt(0) ?? 0)) <= 1

const alphabetSize = (password: string): number =>
  [
    [/\p{Ll}/u, 26],
    [/\p{Lu}/u, 26],
    [/\p{Nd}/u, 10],
    [/\p{Lo}/u, 2_000],
    [/[^\p{L}\p{N}]/u, 33],
  ].reduce(
    (size, [pattern, letters]) => size + (pattern instanceof RegExp && pattern.test(password) ? Number(letters) : 0),
    0,
  )
