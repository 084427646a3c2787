import { stem } from '../analysis/stem.js'
import type { CatalogFigures } from '../index/catalog-figures.js'
import { readPinyin } from '../pinyin/read-pinyin.js'
import { lexiconOf } from '../understanding/lexicon.js'

/** A folded query with what its Latin letters stand for in Chinese, and what was read so. */
export type ReadLatin = {
  readonly text: string
  readonly read: readonly { readonly from: string; readonly to: string }[]
}

/** Reads the Latin words that no product has as pinyin (lanyaerji), or as first letters of a brand or category (xm). */
export const readLatin = (figures: CatalogFigures, folded: string): ReadLatin => {
  const read: { from: string; to: string }[] = []
  if (!latinWord.test(folded)) return { text: folded, read }
  const text = folded.replace(latinWords, (word) => {
    const { terms } = figures.vocabulary
    if ([word, stem(word)].some((each) => figures.frequencyOf(terms.find(each)) > 0)) return word
    const to = readPinyin(figures, word)?.text ?? lexiconOf(figures).namedByInitials(word)
    if (to === undefined) return word
    read.push({ from: word, to })
    return to
  })
  return { text, read }
}

const latinWord = /[a-z]{2}/
const latinWords = /(?<!\p{L})[a-z]{2,}(?!\p{L})/gu
