import { expect } from 'vitest'
import { parcels } from '../../src/orders/order.collection.schema.js'
import type { Order } from '../../src/orders/order.js'
import { awaitedOnDelivery } from '../../src/orders/order-dues.js'
import type { OrderEvent } from '../../src/orders/order-event.js'
import { undecidedLosses } from '../../src/orders/order-losses.js'
import type { Parcel } from '../../src/orders/parcels/parcel.js'
import { couponsFreed } from '../../src/orders/refunds/coupons-back.js'
import { accountBalance, type LedgerEntry, ledgerBalances } from '../../src/payments/ledger.js'
import type { PaymentEvent } from '../../src/payments/payment.js'
import { isUndecided, paymentMachine } from '../../src/payments/payment-machine.js'
import { payouts } from '../../src/payments/payout.schema.js'
import { postRefund } from '../../src/payments/post-refund.js'
import { postPayment } from '../../src/payments/posting.js'
import type { RefundEvent } from '../../src/payments/refund.js'
import { refundMachine } from '../../src/payments/refund-machine.js'
import { coupons } from '../../src/promotions/coupon.collection.schema.js'
import { offerUses } from '../../src/promotions/limits.js'
import type { Decider } from '../../src/shared/decider.js'
import { foldEvents } from '../../src/shared/decider.js'
import type { OutboxEvent } from '../../src/shared/events.js'
import { counters, find } from '../../src/shared/read-plan.js'
import { ask, type booksOf, expectBooksToAgree } from './books-of.js'
import { expectPartsOfWholes } from './history-parts-laws.js'
import { couponOffer, type TestShop, value } from './open-shop.js'

type Books = Awaited<ReturnType<typeof booksOf>>

/** Every event of orders, payments and refunds that was ever written down. */
export const eventsOf = async (shop: TestShop): Promise<readonly OutboxEvent[]> =>
  value(
    await shop.storage.events({
      shop: shop.shop,
      types: eventTypes,
      from: 0,
      until: Number.MAX_SAFE_INTEGER,
      after: null,
      limit: 100_000,
    }),
  )

// Complete by construction: an event that is not named here does not compile.
const eventNames: {
  readonly order: Readonly<Record<OrderEvent['type'], true>>
  readonly payment: Readonly<Record<PaymentEvent['type'], true>>
  readonly refund: Readonly<Record<RefundEvent['type'], true>>
} = {
  order: {
    OrderPlaced: true,
    AttemptStarted: true,
    AttemptFailed: true,
    PaymentShared: true,
    SharePaid: true,
    PartAccepted: true,
    OrderPaid: true,
    PaidByEarlier: true,
    OrderDivided: true,
    OrderSplitOff: true,
    ClosingStarted: true,
    ClosingPostponed: true,
    OrderClosed: true,
    OrderReinstated: true,
    CancellingStarted: true,
    OrderCancelled: true,
    OrderEdited: true,
    OrderRepriced: true,
    EditProposed: true,
    EditLapsed: true,
    OrderExtended: true,
    GoodsShipped: true,
    GoodsSigned: true,
    OrderSigned: true,
    GoodsLost: true,
    LossPostponed: true,
    ReshipmentBegun: true,
    ReceiptPostponed: true,
    MoneyCollected: true,
    OrderCompleted: true,
    RefundStarted: true,
    RefundSucceeded: true,
    RefundFailed: true,
    AwaitedMoneySettled: true,
    ReturnOpened: true,
    ReturnSettled: true,
    HoldReleased: true,
    OrderDisputeSettled: true,
    OrderDisputed: true,
    OrderHeld: true,
    PaymentReported: true,
  },
  payment: {
    PaymentStarted: true,
    PaymentCreated: true,
    PaymentUnknown: true,
    PaymentFactsLearned: true,
    PaymentActionRequired: true,
    PaymentProcessing: true,
    PaymentAuthorised: true,
    PaymentFailed: true,
    PaymentPartlyCaptured: true,
    PaymentCaptured: true,
    PaymentCapturedAfterClose: true,
    PaymentHeld: true,
    PaymentQueried: true,
    PaymentCloseRequested: true,
    PaymentClosed: true,
    CaptureRequested: true,
    CaptureResent: true,
    CaptureFailed: true,
    HoldForgone: true,
    HoldReleased: true,
    RefundReserved: true,
    RefundSettled: true,
    RefundReopened: true,
    PaymentDisputed: true,
    PaymentWaitingRecorded: true,
    HeldMoneyReturned: true,
    HeldMoneyAccepted: true,
    PaymentDecided: true,
    PaymentDenied: true,
    PaymentConfirmed: true,
    RefundReleased: true,
  },
  refund: {
    RefundRequested: true,
    RefundSubmitted: true,
    RefundPending: true,
    RefundUnknownOutcome: true,
    RefundSucceeded: true,
    RefundFailed: true,
    RefundReversed: true,
    RefundPaidTwice: true,
    RefundFactsLearned: true,
    RefundQueried: true,
    ManualPayoutRequested: true,
    RefundPaidManually: true,
    RefundCancelled: true,
    RefundChargedBack: true,
    RefundHeld: true,
    RefundResumed: true,
    RefundReduced: true,
  },
}

