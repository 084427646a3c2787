import { ok, type Result, safeTry } from 'neverthrow'
import type { Stored } from '../../shared/read-plan.js'
import { checkReceived, type ReceiptDiffers, type ReceivedMoney } from '../money/receipt-amount.js'
import { type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { dueOnDelivery, handedOnDelivery } from '../order-dues.js'
import type { OrderRow } from '../order-row.js'
import type { Parcel } from '../parcels/parcel.js'
import { isUncollected } from '../parcels/parcel-machine.js'
import { askedOfAll, askedOfParcel, handedBy } from './asked-of-parcel.js'
import { collectableMinor, collectMoney, promisesOf } from './collect-on-delivery.js'
import { letGoUnbrought } from './give-up-undelivered.js'

/** Parcels whose money is there now; undefined where it was recorded before. */
export type CollectedParcels = readonly Stored<Parcel>[] | undefined

/**
 * Notes what couriers collected for an order that goes out unpaid, by one parcel or by all that are out. It has to be what
 * is due for them, or what they left with: should less be owed since, the rest goes back. What was paid at a door is due,
 * whatever went back since.
 *
 * @param sent - all parcels of the order
 * @param named - the parcel that brought it; all that are out when absent, or none where none is
 * @errors ReceiptDiffers, OrderMoveError
 */
export const collectByParcels = (
  draft: OrderDraft,
  sent: readonly Stored<Parcel>[],
  named: Stored<Parcel> | undefined,
  received: ReceivedMoney,
): Result<CollectedParcels, ReceiptDiffers | OrderMoveError> =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    const { currency } = order
    if (named?.state.collectedAt !== undefined) return ok(undefined)
    const parcels = (named === undefined ? sent.filter(({ state }) => isOut(state)) : [named]).filter(({ state }) =>
      isUncollected(state),
    )
    const printedMinor = sumPrinted(parcels)
    const states = sent.map(({ state }) => state)
    const mostMinor = collectableMinor(draft, order)
    const askedMinor = Math.min(mostMinor, askedFor(order, { named, parcels, states }))
    const hasCome = promisesOf(draft, order).some(({ known }) => known.captured !== null)
    if (named === undefined && askedMinor === 0 && printedMinor === 0 && hasCome) return ok(undefined)
    const isPrinted = received.amountMinor === printedMinor && printedMinor <= mostMinor
    yield* checkReceived(received, { currency, dueMinor: isPrinted ? printedMinor : askedMinor })
    const collectMinor = sumPrinted(parcels.filter(({ state }) => isOut(state)))
    const parcelId = parcels.length === 1 ? (parcels[0]?.id ?? null) : null
    const handedMinor =
      named === undefined ? handedOnDelivery(order) : sumOf(parcels, (parcel) => handedBy(order, parcel, states))
    yield* collectMoney(draft, received.amountMinor, { parcelId, collectMinor, handedMinor })
    yield* letGoUnbrought(draft, `spare_${parcelId ?? order.orderId}`)
    return ok(parcels)
  })

// By one parcel, by all that are out, or, where none is, by none.
const askedFor = (
  order: OrderRow,
  {
    named,
    parcels,
    states,
  }: {
    readonly named: Stored<Parcel> | undefined
    readonly parcels: readonly Stored<Parcel>[]
    readonly states: readonly Parcel[]
  },
): number => {
  if (named !== undefined) return sumOf(parcels, (parcel) => askedOfParcel(order, parcel, states))
  return parcels.length === 0
    ? dueOnDelivery(order)
    : askedOfAll(
        order,
        parcels.map(({ state }) => state),
      )
}

/** Whether a parcel is with its carrier, or with its receiver and its money with the carrier. */
export const isOut = (parcel: Parcel): boolean =>
  isUncollected(parcel) &&
  (parcel.status === 'shipped' || parcel.status === 'inTransit' || parcel.status === 'delivered')

const sumOf = (parcels: readonly Stored<Parcel>[], minorOf: (parcel: Parcel) => number): number =>
  parcels.reduce((sum, { state }) => sum + minorOf(state), 0)

const sumPrinted = (parcels: readonly Stored<Parcel>[]): number =>
  sumOf(parcels, ({ collectMinor = 0 }) => collectMinor)
