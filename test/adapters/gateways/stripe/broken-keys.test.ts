import { afterEach, describe, expect, it } from 'vitest'
import { createCloser } from '../loopback.js'
import { told } from '../told.js'
import { openStripe, question, refundRequest, request, t0 } from './stripe-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)
const open = async () => keep(await openStripe())

describe('a request that Stripe was out of order for', () => {
  const broken = { kind: 'unknown', cause: 'serverError' }
  const at = (minutes: number) => ({ since: t0, at: t0 + minutes * 60_000 })

  it('is sent once more a minute later where nothing came of it, and no oftener', async () => {
    const { gateway, server } = await open()
    await gateway.create(request)
    server.breakUnderKey({ worksAllTheSame: false })
    const send = (minutes: number) => told(gateway.refund({ ...refundRequest, ...at(minutes) }))
    expect(await send(0)).toEqual(broken)
    // Within a minute something may still come of it.
    expect(await send(0.5)).toEqual(broken)
    expect(server.refunds.size).toBe(0)
    expect(await send(1)).toMatchObject({ kind: 'ok', value: { refundRef: 'ref_1' } })
    expect(await send(2)).toMatchObject({ kind: 'ok', value: { refundRef: 'ref_1' } })
    expect(server.refunds.size).toBe(1)
  })

  it('is not sent once more where something came of it, or where it broke twice', async () => {
    const { gateway, server } = await open()
    await gateway.create(request)
    const send = (refundRef: string, minutes: number) =>
      told(gateway.refund({ ...refundRequest, refundRef, key: refundRef, ...at(minutes) }))
    server.breakUnderKey({ worksAllTheSame: true })
    expect(await send('ref_1', 0)).toEqual(broken)
    expect(await send('ref_1', 1)).toMatchObject({ kind: 'ok', value: { refundRef: 'ref_1' } })
    expect(server.refunds.size).toBe(1)
    server.breakUnderKey({ worksAllTheSame: false }, { worksAllTheSame: false })
    for (const minutes of [0, 1, 2, 3]) expect(await send('ref_2', minutes)).toEqual(broken)
    expect(server.refunds.size).toBe(1)
    expect(new Set(server.received.flatMap(({ headers }) => headers['idempotency-key'] ?? []))).toEqual(
      new Set(['create:pay_1', 'ref_1', 'ref_2', 'ref_2:again']),
    )
  })

  it('takes held money as soon, and once', async () => {
    const { gateway, server } = await open()
    const held = await told(gateway.create({ ...request, capture: 'manual' }))
    const gatewayRef = held.kind === 'ok' ? held.value.gatewayRef : null
    const amount = { minor: 5000, currency: 'USD' }
    const step = { attemptRef: 'pay_1', gatewayRef, key: 'capture:1', final: true, amount }
    const take = (minutes: number) => told(gateway.capture?.({ ...step, ...at(minutes) }) ?? gateway.query(question))
    server.breakUnderKey({ worksAllTheSame: false })
    expect(await take(0)).toEqual(broken)
    expect(await take(1)).toMatchObject({ kind: 'ok', value: { status: 'captured', capturedMinor: 5000 } })
  })
})
