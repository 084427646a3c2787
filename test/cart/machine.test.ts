import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Cart,
  type CartCommand,
  type CartLine,
  type CartPolicy,
  defaultCartPolicy,
  type LineLimits,
} from '../../src/cart/cart.js'
import { cartMachine, cartTransitions } from '../../src/cart/machine.js'
import { takeInLines } from '../../src/cart/merge-lines.js'
import { foldEvents } from '../../src/shared/decider.js'
import { specify } from '../kit/given-when-then.js'
import { machineLaws } from '../kit/machine-laws.js'

const policy: CartPolicy = { ...defaultCartPolicy, maxLines: 2, maxQuantityPerLine: 3, maxCoupons: 1 }
const limits: LineLimits = { maxQuantity: 3, available: null, personRemaining: null }
const at = 1_000
const owner = { cartId: 'cart_a', ownerId: 'a', ownerKind: 'customer' } as const

const line = (lineId: string, sku: string, quantity = 1): CartLine => ({
  lineId,
  productId: `p-${sku}`,
  sku,
  quantity,
  selected: true,
  addedAt: at,
})
const add = (lineId: string, sku: string, quantity = 1, itemLimits = limits) =>
  ({ type: 'AddLine', ...owner, lineId, productId: `p-${sku}`, sku, quantity, limits: itemLimits, policy, at }) as const
const takeIn = (lines: readonly CartLine[], later: readonly CartLine[] = []) =>
  ({
    type: 'TakeInGuestCart',
    ...owner,
    guestCartId: 'cart_g',
    lines: lines.map((each) => ({ line: each, limits })),
    later,
    policy,
    at,
  }) as const

const lineId = fc.constantFrom('l1', 'l2', 'l3')
const sku = fc.constantFrom('A', 'B', 'C')
const quantity = fc.integer({ min: 0, max: 4 })
const someIds = fc.uniqueArray(lineId, { maxLength: 3 })
const couponId = fc.constantFrom('c1', 'c2')
const someLimits = fc.record({
  maxQuantity: fc.constant(3),
  available: fc.option(fc.integer({ min: 0, max: 4 })),
  personRemaining: fc.option(fc.integer({ min: 0, max: 4 })),
})
const someLine = fc
  .record({ id: lineId, sku, quantity: fc.integer({ min: 1, max: 3 }) })
  .map((given) => line(`g-${given.id}`, given.sku, given.quantity))
const fixed = <Type extends CartCommand['type']>(type: Type) => fc.constant(type)

