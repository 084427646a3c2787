import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import type { SplitTerms } from '../../../adapters/gateways/sandbox/index.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { decidePayout, listUnclearPayouts } from '../../../src/orders/settlement/decide-payout.js'
import type { UnclearPayoutCursor } from '../../../src/orders/settlement/decide-payout.schema.js'
import { payOut } from '../../../src/orders/settlement/pay-out.js'
import { releaseShares } from '../../../src/orders/settlement/release-shares.js'
import { showPayee } from '../../../src/orders/settlement/show-payee.js'
import { splitShares } from '../../../src/orders/settlement/split-shares.js'
import { settlePayouts } from '../../../src/orders/settlement/tell-payout.js'
import { sparing } from '../../../src/orders/spare-gateways.js'
import { type GatewayErrorCode, gatewayErrorCodes, gatewayErrors } from '../../../src/payments/gateway-error.js'
import type { PayoutPort, SentPayout } from '../../../src/payments/payout.js'
import { payouts } from '../../../src/payments/payout.schema.js'
import type { Outcome, SplitPort } from '../../../src/payments/ports.js'
import type { Scope } from '../../../src/shared/actor.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs, hoursMs, minutesMs, secondsMs } from '../../../src/shared/instant.js'
import { row } from '../../../src/shared/read-plan.js'
import { ask, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, commit, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const terms = { afterWorkingDays: 0, rates: [{ merchantId: null, platformBasisPoints: 500, partners: [] }] }
/** Of 2 x 129.00 and carriage 8.00, less 5 % of it. */
const selfMinor = 25_270
const self = { payee: 'self', currency: 'CNY' }
const accounts = { payees: { self: 'acct-self' } }

const sentByBank: Outcome<SentPayout> = { kind: 'ok', value: { payoutRef: 'bank-1' } }

/** A shop that owes a merchant for one complete order, and whoever sends money, as told beforehand. */
const openOwing = async (splits?: SplitTerms) => {
  const shop = await openShop(splits === undefined ? {} : { splits })
  const { policyId: _, ...policy } = defaultShopPolicy
  value(await savePolicy(shop, byStaff(), { ...policy, settlement: terms }))
  const answers: Outcome<SentPayout>[] = []
  const asked: string[] = []
  const payouts: PayoutPort = {
    send: ({ payoutId }) => {
      asked.push(payoutId)
      return okAsync(answers.length > 0 ? (answers.shift() as Outcome<SentPayout>) : sentByBank)
    },
  }
  await fillCart(shop, 'ann', [['kettle', 2]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  value(await completeOrder(shop, byStaff(), { orderId }))
  value(await releaseShares(shop, { limit: 10 }))
  return { shop: { ...shop, payouts }, orderId, answers, asked }
}

const no = (code: GatewayErrorCode) => ({ kind: 'declined', error: { code, gatewayCode: code } }) as const
const lost = { kind: 'unknown', cause: 'timeout' } as const

/** Available, paid out, owed. */
const standing = async (shop: TestShop) => {
  const { availableMinor, paidOutMinor, owedMinor } = value(await showPayee(shop, byStaff(), self))
  return [availableMinor, paidOutMinor, owedMinor]
}
const unclearIds = async (shop: TestShop) =>
  value(await listUnclearPayouts(shop, byStaff(), {})).payouts.map(({ payoutId }) => payoutId)

describe('a payout that is answered by what is no answer', () => {
  it('is told again under its reference, and harms none', async () => {
    for (const answer of [
      undefined,
      { kind: 'declined', error: { code: 'NO' } },
      { kind: 'ok', value: { payoutRef: 7 } },
    ]) {
      const { shop, answers, asked } = await openOwing()
      answers.push(answer as never)
      expect(value(await payOut(shop, byStaff(), self))).toMatchObject({ status: 'submitted' })
      shop.pass(daysMs)
      expect(value(await settlePayouts(shop, { limit: 10 })).failed).toEqual([])
      expect(await standing(shop)).toEqual([0, selfMinor, 0])
      expect(new Set(asked).size).toBe(1)
      await expectBooksToAgree(shop)
    }
  })
})

describe('payouts that are never answered', () => {
  it('are told three in a turn, and the rest stay as they were and come first the next time', async () => {
    const { shop, answers, asked } = await openOwing()
    answers.push(...Array.from({ length: 4 }, () => lost))
    const { payoutId } = value(await payOut(shop, byStaff(), self))
    const sent = await ask(shop, row(payouts, payoutId))
    if (sent === undefined) return expect.unreachable('it is written down')
    const others = ['b', 'c', 'd', 'e'].map((id) => ({ id, version: 0, state: { ...sent.state, payoutId: id } }))
    await commit(
      shop,
      others.map((each) => put(payouts, each)),
    )
    shop.pass(daysMs)
    asked.length = 0
    const turn = () => sparing(settlePayouts)(shop, { limit: 10 })
    const { done, failed } = value(await turn())
    expect([done, asked.length]).toEqual([3, 3])
    expect(failed).toContainEqual({ id: 'payouts', reason: 'GatewayNotAnswering' })
    const told = [...asked]
    asked.length = 0
    value(await turn())
    expect([...told, ...asked].sort()).toEqual([payoutId, 'b', 'c', 'd', 'e'].sort())
  })
})

describe('a payout that the bank refuses', () => {
  const whatFirst = (code: GatewayErrorCode) => {
    const { definite, blame } = gatewayErrors[code]
    return blame === 'gateway' ? 'submitted' : definite ? 'failed' : 'unclear'
  }

  it('is told again, is the payee’s again, or waits for a person, by what the no says', async () => {
    for (const code of gatewayErrorCodes) {
      const { shop, answers } = await openOwing()
      answers.push(no(code))
      const begun = value(await payOut(shop, byStaff(), self))
      expect([code, begun.status]).toEqual([code, whatFirst(code)])
      expect(begun.isUnclear).toBe(begun.status === 'unclear')
      // What may be with the payee is nobody's to pay a second time.
      const isBack = begun.status === 'failed'
      expect(await standing(shop)).toEqual(isBack ? [selfMinor, 0, 0] : [0, selfMinor, 0])
      await expectBooksToAgree(shop)
    }
  })

  it('and whose answer was lost before is not known for unsent by who stands at the door', async () => {
    for (const code of gatewayErrorCodes) {
      const { shop, answers, asked } = await openOwing()
      answers.push(lost, no(code))
      const { payoutId } = value(await payOut(shop, byStaff(), self))
      shop.pass(10 * minutesMs)
      value(await settlePayouts(shop, { limit: 10 }))
      const [payout] = value(await showPayee(shop, byStaff(), self)).payouts
      expect([code, payout?.status]).toEqual([code, gatewayErrors[code].atTheDoor ? 'submitted' : whatFirst(code)])
      expect(asked).toEqual([payoutId, payoutId])
    }
  })

  it('at the door for a day, with its first answer lost, waits for a person and is not told again', async () => {
    const { shop, answers, asked } = await openOwing()
    answers.push(lost)
    const { payoutId } = value(await payOut(shop, byStaff(), self))
    const turn = async () => {
      answers.push(no('MerchantConfig'))
      return value(await settlePayouts(shop, { limit: 10 })).failed
    }
    shop.pass(daysMs - minutesMs)
    expect(await turn()).toEqual([])
    expect(await unclearIds(shop)).toEqual([])
    shop.pass(10 * minutesMs)
    expect(await turn()).toEqual([{ id: payoutId, reason: 'PayoutUnclear' }])
    expect(await unclearIds(shop)).toEqual([payoutId])
    shop.pass(daysMs)
    expect(await turn()).toEqual([{ id: payoutId, reason: 'PayoutUnclear' }])
    expect(asked).toHaveLength(3)
    // It may be with the payee: nobody is paid a second time before somebody has said so.
    expect(await standing(shop)).toEqual([0, selfMinor, 0])
    value(await decidePayout(shop, byStaff(), { payoutId, moved: false }))
    expect(await standing(shop)).toEqual([selfMinor, 0, 0])
    await expectBooksToAgree(shop)
  })

  it('or put off for a day, or not answered for three, comes before a person', async () => {
    const { shop, answers } = await openOwing()
    answers.push(no('RateLimited'))
    const { payoutId } = value(await payOut(shop, byStaff(), self))
    const turn = async (answer: Outcome<SentPayout>) => {
      answers.push(answer)
      return value(await settlePayouts(shop, { limit: 10 })).failed
    }
    shop.pass(daysMs - minutesMs)
    expect(await turn(no('RateLimited'))).toEqual([])
    shop.pass(10 * minutesMs)
    expect(await turn(no('RateLimited'))).toEqual([{ id: payoutId, reason: 'PayoutUnclear' }])

    const other = await openOwing()
    other.answers.push(lost)
    const silent = value(await payOut(other.shop, byStaff(), self))
    const overdue = { id: silent.payoutId, reason: 'PayoutOverdue' }
    const unheard = async (more: { limit?: number; after?: UnclearPayoutCursor } = {}) =>
      value(await listUnclearPayouts(other.shop, byStaff(), { unheard: true, ...more }))
    expect(await unheard({ limit: 1 })).toMatchObject({ payouts: [{ payoutId: silent.payoutId }], next: null })
    expect(await unclearIds(other.shop)).toEqual([])
    other.shop.pass(3 * daysMs - minutesMs)
    other.answers.push(lost)
    expect(value(await settlePayouts(other.shop, { limit: 10 })).failed).toEqual([])
    other.shop.pass(10 * minutesMs)
    for (const answer of [{ kind: 'pending', gatewayRef: null, pollAfterMs: null } as const, lost]) {
      other.answers.push(answer)
      expect(value(await settlePayouts(other.shop, { limit: 10 })).failed).toEqual([overdue])
      other.shop.pass(10 * minutesMs)
    }
    expect(value(await settlePayouts(other.shop, { limit: 10 })).failed).toEqual([])
    expect((await unheard()).payouts).toEqual([])
    expect(await standing(other.shop)).toEqual([0, selfMinor, 0])
    await expectBooksToAgree(other.shop)
  })

  it('for three days ends by a person’s word, and not before', async () => {
    for (const moved of [true, false]) {
      const { shop, answers } = await openOwing()
      answers.push(lost)
      const { payoutId } = value(await payOut(shop, byStaff(), self))
      const decidableAt = shop.clock.now() + 3 * daysMs
      shop.pass(3 * daysMs - minutesMs)
      const decide = () => decidePayout(shop, byStaff(), { payoutId, moved })
      const early = (await decide())._unsafeUnwrapErr()
      expect(early).toEqual({ type: 'PayoutNotUnclear', payoutId, status: 'submitted', decidableAt })
      shop.pass(minutesMs)
      // Its bank is at work on it, and wants to be asked in six hours: nothing is on its way meanwhile.
      answers.push({ kind: 'pending', gatewayRef: null, pollAfterMs: 6 * hoursMs })
      value(await settlePayouts(shop, { limit: 10 }))
      expect(value(await decide()).status).toBe(moved ? 'paid' : 'failed')
      expect(await standing(shop)).toEqual(moved ? [0, selfMinor, 0] : [selfMinor, 0, 0])
      expect(value(await settlePayouts(shop, { limit: 10 })).failed).toEqual([])
      await expectBooksToAgree(shop)
    }
  })

  it.each([
    ['at once', -5, secondsMs],
    ['never', Number.POSITIVE_INFINITY, daysMs],
    ['at no time', Number.NaN, 10 * minutesMs],
  ])('is told again in time where its bank wants that %s', async (_, pollAfterMs, waitMs) => {
    const { shop, answers, asked } = await openOwing()
    answers.push({ kind: 'pending', gatewayRef: null, pollAfterMs })
    value(await payOut(shop, byStaff(), self))
    shop.pass(waitMs - 1)
    value(await settlePayouts(shop, { limit: 10 }))
    expect(asked).toHaveLength(1)
    shop.pass(1)
    value(await settlePayouts(shop, { limit: 10 }))
    expect(asked).toHaveLength(2)
    const [payout] = value(await showPayee(shop, byStaff(), self)).payouts
    expect(payout?.status).toBe('paid')
  })

  it('and whose command is sent again, after its machine stopped, is not known for unsent either', async () => {
    const { shop, answers } = await openOwing()
    answers.push(lost)
    const { payoutId } = value(await payOut(shop, byStaff('once'), self))
    answers.push(no('MerchantConfig'))
    expect(value(await payOut(shop, byStaff('once'), self))).toMatchObject({ payoutId, status: 'submitted' })
    const { shop: other, answers: theirs } = await openOwing()
    theirs.push(no('MerchantConfig'))
    expect(value(await payOut(other, byStaff('once'), self)).status).toBe('failed')
  })

  it('in words that may hide a yes is not told again, is in every report, and ends by a person’s word', async () => {
    for (const moved of [true, false]) {
      const { shop, answers, asked } = await openOwing()
      answers.push(no('DuplicateReference'))
      const { payoutId } = value(await payOut(shop, byStaff(), self))
      for (let turn = 0; turn < 2; turn += 1) {
        shop.pass(10 * minutesMs)
        const { failed } = value(await settlePayouts(shop, { limit: 10 }))
        expect(failed).toEqual([{ id: payoutId, reason: 'PayoutUnclear' }])
      }
      expect(asked).toEqual([payoutId])
      expect(await unclearIds(shop)).toEqual([payoutId])
      expect(await payOut(shop, byStaff(), self)).toMatchObject({ error: { type: 'NothingToPayOut' } })

      const told = value(await decidePayout(shop, byStaff('said'), { payoutId, moved }))
      expect(told).toMatchObject({ payoutId, status: moved ? 'paid' : 'failed', isUnclear: false })
      expect(value(await decidePayout(shop, byStaff('said'), { payoutId, moved }))).toEqual(told)
      expect(await standing(shop)).toEqual(moved ? [0, selfMinor, 0] : [selfMinor, 0, 0])
      expect(await unclearIds(shop)).toEqual([])
      expect(value(await settlePayouts(shop, { limit: 10 }))).toEqual({ done: 0, failed: [] })
      const again = await payOut(shop, byStaff(), self)
      expect(again.isOk()).toBe(!moved)
      await expectBooksToAgree(shop)
    }
  })

  it('is seen and decided by none of the staff who may not see all the orders that it is for', async () => {
    const { shop, answers } = await openOwing()
    answers.push(no('DuplicateReference'))
    const { payoutId } = value(await payOut(shop, byStaff(), self))
    const seenWithin = (scope: Scope) => ({ ...shop, authorizer: { authorize: () => okAsync(scope) } })
    for (const merchantId of ['self', 'lamps']) {
      const bound = seenWithin({ kind: 'fields', fields: { merchantId: [merchantId] } })
      expect(await unclearIds(bound)).toEqual([])
      const refused = (await decidePayout(bound, byStaff(), { payoutId, moved: false }))._unsafeUnwrapErr()
      expect(refused).toEqual({ type: 'Denied', action: 'orders.decidePayout' })
    }
    // Whatever else a host lets see the payout, none of what it is for may go unseen.
    const payout = await ask(shop, row(payouts, payoutId))
    const parts = [...(payout?.state.parts ?? []), { orderId: 'order_none', amountMinor: 1 }]
    if (payout === undefined) throw new Error('no payout')
    await commit(shop, [put(payouts, { id: payoutId, version: payout.version, state: { ...payout.state, parts } })])
    const refused = (await decidePayout(shop, byStaff(), { payoutId, moved: false }))._unsafeUnwrapErr()
    expect(refused).toEqual({ type: 'Denied', action: 'orders.decidePayout' })
    expect(await standing(shop)).toEqual([0, selfMinor, 0])
  })

  it('takes one word, of several that are said at once, and none of what is known', async () => {
    const { shop, answers } = await openOwing()
    answers.push(no('IdempotencyReuse'))
    const { payoutId } = value(await payOut(shop, byStaff(), self))
    const said = await Promise.all(
      Array.from({ length: 6 }, (_, place) => decidePayout(shop, byStaff(), { payoutId, moved: place % 2 === 0 })),
    )
    expect(said.filter((each) => each.isOk())).toHaveLength(1)
    await expectBooksToAgree(shop)
    const late = (await decidePayout(shop, byStaff(), { payoutId, moved: false }))._unsafeUnwrapErr()
    expect(late).toMatchObject({ type: 'PayoutNotUnclear', payoutId, decidableAt: null })
    const none = (await decidePayout(shop, byStaff(), { payoutId: 'payout_none', moved: true }))._unsafeUnwrapErr()
    expect(none).toEqual({ type: 'NotFound', entity: 'payout', id: 'payout_none' })
    const { shop: other, answers: theirs } = await openOwing()
    theirs.push(lost)
    const open = value(await payOut(other, byStaff(), self))
    expect(
      (await decidePayout(other, byStaff(), { payoutId: open.payoutId, moved: false }))._unsafeUnwrapErr(),
    ).toMatchObject({ type: 'PayoutNotUnclear', status: 'submitted' })
  })
})

describe('a part that a gateway says is another', () => {
  it('waits for a person and keeps the rest of the division from nothing', async () => {
    for (const moved of [true, false]) {
      const { shop, asked } = await openOwing(accounts)
      shop.gateway.scriptSplit({ kind: 'decline', code: 'AlreadyPaid' })
      expect(value(await splitShares(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
      expect(shop.gateway.books().splitsOver).toHaveLength(1)
      const [payoutId = ''] = await unclearIds(shop)
      expect(value(await decidePayout(shop, byStaff(), { payoutId, moved })).status).toBe(moved ? 'paid' : 'failed')
      expect(await standing(shop)).toEqual(moved ? [0, selfMinor, 0] : [selfMinor, 0, 0])
      // What the gateway did not give, the bank does.
      expect((await payOut(shop, byStaff(), self)).isOk()).toBe(!moved)
      expect(asked).toHaveLength(moved ? 0 : 1)
      await expectBooksToAgree(shop)
    }
  })

  it('on its way back lets the refund leave, and stays owed until a person says that it is back', async () => {
    for (const moved of [true, false]) {
      const { shop, orderId } = await openOwing(accounts)
      value(await splitShares(shop, { limit: 10 }))
      shop.gateway.scriptSplit({ kind: 'decline', code: 'AlreadyRefunded' })
      const lines = [{ lineId: 'kettle-1', quantity: 1 }]
      const back = value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines }))
      expect(back.status).toBe('succeeded')
      const [, , owedMinor = 0] = await standing(shop)
      expect(owedMinor).toBeGreaterThan(0)
      const [payoutId = ''] = await unclearIds(shop)
      shop.pass(10 * minutesMs)
      expect(value(await settlePayouts(shop, { limit: 10 })).failed).toEqual([
        { id: payoutId, reason: 'PayoutUnclear' },
      ])
      const told = value(await decidePayout(shop, byStaff(), { payoutId, moved }))
      expect(told).toMatchObject({ status: 'paid', isUnclear: false })
      expect(await standing(shop)).toEqual(moved ? [0, selfMinor - owedMinor, 0] : [0, selfMinor, owedMinor])
      await expectBooksToAgree(shop)
    }
  })
})

describe('the end of a division', () => {
  const ending = (shop: TestShop, codes: GatewayErrorCode[]) => {
    const { splits } = shop.gateway
    if (splits === undefined) throw new Error('no splits')
    const finish: SplitPort['finish'] = (request) => {
      const code = codes.shift()
      return code === undefined ? splits.finish(request) : okAsync(no(code))
    }
    return { ...shop, gateways: { sandbox: { ...shop.gateway, splits: { ...splits, finish } } } }
  }

  it('is told again where it was refused at the door, or as another, with the reason in the report', async () => {
    for (const code of gatewayErrorCodes) {
      const { definite, atTheDoor } = gatewayErrors[code]
      const { shop } = await openOwing(accounts)
      const refusing = ending(shop, [code])
      const isOpen = atTheDoor || !definite
      const { failed } = value(await splitShares(refusing, { limit: 10 }))
      expect([code, failed.map(({ reason }) => reason)]).toEqual([code, isOpen ? ['SplitNotAnswered'] : []])
      shop.pass(10 * minutesMs)
      value(await splitShares(refusing, { limit: 10 }))
      expect([code, shop.gateway.books().splitsOver.length]).toEqual([code, isOpen ? 1 : 0])
      expect(value(await splitShares(refusing, { limit: 10 }))).toEqual({ done: 0, failed: [] })
    }
  })

  it('is not waited for where everything went back, and nothing is left that a gateway could keep', async () => {
    const { shop, orderId } = await openOwing(accounts)
    const refusing = ending(
      shop,
      Array.from({ length: 9 }, () => 'MerchantConfig'),
    )
    expect(value(await splitShares(refusing, { limit: 10 })).failed).toHaveLength(1)
    const lines = [{ lineId: 'kettle-1', quantity: 2 }]
    value(await refundOrder(refusing, byStaff(), { orderId, reason: 'goodwill', lines, withShipping: true }))
    shop.pass(10 * minutesMs)
    expect(value(await splitShares(refusing, { limit: 10 }))).toEqual({ done: 1, failed: [] })
  })
})
