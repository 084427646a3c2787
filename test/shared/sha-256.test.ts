import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256Of } from '../../src/shared/sha-256.js'

const byRuntime = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

describe('the SHA-256 of a text', () => {
  it('is that of the standard', () => {
    expect(sha256Of('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(sha256Of('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('is what the runtime says, for every length of a block and beyond', () => {
    for (let length = 0; length < 200; length += 1) {
      const text = 'x'.repeat(length)
      expect(sha256Of(text)).toBe(byRuntime(text))
    }
  })

  it('is what the runtime says, of whatever text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(sha256Of(text)).toBe(byRuntime(text))
      }),
    )
  })
})
