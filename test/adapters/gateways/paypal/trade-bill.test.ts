import type { CreateRequest } from 'shopwright/payments'
import { afterEach, describe, expect, it } from 'vitest'
import { createPayPalBills } from '../../../../adapters/gateways/paypal/index.js'
import { must } from '../../../../examples/support/must.js'
import { createCloser, type Told } from '../loopback.js'
import { told } from '../told.js'
import { account } from './fake-server.js'
import { openPayPal, placed, request, t0 } from './paypal-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

// t0 is 2026-03-02 04:00 UTC.
const day = '2026-03-02'
const nextMorning = Date.parse('2026-03-03T04:00:00Z')
const info = { transaction_initiation_date: '2026-03-02T05:00:00+0000', transaction_status: 'S' }

const open = async () => {
  let now = t0
  const world = keep(await openPayPal({}, () => now))
  const bills = must(createPayPalBills({ baseUrl: world.server.baseUrl, ...account, timeoutMs: 10_000 }))
  const goTo = (at: number) => {
    now = at
  }
  const pay = async (attemptRef: string, facts: Partial<CreateRequest> = {}) => {
    const { gatewayRef } = await placed(world, { attemptRef, key: `create:${attemptRef}`, ...facts })
    await world.gateway.query({ attemptRef, gatewayRef, at: now })
    return gatewayRef
  }
  const giveBack = (refundRef: string, attemptRef: string, gatewayRef: string | null, minor: number) =>
    told(
      world.gateway.refund({
        refundRef,
        attemptRef,
        gatewayRef,
        key: `refund:${refundRef}:1`,
        captured: request.amount,
        amount: { minor, currency: 'USD' },
        at: now,
      }),
    )
  const fetch = (of = day, at = nextMorning) => {
    goTo(Math.max(now, at))
    return bills.fetchTradeBill({ day: of, at })
  }
  return { ...world, goTo, pay, giveBack, fetch }
}

const listsIn = ({ server }: Awaited<ReturnType<typeof open>>) =>
  server.received.filter(({ path }) => path.startsWith('/v1/reporting/')).length

