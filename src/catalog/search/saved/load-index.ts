import { err, ok, Result } from 'neverthrow'
import { type CatalogIndex, indexOver } from '../index/catalog-index.js'
import type { FacetColumn, Segment } from '../index/segment.js'
import { createVocabulary } from '../index/vocabulary.js'
import {
  type IndexUnreadable,
  type Numbers,
  type NumbersIn,
  type OpenFile,
  openSavedFile,
  unreadable,
} from './saved-file.js'
import { type SavedIndex, type SavedSegment, savedIndexSchema } from './saved-index.schema.js'

/**
 * Reads an index that `saveIndex` wrote; many times faster than building it.
 *
 * @errors IndexUnreadable: of another version, or not whole
 */
export const loadIndex = (bytes: Uint8Array): Result<CatalogIndex, IndexUnreadable> =>
  openSavedFile(bytes).andThen((file) =>
    parseJson(file.description)
      .andThen((description): Result<SavedIndex, IndexUnreadable> => {
        const parsed = savedIndexSchema.safeParse(description)
        return parsed.success ? ok(parsed.data) : err(unreadable('broken'))
      })
      .andThen((saved) => indexOf(saved, file)),
  )

const parseJson = /* @__PURE__ */ Result.fromThrowable(
  (text: string): unknown => JSON.parse(text),
  (): IndexUnreadable => unreadable('broken'),
)

const indexOf = (saved: SavedIndex, file: OpenFile): Result<CatalogIndex, IndexUnreadable> => {
  const counts = read(file, saved.heardCounts, Uint32Array)
  const segments = saved.segments.map((segment) => segmentOf(segment, file))
  const whole = segments.flatMap((segment) => segment ?? [])
  if (counts === undefined || whole.length < segments.length) return err(unreadable('broken'))
  const vocabulary = createVocabulary({
    terms: saved.terms,
    facets: saved.facets,
    heard: saved.heard.map((word, at) => [word, counts[at] ?? 0]),
  })
  return ok(indexOver(vocabulary, whole))
}

/** Numbers of one kind; undefined where the file has others there, or none. */
const read = <Kind extends Numbers>(
  file: OpenFile,
  held: NumbersIn,
  kind: abstract new (...rest: never) => Kind,
): Kind | undefined => {
  const numbers = file.numbers(held)
  return numbers instanceof kind ? numbers : undefined
}

const segmentOf = (saved: SavedSegment, file: OpenFile): Segment | undefined => {
  const alive = read(file, saved.alive, Int32Array)
  const terms = read(file, saved.terms, Uint32Array)
  const offsets = read(file, saved.offsets, Uint32Array)
  const documents = read(file, saved.documents, Uint32Array)
  const impacts = read(file, saved.impacts, Uint8Array)
  const titleOffsets = read(file, saved.titleOffsets, Uint32Array)
  const titleTerms = read(file, saved.titleTerms, Uint32Array)
  const codes = read(file, saved.codes, Float64Array)
  const codeDocuments = read(file, saved.codeDocuments, Uint32Array)
  const prices = read(file, saved.prices, Float64Array)
  const createdAt = read(file, saved.createdAt, Float64Array)
  const sold = read(file, saved.sold, Float64Array)
  const recommendation = read(file, saved.recommendation, Float64Array)
  const trend = read(file, saved.trend, Float64Array)
  const launchedAt = read(file, saved.launchedAt, Float64Array)
  const facets = new Map<number, FacetColumn>()
  for (const each of saved.facets) {
    const column = columnOf(each, file)
    if (column === undefined) return undefined
    facets.set(each.facet, column)
  }
  if (
    alive === undefined ||
    terms === undefined ||
    offsets === undefined ||
    documents === undefined ||
    impacts === undefined ||
    titleOffsets === undefined ||
    titleTerms === undefined ||
    codes === undefined ||
    codeDocuments === undefined ||
    prices === undefined ||
    createdAt === undefined ||
    sold === undefined ||
    recommendation === undefined ||
    trend === undefined ||
    launchedAt === undefined
  )
    return undefined
  const { ids, dead } = saved
  const words = { terms, offsets, documents, impacts, titleOffsets, titleTerms }
  const standing = { sold, recommendation, trend, variants: null }
  return { ids, alive, dead, ...words, codes, codeDocuments, prices, createdAt, launchedAt, ...standing, facets }
}

const columnOf = (saved: SavedSegment['facets'][number], file: OpenFile): FacetColumn | undefined => {
  const documents = saved.documents === null ? null : read(file, saved.documents, Uint32Array)
  const sets = read(file, saved.sets, Uint16Array) ?? read(file, saved.sets, Uint32Array)
  const offsets = read(file, saved.offsets, Uint32Array)
  const values = read(file, saved.values, Uint32Array)
  const totals = read(file, saved.totals, Uint32Array)
  return documents === undefined ||
    sets === undefined ||
    offsets === undefined ||
    values === undefined ||
    totals === undefined
    ? undefined
    : { documents, sets, offsets, values, totals }
}
