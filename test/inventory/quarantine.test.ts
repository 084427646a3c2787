import { describe, expect, it } from 'vitest'
import { receiveReturn } from '../../src/aftersales/receive-return.js'
import { requestReturn } from '../../src/aftersales/request-return.js'
import type { InspectedLine } from '../../src/aftersales/return-request.js'
import { approveReturn } from '../../src/aftersales/review-return.js'
import { products } from '../../src/catalog/product.schema.js'
import { decideQuarantine } from '../../src/inventory/decide-quarantine.js'
import { listMovements } from '../../src/inventory/list-movements.js'
import type { QuarantineDecision } from '../../src/inventory/stock-inputs.js'
import { stockLevels } from '../../src/inventory/stock-levels.js'
import { confirmReceipt } from '../../src/orders/parcels/complete-order.js'
import { recordParcelReturn } from '../../src/orders/parcels/move-parcel.js'
import { shipOrder } from '../../src/orders/parcels/ship-order.js'
import { auditLog } from '../../src/shared/audit.schema.js'
import { put } from '../../src/shared/commit.js'
import { entries, row } from '../../src/shared/read-plan.js'
import { ask, expectBooksToAgree, freeOf } from '../orders/books-of.js'
import {
  by,
  byStaff,
  commit,
  fillCart,
  insist,
  openShop,
  pay,
  place,
  type Sku,
  type TestShop,
  value,
} from '../orders/open-shop.js'

const carrier = { carrier: 'sf-express', trackingNumber: 'SF1' }

