import { analyseFolded, longestAnalysed } from '../analysis/analyse.js'
import { fold } from '../analysis/fold.js'
import { createGrowing } from './growing.js'
import { countShifts, impactOf, mostCounts, worthOf } from './impact.js'
import type { SearchDocument } from './search-document.js'
import { forMark, type Segment } from './segment.js'
import { searchedFields } from './settings.js'
import { readClauses } from './title-clauses.js'
import type { Vocabulary } from './vocabulary.js'

/** The part of a segment that is searched by words. */
export type PostingLists = Pick<Segment, 'terms' | 'offsets' | 'documents' | 'impacts' | 'titleOffsets' | 'titleTerms'>

/** Whether a product was called so before, in words by their numbers. */
export type IsCalled = (id: string, title: readonly number[]) => boolean

/** Reads the texts of products, in the order of their numbers, and lists for every word the products that have it. */
export const collectPostings = (
  vocabulary: Vocabulary,
  documents: readonly SearchDocument[],
  isCalled: IsCalled,
): PostingLists => {
  const terms = createGrowing()
  const owners = createGrowing()
  const impacts = createGrowing()
  const titleOffsets = createGrowing()
  const titleTerms = createGrowing()
  const worth = new Float64Array(searchedFields.length)
  let titleLength = 0
  for (const [document, read] of documents.entries()) {
    const { counts, lengths, title, written } = readTexts(vocabulary, read)
    // Products are saved anew for what they sell: else a slip in a title would soon be a word that is written often.
    if (!isCalled(read.id, title)) for (const word of written) vocabulary.speller.hear(word)
    worthOf(lengths, worth)
    for (const [term, packed] of counts) {
      terms.push(term)
      owners.push(document)
      impacts.push(impactOf(packed, worth))
    }
    titleOffsets.push(titleLength)
    for (const term of title) titleTerms.push(term)
    titleLength += title.length
  }
  titleOffsets.push(titleLength)
  return {
    ...invert(vocabulary.terms.list.length, terms.finish(), owners.finish(), impacts.finish()),
    titleOffsets: titleOffsets.finish(),
    titleTerms: titleTerms.finish(),
  }
}

type ReadTexts = {
  readonly counts: ReadonlyMap<number, number>
  readonly lengths: readonly number[]
  readonly title: readonly number[]
  /** The words of the title as they are written. */
  readonly written: readonly string[]
}

const readTexts = ({ terms }: Vocabulary, { texts }: SearchDocument): ReadTexts => {
  const counts = new Map<number, number>()
  const lengths: number[] = []
  const title: number[] = []
  const written: string[] = []
  for (const [field, name] of searchedFields.entries()) {
    const shift = countShifts[field] ?? 0
    const most = mostCounts[field] ?? 0
    let length = 0
    for (const text of texts[name]) {
      if (text === '') continue
      const folded = fold(text.slice(0, longestAnalysed))
      const clauses = field === 0 ? readClauses(folded) : undefined
      for (const found of analyseFolded(folded)) {
        const { term, kind, start, end } = found
        const isFor = clauses?.isFor(found) ?? false
        const id = terms.idOf(term)
        const packed = counts.get(id) ?? 0
        if (((packed >>> shift) & most) < most) counts.set(id, packed + 2 ** shift)
        if (kind === 'pair' || kind === 'joined' || kind === 'measure') continue
        // A character says about half of what a word does.
        length += kind === 'character' ? 0.5 : 1
        if (field !== 0) continue
        title.push(isFor ? id + forMark : id)
        if (kind === 'word') written.push(folded.slice(start, end))
      }
    }
    lengths.push(length)
  }
  return { counts, lengths, title, written }
}

const invert = (
  size: number,
  terms: Uint32Array,
  owners: Uint32Array,
  worth: Uint32Array,
): Pick<PostingLists, 'terms' | 'offsets' | 'documents' | 'impacts'> => {
  const counts = new Uint32Array(size)
  for (const term of terms) counts[term] = (counts[term] ?? 0) + 1
  const used = createGrowing()
  for (let term = 0; term < size; term += 1) if ((counts[term] ?? 0) > 0) used.push(term)
  const held = used.finish()
  const offsets = new Uint32Array(held.length + 1)
  const next = counts
  for (const [at, term] of held.entries()) {
    offsets[at + 1] = (offsets[at] ?? 0) + (counts[term] ?? 0)
    next[term] = offsets[at] ?? 0
  }
  const documents = new Uint32Array(terms.length)
  const impacts = new Uint8Array(terms.length)
  for (let index = 0; index < terms.length; index += 1) {
    const term = terms[index] ?? 0
    const at = next[term] ?? 0
    next[term] = at + 1
    documents[at] = owners[index] ?? 0
    impacts[at] = worth[index] ?? 0
  }
  return { terms: held, offsets, documents, impacts }
}
