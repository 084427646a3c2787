import { at, splitOver } from './goods.js'

/** What is left of carriage, minor units. */
export type CarriageLeft = {
  readonly minor: number
  /** Each merchant's part of it; absent where one sells all that is carried. */
  readonly ofMerchants?: ReadonlyMap<string, number>
}

/** Carriage before offers, divided among the merchants by what their goods come to after line offers. */
export const divideCarriage = (
  lines: readonly { readonly merchantId: string }[],
  activity: readonly number[],
  grossMinor: number,
): CarriageLeft => {
  const sums = new Map<string, number>()
  for (const [place, { merchantId }] of lines.entries()) {
    sums.set(merchantId, (sums.get(merchantId) ?? 0) + at(activity, place))
  }
  const weights = [...sums.values()]
  const parts = splitOver(grossMinor, weights.some((minor) => minor > 0) ? weights : weights.map(() => 1))
  return { minor: grossMinor, ofMerchants: partsFor([...sums.keys()], parts) }
}

/**
 * The most of what is left that an offer may free: of a merchant's offer no more than is left of its own part, whatever
 * else was freed before.
 *
 * @param merchantId - whose offer it is, where it is a merchant's
 */
export const mostFreed = ({ minor, ofMerchants }: CarriageLeft, merchantId: string | undefined): number =>
  merchantId === undefined || ofMerchants === undefined ? minor : (ofMerchants.get(merchantId) ?? 0)

/** What is left once an offer has freed so much: a merchant's of its own part, any other of all, by what each has left. */
export const freeCarriage = (left: CarriageLeft, merchantId: string | undefined, amountMinor: number): CarriageLeft => {
  if (amountMinor === 0) return left
  const { ofMerchants } = left
  const minor = left.minor - amountMinor
  if (ofMerchants === undefined) return { minor }
  if (merchantId !== undefined) {
    const own = (ofMerchants.get(merchantId) ?? 0) - amountMinor
    return { minor, ofMerchants: new Map(ofMerchants).set(merchantId, own) }
  }
  const parts = [...ofMerchants.values()]
  const freed = splitOver(amountMinor, parts, parts)
  const rest = parts.map((part, place) => part - at(freed, place))
  return { minor, ofMerchants: partsFor([...ofMerchants.keys()], rest) }
}

const partsFor = (merchantIds: readonly string[], parts: readonly number[]): ReadonlyMap<string, number> =>
  new Map(merchantIds.map((merchantId, place) => [merchantId, at(parts, place)]))
