import { type CreateRequest, gatewayErrorCodes } from 'shopwright/payments'
import { describe, expect, it } from 'vitest'
import { createSandboxGateway, type SandboxGateway } from '../../../adapters/gateways/sandbox/index.js'

const t0 = 1_772_424_000_000

const open = (options: { readonly feeRateBasisPoints?: number } = {}) => {
  let now = t0
  const sandbox = createSandboxGateway({
    now: () => now,
    keys: [
      { keyId: 'new', secret: 'new secret' },
      { keyId: 'old', secret: 'old secret' },
    ],
    ...options,
  })
  return {
    sandbox,
    wait: (ms: number) => {
      now += ms
    },
    now: () => now,
  }
}

const request = (facts: Partial<CreateRequest> = {}): CreateRequest => ({
  attemptRef: 'pay_1',
  orderRef: 'order_1',
  orderNumber: '261124-0482-1367-7',
  key: 'create:pay_1',
  amount: { minor: 8888, currency: 'CNY' },
  method: 'wechatPay',
  instrumentToken: null,
  capture: 'automatic',
  expiresAt: t0 + 1_800_000,
  returnUrl: null,
  at: t0,
  ...facts,
})

const create = async (sandbox: SandboxGateway, facts: Partial<CreateRequest> = {}) =>
  (await sandbox.create(request(facts)))._unsafeUnwrap()

const query = async (sandbox: SandboxGateway) =>
  (await sandbox.query({ attemptRef: 'pay_1', gatewayRef: null, at: t0 }))._unsafeUnwrap()

const heard = async (sandbox: SandboxGateway, now: number, how?: { readonly newestFirst: boolean }) => {
  const facts: (readonly [string, string])[] = []
  for (const notification of await sandbox.takeNotifications(how)) {
    const verified = (await sandbox.verifyNotification({ ...notification, receivedAt: now }))._unsafeUnwrap()
    for (const fact of verified.facts) facts.push([verified.eventId, fact.status])
  }
  return facts
}

