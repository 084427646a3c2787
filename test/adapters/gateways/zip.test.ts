import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openZip } from '../../../adapters/gateways/zip.js'
import { makeZip } from './make-zip.js'

// Packed by Info-ZIP 3.0: `printf 'hello hello hello hello\\n' > a.txt; zip -X a.zip a.txt`.
const byInfoZip = Buffer.from(
  '504b0304140000000800000021580088590b0b0000001800000005000000612e747874cb48cdc9c957c84027b900504b01021e03140000000800000021580088590b0b00000018000000050000000000000001000000a48100000000612e747874504b05060000000001000100330000002e0000000000',
  'hex',
)
const bytesOf = (text: string) => new TextEncoder().encode(text)

describe('an archive of a gateway', () => {
  it('is opened as others pack it', () => {
    expect(openZip(byInfoZip)?.map((file) => Buffer.from(file).toString())).toEqual(['hello hello hello hello\n'])
  })

  it('gives back what was put in', () => {
    const file = fc.record({ name: fc.string({ maxLength: 20 }), bytes: fc.uint8Array(), isStored: fc.boolean() })
    fc.assert(
      fc.property(fc.array(file, { maxLength: 5 }), (files) => {
        const opened = openZip(makeZip(files))
        expect(opened?.map((each) => [...each])).toEqual(files.map(({ bytes }) => [...bytes]))
      }),
    )
  })

  it('that was cut off, or of which any byte of a file is another, is none', () => {
    const text = bytesOf('支付宝,'.repeat(50))
    const whole = makeZip([
      { name: 'a', bytes: text },
      { name: 'b', bytes: text, isStored: true },
    ])
    for (let length = 0; length < whole.length; length += 7) expect(openZip(whole.subarray(0, length))).toBeNull()
    for (let at = whole.length - 22 - 94 - text.length; at < whole.length - 22 - 94; at += 13) {
      expect(openZip(Uint8Array.from(whole, (byte, place) => (place === at ? byte ^ 1 : byte)))).toBeNull()
    }
  })

  it.each([
    ['a wrong check sum', { sum: 1 }],
    ['a wrong length', { length: 3 }],
    ['a length that nothing has', { length: 0xffffffff }],
    ['a lock', { flags: 1 }],
  ])('with %s is none', (_, facts) => {
    expect(openZip(makeZip([{ name: 'a', bytes: bytesOf('abcd'), ...facts }]))).toBeNull()
  })

  it('is not opened beyond what a bill comes to, whatever its list says', () => {
    const nothing = new Uint8Array(600)
    const two = makeZip([
      { name: 'a', bytes: nothing },
      { name: 'b', bytes: nothing },
    ])
    expect(openZip(two, 1200)).toHaveLength(2)
    expect(openZip(two, 1199)).toBeNull()
    expect(openZip(makeZip([{ name: 'a', bytes: new Uint8Array(1_000_000), length: 10 }]))).toBeNull()
    const files = (count: number) => Array.from({ length: count }, (_, place) => ({ name: `${place}`, bytes: nothing }))
    expect(openZip(makeZip(files(16)))).toHaveLength(16)
    expect(openZip(makeZip(files(17)))).toBeNull()
  })
})
