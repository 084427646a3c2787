import { compareCodePoints } from '../../../shared/json.js'
import { allBits, hasBit } from './bits.js'
import { type CodeColumn, createCodeColumn } from './code-column.js'
import { createFacetColumn, valuesOfSet } from './facet-columns.js'
import { createGrowing } from './growing.js'
import { type FacetColumn, postingsOf, type Segment } from './segment.js'
import { type VariantColumn, variantColumnOf, variantsIn } from './variant-column.js'

/** Makes one segment of two that share no product that is alive; those that are not are left behind. */
export const mergeSegments = (left: Segment, right: Segment): Segment => {
  const moved = placeDocuments(left, right)
  const sources = [
    { from: left, to: moved.left },
    { from: right, to: moved.right },
  ] as const
  const size = moved.ids.length
  const prices = new Float64Array(size)
  const createdAt = new Float64Array(size)
  const sold = new Float64Array(size)
  const recommendation = new Float64Array(size)
  const trend = new Float64Array(size)
  const launchedAt = new Float64Array(size)
  for (const { from, to } of sources) {
    for (let document = 0; document < from.ids.length; document += 1) {
      const place = to[document] ?? nowhere
      if (place === nowhere) continue
      prices[place] = from.prices[document] ?? Number.NaN
      createdAt[place] = from.createdAt[document] ?? 0
      sold[place] = from.sold[document] ?? 0
      recommendation[place] = from.recommendation[document] ?? 0
      trend[place] = from.trend[document] ?? 0
      launchedAt[place] = from.launchedAt[document] ?? 0
    }
  }
  const facets = new Map<number, FacetColumn>()
  for (const facet of new Set([...left.facets.keys(), ...right.facets.keys()])) {
    const merged = mergeColumns(sources, facet, size)
    if (merged !== undefined) facets.set(facet, merged)
  }
  return {
    ...mergePostings(sources),
    ...mergeTitles(moved),
    ...mergeCodes(sources),
    ids: moved.ids,
    alive: allBits(size),
    dead: 0,
    prices,
    variants: mergeVariants(moved),
    createdAt,
    sold,
    recommendation,
    trend,
    launchedAt,
    facets,
  }
}

const nowhere = 0xffffffff

type Source = { readonly from: Segment; readonly to: Uint32Array }

type Moved = {
  readonly ids: readonly string[]
  /** Where each product goes. */
  readonly left: Uint32Array
  readonly right: Uint32Array
  /** Where each comes from. */
  readonly origins: readonly { readonly from: Segment; readonly document: number }[]
}

const placeDocuments = (left: Segment, right: Segment): Moved => {
  const ids: string[] = []
  const origins: { readonly from: Segment; readonly document: number }[] = []
  const places = {
    left: new Uint32Array(left.ids.length).fill(nowhere),
    right: new Uint32Array(right.ids.length).fill(nowhere),
  }
  let l = 0
  let r = 0
  const take = (from: Segment, to: Uint32Array, document: number): void => {
    if (!hasBit(from.alive, document)) return
    to[document] = ids.length
    ids.push(from.ids[document] ?? '')
    origins.push({ from, document })
  }
  while (l < left.ids.length || r < right.ids.length) {
    const isLeft =
      r >= right.ids.length || (l < left.ids.length && compareCodePoints(left.ids[l] ?? '', right.ids[r] ?? '') <= 0)
    if (isLeft) take(left, places.left, l++)
    else take(right, places.right, r++)
  }
  return { ids, origins, ...places }
}

const mergePostings = (sources: readonly Source[]): Pick<Segment, 'terms' | 'offsets' | 'documents' | 'impacts'> => {
  const all = [...new Set(sources.flatMap(({ from }) => [...from.terms]))].sort((a, b) => a - b)
  const terms = createGrowing()
  const offsets = createGrowing()
  const documents = createGrowing()
  const impacts = createGrowing()
  let total = 0
  for (const term of all) {
    const found: (readonly [place: number, impact: number])[] = []
    for (const { from, to } of sources) {
      const { begin, end } = postingsOf(from, term)
      for (let at = begin; at < end; at += 1) {
        const place = to[from.documents[at] ?? 0] ?? nowhere
        if (place !== nowhere) found.push([place, from.impacts[at] ?? 0])
      }
    }
    if (found.length === 0) continue
    terms.push(term)
    offsets.push(total)
    total += found.length
    for (const [place, impact] of found.sort(([a], [b]) => a - b)) {
      documents.push(place)
      impacts.push(impact)
    }
  }
  offsets.push(total)
  return {
    terms: terms.finish(),
    offsets: offsets.finish(),
    documents: documents.finish(),
    impacts: Uint8Array.from(impacts.finish()),
  }
}

const mergeTitles = ({ origins }: Moved): Pick<Segment, 'titleOffsets' | 'titleTerms'> => {
  const offsets = createGrowing()
  const terms = createGrowing()
  let total = 0
  for (const { from, document } of origins) {
    offsets.push(total)
    const end = from.titleOffsets[document + 1] ?? 0
    for (let at = from.titleOffsets[document] ?? 0; at < end; at += 1) {
      terms.push(from.titleTerms[at] ?? 0)
      total += 1
    }
  }
  offsets.push(total)
  return { titleOffsets: offsets.finish(), titleTerms: terms.finish() }
}

const mergeVariants = ({ origins }: Moved): VariantColumn | null =>
  variantColumnOf(
    origins.map(({ from: { variants }, document }) =>
      variants === null ? undefined : { variants: variantsIn(variants, document) },
    ),
  )

const mergeCodes = (sources: readonly Source[]): CodeColumn => {
  const merged = createCodeColumn()
  for (const { from, to } of sources) {
    for (let at = 0; at < from.codes.length; at += 1) {
      const place = to[from.codeDocuments[at] ?? 0] ?? nowhere
      if (place !== nowhere) merged.add(place, from.codes[at] ?? 0)
    }
  }
  return merged.finish()
}

const mergeColumns = (sources: readonly Source[], facet: number, size: number): FacetColumn | undefined => {
  const merged = createFacetColumn()
  let count = 0
  for (const { from, to } of sources) {
    const column = from.facets.get(facet)
    if (column === undefined) continue
    const known = new Map<number, number>()
    for (let at = 0; at < column.sets.length; at += 1) {
      const set = column.sets[at] ?? 0
      const place = to[column.documents === null ? at : (column.documents[at] ?? 0)] ?? nowhere
      if (set === 0 || place === nowhere) continue
      const moved = known.get(set) ?? merged.setOf([...valuesOfSet(column, set)])
      known.set(set, moved)
      merged.put(place, moved)
      count += 1
    }
  }
  return count === 0 ? undefined : merged.finish(size)
}
