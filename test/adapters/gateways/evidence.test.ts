import type { DisputePort, EvidenceFile, PaymentGateway } from 'shopwright/payments'
import { afterEach, describe, expect, it } from 'vitest'
import { openAlipay } from './alipay/alipay-world.js'
import { createCloser, json } from './loopback.js'
import { openStripe, passing, t0 } from './stripe/stripe-world.js'
import { openWechatPay } from './wechatpay/wechatpay-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const slip: EvidenceFile = {
  name: '签收单.jpg',
  mediaType: 'image/jpeg',
  shows: 'delivery',
  bytes: Uint8Array.from([0xff, 0xd8, 0xff, 0x0d, 0x0a]),
}
const words = 'It was signed for.'

type Submit = Parameters<NonNullable<DisputePort['submitEvidence']>>[0]

const submit = async ({ disputes }: PaymentGateway, disputeRef: string, more: Partial<Submit> = {}) => {
  if (disputes?.submitEvidence === undefined) throw new Error('no evidence')
  const evidence = {
    explanation: words,
    files: [slip],
    goods: ['Kettle'],
    parcels: [],
    refunded: { minor: 0, currency: 'CNY' },
  }
  const request = { disputeRef, attemptRef: 'pay_0001', key: 'evidence:1', evidence, concludes: false, at: t0, ...more }
  return (await disputes.submitEvidence(request))._unsafeUnwrap()
}

const payment = (method: 'creditCard' | 'wechatPay' | 'alipay', currency: string) => ({
  attemptRef: 'pay_0001',
  orderRef: 'order_1',
  orderNumber: '261124-0482-1367-7',
  key: 'create:pay_0001',
  amount: { minor: 10_000, currency },
  method,
  instrumentToken: null,
  capture: 'automatic' as const,
  expiresAt: t0 + 1_800_000,
  returnUrl: null,
  at: t0,
})

const stripe = async () => {
  const world = keep(await openStripe())
  await world.gateway.create(payment('creditCard', 'USD'))
  return { ...world, id: world.server.dispute('pay_0001', 10_000) }
}
const wechatPay = async () => {
  const world = keep(await openWechatPay())
  await world.gateway.create(payment('wechatPay', 'CNY'))
  return { ...world, id: world.server.complaints.complain('pay_0001', 'It never came.') }
}
const alipay = async () => {
  const world = keep(await openAlipay())
  await world.gateway.create(payment('alipay', 'CNY'))
  return { ...world, id: world.server.complaints.complain('pay_0001', 'It never came.') }
}

/** Ways to be turned away that say nothing of what was sent before. */
const doors = [401, 403, 429].map((status) => ({
  kind: 'say' as const,
  told: json(status, { code: 'NO', message: 'no', error: { type: 'api_error', message: 'no' } }),
}))

describe('evidence that Stripe has', () => {
  it('is known for taken however long ago, and however it is contested now', async () => {
    const { gateway, server, id } = await stripe()
    expect(await submit(gateway, id)).toMatchObject({ kind: 'ok' })
    server.forgetKeys()
    expect(await submit(gateway, id)).toMatchObject({ kind: 'ok', value: { status: 'underReview' } })
    const dispute = server.disputes.get(id)
    if (dispute === undefined) throw new Error('no dispute')
    server.disputes.set(id, { ...dispute, status: 'needs_response' })
    expect(await submit(gateway, id, { key: 'evidence:2' })).toMatchObject({ kind: 'ok' })
    expect(server.received.filter(({ method }) => method === 'POST').length).toBe(3)
  })

  it('is not known for refused where Stripe may not be asked, and none is sent', async () => {
    const { gateway, server, id } = await stripe()
    for (const no of doors) {
      server.fail(no)
      expect(await submit(gateway, id)).toEqual({ kind: 'unknown', cause: 'ambiguous' })
    }
    expect(server.disputes.get(id)?.status).toBe('needs_response')
    expect(await submit(gateway, 'dp_none')).toMatchObject({ kind: 'declined' })
  })
})

describe('files of evidence at Stripe', () => {
  it('stand in the field of its form that says what they show', async () => {
    const { gateway, server, id } = await stripe()
    const shows = ['delivery', 'conversation', 'receipt', 'other'] as const
    const files = shows.map((each) => ({ ...slip, shows: each }))
    const facts = { explanation: words, goods: [], parcels: [], refunded: { minor: 0, currency: 'USD' } }
    await submit(gateway, id, { evidence: { ...facts, files } })
    const names = ['shipping_documentation', 'customer_communication', 'receipt', 'uncategorized_file']
    const told = server.disputes.get(id)?.evidence ?? {}
    expect(names.map((name) => server.files.get(told[name] ?? '')?.name)).toEqual([
      '1-_.jpg',
      '2-_.jpg',
      '3-_.jpg',
      '4-_.jpg',
    ])
  })

  it('are handed over once under the key, and nothing is contested without them', async () => {
    const { gateway, server, id } = await stripe()
    // How the dispute stands is asked first.
    server.fail(passing, { kind: 'cutAfter' }, { kind: 'cutAfter' })
    expect(await submit(gateway, id)).toEqual({ kind: 'unknown', cause: 'reset' })
    expect(server.disputes.get(id)?.status).toBe('needs_response')
    expect(await submit(gateway, id)).toMatchObject({ kind: 'ok', value: { status: 'underReview' } })
    expect(server.files.size).toBe(1)
  })

  it('that Stripe does not take keep the evidence from going', async () => {
    const { gateway, server, id } = await stripe()
    const no = json(400, { error: { type: 'invalid_request_error', code: 'file_invalid' } })
    server.fail(passing, { kind: 'say', told: no })
    expect(await submit(gateway, id)).toMatchObject({ kind: 'declined', error: { gatewayCode: 'file_invalid' } })
    server.fail(passing, { kind: 'say', told: json(200, { object: 'file' }) })
    expect(await submit(gateway, id, { key: 'evidence:2' })).toEqual({ kind: 'unknown', cause: 'unparsable' })
    expect(server.disputes.get(id)?.status).toBe('needs_response')
  })
})

