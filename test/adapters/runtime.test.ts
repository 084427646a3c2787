import * as nodeCrypto from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { sealerCases } from '../../adapters/contract/sealer.js'
import { type Ciphers, ciphersOfRuntime, nodeCiphers, webCiphers } from '../../adapters/runtime/ciphers.js'
import { createKeyedDigest, createSealer, systemClock } from '../../adapters/runtime/index.js'
import { keyedDigestBy } from '../../adapters/runtime/keyed-digest.js'
import { sealerBy } from '../../adapters/runtime/sealer.js'
import { runContract } from '../support/run-contract.js'

const keyOf = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte)
const current = { keyId: 'k1', key: keyOf(1) }
const bytesOf = (bytes: ArrayLike<number>): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes)
const place = 'account/acc_1/email'

const implementations: readonly { readonly name: string; readonly ciphers: Ciphers; readonly other: Ciphers }[] = [
  { name: 'node:crypto', ciphers: nodeCiphers(nodeCrypto), other: webCiphers },
  { name: 'WebCrypto', ciphers: webCiphers, other: nodeCiphers(nodeCrypto) },
]

for (const { name, ciphers, other } of implementations) {
  runContract(`the sealer by ${name}`, sealerCases, async () => sealerBy(ciphers, { current }))

  describe(`the ciphers of ${name}`, () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(bytesOf)
    const any = fc.uint8Array({ maxLength: 200 }).map(bytesOf)

    it('give the bytes that the other gives, and open what it sealed', async () => {
      await fc.assert(
        fc.asyncProperty(bytes(32), bytes(12), any, any, async (key, nonce, context, plain) => {
          const [mine, theirs] = await Promise.all([ciphers.importAes(key), other.importAes(key)])
          const data = await mine.encrypt(context, nonce, plain)
          expect(data).toEqual(await theirs.encrypt(context, nonce, plain))
          expect(data.length).toBe(plain.length + 16)
          expect(await theirs.decrypt(context, nonce, data)).toEqual(plain)
          const [mac, otherMac] = await Promise.all([ciphers.importHmac(key), other.importHmac(key)])
          expect(await mac(plain)).toEqual(await otherMac(plain))
        }),
        { numRuns: 50 },
      )
    })

    it('open nothing that was cut short, lengthened or changed by a bit', async () => {
      await fc.assert(
        fc.asyncProperty(bytes(32), bytes(12), any, fc.nat(), fc.nat(7), async (key, nonce, plain, place, bit) => {
          const aes = await ciphers.importAes(key)
          const context = bytesOf(new TextEncoder().encode('context'))
          const data = await aes.encrypt(context, nonce, plain)
          const flipped = data.map((byte, at) => (at === place % data.length ? byte ^ (1 << bit) : byte))
          const bad = [flipped, data.slice(0, place % data.length), bytesOf([...data, 0])]
          for (const each of bad) expect(await aes.decrypt(context, nonce, each)).toBeUndefined()
          expect(await aes.decrypt(bytesOf([...context, 0]), nonce, data)).toBeUndefined()
        }),
        { numRuns: 50 },
      )
    })
  })

  it(`reads by ${name} what a sealer by the other wrote, and digests alike`, async () => {
    const writer = sealerBy(other, { current })
    const key = (await writer.createKey('acc_1')).unwrapOr({ subjectId: '', wrapped: '' })
    const sealed = (await writer.seal(key, place, '李明')).unwrapOr({ sealed: { scheme: 0, nonce: '', data: '' } })
    const opened = await sealerBy(ciphers, { current }).open(key, place, sealed)
    expect(opened.unwrapOr('unreadable')).toBe('李明')
    const digests = [ciphers, other].map((each) => keyedDigestBy(each, keyOf(7)).digest('purpose', '李'))
    const [mine, theirs] = await Promise.all(digests)
    expect(mine?.unwrapOr('none')).toBe(theirs?.unwrapOr('other'))
  })
}