describe('the bill of a day at PayPal', () => {
  it('has payments and refunds by our references, with fees that are above zero where they cost', async () => {
    const { pay, giveBack, fetch } = await open()
    const order = await pay('pay_1')
    await giveBack('ref_1~2', 'pay_1', order, 1000)
    expect(must(await fetch())).toEqual([
      {
        kind: 'payment',
        reference: 'pay_1',
        attemptRef: 'pay_1',
        // A payment is asked about by its order, which the list does not name.
        gatewayRef: null,
        status: 'succeeded',
        currency: 'USD',
        amountMinor: 8888,
        fee: { value: 30, scale: 2 },
        at: t0,
      },
      {
        kind: 'refund',
        reference: 'ref_1~2',
        attemptRef: 'pay_1',
        gatewayRef: expect.any(String),
        status: 'succeeded',
        currency: 'USD',
        amountMinor: 1000,
        fee: { value: -10, scale: 2 },
        at: t0,
      },
    ])
  })

  it('begins and ends with the day of UTC', async () => {
    const { goTo, pay, fetch } = await open()
    for (const [attemptRef, moment] of [
      ['pay_1', '2026-03-01T23:59:59Z'],
      ['pay_2', '2026-03-02T00:00:00Z'],
      ['pay_3', '2026-03-02T23:59:59Z'],
      ['pay_4', '2026-03-03T00:00:00Z'],
    ] as const) {
      goTo(Date.parse(moment))
      await pay(attemptRef)
    }
    expect(must(await fetch()).map(({ reference }) => reference)).toEqual(['pay_2', 'pay_3'])
  })

  it('asks for a refund that is listed under what its payment carries, also one of PayPal’s own pages', async () => {
    const { server, pay, giveBack, fetch } = await open()
    server.reports.hideMarks()
    const order = await pay('pay_1')
    await giveBack('ref_1', 'pay_1', order, 1000)
    const byHand = server.refundByHand('pay_1', { currency_code: 'USD', value: '2.00' })
    const back = must(await fetch()).filter(({ kind }) => kind === 'refund')
    expect(back.map(({ reference, attemptRef, amountMinor }) => [reference, attemptRef, amountMinor])).toEqual([
      ['ref_1', 'pay_1', 1000],
      [byHand, 'pay_1', 200],
    ])
    server.fail(
      { kind: 'alter', alter: (said) => said },
      { kind: 'alter', alter: (said) => said },
      { kind: 'say', told: { status: 429, body: '{"name":"RATE_LIMIT_REACHED"}' } },
    )
    // A token, the list, and then the refund.
    expect((await fetch('2026-03-02', nextMorning + 86_400_000))._unsafeUnwrapErr()).toMatchObject({
      type: 'GatewayBillUnavailable',
      reason: 'refused',
      gatewayCode: 'RATE_LIMIT_REACHED',
    })
  })

  it('leaves out holds, disputes, payouts and what was paid out', async () => {
    const { server, pay, fetch } = await open()
    await pay('pay_1')
    const usd = (value: string) => ({ transaction_amount: { currency_code: 'USD', value }, transaction_id: 'X1' })
    server.reports.move({ ...info, ...usd('-5.00'), transaction_event_code: 'T1110' })
    server.reports.move({ ...info, ...usd('-500.00'), transaction_event_code: 'T0400' })
    server.reports.move({ ...info, ...usd('-7.00'), transaction_event_code: 'T0000', invoice_id: 'pay_1' })
    server.reports.move({ ...info, ...usd('7.00'), transaction_event_code: 'T0000' })
    expect(must(await fetch()).map(({ reference }) => reference)).toEqual(['pay_1'])
  })

  it('has what PayPal took back by itself, unless a dispute has it', async () => {
    const { server, pay, fetch } = await open()
    await pay('pay_1')
    await pay('pay_2')
    const [first, second] = [...server.orders.values()].map(({ captures }) => captures[0]?.id ?? '')
    const taken = (transaction_id: string, value: string, capture: string | undefined) =>
      server.reports.move({
        ...{ ...info, transaction_id, transaction_event_code: 'T1106' },
        ...{ transaction_amount: { currency_code: 'USD', value }, paypal_reference_id: capture },
      })
    server.dispute('pay_1', { currency_code: 'USD', value: '5.00' })
    taken('X1', '-5.00', first)
    taken('X2', '-7.00', second)
    taken('X3', '-9.00', 'OTHERS')
    const back = async () => must(await fetch()).filter(({ kind }) => kind === 'refund')
    expect(await back()).toMatchObject([
      { reference: 'X2', attemptRef: 'pay_2', status: 'succeeded', amountMinor: 700 },
    ])
    // An account that may not ask for disputes is shown all of it.
    const said = { kind: 'alter', alter: (told: Told) => told } as const
    server.fail(said, { kind: 'say', told: { status: 403, body: '{"name":"NOT_AUTHORIZED"}' } })
    expect((await back()).map(({ reference }) => reference)).toEqual(['X1', 'X2'])
    // A dispute that was won holds nothing any more.
    server.decide('RESOLVED_SELLER_FAVOUR')
    expect((await back()).map(({ reference }) => reference)).toEqual(['X1', 'X2'])
  })

  it('has what a bank is still to pay as under way, at no cost yet', async () => {
    const { server, pay, fetch } = await open()
    await pay('pay_1')
    server.reports.move({
      ...info,
      transaction_id: 'X1',
      transaction_amount: { currency_code: 'USD', value: '7.00' },
      fee_amount: { currency_code: 'USD', value: '-0.30' },
      transaction_event_code: 'T0006',
      invoice_id: 'pay_9',
      transaction_status: 'P',
    })
    expect(must(await fetch()).map(({ reference, status, fee }) => [reference, status, fee?.value])).toEqual([
      ['pay_1', 'succeeded', 30],
      ['pay_9', 'pending', undefined],
    ])
  })

  it('is read page by page, and by the half where there is too much for one list', async () => {
    const world = await open()
    for (const [index, moment] of ['01:00', '13:00', '13:00', '23:00'].entries()) {
      world.goTo(Date.parse(`2026-03-02T${moment}:00Z`))
      await world.pay(`pay_${index}`)
    }
    world.server.reports.be({ pageSize: 1 })
    expect(must(await world.fetch()).map(({ reference }) => reference)).toEqual(['pay_0', 'pay_1', 'pay_2', 'pay_3'])
    expect(listsIn(world)).toBe(4)
    world.server.reports.be({ pageSize: 500 })
    world.server.reports.letListsHold(2)
    expect(must(await world.fetch()).map(({ reference }) => reference)).toEqual(['pay_0', 'pay_1', 'pay_2', 'pay_3'])
    world.server.reports.letListsHold(1)
    expect((await world.fetch())._unsafeUnwrapErr()).toMatchObject({ gatewayCode: 'RESULTSET_TOO_LARGE' })
  })

  it('is not there before the day is over, or before PayPal has listed all of it', async () => {
    const world = await open()
    const early = await world.fetch(day, Date.parse('2026-03-02T23:59:59Z'))
    expect(early._unsafeUnwrapErr()).toEqual({ type: 'GatewayBillUnavailable', reason: 'notReady' })
    expect(listsIn(world)).toBe(0)
    world.server.reports.lag(3 * 3_600_000)
    const late = await world.fetch(day, Date.parse('2026-03-03T02:59:59Z'))
    expect(late._unsafeUnwrapErr()).toEqual({ type: 'GatewayBillUnavailable', reason: 'notReady' })
    expect(must(await world.fetch(day, Date.parse('2026-03-03T03:00:00Z')))).toEqual([])
  })

  it.each([
    ['it is of another merchant', { account: 'ANOTHERMERCHA' }, { reason: 'otherBill', line: null }],
    ['it holds fewer than it counts', { missing: 1 }, { reason: 'total', line: null }],
  ])('is not believed where %s', async (_, facts, found) => {
    const { server, pay, fetch } = await open()
    await pay('pay_1')
    server.reports.be(facts)
    expect((await fetch())._unsafeUnwrapErr()).toEqual({ type: 'GatewayBillUnreadable', ...found })
  })

  it.each([
    { transaction_amount: { currency_code: 'USD', value: '1,00' } },
    { transaction_amount: { currency_code: 'USD', value: '1.00' }, transaction_initiation_date: 'soon' },
    { transaction_amount: { currency_code: 'USD', value: '1.00' }, transaction_status: 'Q' },
    { transaction_amount: { currency_code: 'USD', value: '1.00' }, fee_amount: { currency_code: 'USD', value: 'x' } },
  ])('is refused whole where a movement says %j', async (facts) => {
    const { server, fetch } = await open()
    const movement = { ...info, transaction_id: 'X1', transaction_event_code: 'T0006', invoice_id: 'pay_9', ...facts }
    const body = JSON.stringify({
      transaction_details: [{ transaction_info: movement }],
      account_number: account.merchantId,
      last_refreshed_datetime: '2026-03-03T04:00:00+0000',
      total_items: 1,
      total_pages: 1,
    })
    // A token, and then the list.
    server.fail({ kind: 'alter', alter: (said) => said }, { kind: 'say', told: { status: 200, body } })
    expect((await fetch())._unsafeUnwrapErr()).toEqual({ type: 'GatewayBillUnreadable', reason: 'row', line: 1 })
  })

  it.each([
    [403, '{"name":"NOT_AUTHORIZED"}', { reason: 'refused', gatewayCode: 'NOT_AUTHORIZED' }],
    [503, 'canary-secret-of-the-client', { reason: 'unknown', cause: 'serverError' }],
    [200, '{}', { reason: 'unknown', cause: 'unparsable' }],
  ])('is not made up where PayPal answers %i', async (status, body, found) => {
    const { server, fetch } = await open()
    server.fail({ kind: 'alter', alter: (said) => said }, { kind: 'say', told: { status, body } })
    const refused = (await fetch())._unsafeUnwrapErr()
    expect(refused).toEqual({ type: 'GatewayBillUnavailable', ...found })
  })
})
