import { expect, it } from 'vitest'
import { createSandboxGateway } from '../../adapters/gateways/sandbox/index.js'
import { receiveNotification } from '../../src/orders/paying/receive-notification.js'
import { guardGateway } from '../../src/payments/guard-gateway.js'
import type { DisputePort, PaymentGateway } from '../../src/payments/ports.js'
import { openShop, sandboxKey, value } from '../orders/open-shop.js'

const sandbox = createSandboxGateway({ now: () => 0, keys: [sandboxKey] })
const { capture: take, disputes: port } = sandbox
if (take === undefined || port?.submitEvidence === undefined) throw new Error('the sandbox takes held money')
const { submitEvidence } = port

class Disputes implements DisputePort {
  readonly #port = port as DisputePort
  readonly #submits = submitEvidence
  query(...asked: Parameters<DisputePort['query']>) {
    return this.#port.query(...asked)
  }
  submitEvidence(...asked: Parameters<NonNullable<DisputePort['submitEvidence']>>) {
    return this.#submits(...asked)
  }
}

/** A gateway as somebody writes it who writes classes: every member stands on the prototype and speaks of `this`. */
class ClassGateway implements PaymentGateway {
  readonly #inner = sandbox
  readonly #takes = take as NonNullable<typeof take>
  readonly #disputes = new Disputes()
  get gatewayId() {
    return this.#inner.gatewayId
  }
  get merchantAccount() {
    return this.#inner.merchantAccount
  }
  get capabilities() {
    return this.#inner.capabilities
  }
  get disputes() {
    return this.#disputes
  }
  create(...asked: Parameters<PaymentGateway['create']>) {
    return this.#inner.create(...asked)
  }
  query(...asked: Parameters<PaymentGateway['query']>) {
    return this.#inner.query(...asked)
  }
  close(...asked: Parameters<PaymentGateway['close']>) {
    return this.#inner.close(...asked)
  }
  capture(...asked: Parameters<NonNullable<PaymentGateway['capture']>>) {
    return this.#takes(...asked)
  }
  refund(...asked: Parameters<PaymentGateway['refund']>) {
    return this.#inner.refund(...asked)
  }
  queryRefund(...asked: Parameters<PaymentGateway['queryRefund']>) {
    return this.#inner.queryRefund(...asked)
  }
  verifyNotification(...asked: Parameters<PaymentGateway['verifyNotification']>) {
    return this.#inner.verifyNotification(...asked)
  }
  acknowledge(...asked: Parameters<PaymentGateway['acknowledge']>) {
    return this.#inner.acknowledge(...asked)
  }
}

it('a gateway that is a class keeps all that it can do', async () => {
  const guarded = guardGateway(new ClassGateway(), 'classy')
  const at = 0
  const asked = { attemptRef: 'pay_1', gatewayRef: null, at }
  expect([guarded.gatewayId, guarded.merchantAccount]).toEqual(['classy', sandbox.merchantAccount])
  expect(guarded.capabilities).toEqual(sandbox.capabilities)
  expect(guarded.acknowledge('ok')).toEqual(sandbox.acknowledge('ok'))
  expect(await guarded.query(asked)).toEqual(await sandbox.query(asked))
  const capture = { ...asked, key: 'c', amount: { minor: 1, currency: 'CNY' }, final: true }
  expect(await guarded.capture?.(capture)).toEqual(await take(capture))
  const dispute = { disputeRef: 'd', attemptRef: 'pay_1', at }
  expect(await guarded.disputes?.query(dispute)).toEqual(await port?.query(dispute))
  const refunded = { minor: 0, currency: 'CNY' }
  const evidence = { explanation: '', files: [], goods: [], parcels: [], refunded }
  const sent = { ...dispute, key: 'e', evidence, concludes: false }
  expect(await guarded.disputes?.submitEvidence?.(sent)).toEqual(await submitEvidence(sent))
})

it('a gateway that breaks as it answers a notification is told nothing, and sends again', async () => {
  const shop = await openShop()
  const broken: PaymentGateway = {
    ...shop.gateway,
    acknowledge: () => {
      throw new Error('broken')
    },
  }
  const notice = { gatewayId: 'sandbox', body: new Uint8Array(), headers: {} }
  const told = value(await receiveNotification({ ...shop, gateways: { sandbox: broken } }, notice))
  expect(told).toMatchObject({ outcome: 'rejected', acknowledgement: { status: 500, body: '' } })
})
