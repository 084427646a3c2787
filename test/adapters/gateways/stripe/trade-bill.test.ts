import type { CreateRequest } from 'shopwright/payments'
import { afterEach, describe, expect, it } from 'vitest'
import { createStripeBills } from '../../../../adapters/gateways/stripe/index.js'
import { must } from '../../../../examples/support/must.js'
import { createCloser } from '../loopback.js'
import { told } from '../told.js'
import { account } from './fake-server.js'
import { openStripe, t0 } from './stripe-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const dayMs = 86_400_000
// 2026-03-02 04:00 UTC
const day = '2026-03-02'

const open = async () => {
  let now = t0
  const world = keep(await openStripe({}, () => now))
  const bills = must(await createStripeBills({ baseUrl: world.server.baseUrl, ...account, timeoutMs: 2_000 }))
  const pay = (attemptRef: string, minor: number, facts: Partial<CreateRequest> = {}) =>
    told(
      world.gateway.create({
        attemptRef,
        orderRef: 'order_1',
        orderNumber: '261124-0482-1367-7',
        key: `create:${attemptRef}`,
        amount: { minor, currency: 'USD' },
        method: 'creditCard',
        instrumentToken: null,
        capture: 'automatic',
        expiresAt: now + 1_800_000,
        returnUrl: null,
        at: now,
        ...facts,
      }),
    )
  const giveBack = (refundRef: string, attemptRef: string, minor: number) =>
    told(
      world.gateway.refund({
        refundRef,
        attemptRef,
        gatewayRef: null,
        key: `refund:${refundRef}:1`,
        captured: { minor: 10_000, currency: 'USD' },
        amount: { minor, currency: 'USD' },
        at: now,
      }),
    )
  const fetch = (of = day, at = t0 + dayMs) => bills.fetchTradeBill({ day: of, at })
  const goTo = (at: number) => {
    now = at
  }
  return { ...world, pay, giveBack, fetch, goTo }
}