const eventTypes = Object.entries(eventNames).flatMap(([collection, names]) =>
  Object.keys(names).map((name) => `${collection}/${name}`),
)

const live = ['awaitingPayment', 'closing', 'paid', 'partlyShipped', 'shipped', 'signed', 'completed', 'cancelling']

/** What holds at every moment, whatever happened: the laws of money, goods and coupons, and what was once booked stays. */
export const expectLaws = async (shop: TestShop, books: Books, before: Books | undefined): Promise<void> => {
  const told = await eventsOf(shop)
  await expectBooksToAgree({ ...shop, told: [...told] })
  const ledger = books.ledger.map(({ body }) => body)
  expectReplay(told, 'payment', paymentMachine, books.payments)
  expectReplay(told, 'refund', refundMachine, books.refunds)
  expectLedgerToGrow(ledger, before?.ledger.map(({ body }) => body) ?? [])
  expectSameFromEvents(ledger, books)
  expectPartsOfWholes(told, books)

  for (const { state } of books.payments) {
    const takenMinor = state.known.captured?.minor ?? 0
    const atGateway = shop.gateway.books().payments.find(({ attemptRef }) => attemptRef === state.paymentId)
    // Of what did not fit what was asked, a person may have accepted more, for an order that costs more by now.
    if (state.status !== 'integrityHold') expect(takenMinor).toBeLessThanOrEqual(state.amountMinor)
    // Nothing is believed that the gateway has not done.
    if (state.method !== 'cashOnDelivery') expect(takenMinor).toBeLessThanOrEqual(atGateway?.capturedMinor ?? 0)
    expect(state.refunds.filter(({ status }) => status === 'refunded').reduce(sumOf, 0)).toBe(state.refundedMinor)
    expect(state.refunds.filter(({ status }) => status === 'reserved').reduce(sumOf, 0)).toBe(state.refundReservedMinor)
  }

  const sent = (await ask(shop, find(parcels, { where: [], limit: 100_000 }))).map(({ state }) => state)
  for (const { state } of books.orders) expectDoorMoneyDue(state, sent)
  for (const { state } of books.orders)
    for (const line of state.lines) {
      expect(line.signedQuantity + line.lostQuantity).toBeLessThanOrEqual(line.shippedQuantity)
      expect(line.shippedQuantity).toBeLessThanOrEqual(line.quantity - (line.cancelledQuantity ?? 0))
      expect(line.refundedQuantity).toBeLessThanOrEqual(line.quantity)
    }

  await expectCouponsKept(shop, books)
  await expectUsesCounted(shop)
}

