import { addBit, type Bits, bothOf, hasBit, noBits } from '../index/bits.js'
import { documentIn, type Segment } from '../index/segment.js'

/** Products of a segment that are in question. */
export type Candidates = {
  readonly segment: Segment
  readonly held: Bits
  /** What they scored, and maybe others too; null where nothing was searched for. */
  readonly scored: Scored | null
}

/** Products, ascending, with their scores; and the same products as a set. */
export type Scored = { readonly documents: Uint32Array; readonly scores: Float64Array; readonly all: Bits }

/** All products of a segment. */
export const allOf = (segment: Segment): Candidates => ({ segment, held: segment.alive, scored: null })

/** The products that scored. */
export const thoseOf = (segment: Segment, documents: Uint32Array, scores: Float64Array): Candidates => {
  const all = noBits(segment.ids.length)
  for (let at = 0; at < documents.length; at += 1) addBit(all, documents[at] ?? 0)
  return { segment, held: all, scored: { documents, scores, all } }
}

/** Those that are in another set too. */
export const inBoth = (candidates: Candidates, others: Bits): Candidates => ({
  ...candidates,
  held: bothOf(candidates.held, others),
})

/** The products of a segment with some ids. */
export const withIds = (segment: Segment, ids: Iterable<string>): Bits => {
  const held = noBits(segment.ids.length)
  for (const id of ids) {
    const document = documentIn(segment, id)
    if (document !== undefined) addBit(held, document)
  }
  return held
}

/** The products in question with their scores. */
export const scoresOf = ({ held, scored }: Candidates): Omit<Scored, 'all'> => {
  const { documents, scores, all } = scored ?? none
  if (held === all) return { documents, scores }
  const kept = new Uint32Array(documents.length)
  const keptScores = new Float64Array(documents.length)
  let count = 0
  for (let at = 0; at < documents.length; at += 1) {
    const document = documents[at] ?? 0
    if (!hasBit(held, document)) continue
    kept[count] = document
    keptScores[count] = scores[at] ?? 0
    count += 1
  }
  return { documents: kept.subarray(0, count), scores: keptScores.subarray(0, count) }
}

const none = {
  documents: /* @__PURE__ */ new Uint32Array(),
  scores: /* @__PURE__ */ new Float64Array(),
  all: undefined,
}
