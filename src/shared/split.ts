/** There is something to split and every weight is zero. */
export type WeightsAllZero = {
  readonly type: 'WeightsAllZero'
  readonly amountMinor: number
}

/** The parts that may take something may not take all of it. */
export type CapsTooSmall = {
  readonly type: 'CapsTooSmall'
  readonly amountMinor: number
  /** The most that the parts with a weight may take together. */
  readonly capacityMinor: number
}

/** An argument of a split is not a whole safe number, is below zero where it may not be, or is one too few or many. */
export type InvalidSplit = {
  readonly type: 'InvalidSplit'
  readonly field: 'amountMinor' | 'weights' | 'caps'
  /** Which one, of a list. */
  readonly index?: number
  readonly reason: 'notSafeInteger' | 'negative' | 'lengthDiffers'
}

/** Finds what is wrong with the arguments of a split, if anything. */
export const findInvalidSplit = (
  amountMinor: number,
  weights: readonly number[],
  caps?: readonly number[],
): InvalidSplit | undefined => {
  if (!Number.isSafeInteger(amountMinor)) {
    return { type: 'InvalidSplit', field: 'amountMinor', reason: 'notSafeInteger' }
  }
  if (caps !== undefined && caps.length !== weights.length) {
    return { type: 'InvalidSplit', field: 'caps', reason: 'lengthDiffers' }
  }
  return findInvalidPart('weights', weights) ?? (caps === undefined ? undefined : findInvalidPart('caps', caps))
}

const findInvalidPart = (field: 'weights' | 'caps', parts: readonly number[]): InvalidSplit | undefined => {
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index]
    if (!Number.isSafeInteger(part)) return { type: 'InvalidSplit', field, index, reason: 'notSafeInteger' }
    if (part === undefined || part < 0) return { type: 'InvalidSplit', field, index, reason: 'negative' }
  }
  return undefined
}
