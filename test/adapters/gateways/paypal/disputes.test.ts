import { afterEach, describe, expect, it } from 'vitest'
import { createCloser, type Told } from '../loopback.js'
import { told } from '../told.js'
import { openPayPal, t0 } from './paypal-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const pass = { kind: 'alter', alter: (said: Told) => said } as const
const refusal = (status: number) => ({ kind: 'say', told: { status, body: '{"name":"NO"}' } }) as const

/** Payments that are taken, and hands to dispute them. */
const open = async (count = 1) => {
  const world = keep(await openPayPal())
  const { gateway, server } = world
  for (let place = 1; place <= count; place += 1) {
    const attemptRef = `pay_${place}`
    const created = await told(
      gateway.create({
        attemptRef,
        orderRef: 'order_1',
        orderNumber: '261124-0482-1367-7',
        key: `create:${attemptRef}`,
        amount: { minor: 8888, currency: 'USD' },
        method: 'payPal',
        instrumentToken: null,
        capture: 'automatic',
        expiresAt: t0 + 1_800_000,
        returnUrl: null,
        at: t0,
      }),
    )
    if (created.kind !== 'ok') throw new Error(JSON.stringify(created))
    await gateway.query({ attemptRef, gatewayRef: created.value.gatewayRef, at: t0 })
  }
  const dispute = (attemptRef = 'pay_1') => server.dispute(attemptRef, { currency_code: 'USD', value: '10.00' })
  const accept = (disputeRef: string) =>
    told(gateway.disputes!.accept!({ disputeRef, attemptRef: 'pay_1', key: 'accept:1', at: t0 }))
  const list = () => told(gateway.disputes!.list!({ since: t0 - 86_400_000, at: t0 }))
  const asked = (path: RegExp) => server.received.filter((request) => path.test(`${request.method} ${request.path}`))
  return { ...world, dispute, accept, list, asked }
}

describe('a claim that is accepted', () => {
  it('is one: what is accepted already is not sent again', async () => {
    const { dispute, accept, asked, server } = await open()
    const disputeRef = dispute()
    server.fail(pass, { kind: 'cutAfter' })
    expect((await accept(disputeRef)).kind).toBe('unknown')
    expect(await accept(disputeRef)).toMatchObject({ kind: 'ok', value: { status: 'lost', lostMinor: 1000 } })
    expect(asked(/POST .*accept-claim/)).toHaveLength(1)
  })

  it.each([429, 403])('is not refused because it could not be looked at, by %i', async (status) => {
    const { dispute, accept, asked, server } = await open()
    const disputeRef = dispute()
    server.fail(refusal(status))
    expect(await accept(disputeRef)).toEqual({ kind: 'unknown', cause: 'ambiguous' })
    expect(asked(/POST .*accept-claim/)).toEqual([])
  })

  it('waits for its word where PayPal has taken it and cannot be asked', async () => {
    const { dispute, accept, server } = await open()
    const disputeRef = dispute()
    server.fail(pass, pass, refusal(429))
    expect(await accept(disputeRef)).toMatchObject({ kind: 'pending', gatewayRef: disputeRef })
  })

  it('is not refused because PayPal is looking at it, perhaps as it was accepted before', async () => {
    const { dispute, accept, asked, server } = await open()
    const disputeRef = dispute()
    const underReview = (said: Told): Told => ({
      ...said,
      body: String(said.body)
        .replace('WAITING_FOR_SELLER_RESPONSE', 'UNDER_REVIEW')
        .replaceAll(/accept-claim|provide-evidence/g, 'self'),
    })
    server.fail({ kind: 'alter', alter: underReview })
    expect(await accept(disputeRef)).toEqual({ kind: 'unknown', cause: 'ambiguous' })
    expect(asked(/POST .*accept-claim/)).toEqual([])
  })

  it('is refused without a link for it, of another payment, and where only part could go back', async () => {
    const { dispute, accept, server, asked } = await open(2)
    const disputeRef = dispute()
    server.disputes.acceptBy(['REFUND_WITH_RETURN'])
    expect(await accept(disputeRef)).toMatchObject({ kind: 'declined', error: { gatewayCode: 'accept_claim_type' } })
    server.disputes.acceptBy(['REFUND'])
    expect((await accept(dispute('pay_2'))).kind).toBe('declined')
    server.decide('RESOLVED_SELLER_FAVOUR')
    expect(await accept(disputeRef)).toMatchObject({ kind: 'declined', error: { code: 'Expired' } })
    expect(asked(/POST .*accept-claim/)).toEqual([])
  })
})

describe('disputes that nobody told of', () => {
  it('are named over all pages, and each is asked about once', async () => {
    const { dispute, list, asked } = await open()
    const refs = Array.from({ length: 51 }, () => dispute())
    const named = await list()
    expect(named.kind === 'ok' ? named.value.map(({ disputeRef }) => disputeRef) : named).toEqual([...refs].reverse())
    expect(asked(/GET .*\?page_size/)).toHaveLength(2)
    expect(asked(/GET .*disputes\/PP/)).toHaveLength(51)
    expect(await list()).toEqual(named)
    expect(asked(/GET .*disputes\/PP/)).toHaveLength(51)
  })

  it.each([
    ['the list', [refusal(429)]],
    ['one of them', [pass, refusal(429)]],
  ] as const)('are not said to be none where %s could not be looked at', async (_, faults) => {
    const { dispute, list, server } = await open()
    const disputeRef = dispute()
    server.fail(...faults)
    expect(await list()).toEqual({ kind: 'unknown', cause: 'ambiguous' })
    expect(await list()).toEqual({ kind: 'ok', value: [{ disputeRef, attemptRef: 'pay_1' }] })
  })

  it('are named though one cannot be understood, which is asked about the next time', async () => {
    const { dispute, list, server } = await open(2)
    const [strange, plain] = [dispute('pay_1'), dispute('pay_2')]
    server.fail(pass, pass, { kind: 'say', told: { status: 200, body: '{}' } })
    expect(await list()).toEqual({ kind: 'ok', value: [{ disputeRef: plain, attemptRef: 'pay_2' }] })
    expect(await list()).toMatchObject({ kind: 'ok', value: [{ disputeRef: plain }, { disputeRef: strange }] })
  })
})
