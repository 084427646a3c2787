import type { CounterFamily } from '../../shared/collection.js'
import { searchedText } from './browsing-history.js'

/** What many people searched for; the id of the row is a keyed digest of the text. */
export type PopularQuery = {
  readonly queryId: string
  /** Folded, without spaces around it. */
  readonly text: string
  /** How many people had searched for it when it was written last: when it was twice as many as before. */
  readonly people: number
}

/**
 * How many people searched for a text, by its keyed digest. A text itself is written down when so many have, and says nothing
 * of any one of them then.
 */
export const queryTallies: CounterFamily = { name: 'queryTally', rank: 12, minimum: 0 }

/** How many people must have searched for a text before it is written down. */
export const popularFloor = 5

/** What digests of searched texts are made for. */
export const queryPurpose = 'searched text'

const shortest = 2
const longest = 60
const tellsSomebody = /@|\d{7,}/

/** A searched text as it is counted; undefined where it says nothing, or may be somebody's number or address. */
export const countedText = (text: string): string | undefined => {
  const folded = searchedText(text)
  return folded.length < shortest || folded.length > longest || tellsSomebody.test(folded.replace(/[ -]/g, ''))
    ? undefined
    : folded
}
