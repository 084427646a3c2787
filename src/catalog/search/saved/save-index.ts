import type { CatalogIndex } from '../index/catalog-index.js'
import type { Segment } from '../index/segment.js'
import { createSavedFile } from './saved-file.js'
import type { SavedIndex, SavedSegment } from './saved-index.schema.js'

/** Writes an index as bytes that `loadIndex` reads, in this process, another one or a worker. */
export const saveIndex = ({ vocabulary, segments }: CatalogIndex): Uint8Array => {
  const file = createSavedFile()
  const heard = [...vocabulary.speller.heard()]
  const saveSegment = (segment: Segment): SavedSegment => ({
    ids: segment.ids,
    dead: segment.dead,
    alive: file.put(segment.alive),
    terms: file.put(segment.terms),
    offsets: file.put(segment.offsets),
    documents: file.put(segment.documents),
    impacts: file.put(segment.impacts),
    titleOffsets: file.put(segment.titleOffsets),
    titleTerms: file.put(segment.titleTerms),
    codes: file.put(segment.codes),
    codeDocuments: file.put(segment.codeDocuments),
    prices: file.put(segment.prices),
    createdAt: file.put(segment.createdAt),
    sold: file.put(segment.sold),
    recommendation: file.put(segment.recommendation),
    trend: file.put(segment.trend),
    launchedAt: file.put(segment.launchedAt),
    facets: [...segment.facets].map(([facet, { documents, sets, offsets, values, totals }]) => ({
      facet,
      documents: documents === null ? null : file.put(documents),
      sets: file.put(sets),
      offsets: file.put(offsets),
      values: file.put(values),
      totals: file.put(totals),
    })),
  })
  const description: SavedIndex = {
    terms: vocabulary.terms.list,
    facets: vocabulary.facets.list.map((name, facet) => {
      const { names, labels } = vocabulary.valuesOf(facet)
      return { name, values: names.list, labels: names.list.map((value, at) => labels[at] ?? value) }
    }),
    heard: heard.map(([word]) => word),
    heardCounts: file.put(Uint32Array.from(heard, ([, count]) => count)),
    segments: segments.map(saveSegment),
  }
  return file.finish(JSON.stringify(description))
}
