import type { Instant } from '../shared/instant.js'
import type { CaptureFact, KnownFacts } from './payment.js'

/** What one capture of a payment took. */
export type Taking = {
  /** Taken before it, minor units. */
  readonly fromMinor: number
  /** Taken with it. */
  readonly toMinor: number
  readonly at: Instant
}

/** Every total that was heard of, the lowest first. */
const capturesOf = ({ captures, captured }: Pick<KnownFacts, 'captures' | 'captured'>): readonly CaptureFact[] =>
  captures ?? (captured === null ? [] : [captured])

/** What each capture took, the first first. What was there when more was taken was taken by then. */
export const takingsOf = (known: KnownFacts): readonly Taking[] => {
  const captures = capturesOf(known)
  return captures.map(({ minor }, place) => ({
    fromMinor: captures[place - 1]?.minor ?? 0,
    toMinor: minor,
    at: captures.slice(place).reduce((first, { at }) => Math.min(first, at), Number.MAX_SAFE_INTEGER),
  }))
}

/** What was kept of what was taken from one total up to another, minor units; null where nobody has said. */
export const feeOfTaking = (known: KnownFacts, { fromMinor, toMinor }: Omit<Taking, 'at'>): number | null => {
  const captures = capturesOf(known)
  const saidUpTo = (total: number) => captures.find(({ minor }) => minor === total)?.keptMinor
  const before = fromMinor === 0 ? 0 : saidUpTo(fromMinor)
  const own = captures.filter(({ minor }) => minor > fromMinor && minor <= toMinor)
  if (own.some(({ billedFeeMinor }) => billedFeeMinor !== undefined)) {
    // A bill says what was kept since the total before, the gateway what was kept up to a total.
    return own.reduce((sum, { keptMinor, billedFeeMinor }) => {
      if (billedFeeMinor !== undefined) return sum + billedFeeMinor
      return keptMinor === undefined || before === undefined ? sum : Math.max(sum, keptMinor - before)
    }, 0)
  }
  const after = saidUpTo(toMinor)
  return before === undefined || after === undefined ? null : after - before
}

/** All totals that either side has heard of; absent where `captured` says all there is. */
export const joinCaptures = (
  left: Pick<KnownFacts, 'captures' | 'captured'>,
  right: Pick<KnownFacts, 'captures' | 'captured'>,
): Pick<KnownFacts, 'captures'> => {
  const joined = new Map<number, CaptureFact>()
  for (const fact of [...capturesOf(left), ...capturesOf(right)]) {
    const other = joined.get(fact.minor)
    joined.set(fact.minor, other === undefined ? fact : joinCapture(other, fact))
  }
  const captures = [...joined.values()].sort((one, other) => one.minor - other.minor)
  const [first] = captures
  const isPlain = first?.keptMinor === undefined && first?.billedFeeMinor === undefined
  return captures.length > 1 || !isPlain ? { captures } : {}
}

const joinCapture = (left: CaptureFact, right: CaptureFact): CaptureFact => {
  const keptMinor = highest(left.keptMinor, right.keptMinor)
  const billedFeeMinor = highest(left.billedFeeMinor, right.billedFeeMinor)
  return {
    minor: left.minor,
    at: Math.min(left.at, right.at),
    ...(keptMinor === undefined ? {} : { keptMinor }),
    ...(billedFeeMinor === undefined ? {} : { billedFeeMinor }),
  }
}

const highest = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined || right === undefined ? (left ?? right) : Math.max(left, right)

/**
 * What was kept of all that was taken, minor units: what bills say of one capture is added to what is known up to the one
 * before. What the gateway says of all of them together is not counted beside it.
 */
export const keptOf = ({ captures = [] }: Pick<KnownFacts, 'captures'>): number =>
  captures.reduce((sum, { keptMinor = 0, billedFeeMinor = 0 }) => Math.max(keptMinor, sum + billedFeeMinor), 0)
