import { compareCodePoints } from '../../../shared/json.js'
import { stem } from '../analysis/stem.js'
import type { Vocabulary } from '../index/vocabulary.js'

type WordList = { readonly words: readonly string[]; readonly heard: number }

const made = /* @__PURE__ */ new WeakMap<Vocabulary, WordList>()

/** A large catalog is read anew when it has so many more words. */
const growth = 1.01

/** Latin words of titles, as they are written, that begin with some letters; of one and several the more frequent. */
export const wordsFrom = (vocabulary: Vocabulary, beginning: string, most: number): readonly string[] => {
  const { words } = wordsOf(vocabulary)
  let low = 0
  let high = words.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareCodePoints(words[middle] ?? '', beginning) < 0) low = middle + 1
    else high = middle
  }
  const { speller } = vocabulary
  const best = new Map<string, string>()
  for (let at = low; at < words.length && words[at]?.startsWith(beginning) === true; at += 1) {
    const word = words[at] ?? ''
    const held = best.get(stem(word))
    if (held === undefined || speller.countOf(word) > speller.countOf(held)) best.set(stem(word), word)
  }
  return [...best.values()]
    .sort((a, b) => speller.countOf(b) - speller.countOf(a) || compareCodePoints(a, b))
    .slice(0, most)
}

const wordsOf = (vocabulary: Vocabulary): WordList => {
  const known = made.get(vocabulary)
  const heard = vocabulary.speller.heard()
  if (known !== undefined && (known.heard === heard.size || (known.heard > 5_000 && heard.size < growth * known.heard)))
    return known
  const words = [...heard.keys()].filter((word) => word.length > 2 && /^[a-z]+$/.test(word)).sort(compareCodePoints)
  const list = { words, heard: heard.size }
  made.set(vocabulary, list)
  return list
}
