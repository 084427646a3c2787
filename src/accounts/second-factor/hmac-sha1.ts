/**
 * HMAC-SHA-1, which authenticator apps compute their codes by. For those codes alone: the core has no digest of the
 * runtime at hand, and a code is judged where all is pure.
 *
 * @source RFC 2104, RFC 3174
 */
export const hmacSha1 = (key: Uint8Array, message: Uint8Array): Uint8Array => {
  const block = new Uint8Array(64)
  block.set(key.length > 64 ? sha1(key) : key)
  const inner = sha1(
    joined(
      block.map((byte) => byte ^ 0x36),
      message,
    ),
  )
  return sha1(
    joined(
      block.map((byte) => byte ^ 0x5c),
      inner,
    ),
  )
}

const joined = (left: Uint8Array, right: Uint8Array): Uint8Array => {
  const both = new Uint8Array(left.length + right.length)
  both.set(left)
  both.set(right, left.length)
  return both
}

const sha1 = (message: Uint8Array): Uint8Array => {
  const words = padded(message)
  let state: readonly [number, number, number, number, number] = [
    0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0,
  ]
  for (let start = 0; start < words.length; start += 16) {
    const schedule = words.slice(start, start + 16)
    for (let round = 16; round < 80; round += 1) {
      const [one = 0, two = 0, three = 0, four = 0] = [3, 8, 14, 16].map((back) => schedule[round - back])
      schedule.push(turned(one ^ two ^ three ^ four, 1))
    }
    let [a, b, c, d, e] = state
    for (const [round, word] of schedule.entries()) {
      const next = (turned(a, 5) + mixed(round, b, c, d) + e + word) | 0
      ;[e, d, c, b, a] = [d, c, turned(b, 30), a, next]
    }
    const [p, q, r, s, t] = state
    state = [(p + a) | 0, (q + b) | 0, (r + c) | 0, (s + d) | 0, (t + e) | 0]
  }
  return Uint8Array.from(state.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]))
}

/** The words of a message, with a one, zeros and the length in bits behind it. */
const padded = (message: Uint8Array): number[] => {
  const blocks = Math.ceil((message.length + 9) / 64)
  const bytes = new Uint8Array(blocks * 64)
  bytes.set(message)
  bytes[message.length] = 0x80
  const words = Array.from({ length: blocks * 16 }, (_, index) => {
    const [first = 0, second = 0, third = 0, fourth = 0] = bytes.subarray(index * 4, index * 4 + 4)
    return (first << 24) | (second << 16) | (third << 8) | fourth
  })
  // Messages here have a few bytes: their length fits the last word.
  words[words.length - 1] = message.length * 8
  return words
}

const turned = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits))

const mixed = (round: number, b: number, c: number, d: number): number => {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
  return (b ^ c ^ d) + 0xca62c1d6
}
