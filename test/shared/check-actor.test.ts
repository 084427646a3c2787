import { describe, expect, it } from 'vitest'
import { guestOwnerId } from '../../src/shared/actor.js'
import { checkActor } from '../../src/shared/check-actor.js'
import { wholeLimit } from '../../src/shared/limit.js'
import { originParts } from '../../src/shared/origin.js'

describe('an actor', () => {
  it.each([
    [{ kind: 'staff', staffId: 's' }, 'actor.roles'],
    [{ kind: 'staff', staffId: 's', roles: 'clerk' }, 'actor.roles'],
    [{ kind: 'staff', staffId: 's', roles: [7] }, 'actor.roles'],
    [{ kind: 'staff', staffId: 's', roles: [], purpose: null }, 'actor.purpose'],
    [{ kind: 'staff', staffId: 's', roles: [], purpose: 'a\u0000' }, 'actor.purpose'],
    [{ kind: 'staff', staffId: 's', roles: [], purpose: 'x'.repeat(501) }, 'actor.purpose'],
    [{ kind: 'staff', staffId: 's', roles: [], purpose: 'card 4111 1111 1111 1111' }, 'actor.purpose'],
    [{ kind: 'staff', roles: [] }, 'actor.staffId'],
    [{ kind: 'customer', accountId: guestOwnerId('g') }, 'actor.accountId'],
    [{ kind: 'staff', staffId: guestOwnerId('g'), roles: [] }, 'actor.staffId'],
    [undefined, 'actor'],
  ])('%j is refused at %s', (actor, path) => {
    expect(checkActor(actor)._unsafeUnwrapErr().issues[0]?.path).toBe(path)
  })

  it('of the shop has roles, and a purpose where there is one', () => {
    expect(checkActor({ kind: 'staff', staffId: 's', roles: [] }).isOk()).toBe(true)
    expect(checkActor({ kind: 'staff', staffId: 's', roles: ['clerk'], purpose: 'refund' }).isOk()).toBe(true)
  })
})

describe('where somebody comes from', () => {
  it.each([null, undefined, 'text', { address: ['203.0.113.7'], device: null }, { address: '' }])(
    'is not known of %j',
    (origin) => {
      expect(originParts(origin)).toEqual({})
    },
  )

  it('is what of it is text', () => {
    expect(originParts({ address: '203.0.113.7', device: 7 })).toEqual({ address: '203.0.113.7' })
  })
})

describe('a limit', () => {
  it.each([
    [-1, 0],
    [0.5, 0],
    [1.9, 1],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER],
    [500, 500],
  ])('of %d is %d to every storage', (limit, whole) => {
    expect(wholeLimit(limit)).toBe(whole)
  })
})
