import { readFileSync } from 'node:fs'

/** Something that was published, and how what we make of it differs; null where it does not. */
export type Check = { readonly name: string; readonly differs: string | null }

/** Compares two texts. */
export const compare = (name: string, actual: unknown, expected: unknown): Check => {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)]
  return { name, differs: left === right ? null : `expected ${cut(right)}, actual ${cut(left)}` }
}

const cut = (text: string | undefined): string => (text ?? 'nothing').slice(0, 200)

/** Reads a file of the shared folder. */
export const readShared = (folder: string, file: string): string => readFileSync(`${folder}${file}`, 'utf8')

/** Every text that is `text` with one character changed, at the ends and in the middle. */
export const spoil = (text: string): readonly string[] =>
  [0, text.length >> 1, text.length - 1].map((place) => {
    const other = text.charAt(place) === 'A' ? 'B' : 'A'
    return `${text.slice(0, place)}${other}${text.slice(place + 1)}`
  })
