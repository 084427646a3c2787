import fc from 'fast-check'
import type { DisputeEvidence, DisputePort, EvidenceFile } from 'shopwright/payments'
import { afterEach, describe, expect, it } from 'vitest'
import {
  markOf,
  mostCharacters,
  mostKeyCharacters,
  writeEvidence,
} from '../../../../adapters/gateways/paypal/evidence.js'
import { must } from '../../../../examples/support/must.js'
import { createCloser, json, type Told } from '../loopback.js'
import { readMultipart } from '../read-multipart.js'
import { openPayPal, t0 } from './paypal-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const slip: EvidenceFile = {
  name: '签收单.png',
  mediaType: 'image/png',
  shows: 'delivery',
  bytes: Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
}
const parcel = { carrier: 'sf-express', trackingNumber: 'SF1', shippedAt: t0 - 86_400_000, deliveredAt: t0 }
const plain: DisputeEvidence = {
  explanation: 'It was handed over and signed for.',
  files: [],
  goods: ['Kettle'],
  parcels: [],
  refunded: { minor: 0, currency: 'USD' },
}
const tenDollars = { currency_code: 'USD', value: '10.00' }

type World = Awaited<ReturnType<typeof openPayPal>>
type Facts = Parameters<World['server']['dispute']>[2]
type Submit = Parameters<NonNullable<DisputePort['submitEvidence']>>[0]

/** A payment of which 10.00 are disputed; a token is there. */
const open = async (facts?: Facts) => {
  const world = keep(await openPayPal())
  const { gateway, server } = world
  const made = must(
    await gateway.create({
      attemptRef: 'pay_1',
      orderRef: 'order_1',
      orderNumber: '261124-0482-1367-7',
      key: 'create:pay_1',
      amount: { minor: 1000, currency: 'USD' },
      method: 'payPal',
      instrumentToken: null,
      capture: 'automatic',
      expiresAt: t0 + 1_800_000,
      returnUrl: null,
      at: t0,
    }),
  )
  if (made.kind !== 'ok') throw new Error(made.kind)
  await gateway.query({ attemptRef: 'pay_1', gatewayRef: made.value.gatewayRef, at: t0 })
  return { ...world, id: server.dispute('pay_1', tenDollars, facts) }
}

const submit = async ({ gateway, id }: World & { readonly id: string }, more: Partial<Submit> = {}) => {
  const { disputes } = gateway
  if (disputes?.submitEvidence === undefined) throw new Error('no evidence')
  const request = { disputeRef: id, attemptRef: 'pay_1', key: 'evidence:1', concludes: false, at: t0 }
  return must(await disputes.submitEvidence({ ...request, evidence: plain, ...more }))
}

const passing = { kind: 'alter', alter: (told: Told) => told } as const
const posted = ({ server }: World) =>
  server.received.filter(({ method, path }) => method === 'POST' && /disputes/.test(path))

