import { inflateRawSync } from 'node:zlib'

/** More files than a bill has. */
const mostFiles = 16
/** More than any day's bill, opened. */
const billBytes = 256 * 1024 * 1024

const endMark = 0x06054b50
const entryMark = 0x02014b50
const fileMark = 0x04034b50
const endLength = 22
/** The longest comment that may stand after the end. */
const mostComment = 0xffff

/**
 * Opens an archive (zip, stored or deflated, as gateways pack their bills). It is read by the list at its end, so that one
 * that was cut off is none, and each file has to have the length and the check sum that the list says.
 *
 * @param mostBytes - what would come to more is not opened; 256 MiB when absent
 * @returns what is in its files; null where it is no such archive
 */
export const openZip = (archive: Uint8Array, mostBytes = billBytes): readonly Uint8Array[] | null => {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength)
  const end = findEnd(view)
  if (end === null) return null
  const count = view.getUint16(end + 10, true)
  if (count > mostFiles) return null
  const files: Uint8Array[] = []
  let at = view.getUint32(end + 16, true)
  let left = mostBytes
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > end || view.getUint32(at, true) !== entryMark) return null
    const file = openFile(archive, view, at, left)
    if (file === null) return null
    files.push(file)
    left -= file.length
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return files
}

const findEnd = (view: DataView): number | null => {
  const last = view.byteLength - endLength
  for (let at = last; at >= Math.max(0, last - mostComment); at -= 1) {
    if (view.getUint32(at, true) === endMark && at + endLength + view.getUint16(at + 20, true) === view.byteLength)
      return at
  }
  return null
}

const openFile = (archive: Uint8Array, view: DataView, entry: number, mostLength: number): Uint8Array | null => {
  const flags = view.getUint16(entry + 8, true)
  const method = view.getUint16(entry + 10, true)
  const sum = view.getUint32(entry + 16, true)
  const packedLength = view.getUint32(entry + 20, true)
  const length = view.getUint32(entry + 24, true)
  const at = view.getUint32(entry + 42, true)
  const isLocked = (flags & 1) !== 0
  if (isLocked || length > mostLength || at + 30 > archive.length || view.getUint32(at, true) !== fileMark) return null
  // The lengths of the names before the file itself are said there once more, and may be others.
  const from = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
  const packed = archive.subarray(from, from + packedLength)
  if (packed.length !== packedLength) return null
  const file = method === 0 ? packed : method === 8 ? inflate(packed, length) : null
  return file !== null && file.length === length && checkSum(file) === sum ? file : null
}

const inflate = (packed: Uint8Array, length: number): Uint8Array | null => {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, length) })
  } catch {
    return null
  }
}

// As every archive has it: CRC-32, the polynomial of IEEE 802.3.
const checkSum = (bytes: Uint8Array): number => {
  const table = Array.from({ length: 256 }, (_, index) => {
    let value = index
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
    return value
  })
  let sum = 0xffffffff
  for (const byte of bytes) sum = (sum >>> 8) ^ (table[(sum ^ byte) & 0xff] ?? 0)
  return (sum ^ 0xffffffff) >>> 0
}
