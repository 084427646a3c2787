import { err, ok, okAsync, type Result, type ResultAsync, safeTry } from 'neverthrow'
import type { CartError } from '../../cart/cart.js'
import { cartOwner, decideCart } from '../../cart/change-cart.js'
import { products } from '../../catalog/product.schema.js'
import { reserveStock } from '../../inventory/move-stock.js'
import type { OutOfStock } from '../../inventory/stock.js'
import { expectBuyer } from '../../membership/buyer.js'
import { serviceOf } from '../../membership/service-class.js'
import { shippingBooks, taxBooks } from '../../pricing/books.schema.js'
import { priceListBooks } from '../../pricing/price-list-book.schema.js'
import type { RatesUnavailable } from '../../pricing/rate-sources.js'
import { moveOfferUses } from '../../promotions/limits.js'
import type { Offer } from '../../promotions/offer.js'
import { offerBooks } from '../../promotions/offer.schema.js'
import { type Change, claim, expectRow } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { Instant } from '../../shared/instant.js'
import type { Sealed, SubjectKey } from '../../shared/personal-data.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import type { Stored } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { keyInUse, refuseErased } from '../../shared/subject-key.js'
import { askRecipient, type ChosenRecipientError, recipientOf } from '../addresses/choose-recipient.js'
import type { Recipient } from '../addresses/recipient.js'
import { sealRecipient } from '../addresses/recipient-seal.js'
import { isForFirstOrder, keepNonePaid, takeFirstOrder } from '../money/first-order.js'
import { holdPoints } from '../money/order-points.js'
import { payInFull } from '../money/pay-in-full.js'
import { giftLineId } from '../money/refund-shares.js'
import { sealContact } from '../notices/contact-seal.js'
import type { OrderContact } from '../notices/order-contact.js'
import type { Order, OrderFacts } from '../order.js'
import type { PlacedLine } from '../order-command.js'
import {
  closeDraft,
  draftCoupon,
  draftOrder,
  newDraft,
  type OrderDraft,
  type OrderMoveError,
  orderIn,
} from '../order-draft.js'
import type { PlaceOrderInput } from '../order-inputs.js'
import type { OrderDetails } from '../order-row.js'
import { tendersOf } from '../order-totals.js'
import { policyBooks } from '../policy/shop-policy.schema.js'
import type { PlaceOrderPorts } from '../ports.js'
import { askKept, keepBooks } from '../price-record/keep-books.js'
import { recordPrice } from '../price-record/price-record.js'
import { partsOf } from '../settlement/divide-order.js'
import { merchantsApart, merchantsOf, type NamedOrders, standingAlone } from './apart-orders.js'
import { makeQuote } from './make-quote.js'
import { chanceDigits, makeOrderNumber, orderNumberSpace } from './order-number.js'
import { askQuote, type OrderQuote, type QuoteError, type QuoteRead } from './order-quote.js'
import { orderedItems } from './ordered-items.js'
import { parsePlaceOrder } from './place-order.schema.js'
import { countPurchases } from './purchase-limits.js'
import { freeStockOf, type MissingGift, offersGiven, wantedLines, warehousesOf } from './quoted-gifts.js'

/** An order that was placed. */
export type PlacedOrder = {
  readonly orderId: string
  readonly orderNumber: string
  /** `paid` at once where points pay all of it. */
  readonly status: Order['status']
  readonly currency: string
  readonly payableMinor: number
  readonly payBy: Instant
  /** Gifts that had run out. */
  readonly missingGifts: readonly MissingGift[]
}

/** The price is not what the buyer was shown; nothing was ordered. */
export type PriceChanged = {
  readonly type: 'PriceChanged'
  readonly currency: string
  readonly expectedMinor: number
  readonly actualMinor: number
  /** Above zero when it costs more than expected. */
  readonly differenceMinor: number
  readonly lines: readonly { readonly lineId: string; readonly listUnitMinor: number; readonly netMinor: number }[]
}

/** Why an order is not placed. */
export type PlaceOrderError =
  | QuoteError
  | RatesUnavailable
  | OutOfStock
  | PriceChanged
  | CartError
  | OrderMoveError
  | ChosenRecipientError

