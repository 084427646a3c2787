import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SignedNotification, signBody } from '../../../adapters/gateways/sandbox/signature.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import { accountBalance, ledgerBalances } from '../../../src/payments/ledger.js'
import { secondsMs } from '../../../src/shared/instant.js'
import { runsOf } from '../../kit/property-runs.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { byStaff, fillCart, openShop, pay, place, sandboxKey, type TestShop, value } from '../open-shop.js'

/** What happens at the gateway. */
type World = {
  /** Whose money is disputed before the shop has heard of anything. */
  readonly disputed: 'first' | 'second' | 'neither'
  readonly end: 'won' | 'lost' | 'lostInPart' | 'wonAfterLoss'
  /** Whether what went back comes back after all. */
  readonly refundsFail: boolean
  /** What comes of a dispute of 20.00 of the payment that pays, while its refund is under way. */
  readonly later: 'none' | 'won' | 'lost'
}

const world: fc.Arbitrary<World> = fc.record({
  disputed: fc.constantFrom('first', 'second', 'neither'),
  end: fc.constantFrom('won', 'lost', 'lostInPart', 'wonAfterLoss'),
  refundsFail: fc.boolean(),
  later: fc.constantFrom('none', 'won', 'lost'),
})

/** How facts are delivered: as drawn, each at least once. */
type Shuffle = <Fact>(facts: readonly Fact[]) => readonly Fact[]

const shuffleBy =
  (draws: readonly number[]): Shuffle =>
  (facts) => {
    const twice = facts.flatMap((fact, index) => Array.from({ length: 1 + ((draws[index] ?? 0) % 3) }, () => fact))
    return twice
      .map((fact, index) => ({ fact, place: draws[(index * 7 + 3) % draws.length] ?? 0 }))
      .sort((left, right) => left.place - right.place)
      .map(({ fact }) => fact)
  }

const hear = async (shop: TestShop, facts: readonly SignedNotification[]) => {
  for (const signed of facts) {
    const handled = value(await receiveNotification(shop, { gatewayId: 'sandbox', ...signed }))
    expect([handled.outcome, handled.problems]).toEqual(['handled', []])
  }
}

/** Ann's order, 137.00, and two attempts: the first fails at its gateway and is paid after all, after the second. */
const openTwiceAttempted = async () => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  shop.gateway.script({ kind: 'pending' }, { kind: 'pending' })
  shop.gateway.scriptClose({ kind: 'timeout', closed: false })
  const { paymentId: first } = await pay(shop, 'ann', orderId)
  const { paymentId: second } = await pay(shop, 'ann', orderId)
  return { shop, orderId, first, second }
}

const disputeAt = (shop: TestShop, paymentId: string, end: World['end'], amountMinor?: number) => {
  shop.pass(secondsMs)
  const disputeRef = shop.gateway.dispute(paymentId, amountMinor === undefined ? {} : { amountMinor }) ?? ''
  const steps = {
    won: [{ status: 'won' }],
    lost: [{ status: 'lost' }],
    lostInPart: [{ status: 'lost', lostMinor: 3_000 }],
    wonAfterLoss: [{ status: 'lost' }, { status: 'won' }],
  } as const
  for (const step of [{ status: 'underReview' } as const, ...steps[end]]) {
    shop.pass(secondsMs)
    expect(shop.gateway.moveDispute(disputeRef, step)).toBe(true)
  }
}

const paidBy = async (shop: TestShop) => {
  const found = (await booksOf(shop)).orders[0]?.state
  if (found === undefined || !('paymentId' in found) || found.paymentId === null) throw new Error('not paid')
  return found.paymentId
}

/** What the gateway says of a refund that it has only taken in. */
const tellPending = (shop: TestShop, at: number) =>
  Promise.all(
    shop.gateway
      .books()
      .refunds.map(({ refundRef, attemptRef, gatewayRef, amountMinor, currency }) => ({
        eventId: `pending ${refundRef}`,
        facts: [
          {
            kind: 'refund',
            ...{ refundRef, attemptRef, gatewayRef, status: 'pending', failure: null, at },
            amount: { minor: amountMinor, currency },
          },
        ],
      }))
      .map((body) => signBody(sandboxKey, new TextEncoder().encode(JSON.stringify(body)), shop.clock.now())),
  )

