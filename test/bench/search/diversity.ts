import { searchIndex } from '../../../src/catalog/search/query/search-index.js'
import { arrangementFor } from '../../../src/catalog/search/search-policy.js'
import { lexiconOf } from '../../../src/catalog/search/understanding/lexicon.js'
import { understandQuery } from '../../../src/catalog/search/understanding/understand-query.js'
import type { Figure } from '../bench.js'
import type { JudgedSet } from './judged-set.js'
import { indexOf } from './our-engine.js'
import { meanOf, ndcg10 } from './relevance-metric.js'

/** What it costs in relevance that brands share the first page, and whether one has it for itself all the same. */
export const measureDiversity = ({ name, goods, queries }: JudgedSet): readonly Figure[] => {
  const brandOf = new Map(goods.map(({ id, brand }) => [id, brand]))
  if (![...brandOf.values()].some((brand) => brand !== '')) return []
  const index = indexOf(goods)
  const lexicon = lexiconOf(index)
  const found = queries.map((query) => {
    const isOfBrand = understandQuery(lexicon, query.text).parts.some(({ kind }) => kind === 'brand')
    const ask = (arrangement: ReturnType<typeof arrangementFor>) =>
      searchIndex(index, {
        text: query.text,
        filter: {},
        within: [],
        sort: 'relevance',
        offset: 0,
        limit: 10,
        arrangement,
      })
    const plain = ask({})
    const spread = ask(arrangementFor({}, { text: query.text, isOfBrand, now: 0 }))
    const first = spread.found.map(({ productId }) => productId)
    const isOneBrand = new Set(first.map((id) => brandOf.get(id))).size === 1
    return {
      plain: ndcg10(
        query,
        plain.found.map(({ productId }) => productId),
      ),
      spread: ndcg10(query, first),
      // Where nothing else is found there is nothing to share.
      isOneBrand: !isOfBrand && isOneBrand && first.length === 10 && spread.facets.brands.length > 1,
    }
  })
  const loss = 1 - meanOf(found.map(({ spread }) => spread)) / meanOf(found.map(({ plain }) => plain))
  const figure = (what: string, value: number, most: number): Figure => ({
    case: `${what} ${name}`,
    value,
    unit: '',
    baseline: null,
    ratio: null,
    target: { kind: 'atMost', value: most },
    kind: 'correctness',
  })
  return [
    figure('ndcg10 lost to sharing the first page,', loss, 0.03),
    figure('first pages of one brand,', found.filter(({ isOneBrand }) => isOneBrand).length, 0),
  ]
}