describe('the bill of a day at Stripe', () => {
  it('has what was booked on it, with fees, by our references, over several pages', async () => {
    const { server, pay, giveBack, fetch, goTo } = await open()
    server.transfers.letPagesHold(1)
    await pay('pay_0', 500)
    goTo(Date.parse('2026-03-02T00:00:00Z'))
    await pay('pay_1', 10_000)
    goTo(Date.parse('2026-03-02T23:59:59Z'))
    await giveBack('ref_1~2', 'pay_1', 3000)
    server.refundByHand('pay_1', 200)
    goTo(Date.parse('2026-03-03T00:00:00Z'))
    await pay('pay_2', 10_000)
    const rows = must(await fetch())
    expect(rows).toHaveLength(4)
    expect(rows.find(({ reference }) => reference === 'pay_1')).toEqual({
      kind: 'payment',
      reference: 'pay_1',
      attemptRef: 'pay_1',
      // As the payment is asked about, and given back.
      gatewayRef: expect.stringMatching(/^pi_/),
      status: 'succeeded',
      currency: 'USD',
      amountMinor: 10_000,
      fee: { value: 290, scale: 2 },
      at: Date.parse('2026-03-02T00:00:00Z'),
    })
    const back = rows.filter(({ kind }) => kind === 'refund')
    expect(
      back.map(({ reference, attemptRef, amountMinor, fee }) => [reference, attemptRef, amountMinor, fee]),
    ).toEqual(
      expect.arrayContaining([
        ['ref_1~2', 'pay_1', 3000, { value: 0, scale: 2 }],
        [expect.stringMatching(/^re_/), 'pay_1', 200, { value: 0, scale: 2 }],
      ]),
    )
    expect(must(await fetch('2026-03-03', t0 + 2 * dayMs)).map(({ reference }) => reference)).toEqual(['pay_2'])
  })

  it('has what was taken of a hold when it was taken, and a refund that did not arrive as failed', async () => {
    const { gateway, server, pay, giveBack, fetch, goTo } = await open()
    await pay('pay_1', 10_000, { capture: 'manual' })
    expect(must(await fetch())).toEqual([])
    goTo(t0 + 3_600_000)
    const amount = { minor: 6000, currency: 'USD' }
    await gateway.capture?.({ attemptRef: 'pay_1', gatewayRef: null, key: 'c1', amount, final: true, at: t0 })
    await giveBack('ref_1', 'pay_1', 1000)
    server.endRefund([...server.refunds.keys()][0] ?? '', 'failed')
    expect(must(await fetch()).map(({ reference, amountMinor, status }) => [reference, amountMinor, status])).toEqual(
      expect.arrayContaining([
        ['pay_1', 6000, 'succeeded'],
        ['ref_1', 1000, 'failed'],
      ]),
    )
  })

  it('leaves out what is neither payment nor refund, and what another program was paid', async () => {
    const { server, fetch, pay } = await open()
    const created = t0 / 1000
    const charge = { id: 'ch_theirs', object: 'charge', amount: 900, currency: 'usd', metadata: {} }
    server.balance.move({ id: 'txn_1', type: 'payout', amount: -500, created, source: 'po_1' })
    server.balance.move({ id: 'txn_2', type: 'adjustment', amount: -500, created, source: 'dp_1' })
    server.balance.move({ id: 'txn_3', type: 'charge', amount: 900, created, source: charge })
    await pay('pay_1', 10_000)
    expect(must(await fetch()).map(({ reference }) => reference)).toEqual(['pay_1'])
  })

  it('is of the currency that was paid in, whichever Stripe pays out in; its fee is then nobody’s to compare', async () => {
    const { server, fetch, pay, giveBack } = await open()
    server.balance.settleIn('eur', 0.9)
    await pay('pay_1', 10_000)
    await giveBack('ref_1', 'pay_1', 100)
    const rows = must(await fetch())
    expect(rows.map(({ amountMinor, currency, fee }) => [amountMinor, currency, fee])).toEqual(
      expect.arrayContaining([
        [10_000, 'USD', null],
        [100, 'USD', null],
      ]),
    )
  })

  it('counts yen in yen', async () => {
    const { fetch, pay } = await open()
    await pay('pay_1', 10_000, { amount: { minor: 10_000, currency: 'JPY' } })
    expect(must(await fetch())).toMatchObject([{ currency: 'JPY', amountMinor: 10_000, fee: { value: 290, scale: 0 } }])
  })

  it('is not there before the day is over', async () => {
    const { server, fetch } = await open()
    const before = server.received.length
    const early = await fetch(day, Date.parse('2026-03-02T23:59:59Z'))
    expect(early._unsafeUnwrapErr()).toEqual({ type: 'GatewayBillUnavailable', reason: 'notReady' })
    for (const none of ['2026-02-30', '2026-3-2', '', '2026-03-02T00'])
      expect((await fetch(none))._unsafeUnwrapErr()).toMatchObject({ reason: 'refused', gatewayCode: 'day' })
    expect(server.received).toHaveLength(before)
  })

  it('is refused whole where a movement does not say what it should', async () => {
    const created = t0 / 1000
    for (const source of [
      'ch_not_told',
      { object: 'charge' },
      { id: 'ch_1', object: 'charge', amount: 9, currency: 'usd' },
    ]) {
      const { server, fetch, pay } = await open()
      await pay('pay_1', 10_000)
      const named = typeof source === 'string' ? source : { ...source, metadata: { attempt_ref: 'pay_9' } }
      server.balance.move({ id: 'txn_1', type: 'charge', amount: 900, created: created + 1, source: named })
      expect((await fetch())._unsafeUnwrapErr()).toEqual({ type: 'GatewayBillUnreadable', reason: 'row', line: 1 })
    }
  })

  it.each([
    [
      401,
      '{"error":{"type":"invalid_request_error","code":"secret_key_required"}}',
      { reason: 'refused', gatewayCode: 'secret_key_required' },
    ],
    [503, '{"error":{"message":"canaryOfTheSecretKey"}}', { reason: 'unknown', cause: 'serverError' }],
    [200, '{"data":[{"id":"txn_1"}],"has_more":false}', { reason: 'unknown', cause: 'unparsable' }],
  ])('is not made up where Stripe answers %i', async (status, body, found) => {
    const { server, fetch, pay } = await open()
    server.transfers.letPagesHold(1)
    await pay('pay_1', 10_000)
    await pay('pay_2', 10_000)
    const told = { status, headers: { 'content-type': 'application/json' }, body }
    // The second page: what is missing of a bill is not nothing.
    server.fail({ kind: 'alter', alter: (said) => said }, { kind: 'say', told })
    const refused = (await fetch())._unsafeUnwrapErr()
    expect(refused).toEqual({ type: 'GatewayBillUnavailable', ...found })
    expect(JSON.stringify(refused)).not.toContain('canary')
  })
})