describe('the sandbox', () => {
  it('declines with every code', async () => {
    for (const code of gatewayErrorCodes) {
      const { sandbox } = open()
      sandbox.script({ kind: 'decline', code })
      expect(await create(sandbox)).toEqual({ kind: 'declined', error: { code, gatewayCode: `sandbox.${code}` } })
      expect(sandbox.books().totals).toMatchObject([{ capturedMinor: 0 }])
    }
  })

  it('fails first and succeeds on the second attempt, with a fee of 0.6 % rounded half up', async () => {
    const { sandbox } = open({ feeRateBasisPoints: 60 })
    sandbox.script({ kind: 'decline', code: 'InsufficientFunds' }, { kind: 'succeed' })
    expect((await create(sandbox)).kind).toBe('declined')
    expect(await create(sandbox, { attemptRef: 'pay_2' })).toMatchObject({
      kind: 'ok',
      value: { next: { kind: 'none' }, snapshot: { status: 'captured', capturedMinor: 8888, feeMinor: 53 } },
    })
    expect(sandbox.books().totals).toEqual([
      {
        currency: 'CNY',
        capturedMinor: 8888,
        feeMinor: 53,
        refundedMinor: 0,
        disputedMinor: 0,
        splitMinor: 0,
        netMinor: 8835,
      },
    ])
  })

  it('loses an answer with the payer charged behind it, or not', async () => {
    const { sandbox } = open()
    sandbox.script({ kind: 'timeout', charged: true })
    expect(await create(sandbox)).toEqual({ kind: 'unknown', cause: 'timeout' })
    expect(await query(sandbox)).toMatchObject({ kind: 'ok', value: { status: 'captured' } })
    const other = open()
    other.sandbox.script({ kind: 'timeout', charged: false })
    expect(await create(other.sandbox)).toEqual({ kind: 'unknown', cause: 'timeout' })
    expect(await query(other.sandbox)).toEqual({ kind: 'ok', value: 'notFound' })
  })

  it('tells late, twice, never, and newest first', async () => {
    const { sandbox, wait, now } = open()
    sandbox.script(
      { kind: 'succeed', delivery: { lateMs: 60_000 } },
      { kind: 'decline', code: 'AuthFailed', delivery: { times: 2 } },
      { kind: 'succeed', delivery: { times: 0 } },
    )
    await create(sandbox)
    await create(sandbox, { attemptRef: 'pay_2' })
    await create(sandbox, { attemptRef: 'pay_3' })
    expect(await heard(sandbox, now())).toEqual([
      ['sbx_event_2', 'failed'],
      ['sbx_event_2', 'failed'],
    ])
    expect(await heard(sandbox, now())).toEqual([])
    sandbox.repeat('pay_2')
    wait(60_000)
    sandbox.repeat('pay_3')
    expect(await heard(sandbox, now(), { newestFirst: true })).toEqual([
      ['sbx_event_5', 'captured'],
      ['sbx_event_1', 'captured'],
      ['sbx_event_4', 'failed'],
    ])
  })

  it('tells of another sum, currency, account or order than was asked for, and books the truth', async () => {
    const { sandbox } = open()
    sandbox.script(
      { kind: 'wrongAmount', minor: 1 },
      { kind: 'wrongCurrency', currency: 'VND' },
      { kind: 'wrongAccount', merchantAccount: 'thief' },
      { kind: 'wrongOrder', orderRef: 'order_9' },
    )
    expect(await create(sandbox)).toMatchObject({ value: { snapshot: { capturedMinor: 1, total: { minor: 1 } } } })
    const told = { capturedMinor: 8888, merchantAccount: 'sandbox-merchant' }
    expect(await create(sandbox, { attemptRef: 'pay_2' })).toMatchObject({
      value: { snapshot: { ...told, total: { minor: 8888, currency: 'VND' } } },
    })
    expect(await create(sandbox, { attemptRef: 'pay_3' })).toMatchObject({
      value: { snapshot: { ...told, merchantAccount: 'thief' } },
    })
    expect(await create(sandbox, { attemptRef: 'pay_4' })).toMatchObject({
      value: { snapshot: { ...told, orderRef: 'order_9' } },
    })
    expect(sandbox.books().totals).toMatchObject([{ currency: 'CNY', capturedMinor: 4 * 8888 }])
  })

  it('lets a pending payment run out, and be paid all the same where it is told to', async () => {
    const { sandbox, wait } = open()
    sandbox.script({ kind: 'pending' })
    expect(await create(sandbox)).toMatchObject({ value: { next: { kind: 'qr' }, snapshot: null } })
    wait(1_800_000)
    expect(await query(sandbox)).toMatchObject({ value: { status: 'closed', failure: 'Expired', at: t0 + 1_800_000 } })
    expect(sandbox.pay('pay_1')).toBe(false)
    expect(sandbox.pay('pay_1', { evenIfEnded: true })).toBe(true)
    expect(await query(sandbox)).toMatchObject({ value: { status: 'captured' } })
    expect(sandbox.pay('pay_1', { evenIfEnded: true })).toBe(false)
  })

  it('is paid just before it is closed, and loses answers to close and to questions', async () => {
    const { sandbox } = open()
    const close = async () =>
      (await sandbox.close({ attemptRef: 'pay_1', gatewayRef: null, key: 'close', at: t0 }))._unsafeUnwrap()
    sandbox.script({ kind: 'pending' })
    await create(sandbox)
    sandbox.scriptQuery({ kind: 'timeout' })
    expect(await query(sandbox)).toEqual({ kind: 'unknown', cause: 'timeout' })
    sandbox.scriptClose({ kind: 'timeout', closed: false }, { kind: 'paidFirst' })
    expect(await close()).toEqual({ kind: 'unknown', cause: 'timeout' })
    expect(await close()).toEqual({ kind: 'ok', value: 'alreadyPaid' })
  })

  it('holds, takes in parts up to what it holds, and gives up the rest', async () => {
    const { sandbox } = open()
    await create(sandbox, { capture: 'manual', amount: { minor: 100, currency: 'CNY' } })
    const capture = async (minor: number, final = false) =>
      (
        await sandbox.capture?.({
          attemptRef: 'pay_1',
          gatewayRef: null,
          key: `capture:${minor}`,
          amount: { minor, currency: 'CNY' },
          final,
          at: t0,
        })
      )?._unsafeUnwrap()
    expect(await capture(30)).toMatchObject({ value: { capturedMinor: 30 } })
    expect(await capture(30)).toMatchObject({ value: { capturedMinor: 30 } })
    expect(await capture(50)).toMatchObject({ value: { capturedMinor: 80 } })
    expect(await capture(21)).toMatchObject({ kind: 'declined', error: { code: 'AmountInvalid' } })
    expect(await capture(10, true)).toMatchObject({ value: { capturedMinor: 90, authorisedMinor: 90 } })
  })

  it('gives back pending, lost and failing refunds as scripted', async () => {
    const { sandbox } = open()
    await create(sandbox)
    const refund = async (refundRef: string, minor: number) =>
      (
        await sandbox.refund({
          refundRef,
          attemptRef: 'pay_1',
          gatewayRef: null,
          key: refundRef,
          captured: { minor: 8888, currency: 'CNY' },
          amount: { minor, currency: 'CNY' },
          at: t0,
        })
      )._unsafeUnwrap()
    sandbox.scriptRefund(
      { kind: 'pending' },
      { kind: 'timeout', refunded: true },
      { kind: 'decline', code: 'MerchantConfig' },
      { kind: 'succeed' },
    )
    expect((await refund('r1', 1000)).kind).toBe('pending')
    expect((await refund('r2', 2000)).kind).toBe('unknown')
    expect(await refund('r2', 2000)).toMatchObject({ kind: 'ok', value: { status: 'succeeded' } })
    expect((await refund('r3', 3000)).kind).toBe('declined')
    expect(await refund('r3', 3000)).toMatchObject({ kind: 'ok', value: { status: 'succeeded' } })
    expect(sandbox.settleRefund('r1')).toBe(true)
    expect(sandbox.failRefund('r2', 'InstrumentInvalid')).toBe(true)
    expect(sandbox.settleRefund('r9')).toBe(false)
    expect(sandbox.books().totals).toMatchObject([{ refundedMinor: 4000, netMinor: 4888 }])
  })

  it('believes every key it was given and no other', async () => {
    const { sandbox } = open()
    const older = createSandboxGateway({ now: () => t0, keys: [{ keyId: 'old', secret: 'old secret' }] })
    const stranger = createSandboxGateway({ now: () => t0, keys: [{ keyId: 'strange', secret: 'old secret' }] })
    const thief = createSandboxGateway({ now: () => t0, keys: [{ keyId: 'old', secret: 'guessed' }] })
    for (const each of [older, stranger, thief]) await create(each)
    const verdict = async (from: SandboxGateway, change: Record<string, string> = {}) => {
      const [notification] = await from.takeNotifications()
      if (notification === undefined) throw new Error('nothing was said')
      from.repeat('pay_1')
      const headers = { ...notification.headers, ...change }
      const verified = await sandbox.verifyNotification({ body: notification.body, headers, receivedAt: t0 })
      return verified.match(
        () => 'believed',
        ({ reason }) => reason,
      )
    }
    expect(await verdict(older)).toBe('believed')
    expect(await verdict(stranger)).toBe('unknownKey')
    expect(await verdict(thief)).toBe('signatureInvalid')
    expect(await verdict(older, { 'sandbox-timestamp': 'now' })).toBe('malformed')
    expect(await verdict(older, { 'sandbox-timestamp': String(t0 + 1) })).toBe('signatureInvalid')
    expect(await verdict(older, { 'sandbox-signature': 'zz' })).toBe('signatureMissing')
  })
})