machineLaws({
  name: 'cart',
  decider: cartMachine,
  table: cartTransitions,
  statuses: { absent: 'open', open: 'open', merged: 'final' },
  arbitraries: {
    // Now and then the SKU has gone to another product.
    AddLine: fc
      .record({ lineId, sku, quantity, limits: someLimits, productId: fc.option(fc.constant('p-other')) })
      .map((given) => {
        const added = add(given.lineId, given.sku, given.quantity, given.limits)
        return { ...added, productId: given.productId ?? added.productId }
      }),
    SetQuantity: fc.record({ type: fixed('SetQuantity'), lineId, quantity, limits: someLimits, at: fc.constant(at) }),
    RemoveLines: fc.record({ type: fixed('RemoveLines'), lineIds: someIds, at: fc.constant(at) }),
    SelectLines: fc.record({
      type: fixed('SelectLines'),
      lineIds: fc.option(someIds),
      selected: fc.boolean(),
      at: fc.constant(at),
    }),
    SaveForLater: fc.record({ type: fixed('SaveForLater'), lineId, policy: fc.constant(policy), at: fc.constant(at) }),
    TakeBack: fc.record({
      type: fixed('TakeBack'),
      lineId,
      limits: someLimits,
      policy: fc.constant(policy),
      at: fc.constant(at),
    }),
    ClearCart: fc.record({ type: fixed('ClearCart'), at: fc.constant(at) }),
    DropInvalidLines: fc.record({ type: fixed('DropInvalidLines'), lineIds: someIds, at: fc.constant(at) }),
    AttachCoupon: couponId.map(
      (coupon) => ({ type: 'AttachCoupon', ...owner, couponId: coupon, endedIds: [], policy, at }) as const,
    ),
    DetachCoupon: fc.record({ type: fixed('DetachCoupon'), couponId, at: fc.constant(at) }),
    TakeOrderedLines: fc.record({
      type: fixed('TakeOrderedLines'),
      orderId: fc.constant('o1'),
      lines: fc.uniqueArray(fc.record({ lineId, quantity }), { maxLength: 2, selector: (each) => each.lineId }),
      couponIds: fc.uniqueArray(couponId),
      at: fc.constant(at),
    }),
    TakeInGuestCart: fc
      .record({
        lines: fc.uniqueArray(someLine, { maxLength: 3, selector: (each) => each.sku }),
        later: fc.uniqueArray(someLine, { maxLength: 2, selector: (each) => each.lineId }),
      })
      .map((given) => takeIn(given.lines, given.later)),
    NoteReminder: fc.record({ type: fixed('NoteReminder'), at: fc.constant(at) }),
    EndMerged: fc.record({ type: fixed('EndMerged'), at: fc.constant(at) }),
  },
  model: {
    AddLine: [add('l1', 'A'), add('l2', 'B')],
    SetQuantity: [
      { type: 'SetQuantity', lineId: 'l1', quantity: 2, limits, at },
      { type: 'SetQuantity', lineId: 'l1', quantity: 0, limits, at },
    ],
    RemoveLines: [{ type: 'RemoveLines', lineIds: ['l1'], at }],
    SelectLines: [
      { type: 'SelectLines', lineIds: null, selected: false, at },
      { type: 'SelectLines', lineIds: ['l1'], selected: true, at },
    ],
    SaveForLater: [{ type: 'SaveForLater', lineId: 'l1', policy, at }],
    TakeBack: [{ type: 'TakeBack', lineId: 'l1', limits, policy, at }],
    ClearCart: [{ type: 'ClearCart', at }],
    DropInvalidLines: [{ type: 'DropInvalidLines', lineIds: ['l2'], at }],
    AttachCoupon: [{ type: 'AttachCoupon', ...owner, couponId: 'c1', endedIds: [], policy, at }],
    DetachCoupon: [{ type: 'DetachCoupon', couponId: 'c1', at }],
    TakeOrderedLines: [
      { type: 'TakeOrderedLines', orderId: 'o1', lines: [{ lineId: 'l1', quantity: 1 }], couponIds: ['c1'], at },
      { type: 'TakeOrderedLines', orderId: 'o1', lines: [], couponIds: [], at },
    ],
    TakeInGuestCart: [takeIn([line('g1', 'A', 3)])],
    NoteReminder: [{ type: 'NoteReminder', at }],
    EndMerged: [{ type: 'EndMerged', at }],
  },
  invariants: {
    'an item stands in one line': (cart) =>
      isClosed(cart) || isDistinct(cart.lines.map((each) => `${each.productId} ${each.sku}`)),
    'an id names one line': (cart) =>
      isClosed(cart) || isDistinct([...cart.lines, ...cart.later].map((each) => each.lineId)),
    'quantities are whole, at least 1 and at most what the policy lets': (cart) =>
      isClosed(cart) ||
      cart.lines.every((each) => Number.isInteger(each.quantity) && each.quantity >= 1 && each.quantity <= 3),
    'there are no more lines than the policy lets': (cart) => isClosed(cart) || cart.lines.length <= policy.maxLines,
    'only a cart that holds something is quiet': (cart) =>
      isClosed(cart) || cart.quietSince === undefined || cart.lines.length > 0,
    'a coupon is attached once': (cart) =>
      isClosed(cart) || (isDistinct(cart.couponIds) && cart.couponIds.length <= policy.maxCoupons),
  },
})

