import { compareCodePoints } from '../../../shared/json.js'
import { fold } from '../analysis/fold.js'
import type { Vocabulary } from '../index/vocabulary.js'
import { pinyinOf } from '../pinyin/syllables.js'

/** A name of the catalog: the value of a facet in one of its languages. */
export type CatalogName = {
  readonly text: string
  readonly kind: 'brand' | 'category' | 'attribute'
  readonly facet: number
  readonly value: number
}

/** A text under which a name is found, and by what. */
type NameKey = {
  readonly key: string
  readonly name: CatalogName
  readonly by: 'text' | 'laterWord' | 'pinyin' | 'initials'
}

const made = /* @__PURE__ */ new WeakMap<object, readonly NameKey[]>()

/** Names whose beginning, or that of a later word of them, or of their pinyin, is a folded text; at most so many keys. */
export const namesFrom = (vocabulary: Vocabulary, folded: string, most: number): readonly NameKey[] => {
  const keys = keysOf(vocabulary)
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareCodePoints(keys[middle]?.key ?? '', folded) < 0) low = middle + 1
    else high = middle
  }
  const found: NameKey[] = []
  for (let at = low; at < keys.length && found.length < most; at += 1) {
    const held = keys[at]
    if (held === undefined || !held.key.startsWith(folded)) break
    found.push(held)
  }
  return found
}

const keysOf = (vocabulary: Vocabulary): readonly NameKey[] => {
  const naming = vocabulary.naming()
  const known = made.get(naming)
  if (known !== undefined) return known
  const facets = vocabulary.facets.list.flatMap((name, facet) => {
    const kind = kindOf(name)
    return kind === undefined ? [] : [{ facet, kind, ...vocabulary.valuesOf(facet) }]
  })
  const keys = facets
    .flatMap(({ facet, kind, labels }) =>
      labels.flatMap((label, value) =>
        (label ?? '').split('\n').flatMap((text) => keysOfName({ text, kind, facet, value })),
      ),
    )
    .sort((a, b) => compareCodePoints(a.key, b.key))
  made.set(naming, keys)
  return keys
}

const kindOf = (facet: string): CatalogName['kind'] | undefined => {
  if (facet === 'brand' || facet === 'category') return facet
  return facet.startsWith('attribute:') ? 'attribute' : undefined
}

const longestName = 40

const keysOfName = (name: CatalogName): readonly NameKey[] => {
  const folded = fold(name.text).trim()
  if (folded.length < 2 || folded.length > longestName || !/\p{L}/u.test(folded)) return []
  if (name.kind === 'attribute' && saysNothing.has(folded)) return []
  const keys: NameKey[] = [{ key: folded, name, by: 'text' }]
  for (const { index } of folded.matchAll(laterWords)) keys.push({ key: folded.slice(index), name, by: 'laterWord' })
  const pinyin = pinyinOf(folded)
  if (pinyin !== undefined) {
    keys.push({ key: pinyin.full, name, by: 'pinyin' })
    if (pinyin.initials.length > 1) keys.push({ key: pinyin.initials, name, by: 'initials' })
  }
  return keys
}

const saysNothing: ReadonlySet<string> = /* @__PURE__ */ new Set(['true', 'false', 'yes', 'no'])
// Words of Latin letters begin behind something else; Chinese ones begin anywhere.
const laterWords = /(?<=[^\p{L}\p{N}])[\p{L}\p{N}]|(?<=.)\p{Script=Han}/gu
