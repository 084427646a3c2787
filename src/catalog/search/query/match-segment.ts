import { type Bits, hasBit } from '../index/bits.js'
import { postingsOf, type Segment } from '../index/segment.js'
import type { Alternative, Slot } from './slot.js'

/** The products of a segment that have anything of a query. */
export type Matches = {
  readonly documents: Uint32Array
  /** By place in `documents`: what their words say together. */
  readonly sums: Int32Array
  /** The rarity of what each has of the query. */
  readonly covered: Int32Array
}

/** What a word is worth in a product: its rarity times its weight, of 16, by its impact. */
export const worthOfImpact = (worth: number, impact: number): number => 1 + ((worth * impact) >> 4)

/**
 * Adds up for every product what the words of a query say of it: impact times rarity, of several writings of a word the
 * best. All sums are whole numbers.
 */
export const matchSegment = (segment: Segment, slots: readonly Slot[]): Matches => {
  const room = roomFor(segment.ids.length)
  let count = 0
  for (const { alternatives, rarity, isExtra } of slots) {
    const cover = isExtra ? 0 : rarity
    const [only] = alternatives
    if (only === undefined) continue
    count +=
      alternatives.length === 1
        ? addWriting(segment, room, { term: only.term, worth: rarity * only.weight, cover })
        : addWritings(segment, room, { alternatives, rarity, cover })
  }
  return takenOut(room, count, segment.ids.length)
}

/**
 * Where sums are made: by product its sum and, beside it, what is covered; a bit for each that has any; the best of several
 * writings. All of it is nought between searches, and kept, for to make it anew costs more than to search in it.
 */
type Room = {
  readonly pairs: Int32Array
  readonly touched: Bits
  readonly best: Int32Array
  readonly reached: Uint32Array
}

let kept: Room | undefined

const roomFor = (size: number): Room => {
  if (kept === undefined || kept.best.length < size) {
    kept = {
      pairs: new Int32Array(2 * size),
      touched: new Int32Array((size + 31) >>> 5),
      best: new Int32Array(size),
      reached: new Uint32Array(size),
    }
  }
  return kept
}

type Writing = { readonly term: number; readonly worth: number; readonly cover: number }

/** Adds what a word of one writing says; how many products have it and had nothing before. */
const addWriting = (segment: Segment, { pairs, touched }: Room, { term, worth, cover }: Writing): number => {
  const { documents, impacts, alive, dead } = segment
  const { begin, end } = postingsOf(segment, term)
  let count = 0
  for (let at = begin; at < end; at += 1) {
    const document = documents[at] ?? 0
    const sum = pairs[2 * document] ?? 0
    if (sum === 0) {
      if (dead > 0 && !hasBit(alive, document)) continue
      touched[document >>> 5] = (touched[document >>> 5] ?? 0) | (1 << document)
      count += 1
    }
    pairs[2 * document] = sum + worthOfImpact(worth, impacts[at] ?? 0)
    pairs[2 * document + 1] = (pairs[2 * document + 1] ?? 0) + cover
  }
  return count
}

type Writings = { readonly alternatives: readonly Alternative[]; readonly rarity: number; readonly cover: number }

/** The same of a word of several writings. */
const addWritings = (
  segment: Segment,
  { pairs, touched, best, reached }: Room,
  { alternatives, rarity, cover }: Writings,
): number => {
  const { documents, impacts, alive, dead } = segment
  let length = 0
  for (const { term, weight } of alternatives) {
    const { begin, end } = postingsOf(segment, term)
    const worth = rarity * weight
    for (let at = begin; at < end; at += 1) {
      const document = documents[at] ?? 0
      const value = worthOfImpact(worth, impacts[at] ?? 0)
      const before = best[document] ?? 0
      if (before === 0) {
        if (dead > 0 && !hasBit(alive, document)) continue
        reached[length] = document
        length += 1
      }
      if (value > before) best[document] = value
    }
  }
  let count = 0
  for (let at = 0; at < length; at += 1) {
    const document = reached[at] ?? 0
    const sum = pairs[2 * document] ?? 0
    if (sum === 0) {
      touched[document >>> 5] = (touched[document >>> 5] ?? 0) | (1 << document)
      count += 1
    }
    pairs[2 * document] = sum + (best[document] ?? 0)
    pairs[2 * document + 1] = (pairs[2 * document + 1] ?? 0) + cover
    best[document] = 0
  }
  return count
}

/** What was added up, in order of products; the room is left as it was found. */
const takenOut = ({ pairs, touched }: Room, count: number, size: number): Matches => {
  const documents = new Uint32Array(count)
  const sums = new Int32Array(count)
  const covered = new Int32Array(count)
  const words = (size + 31) >>> 5
  let place = 0
  for (let at = 0; at < words; at += 1) {
    let held = touched[at] ?? 0
    if (held === 0) continue
    touched[at] = 0
    while (held !== 0) {
      const document = (at << 5) + 31 - Math.clz32(held & -held)
      held &= held - 1
      documents[place] = document
      sums[place] = pairs[2 * document] ?? 0
      covered[place] = pairs[2 * document + 1] ?? 0
      pairs[2 * document] = 0
      pairs[2 * document + 1] = 0
      place += 1
    }
  }
  return { documents, sums, covered }
}
