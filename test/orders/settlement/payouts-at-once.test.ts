import { okAsync, ResultAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { decidePayout, listUnclearPayouts } from '../../../src/orders/settlement/decide-payout.js'
import { payOut } from '../../../src/orders/settlement/pay-out.js'
import { releaseShares } from '../../../src/orders/settlement/release-shares.js'
import { showPayee } from '../../../src/orders/settlement/show-payee.js'
import { settlePayouts } from '../../../src/orders/settlement/tell-payout.js'
import type { PayoutPort, SentPayout } from '../../../src/payments/payout.js'
import type { Outcome } from '../../../src/payments/ports.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import type { WorkCalendar } from '../../../src/shared/work-calendar.js'
import { expectBooksToAgree } from '../books-of.js'
import { by, byStaff, fillCart, pay, place, value } from '../open-shop.js'
import { openMall } from '../placing/open-mall.js'

const workCalendar: WorkCalendar = { coveredFrom: '2026-03-01', coveredTo: '2026-03-31', holidays: [], makeUpDays: [] }
const taken: Outcome<SentPayout> = { kind: 'ok', value: { payoutRef: 'bank-1' } }
const declined: Outcome<SentPayout> = {
  kind: 'declined',
  error: { code: 'InsufficientFunds', gatewayCode: 'no money' },
}
const lost: Outcome<SentPayout> = { kind: 'unknown', cause: 'timeout' }
const payee = { payee: 'self', currency: 'CNY' }

/** A payout of 137.00 of which nobody knows what came of it, and which is due to be told again. */
const openDoubtful = async () => {
  const asked: string[] = []
  const answers: (Outcome<SentPayout> | Promise<Outcome<SentPayout>>)[] = [lost]
  let heard = () => {}
  const payouts: PayoutPort = {
    send: ({ payoutId }) => {
      asked.push(payoutId)
      heard()
      const answer = answers.shift() ?? taken
      return answer instanceof Promise ? ResultAsync.fromSafePromise(answer) : okAsync(answer)
    },
  }
  const rates = [{ merchantId: null, platformBasisPoints: 0, partners: [] }]
  const mall = await openMall({}, { severalMerchants: 'together', settlement: { afterWorkingDays: 0, rates } })
  const shop = { ...mall, payouts, workCalendar }
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
  value(await confirmReceipt(shop, by('ann'), { orderId }))
  value(await completeOrder(shop, byStaff(), { orderId }))
  shop.pass(daysMs)
  value(await releaseShares(shop, { limit: 10 }))
  const { payoutId } = value(await payOut(shop, byStaff(), payee))
  shop.pass(10 * minutesMs)
  const account = async () => {
    const { availableMinor, paidOutMinor, payouts: found } = value(await showPayee(shop, byStaff(), payee))
    return { availableMinor, paidOutMinor, statuses: found.map(({ status }) => status) }
  }
  /** Resolves once somebody is told. */
  const told = () =>
    new Promise<void>((resolve) => {
      heard = resolve
    })
  return { shop, asked, answers, payoutId, account, told }
}

describe('a payout that several machines tell', () => {
  it('is told by one of them at a time, whatever the bank would say to the others', async () => {
    const { shop, asked, answers, account } = await openDoubtful()
    answers.push(declined)
    const sweeps = await Promise.all(Array.from({ length: 4 }, () => settlePayouts(shop, { limit: 10 })))
    expect(sweeps.flatMap((sweep) => value(sweep).failed)).toEqual([])
    expect(asked).toHaveLength(2)
    expect(await account()).toEqual({ availableMinor: 13_700, paidOutMinor: 0, statuses: ['failed'] })
    await expectBooksToAgree(shop)
  })

  it('and is said to be sent after it was said not to be waits for a person, and is not paid again meanwhile', async () => {
    for (const moved of [true, false]) {
      const { shop, asked, answers, payoutId, account, told } = await openDoubtful()
      let answer = (_: Outcome<SentPayout>) => {}
      answers.push(
        new Promise((resolve) => {
          answer = resolve
        }),
        declined,
      )
      const heard = told()
      const slow = settlePayouts(shop, { limit: 10 })
      await heard
      // The first machine waits for its answer for so long that another takes over.
      shop.pass(10 * minutesMs)
      value(await settlePayouts(shop, { limit: 10 }))
      expect(await account()).toEqual({ availableMinor: 13_700, paidOutMinor: 0, statuses: ['failed'] })
      answer(taken)
      value(await slow)
      expect(await account()).toEqual({ availableMinor: 0, paidOutMinor: 13_700, statuses: ['unclear'] })
      expect(value(await listUnclearPayouts(shop, byStaff())).payouts.map((each) => each.payoutId)).toEqual([payoutId])
      expect((await payOut(shop, byStaff(), payee))._unsafeUnwrapErr()).toMatchObject({ type: 'NothingToPayOut' })
      await expectBooksToAgree(shop)
      shop.pass(minutesMs)
      value(await decidePayout(shop, byStaff(), { payoutId, moved }))
      expect(await account()).toEqual(
        moved
          ? { availableMinor: 0, paidOutMinor: 13_700, statuses: ['paid'] }
          : { availableMinor: 13_700, paidOutMinor: 0, statuses: ['failed'] },
      )
      expect(asked).toHaveLength(3)
      await expectBooksToAgree(shop)
    }
  })
})
