import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { createManualGateway } from '../../adapters/gateways/manual/index.js'
import { gatewayErrorCodes, gatewayErrors } from '../../src/payments/gateway-error.js'
import { guardGateway } from '../../src/payments/guard-gateway.js'
import {
  gatewayErrorMessages,
  methodNames,
  methodSafetyTips,
  paymentMessages,
  whatNext,
} from '../../src/payments/messages.js'
import { movePayment, startPayment } from '../../src/payments/move-payment.js'
import { offlineReceipt } from '../../src/payments/offline.js'
import {
  commandsOfClose,
  commandsOfCreate,
  commandsOfQuery,
  commandsOfRefund,
  mayTryAnew,
} from '../../src/payments/outcome.js'
import type { PaymentGateway } from '../../src/payments/ports.js'
import { mayRedirect, safeNextStep } from '../../src/payments/redirect.js'
import { methodIds } from '../../src/shared/payment-method.js'
import { capturedSnapshot, refundSnapshot, samplePayment, t0 } from './payment-samples.js'

describe('the error taxonomy', () => {
  it('has 20 codes, each with what to do next in both languages', () => {
    expect(gatewayErrorCodes).toHaveLength(20)
    expect(Object.keys(gatewayErrors).sort()).toEqual([...gatewayErrorCodes].sort())
    for (const code of gatewayErrorCodes) {
      expect(gatewayErrors[code].userMessageKey).toBe(code)
      for (const locale of ['zh-CN', 'en'] as const) {
        expect(whatNext(code, locale).text.length).toBeGreaterThan(10)
      }
    }
  })

  it('tells the buyer that nothing was charged exactly where that is certain', () => {
    for (const code of gatewayErrorCodes) {
      const { definite } = gatewayErrors[code]
      expect(gatewayErrorMessages[code].en.includes('Nothing was charged'), code).toBe(definite)
      expect(gatewayErrorMessages[code]['zh-CN'].includes('未扣款'), code).toBe(definite)
      expect(whatNext(code, 'en').moneyMayHaveMoved).toBe(!definite)
    }
  })

  it('advises a new attempt only where no money can have moved', () => {
    for (const code of gatewayErrorCodes) {
      const { retry, definite } = gatewayErrors[code]
      if (retry === 'newAttempt' || retry === 'otherMethod') expect(definite, code).toBe(true)
    }
  })

  it('has names and safety tips for every method, and texts for every refusal', () => {
    for (const texts of [
      ...methodIds.flatMap((id) => [methodNames[id], methodSafetyTips[id]]),
      ...Object.values(paymentMessages),
    ]) {
      expect(texts.en.length).toBeGreaterThan(0)
      expect(texts['zh-CN'].length).toBeGreaterThan(0)
    }
  })
})

describe('a redirect', () => {
  const capabilities = { redirectHosts: ['pay.example.com'] }
  it('goes to the very host that the gateway declares', () => {
    for (const url of ['https://pay.example.com', 'https://pay.example.com/x?y=1#z', 'https://PAY.example.com:443/']) {
      expect(mayRedirect(capabilities, url), url).toBe(true)
    }
  })

  it('goes to this machine without TLS, where that is declared', () => {
    const local = { redirectHosts: ['127.0.0.1'] }
    expect(mayRedirect(local, 'http://127.0.0.1:8080/pay')).toBe(true)
    expect(mayRedirect(capabilities, 'http://127.0.0.1:8080/pay')).toBe(false)
  })

  it('goes nowhere else', () => {
    for (const url of [
      'http://pay.example.com/',
      'https://pay.example.com.evil.org/',
      'https://evil.org/pay.example.com',
      'https://pay.example.com@evil.org/',
      'https://user@pay.example.com/',
      'https://evil.org\\@pay.example.com/',
      'https://evil.org#pay.example.com',
      'javascript:alert(1)',
      ' https://pay.example.com/',
      'https://pay.example.com\u0000.evil.org/',
      '//pay.example.com/',
    ]) {
      expect(mayRedirect(capabilities, url), url).toBe(false)
    }
  })

  it('is withheld when it does not fit', () => {
    const gateway = createManualGateway({ bank: 'b', holder: 'h', account: 'a' })
    expect(safeNextStep(gateway.capabilities, { kind: 'redirect', url: 'https://evil.org/' })).toBeNull()
    expect(safeNextStep(gateway.capabilities, { kind: 'payOnDelivery' })).toEqual({ kind: 'payOnDelivery' })
  })
})

