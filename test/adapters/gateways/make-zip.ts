import { deflateRawSync } from 'node:zlib'

// The check sum by its definition, a bit at a time: not the way that the reader goes.
const checkSum = (bytes: Uint8Array): number => {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = (sum & 1) === 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return (sum ^ 0xffffffff) >>> 0
}

/** A file of an archive, and what is said of it that is not so. */
export type ZippedFile = {
  readonly name: string
  readonly bytes: Uint8Array
  readonly isStored?: boolean
  readonly sum?: number
  readonly length?: number
  readonly flags?: number
}

/** Packs files into an archive. */
export const makeZip = (files: readonly ZippedFile[]): Uint8Array => {
  const parts: Buffer[] = []
  const entries: Buffer[] = []
  let at = 0
  for (const { name, bytes, isStored = false, sum = checkSum(bytes), length = bytes.length, flags = 0 } of files) {
    const packed = isStored ? Buffer.from(bytes) : deflateRawSync(bytes)
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(flags, 2)
    facts.writeUInt16LE(isStored ? 0 : 8, 4)
    facts.writeUInt32LE(sum, 10)
    facts.writeUInt32LE(packed.length, 14)
    facts.writeUInt32LE(length, 18)
    facts.writeUInt16LE(Buffer.byteLength(name), 22)
    const whereabouts = Buffer.alloc(14)
    whereabouts.writeUInt32LE(at, 10)
    entries.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), facts, whereabouts, Buffer.from(name))
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), facts, Buffer.from(name), packed])
    parts.push(local)
    at += local.length
  }
  const list = Buffer.concat(entries)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, list, end])
}
