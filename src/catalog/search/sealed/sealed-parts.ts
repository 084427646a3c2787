import { isWithinBounds } from '../../attributes/amount-range.js'
import type { FilterPart, WithinPart } from '../query/filter-documents.js'
import type { Knowledge } from './knowledge.js'
import type { SealedPart, SealedWithin } from './sealed-index.js'
import { markOf } from './value-numbers.js'

/** Parts of a filter as an epoch is asked for them. */
export type SealedParts = {
  /** Those that some product may miss. */
  readonly asked: readonly SealedPart[]
  /** By the number of a part: the bit of those that miss it, 0 where all meet it. */
  readonly bits: readonly number[]
}

/** As many as a number tells apart by its bits; no door lets more in. */
const mostParts = 48

/** Puts the parts of a filter into the numbers of an epoch; of too many only the first count. */
export const sealedPartsOf = (knowledge: Knowledge, parts: readonly FilterPart[]): SealedParts => {
  const asked: SealedPart[] = []
  const bits = parts.slice(0, mostParts).map((part) => {
    const sealed = sealedPartOf(knowledge, part)
    if (sealed === undefined) return 0
    asked.push(sealed)
    return 2 ** (asked.length - 1)
  })
  return { asked, bits }
}

/** The same of what must be met at all; what every product meets is left out. */
export const sealedWithinOf = (knowledge: Knowledge, within: readonly WithinPart[]): readonly SealedWithin[] =>
  within.flatMap((part) => sealedWithin(knowledge, part))

const sealedWithin = (knowledge: Knowledge, within: WithinPart): readonly SealedWithin[] => {
  switch (within.kind) {
    case 'atLeast':
    case 'products':
      return [within]
    // Of what is sold at a price of its own nothing is left in the epoch.
    case 'priced':
      return [{ kind: 'products', ids: [] }]
    case 'anyOf':
      return [{ kind: 'anyOf', choices: within.choices.map((choice) => sealedWithinOf(knowledge, choice)) }]
    case 'facet':
    case 'price': {
      const part = sealedPartOf(knowledge, within)
      return part === undefined ? [] : [{ kind: 'part', part }]
    }
  }
}

/** Undefined where every product meets it. */
const sealedPartOf = ({ vocabulary, numbers, stating }: Knowledge, part: FilterPart): SealedPart | undefined => {
  if (part.kind === 'price') return { values: [], price: { from: part.fromMinor, to: part.toMinor }, lacking: null }
  const facet = vocabulary.facets.find(part.facet)
  // Of a facet that no product of the epoch states, none of them has a value.
  if (facet === undefined || (part.orNotStated === true && (stating[facet] ?? 0) === 0)) {
    return part.orNotStated === true ? undefined : { values: [], price: null, lacking: null }
  }
  const { names } = vocabulary.valuesOf(facet)
  const wanted = new Set([...part.values].flatMap((value) => names.find(value) ?? []))
  const { amounts } = part
  if (amounts !== undefined) {
    for (const [value, name] of names.list.entries()) if (isWithinBounds(name, amounts)) wanted.add(value)
  }
  return {
    values: [...wanted].flatMap((local) => numbers.find(facet, local) ?? []),
    price: null,
    lacking: part.orNotStated === true ? markOf(facet) : null,
  }
}