describe('evidence at PayPal', () => {
  it('is one piece with what the shop knows: tracking of its parcels, what arrived first, and its words', async () => {
    const world = await open()
    const parcels = [{ carrier: "Anna's bicycle", trackingNumber: 'A7', shippedAt: t0, deliveredAt: null }, parcel]
    const refunded = { minor: 250, currency: 'USD' }
    const taken = await submit(world, { evidence: { ...plain, parcels, refunded, files: [slip] } })
    expect(taken).toMatchObject({ kind: 'ok', value: { disputeRef: world.id, status: 'underReview' } })
    expect(world.server.disputes.said).toEqual([
      {
        evidences: [
          {
            evidence_type: 'PROOF_OF_FULFILLMENT',
            evidence_info: {
              tracking_info: [
                { carrier_name: 'SF_EXPRESS', tracking_number: 'SF1' },
                { carrier_name: 'OTHER', carrier_name_other: "Anna's bicycle", tracking_number: 'A7' },
              ],
            },
            notes: [
              'It was handed over and signed for.',
              'Refunded beside the dispute: 2.50 USD',
              "Sent 2026-03-02 by Anna's bicycle, A7",
              'Sent 2026-03-01 by sf-express, SF1, delivered 2026-03-02',
              'Goods: Kettle',
              'Reference: evidence:1',
            ].join('\n'),
          },
        ],
      },
    ])
    expect(world.server.disputes.files).toEqual([{ name: '1-_.png', mediaType: 'image/png', bytes: slip.bytes }])
  })

  it.each([
    ['MERCHANDISE_OR_SERVICE_NOT_RECEIVED', [], true, 'PROOF_OF_FULFILLMENT'],
    ['UNAUTHORISED', [], true, 'PROOF_OF_FULFILLMENT'],
    // Nothing has left: there is no number to show.
    ['MERCHANDISE_OR_SERVICE_NOT_RECEIVED', [], false, 'OTHER'],
    ['MERCHANDISE_OR_SERVICE_NOT_RECEIVED', ['PROOF_OF_FULFILLMENT'], false, 'OTHER'],
    ['MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED', [], true, 'OTHER'],
    ['DUPLICATE_TRANSACTION', ['PROOF_OF_RECEIPT_COPY'], true, 'PROOF_OF_RECEIPT_COPY'],
    ['MERCHANDISE_OR_SERVICE_NOT_RECEIVED', ['PROOF_OF_DELIVERY_SIGNATURE'], true, 'PROOF_OF_DELIVERY_SIGNATURE'],
    ['CREDIT_NOT_PROCESSED', ['PROOF_OF_REFUND'], true, 'OTHER'],
    ['DUPLICATE_TRANSACTION', ['PROOF_OF_REFUND', 'PROOF_OF_FULFILLMENT'], true, 'PROOF_OF_FULFILLMENT'],
  ] as const)('for %s, with %j asked for and parcels sent: %s, is %s', async (reason, requested, sent, type) => {
    const world = await open({ reason })
    for (const each of requested) world.server.disputes.request(world.id, each)
    const taken = await submit(world, { evidence: { ...plain, parcels: sent ? [parcel] : [] } })
    expect(taken.kind).toBe('ok')
    expect(world.server.disputes.said).toMatchObject([{ evidences: [{ evidence_type: type }] }])
  })

  it('whose answer is lost is handed over once, also after PayPal has forgotten the key', async () => {
    const world = await open()
    world.server.fail(passing, { kind: 'cutAfter' })
    expect(await submit(world)).toEqual({ kind: 'unknown', cause: 'reset' })
    world.server.forgetKeys()
    expect(await submit(world)).toMatchObject({ kind: 'ok', value: { status: 'underReview' } })
    expect(posted(world)).toHaveLength(1)
    // Also once it is decided: what was taken was taken.
    world.server.decide('RESOLVED_BUYER_FAVOUR')
    expect(await submit(world)).toMatchObject({ kind: 'ok', value: { status: 'lost' } })
    expect(posted(world)).toHaveLength(1)
  })

  it('that never arrived is sent again', async () => {
    const world = await open()
    world.server.fail(passing, { kind: 'cutBefore' })
    expect((await submit(world)).kind).toBe('unknown')
    expect(world.server.disputes.said).toEqual([])
    expect(await submit(world)).toMatchObject({ kind: 'ok', value: { status: 'underReview' } })
    expect(world.server.disputes.said).toHaveLength(1)
  })

  it('is taken where how the dispute stands is not told afterwards', async () => {
    const world = await open()
    const no = json(403, { name: 'NOT_AUTHORIZED' })
    world.server.fail(passing, passing, { kind: 'say', told: no })
    expect(await submit(world)).toEqual({ kind: 'pending', gatewayRef: world.id, pollAfterMs: null })
    expect(world.server.disputes.said).toHaveLength(1)
  })

  it.each([
    [400, 'INVALID_EVIDENCE_FILE', 'MerchantConfig'],
    [403, 'NOT_AUTHORIZED', 'MerchantConfig'],
    [429, 'RATE_LIMIT_REACHED', 'RateLimited'],
  ] as const)('that PayPal turns down, by %i %s, is refused by %s', async (status, issue, code) => {
    const world = await open()
    world.server.fail(passing, { kind: 'say', told: json(status, { name: issue }) })
    expect(await submit(world)).toEqual({ kind: 'declined', error: { code, gatewayCode: issue } })
    world.server.fail(passing, { kind: 'say', told: json(500, { name: 'INTERNAL_SERVICE_ERROR' }) })
    expect(await submit(world)).toEqual({ kind: 'unknown', cause: 'serverError' })
    expect((await submit(world)).kind).toBe('ok')
  })

  it('is asked for by a link: without one nothing is sent', async () => {
    const world = await open()
    expect((await submit(world)).kind).toBe('ok')
    const gone = { kind: 'declined', error: { code: 'Expired', gatewayCode: 'no link to answer by' } }
    expect(await submit(world, { key: 'evidence:2' })).toEqual(gone)
    world.server.decide('RESOLVED_SELLER_FAVOUR')
    expect(await submit(world, { key: 'evidence:3' })).toEqual(gone)
    expect(posted(world)).toHaveLength(1)
  })

  it('is not sent about a dispute of another payment, or one that is not there', async () => {
    const world = await open()
    const absent = { kind: 'declined', error: { code: 'MerchantConfig', gatewayCode: 'RESOURCE_NOT_FOUND' } }
    expect(await submit(world, { attemptRef: 'pay_2' })).toEqual(absent)
    expect(await submit(world, { disputeRef: 'PP-D-NONE' })).toEqual(absent)
    expect(await submit(world, { key: 'k'.repeat(151) })).toMatchObject({ kind: 'declined' })
    expect(posted(world)).toEqual([])
  })

  it('always fits, says all of the words, and ends with what it is known again by', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: mostCharacters })
    const parcels = fc.array(
      fc.record({
        carrier: fc.string({ minLength: 1, maxLength: 60 }),
        trackingNumber: fc.string({ minLength: 1, maxLength: 60 }),
        shippedAt: fc.constant(t0),
        deliveredAt: fc.constantFrom(null, t0),
      }),
      { maxLength: 14 },
    )
    const goods = fc.array(fc.string({ maxLength: 300 }), { maxLength: 12 })
    const key = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: mostKeyCharacters })
    fc.assert(
      fc.property(text, parcels, goods, key, (explanation, sent, sold, name) => {
        const wanted = { reason: 'UNAUTHORISED', requested: [] }
        const evidence = { ...plain, explanation, parcels: sent, goods: sold }
        const { contentType, body } = writeEvidence(wanted, { evidence, key: name })
        const form = readMultipart({ headers: { 'content-type': contentType }, body: Buffer.from(body) })
        const [said] = JSON.parse(form?.[0]?.bytes.toString() ?? '{}').evidences
        expect([...said.notes].length).toBeLessThanOrEqual(2_000)
        expect(said.notes.startsWith(`${explanation}\n`)).toBe(true)
        expect(said.notes.split('\n').at(-1)).toBe(markOf(name))
        expect(said.evidence_info?.tracking_info ?? []).toHaveLength(Math.min(sent.length, 10))
      }),
    )
  })
})

