import { fold } from '../analysis/fold.js'
import type { CatalogFigures } from '../index/catalog-figures.js'
import type { CatalogAnswer, CatalogQuery } from '../query/catalog-query.js'
import { lexiconOf } from '../understanding/lexicon.js'
import { understandQuery } from '../understanding/understand-query.js'
import type { Suggestion } from './complete.js'

/** What is asked of the catalog to find related searches, and what its answer leads to. */
export type RelatedAsk = {
  readonly query: CatalogQuery
  readonly told: (answer: CatalogAnswer) => readonly Suggestion[]
}

/**
 * Other searches for what a query is about: its head (a category, or the words without their attributes) with other values
 * of the attributes that such products have, those of most products first. 无线耳机 leads to 降噪耳机 and 蓝牙耳机.
 *
 * @returns null where a query has no head
 */
export const askRelated = (
  figures: CatalogFigures,
  { text, within, most }: { readonly text: string; readonly within: CatalogQuery['within']; readonly most: number },
): RelatedAsk | null => {
  const { parts, text: asked } = understandQuery(lexiconOf(figures), text.slice(0, 200))
  const category = parts.find(({ kind }) => kind === 'category')
  const taken = parts.filter(({ kind }) => kind === 'attribute' || kind === 'brand').map(({ written }) => written)
  const head =
    category?.written ??
    taken
      .reduce((left, each) => left.replace(each, ' '), asked)
      .replace(/\s+/g, ' ')
      .trim()
  if (head === '') return null
  const query: CatalogQuery = {
    text: category?.kind === 'category' ? '' : head,
    filter: category?.kind === 'category' ? { categoryId: category.categoryId } : {},
    within,
    sort: 'relevance',
    offset: 0,
    limit: 0,
  }
  const folded = fold(text)
  const told: RelatedAsk['told'] = ({ facets, total }) =>
    facets.attributes
      .flatMap((attribute) => attribute.values)
      // What nearly all have tells nothing apart.
      .filter(({ value, count }) => count >= leastProducts && count < 0.95 * total && isQualifier(value, head))
      .filter(({ value }) => !folded.includes(fold(value)) && !fold(head).includes(fold(value)))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, most)
      .map(({ value, count }): Suggestion => ({ text: joined(value, head), kind: 'phrase', products: count }))
  return { query, told }
}

const leastProducts = 2
const longestValue = 24
const han = /\p{Script=Han}/u

/** Whether a value can stand before a head: a word or two of the head's language. */
const isQualifier = (value: string, head: string): boolean =>
  value.length > 1 &&
  value.length <= longestValue &&
  /\p{L}{2}/u.test(value) &&
  !/^(?:true|false|yes|no)$/i.test(value) &&
  (han.test(head) ? han.test(value) : !han.test(value))

/** Chinese stands together, all else apart. */
const joined = (value: string, head: string): string =>
  han.test(value.at(-1) ?? '') && han.test(head.charAt(0)) ? value + head : `${value} ${head}`
