import type { CounterFamily } from '../../shared/collection.js'
import type { Instant } from '../../shared/instant.js'
import { searchedText } from './browsing-history.js'

/** How many people searched for a text; the id of the row is a keyed digest of the text. */
export type PopularQuery = RareText | PopularText

/** What too few have searched for: its words are not written down. */
export type RareText = {
  readonly queryId: string
  readonly text: null
  /** How many people have, in this period. */
  readonly people: number
  /** When the period is over, and with it the count: of nobody's second search is made a second person. */
  readonly endsAt: Instant
}

/** What many people searched for. */
export type PopularText = {
  readonly queryId: string
  /** Folded, without spaces around it. */
  readonly text: string
  /** How many people had searched for it when it was written last: when it was twice as many as before. */
  readonly people: number
}

/** How many people searched for a text that many did, by its keyed digest: each once in a period. */
export const queryTallies: CounterFamily = { name: 'queryTally', rank: 12, minimum: 0 }

/** How many people must have searched for a text before it is written down. */
export const popularFloor = 5

/** What digests of searched texts are made for. */
export const queryPurpose = 'searched text'

const shortest = 2
const longest = 60
const tellsSomebody = /@|\d{7,}/
// A telephone number is written with all kinds of signs: 138.0013.8000, (138) 0013-8000.
const betweenDigits = /(?<=\d)[^\p{L}\p{N}@]+(?=\d)/gu

/** A searched text as it is counted; undefined where it says nothing, or may be somebody's number or address. */
export const countedText = (text: string): string | undefined => {
  const folded = searchedText(text)
  return folded.length < shortest || folded.length > longest || tellsSomebody.test(folded.replace(betweenDigits, ''))
    ? undefined
    : folded
}