it('takes WebCrypto where there is no Node', () => {
  vi.stubGlobal('process', undefined)
  try {
    expect(ciphersOfRuntime()).toBe(webCiphers)
  } finally {
    vi.unstubAllGlobals()
  }
  expect(ciphersOfRuntime()).not.toBe(webCiphers)
})

describe('the sealer of the runtime', () => {
  it('opens what was wrapped with a key of earlier times, and nothing with another of its name', async () => {
    const before = createSealer({ current })
    const key = (await before.createKey('acc_1')).unwrapOr({ subjectId: '', wrapped: '' })
    const sealed = await before.seal(key, place, 'text')
    const box = sealed.unwrapOr({ sealed: { scheme: 0, nonce: '', data: '' } })
    const next = { keyId: 'k2', key: keyOf(2) }
    const opened = await createSealer({ current: next, previous: [current] }).open(key, place, box)
    expect(opened.unwrapOr('unreadable')).toBe('text')
    const impostor = await createSealer({ current: { keyId: 'k1', key: keyOf(3) } }).open(key, place, box)
    expect(impostor.isErr() && impostor.error).toEqual({ type: 'Unreadable', place })
  })

  // Keys are changed on one machine after the other: who takes a person for erased gives their codes and mail up for good.
  it('is out of reach, and nobody erased, where a key was given to another machine before this one', async () => {
    const first = createSealer({ current: { keyId: 'k2', key: keyOf(2) }, previous: [current] })
    const key = (await first.createKey('acc_1')).unwrapOr({ subjectId: '', wrapped: '' })
    const box = (await first.seal(key, place, 'text')).unwrapOr({ sealed: { scheme: 0, nonce: '', data: '' } })
    const second = createSealer({ current })
    const opened = await second.open(key, place, box)
    expect(opened.isErr() && opened.error).toMatchObject({ type: 'CryptoUnavailable' })
    const sealed = await second.seal(key, place, 'more')
    expect(sealed.isErr() && sealed.error).toMatchObject({ type: 'CryptoUnavailable' })
  })

  it('is not made with a key of the wrong length', () => {
    const short = { keyId: 'k1', key: keyOf(1, 16) }
    expect(() => createSealer({ current: short })).toThrow('a sealing key has 32 bytes')
    expect(() => createSealer({ current, previous: [short] })).toThrow('a sealing key has 32 bytes')
  })
})

describe('the keyed digest of the runtime', () => {
  it('is HMAC-SHA-256, as another implementation computes it', async () => {
    const digest = await createKeyedDigest({ key: keyOf(7) }).digest('identifier', 'email:李@example.com')
    const expected = nodeCrypto
      .createHmac('sha256', keyOf(7))
      .update('10:identifier:email:李@example.com')
      .digest('hex')
    expect(digest.unwrapOr('')).toBe(expected)
  })

  it('keeps purposes, texts and keys apart', async () => {
    const one = createKeyedDigest({ key: keyOf(7) })
    const other = createKeyedDigest({ key: keyOf(8) })
    const digests = await Promise.all([
      one.digest('a', 'b:c'),
      one.digest('a:b', 'c'),
      one.digest('a', 'b'),
      other.digest('a', 'b'),
    ])
    expect(new Set(digests.map((digest) => digest.unwrapOr('none'))).size).toBe(4)
    expect(await one.digest('a', 'b')).toEqual(digests[2])
  })

  it('is not made with a short key', () => {
    expect(() => createKeyedDigest({ key: keyOf(7, 16) })).toThrow('a digest key has at least 32 bytes')
  })
})

describe('the clock of the machine', () => {
  it('tells whole milliseconds that do not run backwards', () => {
    const first = systemClock.now()
    expect(Number.isSafeInteger(first)).toBe(true)
    expect(systemClock.now()).toBeGreaterThanOrEqual(first)
  })
})
