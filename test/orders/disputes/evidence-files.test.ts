import { describe, expect, it } from 'vitest'
import { submitEvidence } from '../../../src/orders/disputes/submit-evidence.js'
import { disputes } from '../../../src/payments/dispute.schema.js'
import { auditLog } from '../../../src/shared/audit.schema.js'
import { operations } from '../../../src/shared/operation.schema.js'
import { entries, find } from '../../../src/shared/read-plan.js'
import { unchecked } from '../../support/unchecked.js'
import { ask } from '../books-of.js'
import { by, byStaff, value } from '../open-shop.js'
import { dispute, openPaid } from './disputed.js'

const explanation = 'The parcel was handed over and signed for.'
const canary = 'canary of a picture'
/** A picture with every byte in it, and words that may be found nowhere. */
const picture = Uint8Array.from([
  ...[0xff, 0xd8, 0xff],
  ...Array.from({ length: 256 }, (_, byte) => byte),
  ...new TextEncoder().encode(canary),
])
const slip = { name: '签收单 "1".jpg', mediaType: 'image/jpeg', shows: 'delivery', bytes: picture } as const

describe('pictures and documents as evidence', () => {
  it('go to the gateway byte by byte with what is said, and stay nowhere in the shop', async () => {
    const { shop, paymentId } = await openPaid()
    const { disputeId } = await dispute(shop, paymentId)
    const pdf = new TextEncoder().encode('%PDF-1.7')
    const files = [slip, { name: 'chat', mediaType: 'application/pdf' as const, bytes: pdf }]
    const sent = value(await submitEvidence(shop, byStaff(), { disputeId, explanation, files }))
    expect(sent).toMatchObject({ status: 'underReview', evidence: { outcome: 'taken' } })
    expect(shop.gateway.books().disputes[0]?.evidence[0]?.files).toEqual([
      slip,
      { name: 'chat', mediaType: 'application/pdf', shows: 'other', bytes: pdf },
    ])
    const commands = await ask(shop, find(operations, { where: [], limit: 100 }))
    const stored = [
      await ask(shop, find(disputes, { where: [], limit: 10 })),
      // The digests of tests are the text itself.
      commands.map(({ state: { fingerprint: _, ...command } }) => command),
      await ask(shop, entries(auditLog, { where: [], limit: 100 })),
      shop.told,
    ]
    const text = JSON.stringify(stored)
    expect(text).toContain(disputeId)
    // Neither as text, nor one character a byte further on, nor by its name.
    const shifted = [...canary].map((letter) => String.fromCharCode(letter.charCodeAt(0) + 0x100)).join('')
    for (const trace of [canary, shifted, '签收单']) expect(text).not.toContain(trace)
  })

  it('are part of what is sent: the same again is one answer, another picture under the key is another command', async () => {
    const { shop, paymentId } = await openPaid()
    const { disputeId } = await dispute(shop, paymentId)
    const send = (bytes: Uint8Array) =>
      submitEvidence(shop, byStaff('once'), { disputeId, explanation, files: [{ ...slip, bytes }] })
    const first = value(await send(picture))
    expect(value(await send(Uint8Array.from(picture)))).toEqual(first)
    const last = picture.length - 1
    const other = picture.map((byte, place) => (place === last ? byte ^ 1 : byte))
    expect((await send(other))._unsafeUnwrapErr()).toMatchObject({ type: 'IdempotencyKeyReused' })
    expect(shop.gateway.books().disputes[0]?.evidence).toHaveLength(1)
  })

  it('go again, each of them, where the answer to the first try was lost', async () => {
    const { shop, paymentId } = await openPaid()
    const { disputeId } = await dispute(shop, paymentId)
    shop.gateway.scriptEvidence({ kind: 'timeout', taken: false })
    const send = () => submitEvidence(shop, byStaff(), { disputeId, explanation, files: [slip] })
    expect(value(await send())).toMatchObject({ status: 'evidenceDue', evidence: { outcome: 'waiting' } })
    expect(value(await send())).toMatchObject({ status: 'underReview', evidence: { outcome: 'taken' } })
    expect(shop.gateway.books().disputes[0]?.evidence.map(({ files }) => files.length)).toEqual([1])
  })

  it('are refused as a whole where one is not what it says, or is more than the gateway takes', async () => {
    const { shop, paymentId } = await openPaid()
    const { disputeId } = await dispute(shop, paymentId)
    const refusal = async (files: readonly unknown[]) =>
      (await submitEvidence(shop, byStaff(), unchecked({ disputeId, explanation, files })))._unsafeUnwrapErr()
    expect(await refusal([slip, { ...slip, mediaType: 'image/png' }])).toEqual({
      type: 'EvidenceFileRefused',
      gatewayId: 'sandbox',
      reason: 'notWhatItSays',
      file: 1,
    })
    expect(await refusal(Array.from({ length: 6 }, () => slip))).toMatchObject({ reason: 'tooMany', file: null })
    const { files: _, ...mute } = shop.gateway.disputes ?? { query: () => never() }
    const blind = { ...shop, gateways: { sandbox: { ...shop.gateway, disputes: mute } } }
    const told = await submitEvidence(blind, byStaff(), { disputeId, explanation, files: [slip] })
    expect(told._unsafeUnwrapErr()).toMatchObject({ type: 'EvidenceFileRefused', reason: 'noneTaken' })
    // Nothing was written of any of it: it may still be contested.
    expect(value(await submitEvidence(shop, byStaff(), { disputeId, explanation, files: [slip] }))).toMatchObject({
      evidence: { outcome: 'taken' },
    })
  })

  it('are no input where one is not a file that is known, nor where they are too many, or too much together', async () => {
    const { shop, paymentId } = await openPaid()
    const { disputeId } = await dispute(shop, paymentId)
    const wrong = {
      'no bytes': { bytes: new Uint8Array() },
      'text for bytes': { bytes: 'data:image/jpeg;base64,/9j/' },
      'no type that is known': { mediaType: 'image/svg+xml' },
      'a name with a card number': { name: '4111 1111 1111 1111.jpg' },
      'no name': { name: '' },
      'more than is asked for': { url: 'https://shop.example/slip.jpg' },
      'more bytes than any gateway takes': { bytes: new Uint8Array(10_000_001) },
      nothing: { name: undefined, mediaType: undefined, bytes: undefined },
    }
    const sets: Readonly<Record<string, readonly unknown[]>> = {
      ...Object.fromEntries(Object.entries(wrong).map(([name, members]) => [name, [{ ...slip, ...members }]])),
      'too many': Array.from({ length: 11 }, () => slip),
      'too much together': Array.from({ length: 3 }, () => ({ ...slip, bytes: new Uint8Array(7_000_000) })),
    }
    for (const [name, files] of Object.entries(sets)) {
      const told = await submitEvidence(shop, byStaff(), unchecked({ disputeId, explanation, files }))
      expect(told._unsafeUnwrapErr(), name).toMatchObject({ type: 'InvalidInput' })
    }
    expect(shop.gateway.books().disputes[0]?.evidence).toEqual([])
  })

  it('are handed over by staff only', async () => {
    const { shop, paymentId } = await openPaid()
    const { disputeId } = await dispute(shop, paymentId)
    const told = await submitEvidence(shop, by('ann'), { disputeId, explanation, files: [slip] })
    expect(told.isErr()).toBe(true)
    expect(shop.gateway.books().disputes[0]?.evidence).toEqual([])
  })
})

const never = () => {
  throw new Error('nobody asks')
}