describe('an appeal at PayPal', () => {
  it('is offered by its link alone, says new words once, and puts the dispute under review', async () => {
    const world = await open()
    const { gateway, server, id } = world
    const query = async () => {
      const asked = await gateway.disputes?.query({ disputeRef: id, attemptRef: 'pay_1', at: t0 })
      return asked === undefined ? undefined : must(asked)
    }
    expect((await submit(world)).kind).toBe('ok')
    server.disputes.letAppeal(true)
    server.decide('RESOLVED_BUYER_FAVOUR')
    expect(await query()).toMatchObject({ kind: 'ok', value: { status: 'lost', mayAppeal: true, lostMinor: 1000 } })
    const words = { ...plain, explanation: 'Here is the signature.', files: [slip], parcels: [parcel] }
    server.fail(passing, { kind: 'cutAfter' })
    expect((await submit(world, { key: 'evidence:2', evidence: words })).kind).toBe('unknown')
    server.forgetKeys()
    const taken = await submit(world, { key: 'evidence:2', evidence: words })
    expect(taken).toMatchObject({ kind: 'ok', value: { status: 'underReview', lostMinor: null } })
    expect(posted(world).map(({ path }) => path.split('/').at(-1))).toEqual(['provide-evidence', 'appeal'])
    expect(server.disputes.files).toHaveLength(1)
  })

  it('is not offered once its time is over', async () => {
    const world = await open()
    world.server.decide('RESOLVED_BUYER_FAVOUR')
    const asked = await world.gateway.disputes?.query({ disputeRef: world.id, attemptRef: 'pay_1', at: t0 })
    expect(asked?._unsafeUnwrap()).not.toHaveProperty('value.mayAppeal')
    expect(await submit(world)).toMatchObject({ kind: 'declined', error: { code: 'Expired' } })
    expect(posted(world)).toEqual([])
  })
})

describe('a talk at PayPal', () => {
  it('is shown to staff, and what the shop says goes to the payer, once', async () => {
    const world = await open({ stage: 'INQUIRY' })
    world.server.disputes.speak(world.id, 'Where is it?')
    expect(await submit(world, { evidence: { ...plain, files: [slip] } })).toMatchObject({
      kind: 'ok',
      value: { status: 'inquiry' },
    })
    world.server.forgetKeys()
    expect((await submit(world)).kind).toBe('ok')
    expect(world.server.disputes.said).toEqual([{ message: plain.explanation }])
    expect(world.server.disputes.files).toHaveLength(1)
    const { disputes } = world.gateway
    if (disputes?.read === undefined) throw new Error('nothing is shown')
    expect(must(await disputes.read({ disputeRef: world.id, attemptRef: 'pay_1', at: t0 }))).toEqual({
      kind: 'ok',
      value: {
        phone: null,
        statements: [
          { by: 'payer', text: 'Where is it?', at: t0 },
          { by: 'shop', text: plain.explanation, at: t0 },
        ],
      },
    })
    expect(must(await disputes.read({ disputeRef: 'PP-D-NONE', attemptRef: 'pay_1', at: t0 }))).toEqual({
      kind: 'ok',
      value: 'notFound',
    })
    const other = must(await disputes.read({ disputeRef: world.id, attemptRef: 'pay_2', at: t0 }))
    expect(other).toEqual({ kind: 'unknown', cause: 'unparsable' })
  })

  it('that became a claim takes the same words as evidence', async () => {
    const world = await open({ stage: 'INQUIRY' })
    expect((await submit(world)).kind).toBe('ok')
    world.server.disputes.escalate(world.id)
    expect(await submit(world, { key: 'evidence:2' })).toMatchObject({ kind: 'ok', value: { status: 'underReview' } })
    expect(world.server.disputes.said).toHaveLength(2)
  })
})
