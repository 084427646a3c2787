import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addLine } from '../../src/cart/add-line.js'
import { type CartLine, defaultCartPolicy, type OpenCart } from '../../src/cart/cart.js'
import { describeReminder } from '../../src/cart/describe-reminder.js'
import { remindOfCarts } from '../../src/cart/remind-of-carts.js'
import { type ItemFacts, remindersOf } from '../../src/cart/reminders.js'
import { setQuantity } from '../../src/cart/set-quantity.js'
import { viewCart } from '../../src/cart/view-cart.js'
import { publishProduct } from '../../src/catalog/publish-product.js'
import { saveCategory } from '../../src/catalog/save-category.js'
import { saveProduct } from '../../src/catalog/save-product.js'
import { messages } from '../../src/notify/message.schema.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { find } from '../../src/shared/read-plan.js'
import { byCustomer, byGuest, byStaff, category, content, openShop, receive } from '../catalog/open-shop.js'
import { agreeToMarketing } from '../support/agree-to-marketing.js'

const money = (minor: number) => ({ minor, currency: 'CNY' })
const line = (lineId: string, minor?: number): CartLine => ({
  lineId,
  productId: 'p',
  sku: lineId,
  quantity: 1,
  selected: true,
  addedAt: 0,
  ...(minor === undefined ? {} : { priceWhenAdded: money(minor) }),
})
const cart = (lines: readonly CartLine[], quietSince?: number): OpenCart => ({
  status: 'open',
  cartId: 'cart_ann',
  ownerId: 'ann',
  ownerKind: 'customer',
  lines,
  later: [],
  couponIds: [],
  updatedAt: 0,
  ...(quietSince === undefined ? {} : { quietSince }),
})
const policy = {
  ...defaultCartPolicy,
  maxLines: 10,
  nearFullBasisPoints: 8_000,
  lowStockPieces: 3,
  abandonedAfterMs: 100,
}
const item = (minor: number | null, available: number | null): ItemFacts => ({
  price: minor === null ? null : money(minor),
  available,
})

describe('reminders of a cart', () => {
  it('say when it is nearly full, by the share of the policy', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, place) => line(`l${place}`))
    expect(remindersOf(cart(lines(7)), () => item(1, null), policy, 0)).toEqual([])
    expect(remindersOf(cart(lines(8)), () => item(1, null), policy, 0)).toEqual([
      { type: 'CartNearlyFull', lineCount: 8, maxLines: 10 },
    ])
  })

  it('say what became cheaper and what runs out, of what is on sale', () => {
    const filled = cart([line('a', 500), line('b', 500), line('c', 500), line('d')])
    const facts: Readonly<Record<string, ItemFacts>> = {
      a: item(499, 3),
      b: item(500, 4),
      c: item(null, 1),
      d: item(1, 0),
    }
    expect(remindersOf(filled, ({ lineId }) => facts[lineId] ?? item(null, null), policy, 0)).toEqual([
      { type: 'PriceDropped', lineId: 'a', before: money(500), price: money(499) },
      { type: 'LowStock', lineId: 'a', available: 3 },
    ])
  })

  it('say that it was left alone, at the moment of the policy and not before', () => {
    expect(remindersOf(cart([line('a')], 50), () => item(1, null), policy, 149)).toEqual([])
    expect(remindersOf(cart([line('a')], 50), () => item(1, null), policy, 150)).toEqual([
      { type: 'CartAbandoned', since: 50 },
    ])
    expect(remindersOf(cart([line('a')]), () => item(1, null), policy, 1_000)).toEqual([])
  })

  it('never speak of a price that rose, or in another currency', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.constantFrom('CNY', 'USD'), (before, now, currency) => {
        const found = remindersOf(
          cart([line('a', before)]),
          () => ({ price: { minor: now, currency }, available: null }),
          policy,
          0,
        )
        expect(found.some(({ type }) => type === 'PriceDropped')).toBe(currency === 'CNY' && now < before)
      }),
    )
  })

  it('are written in both languages', () => {
    const dropped = { type: 'PriceDropped', lineId: 'a', before: money(500), price: money(450) } as const
    expect(describeReminder(dropped, 'zh-CN')).toBe('已由 ¥5.00 降至 ¥4.50')
    expect(describeReminder(dropped, 'en')).toBe('Was CN¥5.00, now CN¥4.50')
    expect(describeReminder({ type: 'LowStock', lineId: 'a', available: 2 }, 'en')).toBe('Only 2 left')
  })
})