/**
 * Places an order from the cart: priced again at this moment, stock set aside, coupons bound, points held, the lines
 * out of the cart, all in one commit.
 *
 * @errors PriceChanged with the difference; OutOfStock naming the lines; NotFound for an address that is not in the
 * buyer's book; QuoteError, RatesUnavailable, CommandError
 */
export const placeOrder = (
  ports: PlaceOrderPorts,
  context: CommandContext,
  input: PlaceOrderInput,
): ResultAsync<PlacedOrder, PlaceOrderError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.place',
    parse: parsePlaceOrder,
    plan: ({ actor, now, input: { recipient } }) => {
      const quote = askQuote(ports, actor, now)
      return { ...quote, kept: askKept(quote), ...askRecipient(actor, recipient) }
    },
    decide: (
      { kept, ...read },
      { actor, input: { recipient: given, contact, expectedTotalMinor, confirmedNoReturn = [], ...choice }, now },
    ) => {
      const owner = cartOwner(actor)
      if (owner === undefined) return err<never, PlaceOrderError>({ type: 'Denied', action: 'orders.place' })
      return recipientOf(ports.sealer, read, given).andThen((recipient) =>
        makeQuote(ports, read, { actor, choice, region: recipient.region, now, trace: false })
          .andThen((quote) => checkQuote(quote, expectedTotalMinor))
          .andThen((quote) => {
            const orderId = ports.ids.next('ord')
            return sealFor(ports, read.memberKey, {
              subjectId: owner.ownerId,
              orderId,
              recipient,
              contact,
              now,
            }).andThen((sealed) =>
              decidePlacing(read, quote, {
                orderId,
                orderNumber: makeOrderNumber(now, ports.ids.digits(chanceDigits), quote.policy.timeZone),
                accountId: owner.ownerId,
                cartId: owner.cartId,
                region: recipient.region,
                confirmedNoReturn,
                sealed,
                warehouses: warehousesOf(ports),
                apart: nameApart(ports, quote, now),
                kept,
                now,
              }),
            )
          }),
      )
    },
    claimed: refuseErased,
  })

const checkQuote = (quote: OrderQuote, expectedMinor: number): Result<OrderQuote, OutOfStock | PriceChanged> => {
  if (quote.missing.length > 0) return err({ type: 'OutOfStock', lines: quote.missing })
  const actualMinor = quote.totals.payableMinor
  if (actualMinor === expectedMinor) return ok(quote)
  return err({
    type: 'PriceChanged',
    currency: quote.price.currency,
    expectedMinor,
    actualMinor,
    differenceMinor: actualMinor - expectedMinor,
    lines: quote.price.lines.map(({ lineId, listUnitMinor, netMinor }) => ({ lineId, listUnitMinor, netMinor })),
  })
}

type SealedForOrder = {
  readonly recipient: Sealed
  readonly contact: Sealed | undefined
  readonly changes: readonly Change[]
}

const sealFor = (
  { sealer }: PlaceOrderPorts,
  stored: Stored<SubjectKey> | undefined,
  {
    subjectId,
    orderId,
    recipient,
    contact,
    now,
  }: {
    readonly subjectId: string
    readonly orderId: string
    readonly recipient: Recipient
    readonly contact: OrderContact | undefined
    readonly now: Instant
  },
): ResultAsync<SealedForOrder, CryptoUnavailable> =>
  keyInUse(sealer, stored, subjectId, now).andThen(({ key, changes }) =>
    sealRecipient(sealer, key, { orderId }, recipient).andThen((sealed) =>
      (contact === undefined ? okAsync(undefined) : sealContact(sealer, key, { orderId }, contact)).map(
        (sealedContact) => ({ recipient: sealed, contact: sealedContact, changes }),
      ),
    ),
  )

type Placing = {
  readonly orderId: string
  readonly orderNumber: string
  readonly accountId: string
  readonly cartId: string
  readonly region: string
  readonly confirmedNoReturn: readonly string[]
  readonly sealed: SealedForOrder
  readonly warehouses: readonly string[]
  /** The orders that its merchants get once it is paid; undefined where it stays one. */
  readonly apart: NamedOrders | undefined
  /** Books of this quote that are kept already. */
  readonly kept: ReadonlyMap<string, string>
  readonly now: Instant
}

