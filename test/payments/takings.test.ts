import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinFacts, nothingKnown, readSnapshot } from '../../src/payments/known-facts.js'
import type { KnownFacts } from '../../src/payments/payment.js'
import { feeOfTaking, takingsOf } from '../../src/payments/takings.js'
import { samplePayment, sampleSnapshot, t0 } from './payment-samples.js'

const held = { ...samplePayment, capture: 'manual' } as const
type Word = { readonly minor: number; readonly at: number; readonly kept: number | null; readonly billed?: number }

/** What is known once the gateway has said how much was taken by when, and bills what that cost. */
const known = (words: readonly Word[]): KnownFacts =>
  words
    .map(({ minor: capturedMinor, at, kept: feeMinor, billed }) => {
      const facts = { status: 'authorised', authorisedMinor: 8888, capturedMinor, feeMinor, at } as const
      return readSnapshot(held, sampleSnapshot(facts), billed)
    })
    .reduce(joinFacts, nothingKnown)

const first = { fromMinor: 0, toMinor: 6000 }
const second = { fromMinor: 6000, toMinor: 8000 }

describe('what is known of money that was taken in steps', () => {
  it('is each step, when it was first said, and what it cost by the gateway’s own word', () => {
    const facts = known([
      { minor: 8000, at: t0 + 90, kept: 48 },
      { minor: 6000, at: t0 + 20, kept: 36 },
      { minor: 6000, at: t0 + 10, kept: null },
    ])
    expect(takingsOf(facts)).toEqual([
      { ...first, at: t0 + 10 },
      { ...second, at: t0 + 90 },
    ])
    expect([feeOfTaking(facts, first), feeOfTaking(facts, second), facts.feeMinor]).toEqual([36, 12, 48])
  })

  it('costs what bills add up to, and no more than the gateway says of all of it', () => {
    const billed = known([
      { minor: 8000, at: t0 + 90, kept: null, billed: 12 },
      { minor: 6000, at: t0 + 10, kept: 36 },
    ])
    expect([feeOfTaking(billed, first), feeOfTaking(billed, second), billed.feeMinor]).toEqual([36, 12, 48])
    const said = known([
      { minor: 8000, at: t0 + 90, kept: 48 },
      { minor: 6000, at: t0 + 10, kept: null, billed: 36 },
    ])
    expect(said.feeMinor).toBe(48)
  })

  it('costs each step what its own bill says, where each has one', () => {
    const billed = known([
      { minor: 6000, at: t0 + 10, kept: null, billed: 36 },
      { minor: 8000, at: t0 + 90, kept: null, billed: 12 },
    ])
    expect([feeOfTaking(billed, first), feeOfTaking(billed, second), billed.feeMinor]).toEqual([36, 12, 48])
  })

  it('is kept as one amount while it was taken in one', () => {
    expect(known([{ minor: 8888, at: t0, kept: null }])).not.toHaveProperty('captures')
  })

  it('is the same in whatever order it is heard, however often', () => {
    const word = fc.record({
      minor: fc.constantFrom(1000, 3000, 6000, 8888),
      at: fc.nat(5),
      kept: fc.option(fc.nat(9)),
      billed: fc.nat(9),
    })
    const shuffled = fc
      .array(word, { minLength: 1, maxLength: 6 })
      .chain((words) =>
        fc.tuple(fc.constant(words), fc.shuffledSubarray([...words, ...words], { minLength: words.length * 2 })),
      )
    fc.assert(
      fc.property(shuffled, fc.nat(6), ([words, again], cut) => {
        expect(known(again)).toEqual(known(words))
        expect(joinFacts(known(words.slice(0, cut)), known(words.slice(cut)))).toEqual(known(words))
      }),
    )
  })
})