describe('what an answer means', () => {
  it('depends on whether money may have moved', () => {
    const decline = (code: 'InsufficientFunds' | 'Network') =>
      ({ kind: 'declined', error: { code, gatewayCode: 'x' } }) as const
    expect(mayTryAnew(decline('InsufficientFunds'))).toBe(true)
    expect(mayTryAnew(decline('Network'))).toBe(false)
    expect(mayTryAnew({ kind: 'unknown', cause: 'timeout' })).toBe(false)
    expect(mayTryAnew({ kind: 'pending', gatewayRef: null, pollAfterMs: null })).toBe(false)
  })

  it('is put into commands', () => {
    const snapshot = capturedSnapshot()
    const types = (commands: readonly { readonly type: string }[]) => commands.map((command) => command.type)
    const created = { gatewayRef: 'g', next: { kind: 'none' }, snapshot } as const
    expect(types(commandsOfCreate({ kind: 'ok', value: created }, { at: t0, inDoubt: false }))).toEqual([
      'RecordCreated',
      'RecordSnapshot',
    ])
    expect(types(commandsOfCreate({ kind: 'unknown', cause: 'reset' }, { at: t0, inDoubt: false }))).toEqual([
      'RecordUnknown',
    ])
    expect(types(commandsOfQuery({ kind: 'ok', value: 'notFound' }, { ...samplePayment, at: t0 }))).toEqual([
      'RecordAsked',
    ])
    expect(types(commandsOfQuery({ kind: 'ok', value: snapshot }, { ...samplePayment, at: t0 }))).toEqual([
      'RecordAsked',
      'RecordSnapshot',
    ])
    const times = { at: t0, expiresAt: t0 + 1, status: 'closing' } as const
    expect(types(commandsOfClose({ kind: 'ok', value: 'closed' }, times))).toEqual(['ConfirmClosed'])
    expect(types(commandsOfClose({ kind: 'ok', value: 'notFound' }, times))).toEqual(['RecordAsked'])
    expect(types(commandsOfClose({ kind: 'ok', value: 'notFound' }, { ...times, expiresAt: t0 }))).toEqual([
      'ConfirmClosed',
    ])
    const partly = { ...times, status: 'partlyCaptured' } as const
    expect(types(commandsOfClose({ kind: 'ok', value: 'closed' }, partly))).toEqual(['ConfirmReleased'])
    expect(types(commandsOfClose({ kind: 'ok', value: 'alreadyPaid' }, times))).toEqual(['RecordAsked'])
    expect(types(commandsOfRefund({ kind: 'ok', value: refundSnapshot() }, { tries: 1, at: t0 }))).toEqual([
      'RecordRefundSnapshot',
    ])
    expect(types(commandsOfRefund({ kind: 'unknown', cause: 'timeout' }, { tries: 1, at: t0 }))).toEqual([
      'RecordRefundUnknown',
    ])
  })
})

describe('a guarded gateway', () => {
  const inner = createManualGateway({ bank: 'b', holder: 'h', account: 'a' })
  const question = { attemptRef: 'pay_1', gatewayRef: null, at: t0 }

  it('makes of what is thrown an unknown outcome', async () => {
    const thrower: PaymentGateway = {
      ...inner,
      query: () => {
        throw new Error('socket hang up')
      },
      verifyNotification: () => {
        throw new Error('bad bytes')
      },
    }
    const guarded = guardGateway(thrower)
    expect((await guarded.query(question))._unsafeUnwrap()).toEqual({ kind: 'unknown', cause: 'threw' })
    const verdict = await guarded.verifyNotification({ body: new Uint8Array(), headers: {}, receivedAt: t0 })
    expect(verdict._unsafeUnwrapErr().reason).toBe('malformed')
  })

  it('hands on what is answered, and offers no more than what is there', async () => {
    const answering: PaymentGateway = { ...inner, query: () => okAsync({ kind: 'ok', value: 'notFound' }) }
    const guarded = guardGateway(answering)
    expect((await guarded.query(question))._unsafeUnwrap()).toEqual({ kind: 'ok', value: 'notFound' })
    expect(guarded.capture).toBeUndefined()
  })
})

describe('what a person has seen', () => {
  const transfer = startPayment({
    ...samplePayment,
    gatewayId: 'manual',
    method: 'bankTransfer',
    queryable: false,
  })._unsafeUnwrap()
  const confirm = (minor: number) =>
    movePayment(transfer, [
      { type: 'RecordSnapshot', snapshot: offlineReceipt(transfer.state, { minor, currency: 'CNY', at: t0 }) },
    ])._unsafeUnwrap().state

  it('pays a payment when it is the sum, and holds it when it is not', () => {
    expect(transfer.state.queryAt).toBeNull()
    expect(confirm(8888).status).toBe('captured')
    expect(confirm(8887).status).toBe('integrityHold')
    expect(confirm(8889).status).toBe('integrityHold')
  })
})
