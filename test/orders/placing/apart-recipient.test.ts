import { describe, expect, it } from 'vitest'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import { openRow } from '../../../src/accounts/privacy/open-record.js'
import { applyEdit } from '../../../src/orders/editing/apply-edit.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import { orders } from '../../../src/orders/order.collection.schema.js'
import type { EditOrderInput } from '../../../src/orders/order-inputs.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { ordersPersonalData } from '../../../src/orders/personal-data.js'
import { ordersPersonalRecords } from '../../../src/orders/personal-records.js'
import { removeRow } from '../../../src/shared/commit.js'
import { subjectKeys } from '../../../src/shared/personal-data.schema.js'
import { findUnregistered } from '../../../src/shared/personal-data-registry.js'
import { row } from '../../../src/shared/read-plan.js'
import { ask } from '../books-of.js'
import { by, byStaff, commit, fillCart, pay, place, recipient, type TestShop, value } from '../open-shop.js'
import { openMall } from './open-mall.js'

const openEditedMall = async (...given: Parameters<typeof openMall>): Promise<TestShop> => ({
  ...(await openMall(...given)),
  digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }),
})

const edit = async (shop: TestShop, change: EditOrderInput) => {
  const { hash } = value(await previewEdit(shop, by('ann'), change))
  return value(await applyEdit(shop, by('ann'), { ...change, hash }))
}

const pageOf = async (shop: TestShop, orderId: string, context = by('ann')) =>
  value(await orderPage(shop, context, { orderId }))

const byMerchant = (merchantId: string) => ({ actor: { kind: 'merchant', merchantId }, key: merchantId }) as const

const elsewhere = { ...recipient, name: '李四', address: '解放路 9 号' }
const dearer = { ...recipient, name: '赵六', address: '长江路 3 号' }

/** Three mugs and a lamp, each of a merchant, not paid. */
const placeBoth = async (shop: TestShop) => {
  await fillCart(shop, 'ann', [
    ['mug', 3],
    ['lamp', 1],
  ])
  return (await place(shop, 'ann')).orderId
}

/** The order of the mugs, once the checkout is paid. */
const payBoth = async (shop: TestShop, checkoutId: string) => {
  await pay(shop, 'ann', checkoutId)
  const { orderIds } = await pageOf(shop, checkoutId)
  const pages = await Promise.all(orderIds.map((orderId) => pageOf(shop, orderId)))
  return pages.find(({ lines }) => lines.some(({ sku }) => sku === 'mug'))!.orderId
}

/** The order as it is handed to its buyer: who gets it, who was to before, who is to get it once a change is paid. */
const exported = async (shop: TestShop, orderId: string) => {
  const stored = (await ask(shop, row(orders, orderId)))!
  const key = (await ask(shop, row(subjectKeys, 'ann')))?.state
  const record = ordersPersonalRecords.find(({ name }) => name === orders.name)!
  const state = JSON.parse(JSON.stringify(stored.state))
  expect(findUnregistered(ordersPersonalData, [{ collection: orders.name, state }])).toEqual([])
  const opened = value(await openRow(shop.sealer, key, record, { id: orderId, state }))
  const { details } = JSON.parse(JSON.stringify(opened.state))
  const nameOf = (given: { readonly recipient?: { readonly name: string } | null } | undefined) =>
    given?.recipient?.name
  return [nameOf(details), (details.earlier ?? []).map(nameOf), nameOf(details.proposed)]
}

describe('who gets the order of one of several merchants', () => {
  it('is seen by its merchant, its buyer and the staff, and handed to the buyer', async () => {
    const shop = await openEditedMall()
    const checkoutId = await placeBoth(shop)
    const orderId = await payBoth(shop, checkoutId)
    expect((await pageOf(shop, orderId)).recipient).toEqual(recipient)
    expect((await pageOf(shop, orderId, byStaff())).recipient).toMatchObject({ region: recipient.region })
    expect((await pageOf(shop, orderId, byMerchant('potter'))).recipient).toEqual(recipient)
    const stranger = await orderPage(shop, byMerchant('lights'), { orderId })
    expect(stranger._unsafeUnwrapErr()).toMatchObject({ type: 'NotFound' })
    expect(await exported(shop, orderId)).toEqual([recipient.name, [], undefined])
    expect(await exported(shop, checkoutId)).toEqual([recipient.name, [], undefined])
  })

  it('is changed and changed back, of before the checkout was paid and of after', async () => {
    const shop = await openEditedMall()
    const checkoutId = await placeBoth(shop)
    await edit(shop, { orderId: checkoutId, lines: [{ lineId: 'lamp-2', quantity: 2 }] })
    await edit(shop, { orderId: checkoutId, recipient: elsewhere })
    const orderId = await payBoth(shop, checkoutId)
    expect((await pageOf(shop, orderId)).recipient).toEqual(elsewhere)
    await edit(shop, { orderId, recipient: { ...elsewhere, name: '王五' } })
    expect((await pageOf(shop, orderId)).recipient).toMatchObject({ name: '王五' })
    expect(await exported(shop, orderId)).toEqual(['王五', [undefined, recipient.name, elsewhere.name], undefined])
    const { earlier } = await pageOf(shop, orderId)
    await edit(shop, { orderId, undo: earlier[2]!.editId })
    expect((await pageOf(shop, orderId)).recipient).toEqual(elsewhere)
    await edit(shop, { orderId, undo: earlier[1]!.editId })
    const page = await pageOf(shop, orderId)
    expect(page.recipient).toEqual(recipient)
    expect(page.lines.map(({ quantity }) => quantity)).toEqual([3])
  })

  it('is handed to the buyer too while a dearer change waits to be paid', async () => {
    const shop = await openEditedMall({}, { severalMerchants: 'together' })
    const orderId = await placeBoth(shop)
    await pay(shop, 'ann', orderId)
    await edit(shop, { orderId, recipient: dearer, lines: [{ lineId: 'mug-1', quantity: 4 }] })
    expect(await exported(shop, orderId)).toEqual([recipient.name, [], dearer.name])
    await pay(shop, 'ann', orderId)
    expect((await pageOf(shop, orderId)).recipient).toEqual(dearer)
    expect(await exported(shop, orderId)).toEqual([dearer.name, [recipient.name], undefined])
  })

  it('is nobody any more once the key of the buyer is gone', async () => {
    const shop = await openEditedMall()
    const orderId = await payBoth(shop, await placeBoth(shop))
    await commit(shop, [removeRow(subjectKeys, (await ask(shop, row(subjectKeys, 'ann')))!)])
    expect((await pageOf(shop, orderId)).recipient).toBeNull()
    expect((await pageOf(shop, orderId, byMerchant('potter'))).recipient).toBeNull()
    expect(await exported(shop, orderId)).toEqual([undefined, [], undefined])
  })
})
