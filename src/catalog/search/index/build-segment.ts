import { compareCodePoints } from '../../../shared/json.js'
import { allBits } from './bits.js'
import { createCodeColumn } from './code-column.js'
import { collectPostings, type IsCalled } from './collect-postings.js'
import { createFacetColumn, type FacetColumnBuilder } from './facet-columns.js'
import type { SearchDocument } from './search-document.js'
import type { Segment } from './segment.js'
import { variantColumnOf } from './variant-column.js'
import type { Vocabulary } from './vocabulary.js'

/**
 * Makes a segment of products; each id stands once.
 *
 * @param isCalled - whether a product was called so before, in words by their numbers: the words of a title are heard once
 */
export const buildSegment = (
  vocabulary: Vocabulary,
  given: readonly SearchDocument[],
  isCalled: IsCalled = () => false,
): Segment => {
  const documents = [...given].sort((a, b) => compareCodePoints(a.id, b.id))
  const size = documents.length
  const columns = new Map<number, FacetColumnBuilder>()
  const prices = new Float64Array(size)
  const createdAt = new Float64Array(size)
  const sold = new Float64Array(size)
  const recommendation = new Float64Array(size)
  const trend = new Float64Array(size)
  const launchedAt = new Float64Array(size)
  const codes = createCodeColumn()
  for (const [document, stated] of documents.entries()) {
    prices[document] = stated.priceMinor ?? Number.NaN
    createdAt[document] = stated.createdAt
    for (const code of new Set(stated.texts.codes)) codes.addText(document, code)
    sold[document] = stated.sold ?? 0
    recommendation[document] = stated.recommendation ?? 0
    trend[document] = stated.trend ?? 0
    launchedAt[document] = stated.launchedAt ?? stated.createdAt
    const valuesOf = new Map<number, number[]>()
    for (const { facet, value, label } of stated.facets) {
      const id = vocabulary.facets.idOf(facet)
      const values = valuesOf.get(id)
      const valueId = vocabulary.valueIdOf(id, value, label)
      if (values === undefined) valuesOf.set(id, [valueId])
      else values.push(valueId)
    }
    for (const [id, values] of valuesOf) {
      const column = columns.get(id) ?? createFacetColumn()
      columns.set(id, column)
      column.put(document, column.setOf(values))
    }
  }
  return {
    ...collectPostings(vocabulary, documents, isCalled),
    ...codes.finish(),
    ids: documents.map(({ id }) => id),
    alive: allBits(size),
    dead: 0,
    prices,
    variants: variantColumnOf(documents),
    createdAt,
    sold,
    recommendation,
    trend,
    launchedAt,
    facets: new Map([...columns].map(([id, column]) => [id, column.finish(size)])),
  }
}
