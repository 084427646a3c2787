import { err, ok, type Result } from 'neverthrow'

/** The saved index cannot be read: it is of another version of the library, or not whole. A new one is built instead. */
export type IndexUnreadable = { readonly type: 'IndexUnreadable'; readonly reason: 'version' | 'broken' }

/** A list of numbers within a file: how they are written, where they begin and how many they are. */
export type NumbersIn = { readonly kind: keyof typeof kinds; readonly at: number; readonly length: number }

/** Numbers as an index holds them. */
export type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array

const kinds = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, i32: Int32Array, f64: Float64Array } as const

/** Numbers that say what a file is, which version of its shape it has and, read the wrong way round, on which machine it was made. */
const mark = 0x53574958
/** Which shape: another number where a file of before cannot be read. */
export const savedFileVersion = 2
/** Mark, version, sum over the rest, characters of the description. */
const headLength = 16

/** Collects lists of numbers, and then writes them with a description of what they are. */
export const createSavedFile = () => {
  const lists: Numbers[] = []
  let end = 0
  return {
    put: (numbers: Numbers): NumbersIn => {
      const kind = kindOf(numbers)
      const held = { kind, at: end, length: numbers.length }
      lists.push(numbers)
      end += aligned(numbers.byteLength)
      return held
    },
    finish: (description: string): Uint8Array => {
      const begin = headLength + aligned(2 * description.length)
      const bytes = new Uint8Array(begin + end)
      const text = new Uint16Array(bytes.buffer, headLength, description.length)
      for (let at = 0; at < description.length; at += 1) text[at] = description.charCodeAt(at)
      let at = begin
      for (const numbers of lists) {
        bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), at)
        at += aligned(numbers.byteLength)
      }
      const head = new Uint32Array(bytes.buffer, 0, headLength / 4)
      head.set([mark, savedFileVersion, 0, description.length])
      head[2] = sumOf(bytes)
      return bytes
    },
  }
}

/** A file that is whole: its description, and its lists of numbers, each undefined where the file does not reach. */
export type OpenFile = { readonly description: string; readonly numbers: (held: NumbersIn) => Numbers | undefined }

/** Opens a file and checks that it is whole. */
export const openSavedFile = (given: Uint8Array): Result<OpenFile, IndexUnreadable> => {
  if (given.byteLength < headLength || given.byteLength % 8 !== 0) return err(unreadable('broken'))
  // A copy stands at the beginning of its buffer, where numbers of any width can be read, and stays as it is.
  const bytes = given.slice()
  const [markRead, versionRead, sum, length = 0] = new Uint32Array(bytes.buffer, 0, headLength / 4)
  if (markRead !== mark) return err(unreadable('broken'))
  if (versionRead !== savedFileVersion) return err(unreadable('version'))
  const begin = headLength + aligned(2 * length)
  if (begin > bytes.byteLength || sum !== sumOf(bytes)) return err(unreadable('broken'))
  return ok({
    description: textOf(new Uint16Array(bytes.buffer, headLength, length)),
    numbers: ({ kind, at, length: count }) => {
      const create = kinds[kind]
      const from = begin + at
      return from % 8 === 0 && from + count * create.BYTES_PER_ELEMENT <= bytes.byteLength
        ? new create(bytes.buffer.slice(from, from + count * create.BYTES_PER_ELEMENT))
        : undefined
    },
  })
}

/** An error that says why. */
export const unreadable = (reason: IndexUnreadable['reason']): IndexUnreadable => ({ type: 'IndexUnreadable', reason })

const kindOf = (numbers: Numbers): NumbersIn['kind'] => {
  if (numbers instanceof Uint8Array) return 'u8'
  if (numbers instanceof Uint16Array) return 'u16'
  if (numbers instanceof Uint32Array) return 'u32'
  return numbers instanceof Int32Array ? 'i32' : 'f64'
}

const aligned = (length: number): number => (length + 7) & ~7

/** A sum over everything behind the head's first numbers; another where any of it is. */
const sumOf = (bytes: Uint8Array): number => {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >>> 2)
  let sum = 0x811c9dc5
  for (let at = 3; at < words.length; at += 1) sum = Math.imul(sum ^ (words[at] ?? 0), 0x01000193)
  return sum >>> 0
}

const textOf = (units: Uint16Array): string => {
  const pieces: string[] = []
  for (let at = 0; at < units.length; at += 8_192) pieces.push(String.fromCharCode(...units.subarray(at, at + 8_192)))
  return pieces.join('')
}
