import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { parsePlaceOrder } from '../../src/orders/place-order.schema.js'
import { parseInput, parseNothing } from '../../src/shared/stored.schema.js'

const recipient = { name: 'Ann', phone: '13800000000', region: 'CN-31', city: 'Shanghai', address: 'Nanjing Rd 1' }
const order = { shippingMethodId: 'post', recipient, expectedTotalMinor: 1 }

const issuesOf = (input: unknown) =>
  parsePlaceOrder(input)
    ._unsafeUnwrapErr()
    .issues.map(({ path, code }) => [path, code])

describe('what is wrong with an input', () => {
  it('is said of the field, also where a field may be one thing or another', () => {
    const { phone: _, ...noPhone } = recipient
    expect(issuesOf({ ...order, recipient: noPhone })).toEqual([['recipient.phone', 'invalid_type']])
    expect(issuesOf({ ...order, recipient: { addressId: 7 } })).toEqual([['recipient.addressId', 'invalid_type']])
    expect(issuesOf({ ...order, recipient: { ...recipient, addressId: 'a' } })).toEqual([
      ['recipient', 'unrecognized_keys'],
    ])
    expect(issuesOf({ shippingMethodId: 'post', expectedTotalMinor: 1 })).toEqual([['recipient', 'invalid_type']])
  })

  it('is never hidden behind a choice, however deep', () => {
    const leaf = z.strictObject({ kind: z.literal('leaf'), size: z.int() })
    const node = z.strictObject({ child: z.union([leaf, z.strictObject({ ref: z.string() })]) })
    const parse = parseInput(z.strictObject({ root: z.union([node, leaf]) }))
    fc.assert(
      fc.property(fc.jsonValue(), (size) => {
        const answer = parse({ root: { child: { kind: 'leaf', size } } })
        if (answer.isOk()) return
        expect(answer.error.issues.map(({ path }) => path)).toEqual(['root.child.size'])
      }),
    )
  })

  it('is any member where none is asked for', () => {
    expect(parseNothing({}).isOk()).toBe(true)
    expect(
      parseNothing({ a: 1 })
        ._unsafeUnwrapErr()
        .issues.map(({ code }) => code),
    ).toEqual(['unrecognized_keys'])
  })
})
