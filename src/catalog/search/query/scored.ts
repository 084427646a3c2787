import type { Segment } from '../index/segment.js'

/** Products of a segment with their scores. */
export type Scored = {
  readonly segment: Segment
  readonly documents: Uint32Array
  readonly scores: Float64Array
}

/** The products of them that are kept. */
export const keepOf = ({ segment, documents, scores }: Scored, isKept: (at: number) => boolean): Scored => {
  const kept = new Uint32Array(documents.length)
  const keptScores = new Float64Array(documents.length)
  let count = 0
  for (let at = 0; at < documents.length; at += 1) {
    if (!isKept(at)) continue
    kept[count] = documents[at] ?? 0
    keptScores[count] = scores[at] ?? 0
    count += 1
  }
  return { segment, documents: kept.subarray(0, count), scores: keptScores.subarray(0, count) }
}
