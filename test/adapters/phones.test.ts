import fc from 'fast-check'
import { mainlandPhones, type PhoneNumbers } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { createPhoneNumbers } from '../../adapters/phones/libphonenumber/index.js'

const canonicalBy =
  (phones: PhoneNumbers) =>
  (typed: string): string =>
    phones.canonical(typed).match(
      (number) => number,
      (error) => error.reason,
    )

const mainland = canonicalBy(mainlandPhones)
const open = async (regions: readonly [string, ...string[]]) =>
  canonicalBy((await createPhoneNumbers({ regions }))._unsafeUnwrap())

// What every set of numbers that serves the mainland holds to.
const spellings = [
  '13800138000',
  '+8613800138000',
  '+86 138-0013-8000',
  '0086 138 0013 8000',
  '(138) 0013.8000',
  '１３８００１３８０００',
  '＋86 138 0013 8000',
]
const none = [
  ['12345678901', 'notMobile'],
  ['14012345678', 'notMobile'],
  ['+86 138 0013 800', 'notMobile'],
  ['010-12345678', 'notMobile'],
  ['13800138000;ext=1', 'notOneNumber'],
  ['13800138000,13800138001', 'notOneNumber'],
  ['138\u200b00138000', 'notOneNumber'],
  ['call me', 'notOneNumber'],
  ['+1 202 555 0143', 'otherRegion'],
  ['9'.repeat(1_000_000), 'notOneNumber'],
] as const

describe.each([
  ['of the core', async () => mainland],
  ['by libphonenumber-js', () => open(['CN'])],
] as const)('mobile numbers of the mainland, %s', (_, create) => {
  it('have one form for all spellings', async () => {
    const canonical = await create()
    expect(spellings.map(canonical)).toEqual(spellings.map(() => '+8613800138000'))
    expect(canonical('+8613800138000')).toBe('+8613800138000')
  })

  it.each(none)('refuse %.30s', async (typed, reason) => {
    expect((await create())(typed)).toBe(reason)
  })
})

describe('mobile numbers by libphonenumber-js', () => {
  it('are those that the core takes too, in the same form', async () => {
    const canonical = await open(['CN'])
    const digits = fc.stringMatching(/^1[3-9]\d{9}$/)
    fc.assert(
      fc.property(digits, (typed) => {
        if (mainland(typed).startsWith('+')) expect(canonical(typed)).toBe(mainland(typed))
      }),
      { numRuns: 500 },
    )
  })

  it('are of the regions that the shop names, and without a code of the first', async () => {
    const canonical = await open(['HK', 'CN', 'US'])
    expect(canonical('6123 4567')).toBe('+85261234567')
    expect(canonical('+86 138 0013 8000')).toBe('+8613800138000')
    expect(canonical('+1 202 555 0143')).toBe('+12025550143')
    expect(canonical('+852 2123 4567')).toBe('notMobile')
    expect(canonical('+44 7400 123456')).toBe('otherRegion')
    expect((await open(['XX']))('6123 4567')).toBe('notOneNumber')
  })

  it('are the ones the package knows; without it there is an error that says what to install', async () => {
    const created = await createPhoneNumbers({ regions: ['CN'], load: () => Promise.reject(new Error('none')) })
    expect(created._unsafeUnwrapErr()).toEqual({
      type: 'PackageMissing',
      package: 'libphonenumber-js',
      install: 'npm install libphonenumber-js',
    })
  })
})
