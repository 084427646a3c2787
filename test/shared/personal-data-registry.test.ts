import fc from 'fast-check'
import { findUnregistered, type PersonalField, sealedPaths } from 'shopwright'
import { describe, expect, it } from 'vitest'

const sealed = { sealed: { scheme: 1, nonce: 'n', data: 'd' } }
const field = (collection: string, path: string): PersonalField => ({
  collection,
  path,
  sealedAs: path,
  purpose: 'to deliver',
  basis: 'contract',
  sensitivity: 'ordinary',
  retention: { kind: 'daysAfterEnd', days: 1_096 },
})

describe('the registry of personal data', () => {
  it('finds sealed values at any depth, in lists too, each place once', () => {
    const state = {
      id: 'o',
      address: sealed,
      people: [{ phone: sealed }, { phone: sealed, note: null }],
      plain: { sealed: 1 },
    }
    expect(sealedPaths(state)).toEqual(['address', 'people.*.phone'])
  })

  it('names every place that no catalogue registers', () => {
    const rows = [
      { collection: 'order', state: { address: sealed, gift: { card: sealed } } },
      { collection: 'order', state: { address: sealed } },
      { collection: 'ticket', state: { address: sealed } },
    ]
    expect(findUnregistered([field('order', 'address')], rows)).toEqual([
      { collection: 'order', path: 'gift.card' },
      { collection: 'ticket', path: 'address' },
    ])
    const all = [field('order', 'address'), field('order', 'gift.card'), field('ticket', 'address')]
    expect(findUnregistered(all, rows)).toEqual([])
  })

  it('misses no place: as many as were put in are found', () => {
    const key = fc.stringMatching(/^[a-z]{1,6}$/)
    const { state } = fc.letrec<{ state: object }>((tie) => ({
      state: fc.dictionary(key, fc.oneof({ maxDepth: 4 }, fc.constant(sealed), fc.integer(), tie('state')), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    }))
    const count = (text: string): number => text.split('"scheme"').length - 1
    fc.assert(
      fc.property(state, (made) => {
        const json = JSON.parse(JSON.stringify(made))
        expect(sealedPaths(json)).toHaveLength(count(JSON.stringify(json)))
      }),
    )
  })
})