const isClosed = (cart: Cart): cart is Exclude<Cart, { status: 'open' }> => cart.status !== 'open'
const isDistinct = (values: readonly string[]): boolean => new Set(values).size === values.length

describe('a cart', () => {
  const given = specify(cartMachine)
  const opened = { type: 'CartOpened', ...owner, at } as const

  it('puts the same item in one line, whose quantities sum', () => {
    given([opened, { type: 'LineAdded', line: line('l1', 'A', 1), at }])
      .when(add('l9', 'A', 2))
      .then([{ type: 'QuantityChanged', lineId: 'l1', quantity: 3, at }])
  })

  it('has a line of its own for what is sold under a SKU that went to another product', () => {
    const moved = { ...line('l2', 'A', 1), productId: 'p-new' }
    const added = { ...add('l2', 'A'), productId: 'p-new' } as const
    const cart = foldEvents(cartMachine, [
      { type: 'CartOpened', ...owner, at },
      { type: 'LineAdded', line: line('l1', 'A', 2), at },
    ])
    const events = cartMachine.decide(cart, added)._unsafeUnwrap()
    expect(events).toEqual([{ type: 'LineAdded', line: moved, at }])
    const both = foldEvents(cartMachine, events, cart)
    const saved = foldEvents(cartMachine, [{ type: 'LineSavedForLater', lineId: 'l2', at }], both)
    const takeBack = { type: 'TakeBack', lineId: 'l2', limits, policy, at } as const
    const back = foldEvents(cartMachine, cartMachine.decide(saved, takeBack)._unsafeUnwrap(), saved)
    expect(back).toMatchObject({ lines: [line('l1', 'A', 2), moved], later: [] })
    const merged = takeInLines(
      { lines: [line('l1', 'A', 2)], later: [] },
      { lines: [{ line: moved, limits }], later: [], policy },
    )
    expect(merged).toEqual({ lines: [moved], later: [], notTaken: [] })
  })

  it('refuses more pieces than the policy lets, with the sum that was asked', () => {
    given([opened, { type: 'LineAdded', line: line('l1', 'A', 2), at }])
      .when(add('l9', 'A', 2))
      .thenRefused({ type: 'QuantityAboveMaximum', sku: 'A', requested: 4, maximum: 3 })
  })

  it('always takes fewer, though still more than may be had', () => {
    const lower = { type: 'SetQuantity', lineId: 'l1', quantity: 5, limits: { ...limits, available: 2 }, at } as const
    given([opened, { type: 'LineAdded', line: line('l1', 'A', 6), at }])
      .when(lower)
      .then([{ type: 'QuantityChanged', lineId: 'l1', quantity: 5, at }])
  })

  it('refuses more pieces than can be had', () => {
    given()
      .when(add('l1', 'A', 3, { ...limits, available: 2 }))
      .thenRefused({ type: 'StockInsufficient', sku: 'A', requested: 3, available: 2 })
  })

  it('counts a person limit over all choices of a product', () => {
    const red = { ...line('l1', 'A-red', 2), productId: 'p' }
    const blue = { ...add('l2', 'A-blue', 1, { ...limits, personRemaining: 2 }), productId: 'p' }
    given([opened, { type: 'LineAdded', line: red, at }])
      .when(blue)
      .thenRefused({ type: 'PersonLimitExceeded', productId: 'p', requested: 3, remaining: 2 })
  })

  it('refuses a line too many', () => {
    given([opened, { type: 'LineAdded', line: line('l1', 'A'), at }, { type: 'LineAdded', line: line('l2', 'B'), at }])
      .when(add('l3', 'C'))
      .thenRefused({ type: 'CartFull', maxLines: 2 })
  })

  it('gives up what an order has bought and keeps the rest', () => {
    given([
      opened,
      { type: 'LineAdded', line: line('l1', 'A', 3), at },
      { type: 'LineAdded', line: line('l2', 'B', 1), at },
      { type: 'CouponAttached', couponId: 'c1', at },
    ])
      .when({
        type: 'TakeOrderedLines',
        orderId: 'o1',
        lines: [
          { lineId: 'l1', quantity: 2 },
          { lineId: 'l2', quantity: 1 },
        ],
        couponIds: ['c1'],
        at,
      })
      .thenState({
        status: 'open',
        ...owner,
        lines: [line('l1', 'A', 1)],
        later: [],
        couponIds: [],
        updatedAt: at,
        quietSince: at,
      })
  })

  it('is at its end when it was merged', () => {
    given([opened, { type: 'CartMerged', cartId: 'cart_a', at }])
      .when(add('l1', 'A'))
      .thenRefused({ type: 'CartAlreadyMerged' })
  })
})

