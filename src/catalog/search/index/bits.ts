/** Products of a segment, one bit each, 32 to a number. Signed, because that is how numbers are combined bit by bit. */
export type Bits = Int32Array

/** A set of none of so many products. */
export const noBits = (size: number): Bits => new Int32Array((size + 31) >>> 5)

/** A set of all of so many products. */
export const allBits = (size: number): Bits => {
  const bits = noBits(size).fill(-1)
  // Of the last number only what stands for a product.
  const rest = size & 31
  if (rest !== 0) bits[bits.length - 1] = (1 << rest) - 1
  return bits
}

/** Whether a product is in a set. */
export const hasBit = (bits: Bits, document: number): boolean => (((bits[document >>> 5] ?? 0) >>> document) & 1) !== 0

/** Puts a product into a set. */
export const addBit = (bits: Bits, document: number): void => {
  bits[document >>> 5] = (bits[document >>> 5] ?? 0) | (1 << document)
}

/** Takes a product out of a set. */
export const removeBit = (bits: Bits, document: number): void => {
  bits[document >>> 5] = (bits[document >>> 5] ?? 0) & ~(1 << document)
}

/** How many products a set has. */
export const countBits = (bits: Bits): number => {
  let sum = 0
  for (let at = 0; at < bits.length; at += 1) {
    let held = bits[at] ?? 0
    held -= (held >>> 1) & 0x55555555
    held = (held & 0x33333333) + ((held >>> 2) & 0x33333333)
    sum += Math.imul((held + (held >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  return sum
}

/** The products of a set, ascending; the first `most` of them. */
export const listBits = (bits: Bits, most: number): Uint32Array => {
  const list = new Uint32Array(most)
  let count = 0
  for (let at = 0; at < bits.length && count < most; at += 1) {
    let held = bits[at] ?? 0
    while (held !== 0 && count < most) {
      const lowest = held & -held
      list[count] = (at << 5) + 31 - Math.clz32(lowest)
      count += 1
      held ^= lowest
    }
  }
  return count === most ? list : list.subarray(0, count)
}

/** The products of so many that are not in a set. */
export const restOf = (bits: Bits, size: number): Bits => {
  const rest = allBits(size)
  for (let at = 0; at < rest.length; at += 1) rest[at] = (rest[at] ?? 0) & ~(bits[at] ?? 0)
  return rest
}

/** The products that are in both sets. */
export const bothOf = (left: Bits, right: Bits): Bits => {
  const both = new Int32Array(left.length)
  for (let at = 0; at < both.length; at += 1) both[at] = (left[at] ?? 0) & (right[at] ?? 0)
  return both
}

/** The products that are in one set or the other. */
export const eitherOf = (left: Bits, right: Bits): Bits => {
  const either = new Int32Array(left.length)
  for (let at = 0; at < either.length; at += 1) either[at] = (left[at] ?? 0) | (right[at] ?? 0)
  return either
}
