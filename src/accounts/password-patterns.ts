/**
 * What a password comes to once its repeats are taken off: `abcabcabc` is `abc`, said three times. The last time may be
 * cut short; case and width make no other letter.
 *
 * @param password - in its canonical form
 * @returns the beginning that all the rest repeats, or the whole where nothing does
 */
export const repeatedPart = (password: string): string => {
  const letters = [...password]
  if (letters.length === 0) return ''
  let folded = letters.map((letter) => letter.toLowerCase())
  for (let period = shortestPeriod(folded); 2 * period <= folded.length; period = shortestPeriod(folded)) {
    folded = folded.slice(0, period)
  }
  return letters.slice(0, folded.length).join('')
}

/**
 * Whether a text is little but runs: neighbours of the alphabet, of digits or of a keyboard, or one letter, three and
 * more at a time (`aaabbbccc`, `1234567890123456`, `abcd1234`). A run says no more than one letter does.
 *
 * @param folded - in lower case
 */
export const isMadeOfRuns = (folded: string): boolean => {
  const letters = [...folded]
  let pieces = 0
  for (let index = 0; index < letters.length; pieces += 1) index += runAt(letters, index)
  return letters.length >= shortestRun && shortestRun * pieces <= letters.length
}

const shortestRun = 3

// How far each place of a text agrees with its beginning (Knuth, Morris and Pratt): as long as the text, whatever it is.
const shortestPeriod = (letters: readonly string[]): number => {
  const agrees: number[] = [0]
  for (let index = 1; index < letters.length; index += 1) {
    let length = agrees[index - 1] ?? 0
    while (length > 0 && letters[index] !== letters[length]) length = agrees[length - 1] ?? 0
    agrees.push(letters[index] === letters[length] ? length + 1 : 0)
  }
  return letters.length - (agrees.at(-1) ?? 0)
}

/** How long the run is that begins here; 1 where none does. */
const runAt = (letters: readonly string[], from: number): number => {
  const longest = Math.max(
    ...steps.map((isStep) => {
      let length = 1
      while (isStep(letters[from + length - 1], letters[from + length])) length += 1
      return length
    }),
  )
  return longest >= shortestRun ? longest : 1
}

type IsStep = (before: string | undefined, after: string | undefined) => boolean

const apart =
  (distance: number): IsStep =>
  (before, after) =>
    before !== undefined && after?.codePointAt(0) === (before.codePointAt(0) ?? 0) + distance

// Digits go round: after 9 comes 0.
const digitUp: IsStep = (before, after) => (before === '9' && after === '0') || apart(1)(before, after)
const digitDown: IsStep = (before, after) => (before === '0' && after === '9') || apart(-1)(before, after)

const keyboard = 'qwertyuiop asdfghjkl zxcvbnm'
const keyboardBack = [...keyboard].reverse().join('')
const along =
  (row: string): IsStep =>
  (before, after) =>
    before !== undefined && after !== undefined && before !== ' ' && after !== ' ' && row.includes(before + after)

const steps: readonly IsStep[] = [apart(0), digitUp, digitDown, along(keyboard), along(keyboardBack)]
