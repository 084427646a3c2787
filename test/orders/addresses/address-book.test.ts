import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ordersAccess } from '../../../src/orders/access.js'
import {
  type AddressBook,
  dropAddress,
  emptyAddressBook,
  keepAddress,
  mostAddresses,
  preferAddress,
} from '../../../src/orders/addresses/address-book.js'
import { addressBooks } from '../../../src/orders/addresses/address-book.schema.js'
import { removeAddress, setDefaultAddress } from '../../../src/orders/addresses/change-address-book.js'
import { myAddresses } from '../../../src/orders/addresses/my-addresses.js'
import { saveAddress } from '../../../src/orders/addresses/save-address.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { ordersPersonalData } from '../../../src/orders/personal-data.js'
import { placeOrder } from '../../../src/orders/placing/place-order.js'
import { findUnregistered } from '../../../src/shared/personal-data-registry.js'
import { readFacts } from '../../../src/shared/read-facts.js'
import { find } from '../../../src/shared/read-plan.js'
import { by, fillCart, openShop, payableNow, type TestShop, value } from '../open-shop.js'

const home = {
  name: '李雷',
  phone: '+86 139 0000 1111',
  region: 'CN-31',
  city: '上海',
  address: '南京西路 88 号 3 楼',
}
const work = { ...home, name: 'Li Lei', address: '淮海中路 12 号' }

const listOf = async (shop: TestShop, accountId: string) =>
  value(await myAddresses(shop, by(accountId), {})).addresses.map(({ recipient, isDefault }) => ({
    address: recipient.address,
    isDefault,
  }))

const kept = async (shop: TestShop) =>
  value(
    await readFacts(shop.storage, {
      shop: shop.shop,
      scope: { kind: 'all' },
      at: shop.clock.now(),
      plan: { books: find(addressBooks, { where: [], limit: 10 }) },
    }),
  ).books

describe('an address book', () => {
  it('offers the first address until another is chosen, and the oldest when that one goes', async () => {
    const shop = await openShop()
    const { addressId: first } = value(await saveAddress(shop, by('ann'), { recipient: home }))
    const { addressId: second } = value(await saveAddress(shop, by('ann'), { recipient: work }))
    expect(await listOf(shop, 'ann')).toEqual([
      { address: home.address, isDefault: true },
      { address: work.address, isDefault: false },
    ])
    value(await setDefaultAddress(shop, by('ann'), { addressId: second }))
    const moved = { ...work, address: '新华路 5 号' }
    value(await saveAddress(shop, by('ann'), { addressId: second, recipient: moved }))
    expect(await listOf(shop, 'ann')).toEqual([
      { address: moved.address, isDefault: true },
      { address: home.address, isDefault: false },
    ])
    value(await removeAddress(shop, by('ann'), { addressId: second }))
    expect(await listOf(shop, 'ann')).toEqual([{ address: home.address, isDefault: true }])
    value(await removeAddress(shop, by('ann'), { addressId: first }))
    expect(await listOf(shop, 'ann')).toEqual([])
  })

  it('is where an order may go; who does not keep the address learns nothing of it', async () => {
    const shop = await openShop()
    const { addressId } = value(await saveAddress(shop, by('ann'), { recipient: home }))
    const order = async (accountId: string, chosen: string) => {
      await fillCart(shop, accountId, [['mug', 1]])
      const choice = { shippingMethodId: 'standard', expectedTotalMinor: await payableNow(shop, accountId) }
      return placeOrder(shop, by(accountId), { ...choice, recipient: { addressId: chosen } })
    }
    const { orderId } = value(await order('ann', addressId))
    // What the book forgets, the order keeps.
    value(await removeAddress(shop, by('ann'), { addressId }))
    expect(value(await orderPage(shop, by('ann'), { orderId })).recipient).toEqual(home)
    const { addressId: gone } = value(await saveAddress(shop, by('bob'), { recipient: home }))
    const { addressId: left } = value(await saveAddress(shop, by('bob'), { recipient: work }))
    value(await removeAddress(shop, by('bob'), { addressId: gone }))
    const absent = (id: string) => ({ type: 'NotFound', entity: 'address', id })
    expect((await order('bob', gone))._unsafeUnwrapErr()).toEqual(absent(gone))
    expect((await order('eve', left))._unsafeUnwrapErr()).toEqual(absent(left))
  })

  it('is sealed and registered', async () => {
    const shop = await openShop()
    value(await saveAddress(shop, by('ann'), { recipient: home }))
    const books = await kept(shop)
    expect(JSON.stringify(books)).not.toContain(home.name)
    const rows = books.map(({ state }) => ({ collection: addressBooks.name, state: JSON.parse(JSON.stringify(state)) }))
    expect(findUnregistered(ordersPersonalData, rows)).toEqual([])
    expect(findUnregistered([], rows)).toEqual([{ collection: 'addressBook', path: 'addresses.*.recipient' }])
  })

  it('takes two new addresses at once', async () => {
    const shop = await openShop()
    await Promise.all([home, work].map((recipient) => saveAddress(shop, by('ann'), { recipient })))
    const both = await listOf(shop, 'ann')
    expect(both.map(({ address }) => address).sort()).toEqual([home.address, work.address].sort())
    expect(both.filter(({ isDefault }) => isDefault)).toHaveLength(1)
  })

  it('is for customers, not for guests', () => {
    expect(ordersAccess['orders.saveAddress']).toEqual({ customer: 'own' })
  })

  it('has one default while it has an address, and never more than it may hold', () => {
    const sealed = { sealed: { scheme: 1, nonce: 'n', data: 'd' } }
    const step = fc.record({
      move: fc.constantFrom('keep', 'prefer', 'drop'),
      id: fc.integer({ min: 0, max: 30 }).map(String),
      isDefault: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        let book: AddressBook = emptyAddressBook('ann')
        for (const [at, { move, id, isDefault }] of steps.entries()) {
          const next =
            move === 'keep'
              ? keepAddress(book, { addressId: `${id}-${at}`, recipient: sealed, savedAt: at }, isDefault)
              : (move === 'prefer' ? preferAddress : dropAddress)(
                  book,
                  book.addresses[Number(id) % Math.max(1, book.addresses.length)]?.addressId ?? 'none',
                )
          book = next.isOk() ? next.value : book
          expect(book.addresses.length).toBeLessThanOrEqual(mostAddresses)
          const ids = book.addresses.map(({ addressId }) => addressId)
          expect(new Set(ids).size).toBe(ids.length)
          expect(book.defaultId === null ? ids.length : Number(ids.includes(book.defaultId))).toBe(
            book.defaultId === null ? 0 : 1,
          )
        }
      }),
    )
  })
})
