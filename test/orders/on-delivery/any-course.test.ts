import fc from 'fast-check'
import { expect, it } from 'vitest'
import { applyEdit } from '../../../src/orders/editing/apply-edit.js'
import { previewEdit } from '../../../src/orders/editing/preview-edit.js'
import { parcels } from '../../../src/orders/order.collection.schema.js'
import type { Order } from '../../../src/orders/order.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { recordLoss, recordParcelReturn } from '../../../src/orders/parcels/move-parcel.js'
import type { Parcel } from '../../../src/orders/parcels/parcel.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payRefundByHand } from '../../../src/orders/refunds/rescue-refund.js'
import { advanceOrders, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { daysMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import { runsOf } from '../../kit/property-runs.js'
import { ask, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, type TestShop, value } from '../open-shop.js'
import { deliver, openUnpaidShop, orderOf, orderUnpaid } from './on-delivery-shop.js'

type Unpaid = { readonly shop: TestShop; readonly orderId: string }
type Pick = <Item>(items: readonly Item[]) => Item | undefined

const parcelsOf = async (shop: TestShop): Promise<readonly Parcel[]> =>
  (await ask(shop, find(parcels, { where: [], limit: 100 }))).map(({ state }) => state)

const duesOf = (order: Order | undefined) => (order !== undefined && 'paidAt' in order ? order.onDelivery : undefined)

let sent = 0
const ship = ({ shop, orderId }: Unpaid, lines?: readonly { lineId: string; quantity: number }[]) => {
  sent += 1
  const parcel = { orderId, carrier: 'sf-express', trackingNumber: `ANY${sent}` }
  return shipOrder(shop, byStaff(), lines === undefined ? parcel : { ...parcel, lines })
}

/** Hands a parcel over, and takes for it what it asks by now. */
const handOver = async ({ shop, orderId }: Unpaid, parcel: Parcel | undefined) => {
  if (parcel === undefined || parcel.status === 'lost' || parcel.status === 'cameBack') return
  const asked = Math.min(parcel.collectMinor ?? 0, duesOf(await orderOf(shop, orderId))?.dueMinor ?? 0)
  await deliver(shop, parcel.parcelId, parcel.collectedAt !== undefined || asked === 0 ? undefined : asked)
}

/** What may happen to an order that goes out unpaid; what its state forbids changes nothing. */
const steps = {
  ship: async (unpaid, pick) => {
    const order = await orderOf(unpaid.shop, unpaid.orderId)
    const line = pick(order?.lines.filter((each) => each.quantity > each.shippedQuantity) ?? [])
    if (line !== undefined) await ship(unpaid, [{ lineId: line.lineId, quantity: 1 }])
  },
  shipAll: async (unpaid) => ship(unpaid),
  handOver: async (unpaid, pick) => handOver(unpaid, pick(await parcelsOf(unpaid.shop))),
  lose: async ({ shop }, pick) =>
    recordLoss(shop, byStaff(), { parcelId: pick(await parcelsOf(shop))?.parcelId ?? '' }),
  comeBack: async ({ shop }, pick) =>
    recordParcelReturn(shop, byStaff(), { parcelId: pick(await parcelsOf(shop))?.parcelId ?? '' }),
  refund: async ({ shop, orderId }, pick) => {
    const lineId = pick((await orderOf(shop, orderId))?.lines ?? [])?.lineId ?? ''
    const reason = pick(['lost', 'returned'] as const) ?? 'lost'
    return refundOrder(shop, byStaff(), { orderId, reason, lines: [{ lineId, quantity: 1 }] })
  },
  takeOut: async ({ shop, orderId }, pick) => {
    const line = pick((await orderOf(shop, orderId))?.lines ?? [])
    const change = {
      orderId,
      lines: [{ lineId: line?.lineId ?? '', quantity: Math.max(0, (line?.quantity ?? 1) - 1) }],
    }
    const preview = await previewEdit(shop, by('ann'), change)
    if (preview.isOk()) await applyEdit(shop, by('ann'), { ...change, hash: preview.value.hash })
  },
  add: async ({ shop, orderId }, pick) => {
    const line = pick((await orderOf(shop, orderId))?.lines ?? [])
    const change = { orderId, lines: [{ lineId: line?.lineId ?? '', quantity: (line?.quantity ?? 1) + 1 }] }
    const preview = await previewEdit(shop, by('ann'), change)
    if (preview.isErr()) return
    await applyEdit(shop, by('ann'), { ...change, hash: preview.value.hash })
    const way = pick([
      { gatewayId: 'sandbox', method: 'wechatPay' },
      { gatewayId: 'courier', method: 'cashOnDelivery' },
    ] as const)
    if (way !== undefined) await payOrder(shop, by('ann'), { orderId, ...way })
  },
  confirm: async ({ shop, orderId }) => confirmReceipt(shop, by('ann'), { orderId }),
} satisfies Readonly<Record<string, (unpaid: Unpaid, pick: Pick) => Promise<unknown>>>

const comeToRest = async (unpaid: Unpaid) => {
  const { shop } = unpaid
  for (let turn = 0; turn < 4; turn += 1) {
    await ship(unpaid)
    for (const parcel of await parcelsOf(shop)) await handOver(unpaid, parcel)
    shop.pass(20 * daysMs)
    await advanceOrders(shop, { limit: 10 })
    await settleRefunds(shop, { limit: 10 })
    for (const { id } of (await booksOf(shop)).refunds) await payRefundByHand(shop, byStaff(), { refundId: id })
  }
}

const names = Object.keys(steps) as (keyof typeof steps)[]
type Course = readonly (readonly [string, number])[]
const courses = (minLength: number, maxLength: number): fc.Arbitrary<Course> =>
  fc.array(fc.tuple(fc.constantFrom(...names, 'ship', 'handOver', 'add'), fc.nat()), { minLength, maxLength })

const open = async (): Promise<Unpaid> => {
  const shop = await openUnpaidShop()
  const { orderId } = await orderUnpaid(shop, 'ann', [
    ['kettle', 1],
    ['mug', 3],
    ['lamp', 1],
  ])
  return { shop, orderId }
}

const take = async (unpaid: Unpaid, course: Course) => {
  for (const [name, draw] of course) {
    const pick: Pick = (items) => items[draw % Math.max(1, items.length)]
    await (steps[name as keyof typeof steps] as (unpaid: Unpaid, pick: Pick) => Promise<unknown>)(unpaid, pick)
    await expectBooksToAgree(unpaid.shop)
  }
}

it('whatever becomes of the parcels of an order that is paid on delivery, it ends, and its pieces that arrived are paid or for a person to decide', async () => {
  await fc.assert(
    fc.asyncProperty(courses(3, 12), async (course) => {
      const unpaid = await open()
      const { shop, orderId } = unpaid
      await take(unpaid, course)
      await comeToRest(unpaid)
      const order = await orderOf(shop, orderId)
      const { dueMinor = 0, unbroughtMinor = 0 } = duesOf(order) ?? {}
      expect(dueMinor).toBe(unbroughtMinor)
      expect(order?.status).toMatch(dueMinor > 0 ? /^signed$/ : /^(completed|cancelled)$/)
      // Let go is at most carriage that nothing was left to bring, and of a cent that a discount left.
      const letGo = order?.refunds.filter(({ reason }) => reason === 'priceAdjusted') ?? []
      expect(letGo.reduce((sum, { cashMinor }) => sum + cashMinor, 0)).toBeLessThanOrEqual(carriageMinor)
      await expectBooksToAgree(shop)
    }),
    { numRuns: runsOf(12) },
  )
})

/** What the buyer has paid and not got back, what is due, and what of that is for a person to decide. */
const outcomeOf = async ({ shop, orderId }: Unpaid) => {
  const { payments, refunds } = await booksOf(shop)
  const paidMinor = payments.reduce((sum, { state }) => sum + (state.known.captured?.minor ?? 0), 0)
  const backMinor = refunds.reduce((sum, { state }) => sum + state.amountMinor, 0)
  const { dueMinor = 0, unbroughtMinor = 0 } = duesOf(await orderOf(shop, orderId)) ?? {}
  return { netMinor: paidMinor - backMinor, dueMinor, unbroughtMinor }
}

it('what is paid and due of an order that is paid on delivery is the same whether a parcel is refunded before it is noted as lost, or as come back, or as it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(5), courses(2, 10), fc.nat(), courses(0, 5), async (first, before, draw, after) => {
      const outcomes: Awaited<ReturnType<typeof outcomeOf>>[] = []
      for (const isRefundedFirst of [false, true]) {
        const unpaid = await open()
        const { shop, orderId } = unpaid
        await take(unpaid, [['add', first], ...before])
        const order = await orderOf(shop, orderId)
        const out = (await parcelsOf(shop)).filter((parcel) => isOut(order, parcel))
        const parcel = out[draw % Math.max(1, out.length)]
        if (parcel === undefined) return
        const lines = parcel.lines.map(({ lineId, quantity }) => ({ lineId, quantity }))
        const reason = draw % 2 === 0 ? 'lost' : 'returned'
        const note = reason === 'lost' ? recordLoss : recordParcelReturn
        const refund = () => refundOrder(shop, byStaff(), { orderId, reason, lines })
        if (isRefundedFirst && (await refund()).isErr()) return
        value(await note(shop, byStaff(), { parcelId: parcel.parcelId }))
        // What counts as received is given up by nobody but a person.
        const isGivenUp = lostOf(await orderOf(shop, orderId)) > lostOf(order)
        if (!isRefundedFirst && !isGivenUp && (await refund()).isErr()) return
        await expectBooksToAgree(shop)
        await take(unpaid, after)
        await comeToRest(unpaid)
        outcomes.push(await outcomeOf(unpaid))
      }
      const [noted, refunded] = outcomes
      if (noted === undefined || refunded === undefined) return
      // Carriage that the parcel was to bring may be asked by the next, or let go.
      for (const amount of ['netMinor', 'dueMinor', 'unbroughtMinor'] as const) {
        expect(
          Math.abs(noted[amount] - refunded[amount]),
          `${amount}: ${JSON.stringify(outcomes)}`,
        ).toBeLessThanOrEqual(carriageMinor)
      }
    }),
    { numRuns: runsOf(12) },
  )
})

const carriageMinor = 800

const lostOf = (order: Order | undefined): number =>
  order?.lines.reduce((sum, { lostQuantity }) => sum + lostQuantity, 0) ?? 0

/** Whether a parcel is on its way, and no such piece was refunded before. */
const isOut = (order: Order | undefined, { status, lines }: Parcel): boolean =>
  (status === 'shipped' || status === 'inTransit') &&
  lines.every(({ lineId }) =>
    order?.lines.some((line) => line.lineId === lineId && (line.undeliveredQuantity ?? 0) <= line.lostQuantity),
  )