// What receivers have paid at their doors is due until it comes, whatever goes back, and no refund waits for more than that.
const expectDoorMoneyDue = (order: Order, sent: readonly Parcel[]): void => {
  const atDoors = sent.filter(({ orderId, collectedAt }) => orderId === order.orderId && collectedAt === undefined)
  const atDoorsMinor = atDoors.reduce((sum, { handedMinor = 0 }) => sum + handedMinor, 0)
  const { dueMinor = 0, handedMinor = 0 } = 'paidAt' in order ? (order.onDelivery ?? {}) : {}
  expect(atDoorsMinor).toBeLessThanOrEqual(handedMinor)
  expect(handedMinor).toBeLessThanOrEqual(dueMinor)
  expect(awaitedOnDelivery(order)).toBeLessThanOrEqual(handedMinor)
  if (order.status === 'completed') expect(dueMinor).toBe(0)
}

// A use of its offer is counted for each coupon that is bound, and for nothing else.
const expectUsesCounted = async (shop: TestShop): Promise<void> => {
  const kept = await ask(shop, find(coupons, { where: [], limit: 100_000 }))
  const bound = kept.filter(({ state }) => state.status === 'locked' || state.status === 'used')
  const uses = await ask(shop, counters(offerUses, [couponOffer.offerId]))
  expect(0 - (uses.get(couponOffer.offerId) ?? 0)).toBe(bound.length)
}

/**
 * A coupon that is bound is bound to one order that still counts on it, and what an order counts on is bound to it: its
 * coupons, but for those that were given back, for as long as it may yet be paid, sent or given back.
 */
export const expectCouponsKept = async (shop: TestShop, { orders }: Books): Promise<void> => {
  const kept = await ask(shop, find(coupons, { where: [], limit: 100_000 }))
  for (const { state } of kept) {
    if (state.status !== 'locked' && state.status !== 'used') continue
    const order = orders.find(({ id }) => id === state.orderId)?.state
    expect(order?.couponIds).toContain(state.couponId)
    if (state.status === 'locked') expect(live).toContain(order?.status)
  }
  for (const { state: order } of orders) {
    if (!live.includes(order.status)) continue
    const siblings = orders.filter(({ id }) => order.details.partOf?.orderIds.includes(id) === true)
    const freed = couponsFreed(order, siblings)
    for (const couponId of order.couponIds.filter((each) => !freed.includes(each))) {
      const coupon = kept.find(({ id }) => id === couponId)?.state
      expect(coupon).toMatchObject({
        status: 'paidAt' in order ? 'used' : 'locked',
        orderId: order.details.partOf?.checkoutId ?? order.orderId,
      })
    }
  }
}

// What is kept is what the events say, from the first on.
const expectReplay = <State extends { readonly status: string }, Command, Event, Failure>(
  told: readonly OutboxEvent[],
  collection: string,
  machine: Decider<State, Command, Event, Failure>,
  rows: readonly { readonly id: string; readonly state: object }[],
): void => {
  for (const { id, state } of rows) {
    const events = told.filter((event) => event.collection === collection && event.rowId === id)
    // The bodies told are the events that were written.
    expect(
      foldEvents(
        machine,
        events.map(({ body }) => body as Event),
      ),
    ).toEqual(state)
  }
}

// Payments and refunds are what their events say, and what the ledger says of each is what it would say of that alone.
const expectSameFromEvents = (ledger: readonly LedgerEntry[], { payments, refunds }: Books): void => {
  const anew = [
    ...payments.flatMap(({ state }) => postPayment(null, state, 0)),
    ...refunds.flatMap(({ state }) => postRefund(null, state, 0)),
  ]
  const kinds = new Set<string>([...paymentKinds, ...refundKinds])
  expect(balancesByThing(ledger.filter(({ kind }) => kinds.has(kind)))).toEqual(balancesByThing(anew))
}

const paymentKinds = ['captured', 'feeCharged', 'suspended']
const refundKinds = [
  'refundSubmitted',
  'refundReturned',
  'refundSucceeded',
  'refundPaidByHand',
  'refundPaidTwice',
  'refundChargedBack',
]

