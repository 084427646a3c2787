import { describe, expect, it } from 'vitest'
import { type CatalogIndex, updateIndex } from '../../../src/catalog/search/index/catalog-index.js'
import { meantCategories } from '../../../src/catalog/search/query/meant-categories.js'
import { planOf } from '../../../src/catalog/search/query/plan-query.js'
import { prepareWords } from '../../../src/catalog/search/query/search-words.js'
import { loadIndex } from '../../../src/catalog/search/saved/load-index.js'
import { saveIndex } from '../../../src/catalog/search/saved/save-index.js'
import { didYouMean } from '../../../src/catalog/search/spelling/did-you-mean.js'
import { completionsOf } from '../../../src/catalog/search/suggest/complete.js'
import { applyUnderstood } from '../../../src/catalog/search/understanding/apply-understood.js'
import { lexiconOf } from '../../../src/catalog/search/understanding/lexicon.js'
import { understandQuery } from '../../../src/catalog/search/understanding/understand-query.js'
import { document, indexOf } from './documents.js'

const inCategory = (id: string, name: string) =>
  document(id, 'Turntable', {
    texts: { title: ['Turntable'], brand: [], category: [name], codes: [], attributes: [], description: [] },
    facets: [{ facet: 'category', value: 'cat_1', label: name }],
  })

/** What an index knows of some names: what it offers for them, which are in its lexicon, which a query can mean. */
const known = (index: CatalogIndex, ...names: readonly string[]) => ({
  offered: names.flatMap((name) => completionsOf(index, name.slice(0, 4), 8).map(({ text }) => text)),
  named: names.filter((name) => lexiconOf(index).find(name.toLowerCase()).length > 0),
  meant: names.filter(
    (name) => meantCategories(index.vocabulary, planOf(index, name, prepareWords({}))?.slots ?? []).size > 0,
  ),
})

describe('a category that is called otherwise', () => {
  it('is offered, understood and meant by its new name, and no more by the old one', () => {
    const before = indexOf(inCategory('p1', 'Audio'))
    expect(known(before, 'Audio', 'Hearing')).toEqual({ offered: ['Audio'], named: ['Audio'], meant: ['Audio'] })
    const after = updateIndex(before, { changed: [inCategory('p1', 'Hearing')], gone: [] })
    expect(known(after, 'Audio', 'Hearing')).toEqual({ offered: ['Hearing'], named: ['Hearing'], meant: ['Hearing'] })
  })

  it('keeps its name where a product is saved while the category cannot be read', () => {
    const before = indexOf(inCategory('p1', 'Audio'))
    const after = updateIndex(before, { changed: [inCategory('p2', 'cat_1')], gone: [] })
    expect(known(after, 'Audio').named).toEqual(['Audio'])
  })

  it('is called as before where an index apart was told so, and nobody else was', () => {
    const before = indexOf(inCategory('p1', 'Audio'))
    const apart = { ...before, vocabulary: before.vocabulary.apart() }
    const changed = [
      { ...inCategory('p1', 'Hearing'), facets: [{ facet: 'category', value: 'cat_1', label: 'Hearing' }] },
      document('p2', 'Record', { facets: [{ facet: 'brand', value: 'Fernando', label: 'Fernando' }] }),
    ]
    const told = updateIndex(apart, { changed, gone: [] })
    expect(known(told, 'Audio', 'Hearing').named).toEqual(['Hearing'])
    expect(lexiconOf(told).find('fernando')).toHaveLength(1)
    const later = updateIndex(before, { changed: [document('p3', 'Needle')], gone: [] })
    expect(known(later, 'Audio', 'Hearing')).toEqual({ offered: ['Audio'], named: ['Audio'], meant: ['Audio'] })
    expect(lexiconOf(later).find('fernando')).toEqual([])
    const saved = loadIndex(saveIndex(later))._unsafeUnwrap()
    expect(known(saved, 'Audio').named).toEqual(['Audio'])
    // What comes to be after all is known from then on.
    const committed = updateIndex(later, { changed, gone: [] })
    expect(lexiconOf(committed).find('fernando')).toHaveLength(1)
    expect(known(committed, 'Audio', 'Hearing').named).toEqual(['Hearing'])
  })
})

describe('a price in the text of a query', () => {
  const sold = (id: string, currency: string) =>
    document(id, 'Lantern', { facets: [{ facet: 'currency', value: currency, label: currency }] })
  const filterOf = (index: CatalogIndex) => {
    const lexicon = lexiconOf(index)
    return applyUnderstood({}, understandQuery(lexicon, 'lantern under ¥50').parts, lexicon.currencies).filter
  }

  it('is filtered by again when nothing is on sale in another currency any more', () => {
    const one = indexOf(sold('p1', 'CNY'))
    expect(filterOf(one)).toEqual({ maxPriceMinor: 5_000 })
    const two = updateIndex(one, { changed: [sold('p2', 'EUR')], gone: [] })
    expect([...lexiconOf(two).currencies].sort()).toEqual(['CNY', 'EUR'])
    expect(filterOf(two)).toEqual({})
    const oneAgain = updateIndex(two, { changed: [], gone: ['p2'] })
    expect(lexiconOf(oneAgain).currencies).toEqual(['CNY'])
    expect(filterOf(oneAgain)).toEqual({ maxPriceMinor: 5_000 })
  })
})

describe('a slip in a title', () => {
  const screens = Array.from({ length: 30 }, (_, at) => document(`s${at}`, `Screen door ${at + 60} in`))
  const slip = (sold: number, title = 'Scren door') => document('slip', title, { sold })

  it('is mended however often its product is saved without being called otherwise', () => {
    let index = indexOf(...screens, slip(0))
    for (let sold = 1; sold <= 40; sold += 1) index = updateIndex(index, { changed: [slip(sold)], gone: [] })
    expect(index.vocabulary.speller.countOf('scren')).toBe(1)
    expect(didYouMean(index, 'scren door')?.text).toBe('screen door')
  })

  it('is heard when a product is called so for the first time', () => {
    const index = updateIndex(indexOf(...screens, slip(0, 'Door')), { changed: [slip(1)], gone: [] })
    expect(index.vocabulary.speller.countOf('scren')).toBe(1)
  })
})
