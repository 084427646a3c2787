import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { createSandboxGateway } from '../../adapters/gateways/sandbox/index.js'
import { guardGateway } from '../../src/payments/guard-gateway.js'
import type { DisputePort, SplitPort } from '../../src/payments/ports.js'
import { disputeSnapshot } from './dispute-machine.model.js'
import { capturedSnapshot, refundSnapshot, t0 } from './payment-samples.js'

const sandbox = createSandboxGateway({ now: () => t0, keys: [{ keyId: 'k1', secret: 'a secret of the sandbox' }] })
const unparsable = { kind: 'unknown', cause: 'unparsable' }

// As somebody writes it who has no types.
const answering = (answer: unknown): never => (() => okAsync(answer)) as never

type Verb = (request: never) => unknown

const everyVerb = (answer: unknown): Readonly<Record<string, Verb | undefined>> => {
  const say = answering(answer)
  const disputes: DisputePort = { query: say, submitEvidence: say, accept: say, read: say, list: say }
  const splits: SplitPort = { mostBasisPoints: 1, accountOf: say, send: say, takeBack: say, finish: say }
  const verbs = { create: say, query: say, close: say, capture: say, refund: say, queryRefund: say }
  const guarded = guardGateway({ ...sandbox, ...verbs, disputes, splits })
  const { create, query, close, capture, refund, queryRefund } = guarded
  const { query: queryDispute, submitEvidence, accept, read, list } = guarded.disputes ?? disputes
  const { accountOf, send, takeBack, finish } = guarded.splits ?? splits
  return {
    ...{ create, query, close, capture, refund, queryRefund },
    ...{ queryDispute, submitEvidence, accept, read, list },
    ...{ accountOf, send, takeBack, finish },
  }
}

const expectEverywhere = async (answer: unknown, wanted: unknown) => {
  for (const [verb, ask] of Object.entries(everyVerb(answer)))
    expect([verb, await ask?.({} as never)]).toEqual([verb, okOf(wanted)])
}

const okOf = (value: unknown) => expect.objectContaining({ value })

describe('an answer that is none', () => {
  it('is unknown, whatever was asked', async () => {
    for (const answer of [
      undefined,
      null,
      'ok',
      { kind: 'done' },
      { kind: 'ok' },
      { kind: 'declined' },
      { kind: 'declined', error: { code: 'CARD_DECLINED', gatewayCode: 'x' } },
      { kind: 'unknown', cause: 'nobody knows' },
      { kind: 'pending', gatewayRef: 12, pollAfterMs: null },
    ])
      await expectEverywhere(answer, unparsable)
  })

  it('is unknown where the gateway answers with no result at all', async () => {
    const guarded = guardGateway({ ...sandbox, query: (() => undefined) as never })
    const asked = await guarded.query({ attemptRef: 'pay_1', gatewayRef: null, at: t0 })
    expect(asked).toEqual(okOf({ kind: 'unknown', cause: 'threw' }))
  })

  it('is taken where it says by nothing that it has no name for it and no moment to ask', async () => {
    const none = { kind: 'pending', gatewayRef: null, pollAfterMs: null }
    await expectEverywhere({ kind: 'pending', gatewayRef: '' }, none)
  })

  it('is handed on where it is one, with whatever it says of when to ask', async () => {
    for (const answer of [
      { kind: 'declined', error: { code: 'InsufficientFunds', gatewayCode: 'NO_FUNDS' } },
      { kind: 'unknown', cause: 'timeout' },
      { kind: 'pending', gatewayRef: null, pollAfterMs: null },
      { kind: 'pending', gatewayRef: 'x', pollAfterMs: Number.NaN },
    ])
      await expectEverywhere(answer, answer)
  })
})

describe('a snapshot with a value that cannot be written down', () => {
  const amiss: readonly Readonly<Record<string, unknown>>[] = [
    { at: Number.NaN },
    { at: undefined },
    { at: t0 + 0.5 },
    { gatewayRef: 12 },
    { gatewayRef: 'a\u0000b' },
    { attemptRef: '' },
  ]

  it('is unknown, in an answer', async () => {
    const question = { attemptRef: 'pay_1', gatewayRef: null, at: t0 }
    for (const wrong of [...amiss, { feeMinor: 60.3 }, { total: undefined }, { status: 'done' }]) {
      const value = { ...capturedSnapshot(), ...wrong }
      const guarded = guardGateway({
        ...sandbox,
        query: answering({ kind: 'ok', value }),
        create: answering({ kind: 'ok', value: { gatewayRef: null, next: { kind: 'none' }, snapshot: value } }),
      })
      expect(await guarded.query(question)).toEqual(okOf(unparsable))
      expect(await guarded.create({} as never)).toEqual(okOf(unparsable))
    }
    for (const wrong of amiss) {
      const refund = answering({ kind: 'ok', value: { ...refundSnapshot(), ...wrong } })
      const query = answering({
        kind: 'ok',
        value: { ...disputeSnapshot(), ...('gatewayRef' in wrong ? { disputeRef: 1 } : wrong) },
      })
      const guarded = guardGateway({ ...sandbox, refund, queryRefund: refund, disputes: { query } })
      for (const asked of [
        guarded.refund({} as never),
        guarded.queryRefund({} as never),
        guarded.disputes?.query({} as never),
      ])
        expect(await asked).toEqual(okOf(unparsable))
    }
  })

  it('is unknown where a payer is to be shown what is no next step', async () => {
    for (const next of [undefined, { kind: 'redirect' }, { kind: 'qr', content: 1 }, { kind: 'wave' }]) {
      const create = answering({ kind: 'ok', value: { gatewayRef: null, next, snapshot: null } })
      expect(await guardGateway({ ...sandbox, create }).create({} as never)).toEqual(okOf(unparsable))
    }
  })

  it('cannot be verified, in a notification: it is asked for again', async () => {
    const heard = (said: unknown) =>
      guardGateway({ ...sandbox, verifyNotification: answering(said) }).verifyNotification({
        body: new Uint8Array(),
        headers: {},
        receivedAt: t0,
      })
    const rejected = expect.objectContaining({ error: { type: 'NotificationRejected', reason: 'unverifiable' } })
    for (const wrong of amiss) {
      const facts = [capturedSnapshot(), { ...refundSnapshot(), ...wrong }]
      expect(await heard({ eventId: 'e1', facts })).toEqual(rejected)
    }
    for (const said of [undefined, {}, { eventId: 1, facts: [] }, { eventId: 'e1', facts: [], toQuery: [1] }])
      expect(await heard(said)).toEqual(rejected)
    const fit = { eventId: 'e1', facts: [capturedSnapshot(), refundSnapshot()], toQuery: ['pay_1'] }
    expect(await heard(fit)).toEqual(okOf(fit))
  })
})