/** What each payment and each refund has moved on each account; nothing where it comes to nothing. */
const balancesByThing = (entries: readonly LedgerEntry[]): Readonly<Record<string, number>> => {
  const sums = new Map<string, number>()
  for (const { paymentId, refundId, lines } of entries)
    for (const { account, currency, amountMinor } of lines) {
      const name = `${refundId ?? paymentId} ${account} ${currency}`
      sums.set(name, (sums.get(name) ?? 0) + amountMinor)
    }
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0))
}

const sumOf = (sum: number, { amountMinor }: { readonly amountMinor: number }): number => sum + amountMinor

// Entries are written once; each balances by itself, in one currency.
const expectLedgerToGrow = (ledger: readonly LedgerEntry[], before: readonly LedgerEntry[]): void => {
  const now = new Map(ledger.map((entry) => [entry.entryId, entry]))
  expect(now.size).toBe(ledger.length)
  for (const entry of before) expect(now.get(entry.entryId)).toEqual(entry)
  for (const { lines } of ledger) {
    expect(new Set(lines.map(({ currency }) => currency)).size).toBeLessThanOrEqual(1)
    expect(lines.reduce(sumOf, 0)).toBe(0)
  }
  const balances = value(ledgerBalances(ledger))
  for (const { account, balanceMinor } of balances)
    if (account.startsWith('escrow:')) expect(balanceMinor).toBeLessThanOrEqual(0)
}

/** What holds once everything that was under way has come to its end: nothing is stuck, nothing is lost sight of. */
export const expectRest = async (shop: TestShop, books: Books): Promise<void> => {
  const balances = value(ledgerBalances(books.ledger.map(({ body }) => body)))
  const balance = (account: LedgerEntry['lines'][number]['account']) => accountBalance(balances, account, 'CNY')
  const [total] = shop.gateway.books().totals
  const byHandMinor = books.ledger
    .filter(({ body }) => body.kind === 'refundPaidByHand')
    .flatMap(({ body }) => body.lines)
    .filter(({ account }) => account === 'bank')
    .reduce(sumOf, 0)

  expect(books.payments.filter(({ state }) => isUndecided(state)).map(({ state }) => state)).toEqual([])
  expect(books.refunds.map(({ state }) => state.status).filter((status) => !settled.includes(status))).toEqual([])
  for (const { state } of books.orders) {
    expect(['completed', 'cancelled', 'closed', 'divided']).toContain(state.status)
    expect(awaitedOnDelivery(state)).toBe(0)
    if (state.status === 'completed') expect(undecidedLosses(state)).toEqual([])
    if (state.status === 'completed') expect(balance(`escrow:${state.orderId}`)).toBe(0)
    if (state.status === 'cancelled' || state.status === 'closed') expect(balance(`escrow:${state.orderId}`)).toBe(0)
  }
  // What the ledger says a gateway holds for the shop is what the gateway says, less what it has paid out.
  const paidToShop = books.ledger.filter(({ body }) => body.kind === 'gatewayPaidOut').flatMap(({ body }) => body.lines)
  const movedMinor = (on: string) => paidToShop.filter(({ account }) => account === on).reduce(sumOf, 0)
  expect(balance('gatewayClearing:sandbox')).toBe((total?.netMinor ?? 0) + movedMinor('gatewayClearing:sandbox'))
  expect(balance('disputeHold')).toBe(0)
  expect(balance('refundInTransit')).toBe(0)
  expect(balance('suspense:sandbox')).toBe(0)
  for (const { state } of await ask(shop, find(payouts, { where: [], limit: 100_000 }))) {
    expect(state.status).not.toBe('submitted')
    expect(state).not.toHaveProperty('returning')
  }
  const paidOutMinor = books.ledger
    .filter(({ body }) => body.kind === 'payeePaidOut' || body.kind === 'payoutReturned')
    .flatMap(({ body }) => body.lines)
    .filter(({ account }) => account === 'bank')
    .reduce(sumOf, 0)
  expect(balance('bank')).toBe(byHandMinor + paidOutMinor + movedMinor('bank'))
}

const settled: readonly string[] = ['succeeded', 'paidManually', 'cancelled', 'chargedBack']
