import {
  documentOf,
  emptyIndex,
  highlight,
  lexiconOf,
  type SearchedProduct,
  searchIndex,
  understandQuery,
  updateIndex,
} from 'shopwright/catalog'

// #region index
// An index is data: products in, answers out, in any process. `shop.catalog.searchProducts` keeps one by itself.
const product = (
  productId: string,
  title: string,
  brand: string,
  minor: number,
  attributes: SearchedProduct['attributes'],
): SearchedProduct => ({
  productId,
  externalId: productId,
  merchantId: 'me',
  title: { en: title, 'zh-CN': '' },
  description: { en: '', 'zh-CN': '' },
  brand,
  categoryIds: ['headphones'],
  variants: [
    {
      sku: productId,
      options: {},
      listPrice: { minor, currency: 'USD' },
      weightGrams: 200,
      taxClass: 'goods',
      discountable: true,
    },
  ],
  attributes,
  minPriceMinor: minor,
  createdAt: 0,
})
const names = new Map([['headphones', ['Headphones', '耳机']]])
const index = updateIndex(emptyIndex(), {
  changed: [
    product('OR-100', 'Wireless headphones with noise cancelling', 'Orrin', 12_900, { colour: 'black' }),
    product('OR-20', 'Wired studio headphones', 'Orrin', 4_900, { colour: 'black' }),
    product('TI-7', 'Wireless sport headphones', 'Tidal', 3_900, { colour: 'red' }),
    product('KN-1', 'Case for wireless headphones', 'Knot', 1_500, { colour: 'red' }),
  ].map((each) => documentOf(each, names)),
  gone: [],
})
const question = { filter: {}, within: [], sort: 'relevance', offset: 0, limit: 10 } as const
// #endregion

// #region facets
// One call filters, counts and orders. The counts of brands leave out what was asked of brands, and nothing else.
const red = searchIndex(index, {
  ...question,
  text: '',
  filter: { brands: ['Tidal'], attributes: { colour: ['red'] } },
  sort: 'priceAscending',
})
console.log('red, of Tidal:', red.found.map(({ productId }) => productId).join(', '))
console.log('red, by brand:', red.facets.brands.map(({ brand, count }) => `${brand} ${count}`).join(', '))
// #endregion

// #region explanation
// What each score is made of: the parts sum to it. The case has all the words, and is made for what was asked for.
const explained = searchIndex(index, { ...question, text: 'wireless headphones', isExplained: true })
for (const { productId, score, parts = [] } of explained.found) {
  const told = parts.map((part) => `${part.kind === 'word' ? part.word : part.kind} ${part.worth}`)
  console.log(`${productId}: ${score} = ${told.join(' + ')}`)
}
const title = 'Wireless sport headphones'
const marked = highlight(title, new Set(explained.terms)).map(({ start, end }) => title.slice(start, end))
console.log('marked:', marked.join(' | '))
// #endregion

// #region understanding
// What is stated becomes a condition and leaves the words; what is only a name is told, and stays a word.
const { text, parts } = understandQuery(lexiconOf(index), 'orrin headphones under $50')
for (const part of parts) console.log(`${part.written}: ${part.kind}, ${part.source}`)
const cheap = searchIndex(index, { ...question, text, filter: { maxPriceMinor: 5_000 } })
console.log('found:', cheap.found[0]?.productId, 'for', text)
// #endregion
