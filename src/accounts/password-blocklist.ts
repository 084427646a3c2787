import { isMadeOfRuns, repeatedPart } from './password-patterns.js'
import { chineseWords, isChineseName } from './password-words-zh.js'

// Words that people choose first, in plain form: of the keyboard, of the trade, of English everyday speech.
const commonWords: readonly string[] = `
password passwort passw pass word admin administrator root user guest login welcome letmein master secret default
changeme test testing demo hello iloveyou loveyou love lover sunshine princess dragon monkey shadow superman batman
football baseball basketball soccer hockey freedom whatever trustno michael jordan charlie thomas ashley daniel
computer internet server system oracle mysql manager office company service account access security private
qwerty qwertyuiop qwert qwer asdf asdfgh asdfghjkl asdfjkl zxcv zxcvbn zxcvbnm qazwsx qazwsxedc qaz wsx edc
aa aaaa bbbb aabb abcd abcde abcdef abcdefg abc xyz aaa zzz
spring summer autumn winter monday friday january december happy lucky forever angel baby summertime
shop store shopping order market mall buy sale alipay
wechat tencent oppo vivo apple iphone android google facebook amazon qq jd tmall
`
  .trim()
  .split(/\s+/)

// What each look-alike stands for, so that `p@ssw0rd` is `password`; `l` and `i` share so many that they are one.
const lookAlikes: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  l: 'i',
  '|': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/** A text without its disguise: NFKC, lower case, look-alikes undone, letters only. */
export const plainForm = (text: string): string =>
  [...text.normalize('NFKC').toLowerCase()]
    .map((letter) => lookAlikes[letter] ?? letter)
    .filter((letter) => /\p{L}/u.test(letter))
    .join('')

const common: ReadonlySet<string> = new Set([...commonWords, ...chineseWords].map(plainForm))

// Numbers that stand for words, or are dialled as one types along a keypad.
const commonNumbers =
  /^(?:\d{0,2})(?:520|521|1314|5201314|1314520|147258369|14725836|159357|168168|888888|666666|131420|20\d\d(?:0\d|1[0-2])(?:[0-2]\d|3[01])|19\d\d(?:0\d|1[0-2])(?:[0-2]\d|3[01]))(?:\d{0,2})$/

/**
 * Whether a password is one of those that are tried first: a common word with digits and symbols around it, one letter or
 * runs of neighbours, or any of it over and over.
 *
 * @param password - at most some hundred letters
 */
export const isCommonPassword = (password: string): boolean => {
  const folded = password.normalize('NFKC').toLowerCase()
  const part = repeatedPart(folded)
  // What is listed may be a repeat itself, as `haha` is: then more of it is no better.
  return [folded, ...(part === folded ? [] : [part, part.repeat(2), part.repeat(3)])].some(isTriedFirst)
}

const isTriedFirst = (folded: string): boolean => {
  if (isMadeOfRuns(folded) || isRepetition(folded)) return true
  const letters = [...folded].filter((letter) => /\p{L}/u.test(letter)).join('')
  const trimmed = folded.replace(/^[^\p{L}@$]+|[^\p{L}@$]+$/gu, '')
  if (!isShortAround(folded)) return false
  return (
    [plainForm(letters), plainForm(trimmed), plainForm(folded)].some(
      (form) => common.has(form) || common.has(repeatedPart(form)),
    ) ||
    isChineseName(letters) ||
    commonNumbers.test(folded)
  )
}

// A common word with much beside it is not a common password.
const isShortAround = (folded: string): boolean => [...folded].length < 20

// Few letters in any order; a sentence has more of them, however long it is.
const isRepetition = (text: string): boolean => {
  const letters = [...text]
  return (
    letters.length > 0 && new Set(letters).size <= Math.min(fewLetters, Math.max(1, Math.floor(letters.length / 6)))
  )
}

const fewLetters = 5
