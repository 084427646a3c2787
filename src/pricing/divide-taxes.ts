import { at, splitOver, splitRows, sumOf } from './goods.js'
import type { PricedCart, PricedLine, PricedTax } from './priced-cart.js'
import { nameOfRate } from './tax.js'

/** The taxes of a price by rate, divided among merchants. */
export type DividedTaxes = {
  /** Of all that each has, in the order of the whole. */
  readonly ofMerchants: readonly (readonly PricedTax[])[]
  /** Of the carriage of each; null where there is none, or the whole has but one rate. */
  readonly ofCarriage: readonly (readonly PricedTax[])[] | null
}

/**
 * Divides the taxes of a price by rate: those of goods go with their lines, those of carriage with its parts. Where the
 * lines do not say by which rates they are taxed there is one rate, and it goes by what each owes.
 *
 * @param shares.weights - what carriage is divided by
 * @param shares.charges - carriage of each, minor units
 * @param shares.carriage - tax on the carriage of each
 * @param shares.taxes - all tax of each
 */
export const divideTaxes = (
  price: PricedCart,
  linesOf: readonly (readonly PricedLine[])[],
  shares: {
    readonly weights: readonly number[]
    readonly charges: readonly number[]
    readonly carriage: readonly number[]
    readonly taxes: readonly number[]
  },
): DividedTaxes => {
  const { weights, charges, carriage, taxes } = shares
  if (!price.lines.some((line) => line.taxes !== undefined)) {
    const rows = splitRows(
      price.taxes.map(({ taxMinor }) => taxMinor),
      taxes,
    )
    const bases = price.taxes.map(({ baseMinor }, row) => {
      const taxed = rows[row] ?? []
      return splitOver(baseMinor, taxed.some((minor) => minor > 0) ? taxed : weights)
    })
    return {
      ofCarriage: null,
      ofMerchants: linesOf.map((_, place) =>
        price.taxes.map((tax, row) => ({
          ...tax,
          baseMinor: at(bases[row] ?? [], place),
          taxMinor: at(rows[row] ?? [], place),
        })),
      ),
    }
  }
  const whole = price.shipping?.taxes ?? []
  const rows = splitRows(
    whole.map(({ taxMinor }) => taxMinor),
    carriage,
  )
  const ofCarriage = linesOf.map((_, place) =>
    whole.map((tax, row) => ({
      ...tax,
      // What is charged, without the tax that is within it.
      baseMinor: at(charges, place) - (price.taxInclusive ? at(carriage, place) : 0),
      taxMinor: at(rows[row] ?? [], place),
    })),
  )
  return {
    ofCarriage: price.shipping === null ? null : ofCarriage,
    ofMerchants: linesOf.map((lines, place) => {
      const own = [...lines.flatMap((line) => line.taxes ?? []), ...(ofCarriage[place] ?? [])]
      return price.taxes.flatMap(({ rateId, rateMillionths }) => {
        const ofRate = own.filter((each) => nameOfRate(each) === nameOfRate({ rateId, rateMillionths }))
        if (ofRate.length === 0) return []
        const sum = (of: (tax: PricedTax) => number): number => sumOf(ofRate.map(of))
        return [
          { rateId, rateMillionths, baseMinor: sum((tax) => tax.baseMinor), taxMinor: sum((tax) => tax.taxMinor) },
        ]
      })
    }),
  }
}
