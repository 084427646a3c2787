import type { Names } from '../index/names.js'
import { forMark, type Segment } from '../index/segment.js'
import { type Slot, whole } from './slot.js'

/** Shares of 64 of a query, as the factor of 1,024 by which having only so much of it counts. */
export const coordinations: readonly number[] = Array.from({ length: 65 }, (_, part) =>
  Math.round(1_024 * (part / 64) ** 1),
)

/** What a product scores by its words alone: what they say, less where it has only a part of the query. */
export const scoreOf = (sum: number, covered: number, total: number): number =>
  sharedScore(sum, shareOf(covered, total))

/** What is left of a sum by its share of 1,024. */
export const sharedScore = (sum: number, share: number): number => Math.floor((sum * share) / 1_024)

/** The share, of 1,024, that so much of a query counts. */
export const shareOf = (covered: number, total: number): number =>
  coordinations[total === 0 ? 64 : Math.min(64, Math.floor((covered * 64) / total))] ?? 0

/** How the words of a query stand in a title. */
export type TitleFit = {
  /** Neighbours of the query that are neighbours in the title too, of 256; 0 where the query is one word. */
  readonly adjacent: number
  /** The part of the query that stands in the title, of 256. */
  readonly cover: number
  /** Whether the title has of the query only what it says the product is for: a case for the phone asked for. */
  readonly isServed: boolean
}

/** Prepares a query to be compared with titles. */
export const createTitleFit = (
  terms: Names,
  slots: readonly Slot[],
): ((segment: Segment, document: number) => TitleFit) => {
  const asked = slots.filter(({ isExtra }) => !isExtra).slice(0, 30)
  const bits = new Map<number, number>()
  // What only means the same makes no phrase: the words as they were asked for stand before it.
  const phraseBits = new Map<number, number>()
  const pairBits = new Map<number, number>()
  let pairs = 0
  for (const [index, { kind, word, alternatives }] of asked.entries()) {
    const bit = 1 << index
    if (kind === 'pair') {
      const [left = '', right = ''] = word
      const key = pairKey(terms.find(left) ?? 0, terms.find(right) ?? 0)
      pairBits.set(key, (pairBits.get(key) ?? 0) | bit)
      pairs |= bit
    } else
      for (const { term, weight } of alternatives) {
        bits.set(term, (bits.get(term) ?? 0) | bit)
        if (2 * weight > whole) phraseBits.set(term, (phraseBits.get(term) ?? 0) | bit)
      }
  }
  const { placeOf, hereBits, toldBits } = tableOf(bits, phraseBits)
  const hasPairs = pairBits.size > 0
  const neighbours = asked.length - 1
  const rarities = Int32Array.from(asked, ({ rarity }) => rarity)
  const total = rarities.reduce((sum, rarity) => sum + rarity, 0)
  return (segment, document) => {
    const begin = segment.titleOffsets[document] ?? 0
    const end = segment.titleOffsets[document + 1] ?? 0
    let near = 0
    let close = 0
    let seen = 0
    let own = 0
    let before = 0
    let earlier = 0
    for (let at = begin; at < end; at += 1) {
      const marked = segment.titleTerms[at] ?? 0
      const term = marked & withoutMark
      const pair =
        hasPairs && at + 1 < end
          ? (pairBits.get(pairKey(term, (segment.titleTerms[at + 1] ?? 0) & withoutMark)) ?? 0)
          : 0
      const place = placeOf(term)
      const here = (hereBits[place] ?? 0) | pair
      // Most words of a title are not of the query, and what is told of a word is part of what is here.
      if (here === 0) {
        earlier = before
        before = 0
        continue
      }
      const told = (toldBits[place] ?? 0) | pair
      const wanted = told >> 1
      near |= wanted & before
      near |= wanted & earlier & pairs
      close |= wanted & earlier
      seen |= here
      if (term === marked) own |= here
      earlier = before
      before = told
    }
    let cover = 0
    for (let left = seen; left !== 0; left &= left - 1) cover += rarities[31 - Math.clz32(left & -left)] ?? 0
    return {
      adjacent: neighbours < 1 ? 0 : Math.round((128 * (2 * count(near) + count(close & ~near))) / neighbours),
      cover: total === 0 ? 0 : Math.round((256 * cover) / total),
      isServed: seen !== 0 && own === 0,
    }
  }
}

/** All bits of the number of a word but the mark. */
const withoutMark = forMark - 1

/**
 * Words and their bits as a table with open places: most words of a title are not of the query, and are told so at the
 * first look.
 */
const tableOf = (bits: ReadonlyMap<number, number>, phraseBits: ReadonlyMap<number, number>) => {
  let size = 16
  while (size < 4 * bits.size) size *= 2
  const last = size - 1
  const words = new Int32Array(size).fill(-1)
  const hereBits = new Int32Array(size)
  const toldBits = new Int32Array(size)
  const placeOf = (term: number): number => {
    let place = Math.imul(term, spread) >>> 7
    for (;;) {
      place &= last
      const word = words[place]
      if (word === term || word === -1) return place
      place += 1
    }
  }
  for (const [term, bit] of bits) {
    const place = placeOf(term)
    words[place] = term
    hereBits[place] = bit
    toldBits[place] = phraseBits.get(term) ?? 0
  }
  return { placeOf, hereBits, toldBits }
}

// The golden ratio as a fraction of 2 ** 32, which scatters numbers that follow each other.
const spread = 0x9e3779b1 | 0

// Numbers of words stay far below.
const pairKey = (left: number, right: number): number => left * 0x4000000 + right

const count = (bits: number): number => {
  let left = bits
  let sum = 0
  while (left !== 0) {
    left &= left - 1
    sum += 1
  }
  return sum
}

/** The score of a product when its title was looked at. */
export const fittedScore = (score: number, { adjacent, cover, isServed }: TitleFit): number =>
  Math.floor((score * (1_024 + 3 * adjacent + (cover >> 1) - (isServed ? 3 * cover : 0))) / 1_024)
