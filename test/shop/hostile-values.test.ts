import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { call, openShop } from './open-shop.js'
import { clerk, content as contentOf, taxBook } from './world.js'

// Hostile input that is no refusal of its shape: it reaches the storage.
describe('members whose names the caller chooses', () => {
  const hostileNames = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '\ud800', '\u0000', '']
  const byName = (value: unknown) =>
    fc
      .subarray(hostileNames, { minLength: 1 })
      .map((names) =>
        names.reduce(
          (held, name) => Object.defineProperty(held, name, { value, enumerable: true, configurable: true }),
          {},
        ),
      )

  it('pollute nothing, and are kept or refused by a typed answer', async () => {
    const opened = await openShop()
    await fc.assert(
      fc.asyncProperty(byName({ polluted: true }), byName('red'), async (wrong, right) => {
        for (const names of [wrong, right]) {
          const content = { ...contentOf('kettle-red', 'absent'), attributes: names }
          const answers = [
            await call(opened.shop, 'catalog.saveProduct', clerk, { externalId: 'e1', merchantId: 'self', content }),
            await call(opened.shop, 'catalog.listProducts', clerk, { filter: { attributes: names } }),
            await call(opened.shop, 'pricing.publishTaxBook', clerk, {
              expectedRevision: 0,
              ...taxBook,
              regions: [{ region: 'CN', inclusive: true, classes: names, shippingClass: null }],
            }),
          ]
          for (const answer of answers) {
            expect(
              answer.match(
                () => 'ok',
                ({ type }) => type,
              ),
            ).toMatch(/^(ok|InvalidInput|NotFound|BookChanged)$/)
          }
          expect('polluted' in {}).toBe(false)
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('verbs that name no actor', () => {
  it('take any text for a token that opens nothing', async () => {
    const opened = await openShop()
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('', 'x'.repeat(1_000_000), '\ud800', '\u0000', '__proto__'),
        ),
        async (token) => {
          const { commits } = opened.counts
          expect((await opened.shop.accounts.actorOf(token))._unsafeUnwrapErr()).toEqual({ type: 'SessionRefused' })
          expect((await opened.shop.accounts.signOut(token))._unsafeUnwrapErr()).toEqual({ type: 'SessionRefused' })
          expect(opened.counts.commits).toBe(commits)
        },
      ),
      { numRuns: 60 },
    )
  })
})