const day = 86_400_000

const openFilled = async () => {
  const ports = await openShop()
  expect((await saveCategory(ports, byStaff(), category('cat_home'))).isOk()).toBe(true)
  const { productId } = (
    await saveProduct(ports, byStaff(), { externalId: 'kettle', merchantId: 'self', content: content() })
  )._unsafeUnwrap()
  expect((await publishProduct(ports, byStaff(), { productId })).isOk()).toBe(true)
  await receive(ports, 'KET-1', 50)
  for (const accountId of ['ann', 'bob', 'cid']) await agreeToMarketing(ports, accountId)
  const start = ports.clock.now()
  const add = (context: ReturnType<typeof byCustomer> | ReturnType<typeof byGuest>) =>
    addLine(ports, context, { productId, sku: 'KET-1', quantity: 1 })
  const reprice = async (minor: number) => {
    const [variant] = content().variants
    const variants = variant === undefined ? [] : [{ ...variant, listPrice: money(minor) }]
    const saved = { externalId: 'kettle', merchantId: 'self', content: content({ variants }) }
    expect((await saveProduct(ports, byStaff(), saved)).isOk()).toBe(true)
  }
  const told = async () => {
    const plan = { found: find(messages, { where: [], limit: 20 }) }
    const facts = await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: 0, plan })
    return facts._unsafeUnwrap().found.map(({ state }) => [state.accountId, state.template])
  }
  const remind = async (at: number) => {
    ports.setNow(at)
    return (await remindOfCarts(ports, { limit: 10 }))._unsafeUnwrap()
  }
  return { ports, start, add, reprice, told, remind }
}

describe('writing to those who left a cart alone', () => {
  it('happens a day after their last change, once for each time they leave it', async () => {
    const { ports, start, add, told, remind } = await openFilled()
    expect((await add(byCustomer('ann'))).isOk()).toBe(true)
    expect((await add(byGuest('g1'))).isOk()).toBe(true)
    expect(await remind(start + day - 1)).toEqual({ reminded: 0, failed: [] })
    expect(await remind(start + day)).toEqual({ reminded: 1, failed: [] })
    expect(await remind(start + 2 * day)).toEqual({ reminded: 0, failed: [] })
    expect(await told()).toEqual([['ann', 'cartAbandoned']])
    const { lines } = (await viewCart(ports, byCustomer('ann')))._unsafeUnwrap()
    await setQuantity(ports, byCustomer('ann'), { lineId: lines[0]?.lineId ?? '', quantity: 2 })
    expect(await remind(start + 3 * day - 1)).toEqual({ reminded: 0, failed: [] })
    expect(await remind(start + 3 * day)).toEqual({ reminded: 1, failed: [] })
    expect(await told()).toHaveLength(2)
  })

  it('tells of a lower price first, and of what runs out next', async () => {
    const { ports, start, add, reprice, told, remind } = await openFilled()
    await add(byCustomer('ann'))
    await reprice(9_900)
    expect((await viewCart(ports, byCustomer('ann')))._unsafeUnwrap().reminders).toMatchObject([
      { type: 'PriceDropped', before: money(12_900), price: money(9_900) },
    ])
    await remind(start + day)
    await add(byCustomer('bob'))
    await receive(ports, 'KET-1', -46)
    expect((await viewCart(ports, byCustomer('bob')))._unsafeUnwrap().reminders).toMatchObject([
      { type: 'LowStock', available: 4 },
    ])
    await remind(start + 2 * day)
    expect([...(await told())].sort()).toEqual([
      ['ann', 'cartPriceDropped'],
      ['bob', 'cartLowStock'],
    ])
  })

  it('by 8 machines at once writes one message', async () => {
    const { ports, start, add, told } = await openFilled()
    await add(byCustomer('ann'))
    ports.setNow(start + day)
    const reports = await Promise.all(Array.from({ length: 8 }, () => remindOfCarts(ports, { limit: 10 })))
    expect(reports.reduce((sum, report) => sum + report._unsafeUnwrap().reminded, 0)).toBe(1)
    expect(await told()).toHaveLength(1)
  })
})