const nameApart = ({ ids }: PlaceOrderPorts, quote: OrderQuote, now: Instant): NamedOrders | undefined =>
  merchantsApart(quote)?.map((merchantId) => ({
    merchantId,
    orderId: ids.next('ord'),
    orderNumber: makeOrderNumber(now, ids.digits(chanceDigits), quote.policy.timeZone),
  }))

const apartOf = (quote: OrderQuote, { apart }: Placing): Pick<OrderDetails, 'apart'> => {
  if (apart === undefined) return {}
  const giftMerchants = quote.price.gifts.map(
    (_, place) => quote.gifts.find(({ lineId }) => lineId === giftLineId(place))?.merchantId ?? null,
  )
  return { apart: standingAlone(apart, quote, giftMerchants) }
}

const decidePlacing = (
  read: QuoteRead,
  quote: OrderQuote,
  placing: Placing,
): Result<Decision<PlacedOrder>, PlaceOrderError> =>
  safeTry(function* () {
    const { orderId, orderNumber, accountId, now } = placing
    const payBy = now + quote.policy.payWithinMs
    const used = usedOffers(read, quote)
    const uses = moveOfferUses(used, accountId, -1)
    const draft = newDraft(
      {
        reservation: undefined,
        aside: undefined,
        payments: [],
        refunds: [],
        coupons: read.coupons.filter(({ id }) => quote.price.couponsUsed.includes(id)),
        points: read.points,
        firstOrder: read.firstOrder,
        paidCheckouts: read.paidCheckouts,
        books: [],
        siblings: [],
        disputes: [],
        settlements: [],
      },
      { orderId, details: detailsOf(read, quote, placing, uses) },
      now,
    )
    yield* draftOrder(draft, { type: 'Place', facts: factsOf(quote, placing), payBy })
    const order = yield* orderIn(draft)
    for (const couponId of order.couponIds) {
      yield* draftCoupon(draft, couponId, { type: 'LockCoupon', orderId, lockedUntil: payBy, now })
    }
    yield* holdPoints(draft, order)
    // What points pay whole is paid as soon as it is placed; there is nothing to wait for.
    const free = order.totals.payableMinor === 0
    if (used.some(isForFirstOrder)) draft.further.push(takeFirstOrder(order), ...(free ? [] : [keepNonePaid(order)]))
    if (free) yield* payInFull(draft, null)
    const parts = partsOf(order)
    const reserved = yield* reserveStock(freeStockOf(read, placing.warehouses), {
      orderId,
      accountId,
      lines: wantedLines(read, quote.lines, quote.gifts),
      warehouses: placing.warehouses,
      until: payBy,
      at: now,
      allocate: free,
      ...(free && parts !== undefined ? { divideInto: parts } : {}),
    })
    const ordered = yield* decideCart(read.cart, placing.cartId, {
      type: 'TakeOrderedLines',
      orderId,
      lines: quote.lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
      couponIds: order.couponIds,
      at: now,
    })
    return ok({
      changes: [
        ...closeDraft(draft),
        ...reserved,
        ...ordered.changes,
        ...uses,
        ...countPurchases(quote.limited, accountId),
        ...keepBooks(read, placing.kept, now),
        ...placing.sealed.changes,
        ...expectsOf(read, quote),
        ...[{ orderId, orderNumber }, ...(placing.apart ?? [])].map((each) =>
          claim({ space: orderNumberSpace, key: each.orderNumber, owner: each.orderId }),
        ),
      ],
      answer: {
        orderId,
        orderNumber,
        status: statusOf(draft),
        currency: order.currency,
        payableMinor: order.totals.payableMinor,
        payBy,
        missingGifts: quote.missingGifts,
      },
    })
  })

const statusOf = (draft: OrderDraft): Order['status'] =>
  draft.order.state.status === 'absent' ? 'awaitingPayment' : draft.order.state.status