describe('pictures at WeChat Pay', () => {
  it('are signed for by what is said of them, with their digest', async () => {
    const { gateway, server, id } = await wechatPay()
    expect((await submit(gateway, id)).kind).toBe('ok')
    expect([...server.pictures.values()].map((bytes) => [...bytes])).toEqual([[...slip.bytes]])
    const upload = server.received.find(({ path }) => path === '/v3/merchant-service/images/upload')
    expect(upload?.body.toString('latin1')).toContain('"filename":"1-_.jpg","sha256":"')
  })

  it('that are lost or turned down leave the answer unsaid, and an answer that was said takes no pictures again', async () => {
    const { gateway, server, id } = await wechatPay()
    const entries = () => server.complaints.complaints.get(id)?.entries.map(({ type }) => type)
    // What was said and how it stands is asked first.
    server.fail(passing, passing, { kind: 'cutAfter' })
    expect((await submit(gateway, id)).kind).toBe('unknown')
    const no = json(400, { code: 'PARAM_ERROR', message: 'no' })
    server.fail(passing, passing, { kind: 'say', told: no })
    expect(await submit(gateway, id)).toMatchObject({ kind: 'declined', error: { gatewayCode: 'PARAM_ERROR' } })
    expect(entries()).toEqual(['USER_CREATE_COMPLAINT'])
    expect((await submit(gateway, id)).kind).toBe('ok')
    const uploaded = server.pictures.size
    expect((await submit(gateway, id)).kind).toBe('ok')
    expect([entries()?.length, server.pictures.size]).toEqual([2, uploaded])
  })
})

describe('an answer to a complaint', () => {
  it('is not known for refused where WeChat Pay may not be asked how it stands: before nothing is said, afterwards it is said', async () => {
    const { gateway, server, id } = await wechatPay()
    for (const no of doors) {
      server.fail(no)
      expect(await submit(gateway, id)).toMatchObject({ kind: 'unknown' })
    }
    expect(server.complaints.complaints.get(id)?.entries).toHaveLength(1)
    const no = { kind: 'say', told: json(429, { code: 'FREQUENCY_LIMITED', message: 'no' }) } as const
    server.fail(passing, passing, passing, passing, no)
    expect((await submit(gateway, id)).kind).toBe('pending')
    expect(server.complaints.complaints.get(id)?.entries).toHaveLength(2)
  })

  it('is not known for refused where Alipay may not be asked how it stands: before nothing is said, afterwards it is said', async () => {
    const { gateway, server, id } = await alipay()
    const query = 'alipay.merchant.tradecomplain.query'
    const no = {
      kind: 'say',
      told: server.say(query, { code: '40006', sub_code: 'isv.insufficient-isv-permissions' }),
    } as const
    server.fail(no)
    expect(await submit(gateway, id)).toEqual({ kind: 'unknown', cause: 'ambiguous' })
    expect(server.complaints.complaints.get(id)?.replies).toEqual([])
    server.fail(passing, passing, passing, no)
    expect((await submit(gateway, id)).kind).toBe('pending')
    expect(server.complaints.complaints.get(id)?.replies).toHaveLength(1)
  })
})

describe('pictures at Alipay', () => {
  it('go with an answer, and with the word that settles', async () => {
    for (const concludes of [false, true]) {
      const { gateway, server, id } = await alipay()
      expect((await submit(gateway, id, { concludes })).kind).toBe('ok')
      expect(server.complaints.shown.get(id)).toEqual(['A*0image'])
      expect([...server.pictures.values()].map((bytes) => [...bytes])).toEqual([[...slip.bytes]])
    }
  })

  it('that are lost or turned down leave the answer unsaid', async () => {
    const { gateway, server, id } = await alipay()
    server.fail(passing, { kind: 'cutAfter' })
    expect((await submit(gateway, id)).kind).toBe('unknown')
    server.fail(passing, {
      kind: 'say',
      told: server.say('alipay.merchant.image.upload', { code: '40004', sub_code: 'no' }),
    })
    expect(await submit(gateway, id)).toMatchObject({ kind: 'declined', error: { gatewayCode: 'no' } })
    server.fail(passing, { kind: 'alter', alter: (told) => ({ ...told, body: String(told.body).replace('A*', 'B*') }) })
    expect(await submit(gateway, id)).toEqual({ kind: 'unknown', cause: 'badSignature' })
    expect(server.complaints.complaints.get(id)?.replies).toEqual([])
  })
})
