import { hashOfText } from '../../../shared/text-hash.js'
import { addBit, type Bits, countBits, listBits, noBits } from './bits.js'
import type { VariantColumn } from './variant-column.js'

/**
 * The product of each SKU plus one, at a place that its letters say or the next that is free. The places are a power of two,
 * and half of them at least are free.
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
    for (const sku of skus) addSoldAs(column, table, sku, held)
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
  const { offsets, skus } = column
  let size = 16
  while (size < 2 * skus.length) size *= 2
  const table = new Uint32Array(size)
  for (let document = 0; document + 1 < offsets.length; document += 1) {
    const end = offsets[document + 1] ?? 0
    for (let at = offsets[document] ?? 0; at < end; at += 1) {
      let place = hashOfText(skus[at] ?? '') & (size - 1)
      while (table[place] !== 0) place = (place + 1) & (size - 1)
      table[place] = document + 1
    }
  }
  made.set(column, table)
  return table
}

const addSoldAs = ({ offsets, skus }: VariantColumn, table: SkuTable, sku: string, held: Bits): void => {
  const last = table.length - 1
  for (let place = hashOfText(sku) & last; table[place] !== 0; place = (place + 1) & last) {
    const document = (table[place] ?? 0) - 1
    const end = offsets[document + 1] ?? 0
    for (let at = offsets[document] ?? 0; at < end; at += 1) if (skus[at] === sku) addBit(held, document)
  }
}