describe('the lines of a guest', () => {
  it('sum with those of the account, up to the limits', () => {
    const taken = takeInLines(
      { lines: [line('l1', 'A', 2)], later: [] },
      { lines: [{ line: line('g1', 'A', 2), limits }], later: [], policy },
    )
    const notTaken = [{ productId: 'p-A', sku: 'A', quantity: 1, savedForLater: false }]
    expect(taken).toEqual({ lines: [line('l1', 'A', 3)], later: [], notTaken })
  })

  it('are saved for later when the item cannot be had', () => {
    const gone = { line: line('g1', 'A', 2), limits: { ...limits, available: 0 } }
    expect(takeInLines({ lines: [], later: [] }, { lines: [gone], later: [], policy })).toEqual({
      lines: [],
      later: [line('g1', 'A', 2)],
      notTaken: [{ productId: 'p-A', sku: 'A', quantity: 2, savedForLater: true }],
    })
  })

  it('conserve quantities up to the caps, and never take from the account', () => {
    const carts = fc.uniqueArray(
      fc.record({ sku: fc.constantFrom('A', 'B', 'C', 'D'), quantity: fc.integer({ min: 1, max: 9 }) }),
      {
        selector: (each) => each.sku,
      },
    )
    const room: CartPolicy = { ...defaultCartPolicy, maxLines: 10, maxQuantityPerLine: 12, maxCoupons: 1 }
    const cap = fc.record({
      maxQuantity: fc.integer({ min: 1, max: 12 }),
      available: fc.option(fc.integer({ min: 0, max: 12 })),
      personRemaining: fc.option(fc.integer({ min: 0, max: 12 })),
    })
    fc.assert(
      fc.property(carts, carts, cap, (mine, guests, caps) => {
        const before = mine.map((each, index) => line(`l${index}`, each.sku, each.quantity))
        const events = [
          { type: 'CartOpened', ...owner, at } as const,
          ...before.map((each) => ({ type: 'LineAdded', line: each, at }) as const),
        ]
        const start = foldEvents(cartMachine, events)
        const command = {
          ...takeIn([]),
          policy: room,
          lines: guests.map((each, index) => ({ line: line(`g${index}`, each.sku, each.quantity), limits: caps })),
        }
        const after = cartMachine.decide(start, command).map((next) => foldEvents(cartMachine, next, start))
        const cart = after.unwrapOr(start)
        if (cart.status !== 'open') return false
        const { notTaken } = takeInLines({ lines: before, later: [] }, command)
        return ['A', 'B', 'C', 'D'].every((name) => {
          const had = mine.find((each) => each.sku === name)?.quantity ?? 0
          const came = guests.find((each) => each.sku === name)?.quantity ?? 0
          const has = cart.lines.find((each) => each.sku === name)?.quantity ?? 0
          const saved = cart.later.filter((each) => each.sku === name).reduce((sum, each) => sum + each.quantity, 0)
          const most = Math.min(caps.maxQuantity, caps.available ?? 99, caps.personRemaining ?? 99)
          const missed = notTaken.filter((each) => each.sku === name).reduce((sum, each) => sum + each.quantity, 0)
          if (has - had + missed !== came) return false
          if (had === 0 && most < 1) return has === 0 && saved === came
          return saved === 0 && has === Math.max(had, Math.min(had + came, most))
        })
      }),
    )
  })
})
