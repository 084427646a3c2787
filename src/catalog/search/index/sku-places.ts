import { hashOfText } from '../../../shared/text-hash.js'
import { addBit, countBits, listBits, noBits } from './bits.js'
import type { VariantColumn } from './variant-column.js'

/**
 * Where each SKU stands: at a place that its letters say, or the next that is free, its number among the variants plus one.
 * The places are a power of two, and half of them at least are free.
 */
type SkuTable = Uint32Array

const made = /* @__PURE__ */ new WeakMap<VariantColumn, SkuTable>()

/** For fewer SKUs than this share of the variants each is looked up; for more all variants are gone through. */
const fewShare = 8

/** The products that are sold as one of some SKUs, ascending. */
export const documentsSoldAs = (column: VariantColumn, skus: ReadonlySet<string>): Uint32Array => {
  const { offsets, skus: sold } = column
  const held = noBits(offsets.length - 1)
  if (skus.size * fewShare < sold.length) {
    const table = tableOf(column)
    for (const sku of skus) lookUp(table, sold, sku, (variant) => addBit(held, documentOf(offsets, variant)))
  } else {
    for (let document = 0; document + 1 < offsets.length; document += 1) {
      const end = offsets[document + 1] ?? 0
      for (let at = offsets[document] ?? 0; at < end; at += 1) if (skus.has(sold[at] ?? '')) addBit(held, document)
    }
  }
  return listBits(held, countBits(held))
}

const tableOf = (column: VariantColumn): SkuTable => {
  const known = made.get(column)
  if (known !== undefined) return known
  const { skus } = column
  let size = 16
  while (size < 2 * skus.length) size *= 2
  const table = new Uint32Array(size)
  for (let variant = 0; variant < skus.length; variant += 1) {
    let place = hashOfText(skus[variant] ?? '') & (size - 1)
    while (table[place] !== 0) place = (place + 1) & (size - 1)
    table[place] = variant + 1
  }
  made.set(column, table)
  return table
}

const lookUp = (table: SkuTable, sold: readonly string[], sku: string, tell: (variant: number) => void): void => {
  for (let place = hashOfText(sku) & (table.length - 1); ; place = (place + 1) & (table.length - 1)) {
    const held = table[place] ?? 0
    if (held === 0) return
    if (sold[held - 1] === sku) tell(held - 1)
  }
}

/** The product of a variant: the last that begins no later; those without any begin where the next does. */
const documentOf = (offsets: Uint32Array, variant: number): number => {
  let low = 0
  let high = offsets.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((offsets[middle + 1] ?? 0) <= variant) low = middle + 1
    else high = middle
  }
  return low
}
