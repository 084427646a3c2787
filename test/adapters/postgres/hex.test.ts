import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromHex, toHex } from '../../../adapters/postgres/search/hex.js'

it('bytes are written as Postgres takes them, and read again as they were', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'))
      expect(fromHex(toHex(bytes))).toEqual(bytes)
    }),
  )
  expect(fromHex(null)).toBeNull()
})