/** Lets a world happen, tells the shop of it as shuffled, and says where everything ended. */
const live = async (
  { disputed, end, refundsFail, later }: World,
  shuffle: Shuffle,
  firstHeard?: 'first' | 'second',
) => {
  const { shop, orderId, first, second } = await openTwiceAttempted()
  const { gateway } = shop
  shop.pass(secondsMs)
  expect(gateway.fail(first, 'PayerCancelled')).toBe(true)
  shop.pass(secondsMs)
  expect(gateway.pay(second)).toBe(true)
  shop.pass(secondsMs)
  expect(gateway.pay(first, { evenIfEnded: true })).toBe(true)
  if (disputed !== 'neither') disputeAt(shop, disputed === 'first' ? first : second, end)
  const attempts = await gateway.takeNotifications()
  const speaksOf = ({ body }: SignedNotification, id: string) => new TextDecoder().decode(body).includes(id)
  const leading = firstHeard === 'first' ? first : second
  const inTurn =
    firstHeard === undefined
      ? attempts
      : [...attempts.filter((each) => speaksOf(each, leading)), ...attempts.filter((each) => !speaksOf(each, leading))]
  await hear(shop, shuffle(inTurn))

  const paymentId = await paidBy(shop)
  gateway.scriptRefund({ kind: 'pending' }, { kind: 'pending' })
  value(await settleRefunds(shop, { limit: 10 }))
  const given = await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', amountMinor: 1_000 })
  const taken = shop.clock.now()
  shop.pass(secondsMs)
  for (const { refundRef } of gateway.books().refunds) gateway.settleRefund(refundRef)
  if (later !== 'none') disputeAt(shop, paymentId, later, 2_000)
  shop.pass(secondsMs)
  if (refundsFail)
    for (const { refundRef } of gateway.books().refunds) gateway.failRefund(refundRef, 'InstrumentDeclined')
  const facts = [...(await tellPending(shop, taken)), ...(await gateway.takeNotifications()), ...inTurn]
  await hear(shop, shuffle(facts))
  value(await settleRefunds(shop, { limit: 10 }))
  await hear(shop, await gateway.takeNotifications())

  const { orders, payments, refunds, ledger } = await booksOf(shop)
  const balances = value(ledgerBalances(ledger.map(({ body }) => body)))
  const on = (account: Parameters<typeof accountBalance>[1]) => accountBalance(balances, account, 'CNY')
  expect(on('gatewayClearing:sandbox')).toBe(gateway.books().totals[0]?.netMinor)
  await expectBooksToAgree(shop)
  const order = orders[0]?.state
  const roleOf = (id: string) => (id === paymentId ? 'paying' : 'spare')
  return {
    payer: paymentId === first ? ('first' as const) : ('second' as const),
    given: given.isOk() ? given.value.status : given.error.type,
    status: order?.status,
    refundsOfOrder: order?.refunds.map(({ status, cashMinor }) => [status, cashMinor]),
    payments: payments
      .map(({ id, state }) => [roleOf(id), state.status, state.refundedMinor, state.refundReservedMinor] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
    refunds: refunds
      .map(({ state }) => `${roleOf(state.paymentId)} ${state.reason} ${state.status} ${state.amountMinor}`)
      .sort(),
    escrow: on(`escrow:${orderId}`),
    clearing: on('gatewayClearing:sandbox'),
    suspense: on('suspense:sandbox'),
    disputeHold: on('disputeHold'),
    loss: on('chargebackLoss'),
    inTransit: on('refundInTransit'),
  }
}

// Whether spare money came late or twice depends on whether the order was paid by then; what becomes of it does not.
const withoutReason = (ending: Awaited<ReturnType<typeof live>>) => ({
  ...ending,
  refunds: ending.refunds.map((refund) => refund.replace(/^spare \w+/, 'spare')).sort(),
})

const asTheyCome: Shuffle = (facts) => facts

describe('what gateways say of one order, of two attempts, refunds and disputes', () => {
  it('that was paid twice keeps one payment, less what was given of it, and sends the other back', async () => {
    const plain = { disputed: 'neither', end: 'won', refundsFail: false, later: 'none' } as const
    const ending = await live(plain, asTheyCome, 'second')
    expect(ending).toMatchObject({
      payer: 'second',
      given: 'pending',
      status: 'paid',
      refunds: ['paying goodwill succeeded 1000', 'spare duplicatePayment succeeded 13700'],
      escrow: -12_700,
      clearing: 12_700,
      suspense: 0,
      disputeHold: 0,
      loss: 0,
    })
    // The second took the money before the first, whichever is heard of first.
    expect(await live(plain, asTheyCome, 'first')).toEqual(ending)
  })

  it('that was paid twice stays with the one that it left by, also where the other is heard of later and was taken before', async () => {
    const { shop, orderId, first, second } = await openTwiceAttempted()
    for (const paymentId of [second, first]) {
      shop.pass(secondsMs)
      expect(shop.gateway.pay(paymentId, { evenIfEnded: true })).toBe(true)
    }
    const told = await shop.gateway.takeNotifications()
    const isOfFirst = ({ body }: SignedNotification) => new TextDecoder().decode(body).includes(first)
    await hear(shop, told.filter(isOfFirst))
    value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf', trackingNumber: 'SF1' }))
    await hear(shop, told)
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await paidBy(shop)).toBe(first)
    const { refunds } = await booksOf(shop)
    expect(refunds.map(({ state }) => [state.paymentId, state.status])).toEqual([[second, 'succeeded']])
    await expectBooksToAgree(shop)
  })

  it('that was paid twice, and lost one payment to its bank, loses it if it pays, and owes it to nobody if it is spare', async () => {
    const lost = { end: 'lost', refundsFail: false, later: 'none' } as const
    for (const heard of ['first', 'second'] as const) {
      expect(await live({ ...lost, disputed: 'second' }, asTheyCome, heard)).toMatchObject({
        payer: 'second',
        given: 'RefundExceedsCaptured',
        refunds: ['spare duplicatePayment succeeded 13700'],
        escrow: -13_700,
        clearing: 0,
        loss: 13_700,
        inTransit: 0,
      })
      expect(await live({ ...lost, disputed: 'first' }, asTheyCome, heard)).toMatchObject({
        payer: 'second',
        given: 'pending',
        refunds: ['paying goodwill succeeded 1000', 'spare duplicatePayment chargedBack 13700'],
        escrow: -12_700,
        clearing: 12_700,
        loss: 0,
        inTransit: 0,
      })
    }
  })

  it('stays with money that is there where a bank has what was taken before it, though that is heard of first', async () => {
    for (const end of ['lost', 'held'] as const) {
      for (const isCapturedLast of [true, false]) {
        const { shop, orderId, first, second } = await openTwiceAttempted()
        const { gateway } = shop
        shop.pass(secondsMs)
        expect(gateway.pay(first, { evenIfEnded: true })).toBe(true)
        const captured = await gateway.takeNotifications()
        shop.pass(secondsMs)
        const disputeRef = gateway.dispute(first, {}) ?? ''
        if (end === 'lost') {
          shop.pass(secondsMs)
          expect(gateway.moveDispute(disputeRef, { status: 'lost' })).toBe(true)
        }
        const disputed = await gateway.takeNotifications()
        shop.pass(secondsMs)
        expect(gateway.pay(second)).toBe(true)
        const good = await gateway.takeNotifications()
        for (const told of isCapturedLast ? [disputed, good, captured] : [disputed, captured, good])
          await hear(shop, told)
        value(await settleRefunds(shop, { limit: 10 }))
        expect(await paidBy(shop)).toBe(second)
        const { ledger, refunds } = await booksOf(shop)
        expect(refunds.filter(({ state }) => state.paymentId === second)).toEqual([])
        const balances = value(ledgerBalances(ledger.map(({ body }) => body)))
        // What a bank holds of the first is in doubt until it decides.
        expect(accountBalance(balances, `escrow:${orderId}`, 'CNY')).toBe(end === 'lost' ? -13_700 : -27_400)
        expect(accountBalance(balances, 'chargebackLoss', 'CNY')).toBe(0)
        await expectBooksToAgree(shop)
      }
    }
  })

  it('leads to one end in any order and any number, whichever attempt was heard of first', async () => {
    const told = new Map<string, Awaited<ReturnType<typeof live>>>()
    const draws = fc.array(fc.nat(1_000_000), { minLength: 29, maxLength: 29 })
    await fc.assert(
      fc.asyncProperty(world, draws, async (happens, drawn) => {
        const ending = await live(happens, shuffleBy(drawn))
        // Money that its bank has taken before the shop hears of it pays nothing: the other does.
        if (happens.disputed !== 'second') expect(ending.payer).toBe('second')
        const key = JSON.stringify([happens, ending.payer])
        const expected = told.get(key) ?? (ending.payer === 'second' ? await live(happens, asTheyCome) : ending)
        told.set(key, expected)
        expect(withoutReason(ending)).toEqual(withoutReason(expected))
      }),
      { numRuns: runsOf(12) },
    )
  })
})
