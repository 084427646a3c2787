import { errAsync } from 'neverthrow'
import type { HostReaction, ShopEvent } from 'shopwright'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { eventsOnThePage } from './page-tables.js'
import { eventNames } from './told-types.js'

describe('the page on events', () => {
  it('lists every event that has a type, and no other', () => {
    const names = eventNames()
    expect(names.length).toBeGreaterThan(200)
    expect([...eventsOnThePage()].sort()).toEqual([...names].sort())
  })
})

it('knows by the name of an event what its body holds', () => {
  const paid: HostReaction<'order/OrderPaid'> = {
    name: 'test.paid',
    listensTo: ['order/OrderPaid'],
    react: (_, event) => {
      expectTypeOf(event.body.type).toEqualTypeOf<'OrderPaid'>()
      return errAsync({ type: event.type })
    },
  }
  const any: readonly HostReaction[] = [paid]
  expect(any).toHaveLength(1)
  expectTypeOf<ShopEvent<'product/ProductSaved'>['body']['productId']>().toBeString()
})

it('promises nothing in a body that stays in the row: no digest, and nothing that is sealed', () => {
  expectTypeOf<keyof ShopEvent<'challenge/ChallengeIssued'>['body']>().toEqualTypeOf<'type' | 'challengeId'>()
  expectTypeOf<keyof ShopEvent<'account/AccountRegistered'>['body']>().toEqualTypeOf<
    'type' | 'accountId' | 'activateBy' | 'at'
  >()
  expectTypeOf<ShopEvent<'account/IdentifierBound'>['body']['accountId']>().toBeString()
  expectTypeOf<keyof ShopEvent<'message/MessageQueued'>['body']>().toEqualTypeOf<'type' | 'messageId' | 'template'>()
  expectTypeOf<keyof ShopEvent<'secondFactor/FactorEnabled'>['body']>().toEqualTypeOf<'type' | 'accountId'>()
  expectTypeOf<ShopEvent<'challenge/SignInAnomalous'>['body']['sessionId']>().toBeString()
})
