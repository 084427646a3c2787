// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2).
const rounds = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]

const beginning = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]

/**
 * The SHA-256 of a text as UTF-8: at once and without a runtime, for short texts. What needs a key is the port's
 * (`KeyedDigest`).
 *
 * @returns 64 lower-case hexadecimal digits
 */
export const sha256Of = (text: string): string => {
  const padded = pad(utf8Of(text))
  const state = Int32Array.from(beginning)
  const words = new Int32Array(64)
  for (let at = 0; at < padded.byteLength; at += 64) compress(state, padded, at, words)
  return [...state].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

const utf8Of = (text: string): readonly number[] => {
  const bytes: number[] = []
  const follow = (code: number, shift: number) => bytes.push(0x80 | ((code >> shift) & 0x3f))
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) {
      bytes.push(0xc0 | (code >> 6))
      follow(code, 0)
    } else if (code < 0x1_0000) {
      bytes.push(0xe0 | (code >> 12))
      follow(code, 6)
      follow(code, 0)
    } else {
      bytes.push(0xf0 | (code >> 18))
      follow(code, 12)
      follow(code, 6)
      follow(code, 0)
    }
  }
  return bytes
}

// To whole blocks of 64 bytes: a one, zeros, and how many bits there were.
const pad = (bytes: readonly number[]): DataView => {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 4, bytes.length * 8)
  return view
}

const rotated = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

const extend = (words: Int32Array): void => {
  for (let at = 16; at < 64; at += 1) {
    const early = words[at - 15] ?? 0
    const late = words[at - 2] ?? 0
    const small = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3)
    const large = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10)
    words[at] = (words[at - 16] ?? 0) + small + (words[at - 7] ?? 0) + large
  }
}

// Eight names that are handed on are a tenth of the time of a list that is made anew 64 times.
const compress = (state: Int32Array, bytes: DataView, from: number, words: Int32Array): void => {
  for (let at = 0; at < 16; at += 1) words[at] = bytes.getInt32(from + at * 4)
  extend(words)
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
  for (let at = 0; at < 64; at += 1) {
    const choice = (e & f) ^ (~e & g)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    const large = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
    const small = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
    const one = (h + large + choice + (rounds[at] ?? 0) + (words[at] ?? 0)) | 0
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + small + majority) | 0
  }
  const ended = [a, b, c, d, e, f, g, h]
  for (const [at, word] of ended.entries()) state[at] = (state[at] ?? 0) + word
}
