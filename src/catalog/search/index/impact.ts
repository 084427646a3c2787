import { fieldSettings, highestImpact, saturation, searchedFields } from './settings.js'

// How often a word stands in each field is packed into one number while a segment is made.
const widths: readonly number[] = [5, 3, 4, 4, 7, 7]

/** Where the count of each field begins. */
export const countShifts: readonly number[] = widths.map((_, field) =>
  widths.slice(0, field).reduce((sum, width) => sum + width, 0),
)

/** The most that is counted in each field. */
export const mostCounts: readonly number[] = widths.map((width) => 2 ** width - 1)

const settings = searchedFields.map((field) => fieldSettings[field])

/** What one word of each field is worth in a product whose fields are so long. */
export const worthOf = (lengths: ArrayLike<number>, worth: Float64Array): void => {
  for (let field = 0; field < settings.length; field += 1) {
    const { weight, lengthEffect, usualLength } = settings[field] ?? { weight: 0, lengthEffect: 0, usualLength: 1 }
    worth[field] = weight / (1 - lengthEffect + (lengthEffect * (lengths[field] ?? 0)) / usualLength)
  }
}

/**
 * What a word says of a product: fields added up by their worth, then saturated (BM25F), as a whole number.
 *
 * @param packed - its counts by field, as `countShifts` say
 * @source Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004
 */
export const impactOf = (packed: number, worth: Float64Array): number => {
  let sum = 0
  for (let field = 0; field < settings.length; field += 1) {
    sum += (worth[field] ?? 0) * ((packed >>> (countShifts[field] ?? 0)) & (mostCounts[field] ?? 0))
  }
  return Math.max(1, Math.round((highestImpact * sum) / (saturation + sum)))
}
