import { describe, expect, it } from 'vitest'
import { sealerCases } from '../../adapters/contract/sealer.js'
import { createKeyedDigest, createSealer, systemClock } from '../../adapters/runtime/index.js'
import { runContract } from '../support/run-contract.js'

const keyOf = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte)
const current = { keyId: 'k1', key: keyOf(1) }
const place = 'account/acc_1/email'

runContract('the sealer of WebCrypto', sealerCases, async () => createSealer({ current }))

describe('the sealer of WebCrypto', () => {
  it('opens what was wrapped with a key of earlier times, and nothing without that key', async () => {
    const before = createSealer({ current })
    const key = (await before.createKey('acc_1')).unwrapOr({ subjectId: '', wrapped: '' })
    const sealed = await before.seal(key, place, 'text')
    const box = sealed.unwrapOr({ sealed: { scheme: 0, nonce: '', data: '' } })
    const next = { keyId: 'k2', key: keyOf(2) }
    const opened = await createSealer({ current: next, previous: [current] }).open(key, place, box)
    expect(opened.unwrapOr('unreadable')).toBe('text')
    const alone = await createSealer({ current: next }).open(key, place, box)
    expect(alone.isErr() && alone.error).toEqual({ type: 'Unreadable', place })
    const impostor = await createSealer({ current: { keyId: 'k1', key: keyOf(3) } }).open(key, place, box)
    expect(impostor.isErr() && impostor.error).toEqual({ type: 'Unreadable', place })
  })

  it('says so when the host’s key is too short', async () => {
    const short = createSealer({ current: { keyId: 'k1', key: keyOf(1, 16) } })
    const made = await short.createKey('acc_1')
    expect(made.isErr() && made.error).toEqual({ type: 'CryptoUnavailable', detail: 'a sealing key has 32 bytes' })
  })
})

describe('the keyed digest of WebCrypto', () => {
  it('is HMAC-SHA-256, as another implementation computes it', async () => {
    const { createHmac } = await import('node:crypto')
    const digest = await createKeyedDigest({ key: keyOf(7) }).digest('identifier', 'email:李@example.com')
    const expected = createHmac('sha256', keyOf(7)).update('10:identifier:email:李@example.com').digest('hex')
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

  it('refuses a short key as a value', async () => {
    const refused = await createKeyedDigest({ key: keyOf(7, 16) }).digest('a', 'b')
    expect(refused.isErr() && refused.error.type).toBe('CryptoUnavailable')
  })
})

describe('the clock of the machine', () => {
  it('tells whole milliseconds that do not run backwards', () => {
    const first = systemClock.now()
    expect(Number.isSafeInteger(first)).toBe(true)
    expect(systemClock.now()).toBeGreaterThanOrEqual(first)
  })
})