/** Ann's order, sent. */
const sentOrder = async (shop: TestShop, sku: Sku, quantity: number) => {
  await fillCart(shop, 'ann', [[sku, quantity]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  return value(await shipOrder(shop, byStaff(), { orderId, ...carrier }))
}

/** Takes Ann's order back, as the inspection found it. */
const takeBack = async (
  shop: TestShop,
  { sku, quantity, orderId }: { readonly sku: Sku; readonly quantity: number; readonly orderId: string },
  ...inspected: readonly Omit<InspectedLine, 'lineId' | 'receivedQuantity' | 'acceptedQuantity'>[]
) => {
  const lineId = `${sku}-1`
  const lines = [{ lineId, quantity }]
  const asked = { orderId, kind: 'returnAndRefund', reason: 'quality', lines } as const
  const { returnId } = value(await requestReturn(shop, by('ann'), asked))
  value(await approveReturn(shop, byStaff(), { returnId }))
  const counts = { lineId, receivedQuantity: quantity, acceptedQuantity: quantity }
  const answer = await receiveReturn(shop, byStaff(), {
    returnId,
    lines: inspected.map((each) => ({ ...counts, ...each })),
  })
  return { returnId, answer }
}

/** A shop with kettles in quarantine, by an order of which nothing else is back. */
const openWithQuarantined = async (quantity: number, options: Parameters<typeof openShop>[0] = {}) => {
  const shop = await openShop({ stock: { kettle: quantity }, ...options })
  const { orderId } = await sentOrder(shop, 'kettle', quantity)
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  const sent = { sku: 'kettle', quantity, orderId } as const
  const { returnId, answer } = await takeBack(shop, sent, { restockQuantity: 0, quarantineQuantity: quantity })
  value(answer)
  return { shop, returnId }
}

const levelsOf = async (shop: TestShop, sku: string) =>
  value(await stockLevels(shop, byStaff(), { skus: [sku] })).levels[0]

const restock = (quantity: number, sku = 'kettle', warehouse?: string): QuarantineDecision => {
  const where = warehouse === undefined ? {} : { warehouse }
  return { sku, quantity, outcome: 'restock', reason: 'sound', ...where }
}
const scrap = (quantity: number, sku = 'kettle', warehouse?: string): QuarantineDecision => {
  const where = warehouse === undefined ? {} : { warehouse }
  return { sku, quantity, outcome: 'scrap', reason: 'damaged', ...where }
}

describe('a piece that came back and that nobody can judge yet', () => {
  it('lies in quarantine, in the building and not for sale, until staff put it on the shelf or write it off', async () => {
    const shop = await openShop({ stock: { kettle: 5 } })
    const { orderId } = await sentOrder(shop, 'kettle', 5)
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    const sent = { sku: 'kettle', quantity: 5, orderId } as const
    const tooMany = await takeBack(shop, sent, { restockQuantity: 1, quarantineQuantity: 5 })
    expect(tooMany.answer._unsafeUnwrapErr()).toMatchObject({ type: 'InspectionDiffers', requested: 5 })
    const counts = { lineId: 'kettle-1', receivedQuantity: 5, acceptedQuantity: 5 }
    const { returnId } = tooMany
    const lines = [{ ...counts, restockQuantity: 1, quarantineQuantity: 3 }]
    value(await receiveReturn(shop, byStaff(), { returnId, lines }))
    // One is good, one is not, of three nobody knows.
    expect(await levelsOf(shop, 'kettle')).toMatchObject({ onHand: 4, available: 1, quarantined: 3, scrapped: 1 })
    await fillCart(shop, 'bob', [['kettle', 2]])
    await expect(place(shop, 'bob')).rejects.toThrow('OutOfStock')
    await expectBooksToAgree(shop)

    const decide = (lines: readonly QuarantineDecision[], key?: string) =>
      decideQuarantine(shop, byStaff(key), { reference: returnId, lines })
    const tooLow = { type: 'QuarantineTooLow', sku: 'kettle', warehouse: 'main', asked: 4, quarantined: 3 }
    expect((await decide([restock(2), scrap(2)]))._unsafeUnwrapErr()).toEqual(tooLow)
    shop.pass(1)
    const left = (quarantined: number) => ({
      reference: returnId,
      left: [{ sku: 'kettle', warehouse: 'main', quarantined }],
    })
    const swapped = { sku: 'kettle', quantity: 1, outcome: 'scrap', reason: 'counterfeit' } as const
    const first = [restock(1), swapped]
    // However often it is sent, it is done once.
    for (const _ of [1, 2]) expect(value(await decide(first, 'inspected'))).toEqual(left(1))
    expect(await levelsOf(shop, 'kettle')).toMatchObject({ onHand: 3, available: 2, quarantined: 1, scrapped: 2 })
    await place(shop, 'bob')
    await expectBooksToAgree(shop)
    expect(value(await decide([restock(1)]))).toEqual(left(0))
    expect(await levelsOf(shop, 'kettle')).toMatchObject({ onHand: 3, available: 1, quarantined: 0, scrapped: 2 })
    expect((await decide([scrap(1)]))._unsafeUnwrapErr()).toMatchObject({ asked: 1, quarantined: 0 })
    await expectBooksToAgree(shop)

    const { movements } = value(await listMovements(shop, byStaff(), { sku: 'kettle', limit: 100 }))
    const ofReturn = movements.filter(({ reference }) => reference === returnId)
    expect(ofReturn.map(({ from, to, quantity, reason }) => `${quantity} ${from} ${to} ${reason}`).sort()).toEqual([
      '1 quarantined available sound',
      '1 quarantined available sound',
      '1 quarantined scrapped counterfeit',
      '1 shipped available returned',
      '1 shipped scrapped returned',
      '3 shipped quarantined returned',
    ])
    const audited = await ask(shop, entries(auditLog, { where: [], limit: 100 }))
    expect(
      audited
        .filter(({ body }) => body.action === 'inventory.decideQuarantine')
        .map(({ body }) => `${body.actor} ${body.subject} ${body.detail}`)
        .sort(),
    ).toEqual([
      `staff:sue kettle@main restock 1 sound ${returnId}`,
      `staff:sue kettle@main restock 1 sound ${returnId}`,
      `staff:sue kettle@main scrap 1 counterfeit ${returnId}`,
    ])
  })

  it('comes from a parcel that nobody accepted, too', async () => {
    const shop = await openShop({
      warehouses: ['near', 'far'],
      stock: { kettle: 3 },
      elsewhere: { far: { kettle: 1 } },
    })
    const { parcelId } = await sentOrder(shop, 'kettle', 4)
    const pieces = (quantity: number) => [{ lineId: 'kettle-1', quantity }]
    const beyond = { parcelId, scrapped: pieces(2), quarantined: pieces(3) }
    expect((await recordParcelReturn(shop, byStaff(), beyond))._unsafeUnwrapErr()).toMatchObject({
      type: 'QuantityExceedsOrder',
      asked: 5,
      left: 4,
    })
    value(await recordParcelReturn(shop, byStaff(), { parcelId, scrapped: pieces(1), quarantined: pieces(2) }))
    expect(await levelsOf(shop, 'kettle')).toMatchObject({
      warehouses: [
        { warehouse: 'near', available: 0, quarantined: 2, scrapped: 1, shipped: 0 },
        { warehouse: 'far', available: 1, quarantined: 0, scrapped: 0, shipped: 0 },
      ],
    })
    await expectBooksToAgree(shop)
  })

  it('lies in the warehouse that it left from, and is decided on there', async () => {
    const warehouses = ['near', 'far']
    const { shop } = await openWithQuarantined(5, {
      warehouses,
      stock: { kettle: 3 },
      elsewhere: { far: { kettle: 2 } },
    })
    const inEach = async () => (await levelsOf(shop, 'kettle'))?.warehouses.map((each) => each.quarantined)
    expect(await inEach()).toEqual([3, 2])
    const decide = (lines: readonly QuarantineDecision[], ports: TestShop = shop) =>
      decideQuarantine(ports, byStaff(), { reference: 'look', lines })
    // The first is meant where none is named; all lines or none.
    expect((await decide([restock(1), scrap(3, 'kettle', 'far')]))._unsafeUnwrapErr()).toMatchObject({
      warehouse: 'far',
      asked: 3,
      quarantined: 2,
    })
    expect(await inEach()).toEqual([3, 2])
    value(await decide([restock(2), scrap(1, 'kettle', 'far')]))
    expect(await inEach()).toEqual([1, 1])
    // What lies in a warehouse that was given up can still be decided on.
    value(await decide([scrap(1, 'kettle', 'far')], { ...shop, warehouses: ['near'] }))
    expect([await freeOf(shop, 'kettle', 'near'), await freeOf(shop, 'kettle', 'far')]).toEqual([2, 0])
    await expectBooksToAgree(shop)
  })

  it('is of a kit a part for itself, where the inspection says so', async () => {
    const shop = await openShop({ stock: { kettle: 3, mug: 6 } })
    const parts = [
      { sku: 'kettle', quantity: 1 },
      { sku: 'mug', quantity: 2 },
    ]
    const stored = (await ask(shop, row(products, 'p-lamp')))!
    const variants = stored.state.variants.map((variant) => ({ ...variant, parts }))
    await commit(shop, [
      put(products, { id: stored.id, version: stored.version, state: { ...stored.state, variants } }),
    ])
    const { orderId } = await sentOrder(shop, 'lamp', 3)
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    const back = (quantity: number) => ({ sku: 'lamp', quantity, orderId }) as const
    value((await takeBack(shop, back(1), { restockQuantity: 0, quarantineQuantity: 1 })).answer)
    expect(await levelsOf(shop, 'kettle')).toMatchObject({ quarantined: 1 })
    expect(await levelsOf(shop, 'mug')).toMatchObject({ quarantined: 2 })
    // Of two more: a kettle and a mug are good, of two mugs nobody knows, a kettle and a mug are written off.
    const mugs = (quantity: number) => [{ sku: 'mug', quantity }]
    const inParts = { restockQuantity: 0, restockParts: [{ sku: 'kettle', quantity: 1 }, ...mugs(1)] }
    const { returnId, answer } = await takeBack(shop, back(2), { ...inParts, quarantineParts: mugs(4) })
    const tooSmall = { type: 'ReservationTooSmall', lineId: 'lamp-1', asked: 5, left: 4 }
    expect(answer._unsafeUnwrapErr()).toEqual(tooSmall)
    const counts = { lineId: 'lamp-1', receivedQuantity: 2, acceptedQuantity: 2 }
    // Whole kits that are kept and parts that are good are counted together: two mugs and three.
    const both = { ...counts, restockQuantity: 0, quarantineQuantity: 1, restockParts: mugs(3) }
    expect((await receiveReturn(shop, byStaff(), { returnId, lines: [both] }))._unsafeUnwrapErr()).toEqual(tooSmall)
    value(
      await receiveReturn(shop, byStaff(), { returnId, lines: [{ ...counts, ...inParts, quarantineParts: mugs(2) }] }),
    )
    expect(await levelsOf(shop, 'kettle')).toMatchObject({ available: 1, quarantined: 1, scrapped: 1 })
    expect(await levelsOf(shop, 'mug')).toMatchObject({ available: 1, quarantined: 4, scrapped: 1 })
    await expectBooksToAgree(shop)
    const decide = (line: QuarantineDecision) => decideQuarantine(shop, byStaff(), { reference: 'look', lines: [line] })
    // Stock is kept of the parts, not of the kit.
    expect((await decide(restock(1, 'lamp')))._unsafeUnwrapErr()).toMatchObject({ type: 'QuarantineTooLow' })
    value(await decide(restock(4, 'mug')))
    expect(await freeOf(shop, 'mug')).toBe(5)
    await expectBooksToAgree(shop)
  })

  it('of 64 clerks who decide on one, by one', async () => {
    const { shop } = await openWithQuarantined(1, { attempts: 20 })
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, nth) => {
        const context = byStaff()
        const lines = [nth % 2 === 0 ? restock(1) : scrap(1)]
        return insist(() => decideQuarantine(shop, context, { reference: 'look', lines }))
      }),
    )
    expect(answers.filter((answer) => 'left' in answer)).toHaveLength(1)
    const refused = answers.flatMap((answer) => ('type' in answer ? [answer] : []))
    expect(refused.map(({ type }) => type)).toEqual(Array(63).fill('QuarantineTooLow'))
    const levels = await levelsOf(shop, 'kettle')
    expect([levels?.quarantined, (levels?.available ?? 0) + (levels?.scrapped ?? 0)]).toEqual([0, 1])
    await expectBooksToAgree(shop)
  })

  it('is decided on by the shop’s own people, for a reason that fits what becomes of it', async () => {
    const { shop, returnId: reference } = await openWithQuarantined(1)
    const denied = await decideQuarantine(shop, by('ann'), { reference, lines: [restock(1)] })
    expect(denied._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'inventory.decideQuarantine' })
    const odd = { ...restock(1), reason: 'damaged' } as unknown as QuarantineDecision
    for (const lines of [[odd], [], [restock(0)], [restock(1.5)], Array(101).fill(restock(1))]) {
      const refused = await decideQuarantine(shop, byStaff(), { reference, lines })
      expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput' })
    }
    expect(await levelsOf(shop, 'kettle')).toMatchObject({ quarantined: 1 })
  })
})
