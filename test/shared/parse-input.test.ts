import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { parseWriteReview } from '../../src/catalog/reviews/review-inputs.schema.js'
import { parseInput } from '../../src/shared/stored.schema.js'

const parse = parseInput(z.strictObject({ note: z.string(), lines: z.array(z.record(z.string(), z.string())) }))
const issuesOf = (input: unknown) => {
  const refused = parse(input)._unsafeUnwrapErr()
  return refused.issues.map(({ path, code }) => `${path}: ${code}`)
}

describe('a member that is undefined', () => {
  const parseLines = parseInput(
    z.strictObject({
      channel: z.exactOptional(z.string()),
      lines: z.array(z.strictObject({ sku: z.string(), note: z.exactOptional(z.string()) })),
    }),
  )

  it('is as if it were not there, however deep', () => {
    const given = { channel: undefined, lines: [{ sku: 'mug', note: undefined }] }
    expect(parseLines(given)._unsafeUnwrap()).toStrictEqual({ lines: [{ sku: 'mug' }] })
  })

  it('is missing where it is required, and a place in a list is not passed over', () => {
    expect(parseLines({ lines: undefined })._unsafeUnwrapErr().issues).toMatchObject([{ path: 'lines' }])
    expect(parseLines({ lines: [undefined] })._unsafeUnwrapErr().issues).toMatchObject([{ path: 'lines.0' }])
  })
})

describe('an input that is refused', () => {
  it.each([
    ['a text', { note: '\ud800', lines: [] }, ['note: ill_formed_text']],
    [
      'a text within',
      { note: '', lines: [{ a: 'fine' }, { b: '\u0000', c: 'x\udc00' }] },
      ['lines.1.b', 'lines.1.c'].map((path) => `${path}: ill_formed_text`),
    ],
    ['a name', { note: '', lines: [{ '\ud800': 'x' }] }, ['lines.0: ill_formed_text']],
    ['what is missing', { note: '' }, ['lines: invalid_type']],
  ])('names the field: %s', (_, input, expected) => {
    expect(issuesOf(input)).toEqual(expected)
  })

  it.each([0, 6, 2.5, '5'])('says which stars there are, of %j', (rating) => {
    const refused = parseWriteReview({ orderId: 'o', lineId: 'l', rating })._unsafeUnwrapErr()
    expect(refused.issues).toEqual([
      { path: 'rating', code: expect.any(String), message: 'Stars are a whole number from 1 to 5' },
    ])
  })
})
