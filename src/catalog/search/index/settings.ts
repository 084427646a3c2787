/** The parts of a product that are searched, in the order in which their counts are packed. */
export const searchedFields = ['title', 'brand', 'category', 'codes', 'attributes', 'description'] as const

/** A part of a product that is searched. */
export type SearchedField = (typeof searchedFields)[number]

/** How a field's words count. */
export type FieldSettings = {
  /** What one occurrence is worth. */
  readonly weight: number
  /** How much a long text thins its words out, 0 to 1. */
  readonly lengthEffect: number
  /**
   * Words of a text that is neither long nor short. Declared and not measured, so that what a word is worth in a product
   * hangs on that product alone, and is the same on every storage and after every change of others.
   */
  readonly usualLength: number
}

/** How much each field says of a product. */
export const fieldSettings: Readonly<Record<SearchedField, FieldSettings>> = {
  title: { weight: 2, lengthEffect: 0.6, usualLength: 12 },
  brand: { weight: 2.5, lengthEffect: 0, usualLength: 1 },
  category: { weight: 1.5, lengthEffect: 0.3, usualLength: 4 },
  codes: { weight: 3, lengthEffect: 0, usualLength: 3 },
  attributes: { weight: 0.5, lengthEffect: 0.6, usualLength: 25 },
  description: { weight: 0.65, lengthEffect: 0.7, usualLength: 50 },
}

/** How soon more of the same word stops to count. */
export const saturation = 1.6

/** The highest impact of a word on a product; impacts are whole numbers from 1. */
export const highestImpact = 255