const usedOffers = (read: QuoteRead, quote: OrderQuote): readonly Offer[] =>
  offersGiven(quote.price, quote.gifts).flatMap(
    ({ offerId }) => read.offers?.state.offers.filter((each) => each.offerId === offerId) ?? [],
  )

const detailsOf = (read: QuoteRead, quote: OrderQuote, placing: Placing, uses: readonly Change[]): OrderDetails => ({
  items: orderedItems(read, quote, placing.confirmedNoReturn),
  price: quote.price,
  ...pricedOf(read, quote),
  ...apartOf(quote, placing),
  recipient: placing.sealed.recipient,
  ...(placing.sealed.contact === undefined ? {} : { contact: placing.sealed.contact }),
  region: placing.region,
  policy: quote.policy,
  service: serviceOf(read, placing.now),
  offerUseIds: countersOf(uses),
  limitedProductIds: quote.limited.map(({ productId }) => productId),
  ...(quote.limited.length === 0 ? {} : { purchaseIds: countersOf(countPurchases(quote.limited, placing.accountId)) }),
  pointWorth:
    quote.policy.points === null || quote.price.pointsRefusal !== undefined
      ? null
      : { points: quote.policy.points.spend.blockPoints, minor: quote.policy.points.spend.blockMinor },
})

const countersOf = (moves: readonly Change[]): readonly string[] =>
  moves.flatMap((change) => (change.kind === 'adjust' ? [change.id] : []))

const pricedOf = (read: QuoteRead, quote: OrderQuote): Pick<OrderDetails, 'priced' | 'refundBookIds'> => {
  const priced = recordPrice(quote.input, read, quote.rates)
  const { refundPolicy } = quote.policy.returns
  return refundPolicy === 'reevaluate' || quote.gifts.length > 0
    ? { priced, refundBookIds: priced.bookIds }
    : { priced }
}

const factsOf = (
  quote: OrderQuote,
  { orderId, orderNumber, accountId, now }: Placing,
): Omit<OrderFacts, 'lines' | 'paymentIds' | 'failedAttempts' | 'refunds' | 'parcelIds' | 'openReturnIds'> & {
  readonly lines: readonly PlacedLine[]
} => {
  const lines = placedLines(quote)
  const merchants = merchantsOf(lines)
  const { price, totals } = quote
  return {
    orderId,
    orderNumber,
    accountId,
    merchantId: merchants.length === 1 ? (merchants[0] ?? null) : null,
    currency: price.currency,
    placedAt: now,
    lines,
    totals,
    tenders: tendersOf(orderId, price.currency, totals),
    couponIds: price.couponsUsed,
    pointsSpent: price.pointsSpent,
    pointsEarned: price.pointsEarned,
    policyVersion: quote.policyVersion,
  }
}

const placedLines = ({ price, gifts }: OrderQuote): readonly PlacedLine[] => [
  ...price.lines.map((line) => ({
    lineId: line.lineId,
    productId: line.productId,
    sku: line.sku,
    merchantId: line.merchantId,
    gift: false,
    quantity: line.quantity,
    paidMinor: line.netMinor + (price.taxInclusive ? 0 : line.taxMinor),
  })),
  ...gifts.map((gift) => ({
    lineId: gift.lineId,
    productId: gift.productId,
    sku: gift.sku,
    merchantId: gift.merchantId,
    gift: true,
    quantity: gift.quantity,
    paidMinor: 0,
  })),
]

// Whatever the price was made of must be as it was when the order is written.
const expectsOf = (read: QuoteRead, quote: OrderQuote): readonly Change[] => [
  ...quote.products.map((product) => expectRow(products, product)),
  ...(read.offers === undefined ? [] : [expectRow(offerBooks, read.offers)]),
  ...(read.priceLists === undefined ? [] : [expectRow(priceListBooks, read.priceLists)]),
  ...(read.shipping === undefined ? [] : [expectRow(shippingBooks, read.shipping)]),
  ...(read.tax === undefined ? [] : [expectRow(taxBooks, read.tax)]),
  ...(read.policy === undefined ? [] : [expectRow(policyBooks, read.policy)]),
  ...expectBuyer(read),
]
