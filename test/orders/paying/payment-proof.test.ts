import fc from 'fast-check'
import { type Actor, askPaymentProof, type PaymentProof, type PaymentProofPolicy, payOrder } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { by, fillCart, openShop, place, type TestShop } from '../open-shop.js'

const minute = 60_000
const always: PaymentProofPolicy = { asked: 'always', proofs: ['paymentPassword', 'code'], freshMs: 5 * minute }
const above: PaymentProofPolicy = { ...always, asked: { above: [{ minor: 13_700, currency: 'CNY' }] } }

const buyerWith = (at: number, proof?: PaymentProof): Actor => ({
  kind: 'customer',
  accountId: 'ann',
  session: { sessionId: 's', provenAt: at, ...(proof === undefined ? {} : { paymentProof: { by: proof, at } }) },
})

const payAs = async (shop: TestShop, policy: PaymentProofPolicy, actor: Actor, orderId: string) =>
  (
    await payOrder(
      { ...shop, paymentProof: policy },
      { ...by('ann'), actor },
      {
        orderId,
        gatewayId: 'sandbox',
        method: 'wechatPay',
      },
    )
  ).match(
    ({ orderStatus }) => orderStatus,
    ({ type }) => type,
  )

describe('paying where a proof is asked for', () => {
  it('takes a fresh proof of a kind that counts; nothing is begun before, and signing in proves nothing', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    const now = shop.clock.now()
    const commits = shop.counts.commits
    const refused = await payOrder({ ...shop, paymentProof: always }, by('ann'), {
      orderId,
      gatewayId: 'sandbox',
      method: 'wechatPay',
    })
    const { proofs, freshMs } = always
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'StepUpRequired', action: 'orders.pay', proofs, freshMs })
    expect(await payAs(shop, always, buyerWith(now), orderId)).toBe('StepUpRequired')
    expect(await payAs(shop, always, buyerWith(now, 'stepUp'), orderId)).toBe('StepUpRequired')
    expect(await payAs(shop, always, buyerWith(now - 5 * minute, 'code'), orderId)).toBe('StepUpRequired')
    expect(shop.counts.commits).toBe(commits)
    expect(await payAs(shop, always, buyerWith(now - 5 * minute + 1, 'code'), orderId)).toBe('paid')
  })

  it('may ask only above an amount: 137.00 is not more than 137.00, 196.00 is', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    expect(await payAs(shop, above, buyerWith(shop.clock.now()), orderId)).toBe('paid')
    expect(
      askPaymentProof(buyerWith(0), above, {
        action: 'orders.pay',
        amount: { minor: 13_701, currency: 'CNY' },
        challenged: false,
        at: 0,
      }).isErr(),
    ).toBe(true)
  })
})

describe('whether a payment asks for a proof', () => {
  const ask = (policy: PaymentProofPolicy, actor: Actor, minor: number, currency = 'CNY', challenged = false) =>
    askPaymentProof(actor, policy, { action: 'orders.pay', amount: { minor, currency }, challenged, at: 1_000 }).isErr()

  it('asks in a currency that has no bound, and when something about the payment asks', () => {
    expect(ask(above, buyerWith(0), 1, 'USD')).toBe(true)
    expect(ask({ ...always, asked: 'never' }, buyerWith(0), 1_000_000)).toBe(false)
    expect(ask({ ...always, asked: 'never' }, buyerWith(0), 1, 'CNY', true)).toBe(true)
  })

  it('asks no guest, who has nothing to show', () => {
    expect(ask(always, { kind: 'guest', guestId: 'g' }, 1)).toBe(false)
  })

  it('never asks for less and not for more; a proof that counts for one amount counts for every other', () => {
    fc.assert(
      fc.property(
        fc.nat(30_000),
        fc.nat(30_000),
        fc.option(fc.constantFrom<PaymentProof>('stepUp', 'paymentPassword', 'code'), { nil: undefined }),
        (one, other, proof) => {
          const [less, more] = [Math.min(one, other), Math.max(one, other)]
          if (ask(above, buyerWith(0, proof), less)) expect(ask(above, buyerWith(0, proof), more)).toBe(true)
          if (proof !== undefined && above.proofs.includes(proof)) {
            expect(ask(above, buyerWith(0, proof), more)).toBe(false)
          }
        },
      ),
    )
  })
})
