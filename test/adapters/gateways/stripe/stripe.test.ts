import { gatewayErrorCodes, mayRedirect } from 'shopwright/payments'
import { afterEach, describe, expect, it } from 'vitest'
import { codeOf } from '../../../../adapters/gateways/stripe/error-codes.js'
import { createStripe, type StripeOptions } from '../../../../adapters/gateways/stripe/index.js'
import { must } from '../../../../examples/support/must.js'
import { createCloser } from '../loopback.js'
import { sellOver } from '../sell-over.js'
import { told } from '../told.js'
import { account } from './fake-server.js'
import { openStripe, question, refundRequest, request, signEvent, t0 } from './stripe-world.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)
const open = async (more?: Partial<StripeOptions>, now?: () => number) => keep(await openStripe(more, now))

describe('paying', () => {
  it('shows the page what it needs to take a card, and no key but the public one', async () => {
    const { gateway, server } = await open()
    server.letPayerWait()
    const outcome = await told(gateway.create(request))
    expect(outcome).toMatchObject({
      kind: 'ok',
      value: { next: { kind: 'sdk', params: { publishableKey: account.publishableKey } }, snapshot: null },
    })
    expect(server.received[0]?.headers).toMatchObject({ 'idempotency-key': 'create:pay_1' })
  })

  it('by a stored card is confirmed at once, and sends the payer only where it may', async () => {
    const { gateway, server } = await open()
    server.letPayerWait()
    const outcome = await told(gateway.create({ ...request, instrumentToken: 'pm_1' }))
    const next = outcome.kind === 'ok' ? outcome.value.next : null
    expect(next?.kind === 'redirect' && mayRedirect(gateway.capabilities, next.url)).toBe(true)
    const sent = new URLSearchParams(server.received[0]?.body.toString())
    expect(Object.fromEntries(sent)).toMatchObject({
      confirm: 'true',
      payment_method: 'pm_1',
      return_url: request.returnUrl,
    })
  })

  it.each([
    ['a token that is none', { instrumentToken: '4242424242424242' }, 'InstrumentInvalid'],
    ['a token that hides a card number', { instrumentToken: 'pm_4242424242424242' }, 'InstrumentInvalid'],
    ['part of an unit', { amount: { minor: 1055, currency: 'KWD' } }, 'AmountInvalid'],
    ['nothing', { amount: { minor: 0, currency: 'USD' } }, 'AmountInvalid'],
    ['another method', { method: 'alipay' }, 'MerchantConfig'],
  ] as const)('by %s is refused, and nothing is sent', async (_, facts, code) => {
    const { gateway, server } = await open()
    expect(await told(gateway.create({ ...request, ...facts }))).toMatchObject({ kind: 'declined', error: { code } })
    expect(server.received).toEqual([])
  })

  it('is declined for the reason of the bank', async () => {
    const { gateway, server } = await open()
    server.decline('insufficient_funds', 'stolen_card', 'a_reason_of_tomorrow')
    for (const [key, code] of [
      ['a', 'InsufficientFunds'],
      ['b', 'FraudSuspected'],
      ['c', 'InstrumentDeclined'],
    ] as const) {
      expect(await told(gateway.create({ ...request, key }))).toMatchObject({ kind: 'declined', error: { code } })
    }
  })

  it('is unknown where nothing comes, where Stripe is out of order, and where two are at it', async () => {
    const { gateway, server } = await open({ timeoutMs: 1_000 })
    const error = (status: number, code: string) =>
      ({ kind: 'say', told: { status, body: JSON.stringify({ error: { type: 'api_error', code } }) } }) as const
    server.fail(error(500, 'x'), { kind: 'say', told: { status: 200, body: '<html>' } }, { kind: 'hang' })
    expect(await told(gateway.create(request))).toEqual({ kind: 'unknown', cause: 'serverError' })
    expect(await told(gateway.create(request))).toMatchObject({ kind: 'unknown' })
    expect(await told(gateway.create(request))).toEqual({ kind: 'unknown', cause: 'timeout' })
    // The package has an error of another class for it; the status says what it is.
    server.fail(error(409, 'idempotency_key_in_use'))
    expect(await told(gateway.create(request))).toMatchObject({ kind: 'declined', error: { code: 'InProgress' } })
  })

  it('tells the fee where it is in the currency of the payment', async () => {
    const { gateway } = await open()
    await gateway.create(request)
    expect(await told(gateway.query(question))).toMatchObject({
      kind: 'ok',
      value: { feeMinor: 257, orderRef: 'order_1', at: t0 },
    })
  })

  it('in steps holds, takes part, and gives up the rest', async () => {
    const { gateway } = await open()
    const held = await told(gateway.create({ ...request, capture: 'manual' }))
    expect(held).toMatchObject({
      kind: 'ok',
      value: { snapshot: { status: 'authorised', authorisedMinor: 8888, capturedMinor: 0 } },
    })
    const gatewayRef = held.kind === 'ok' ? held.value.gatewayRef : null
    const step = { attemptRef: 'pay_1', gatewayRef, key: 'capture:1', final: true, at: t0 }
    const take = (minor: number, key = 'capture:1') =>
      gateway.capture?.({ ...step, key, amount: { minor, currency: 'USD' } }) ?? gateway.query(question)
    expect(await told(take(8889, 'other'))).toMatchObject({ kind: 'declined', error: { code: 'AmountInvalid' } })
    const taken = { kind: 'ok', value: { status: 'captured', capturedMinor: 5000, authorisedMinor: 5000 } }
    expect(await told(take(5000))).toMatchObject(taken)
    expect(await told(take(5000))).toMatchObject(taken)
  })

  it('gives up what is held when it is closed, also twice', async () => {
    const { gateway } = await open()
    await gateway.create({ ...request, capture: 'manual' })
    const closing = { ...question, key: 'close:pay_1' }
    expect(await told(gateway.close(closing))).toEqual({ kind: 'ok', value: 'closed' })
    expect(await told(gateway.close(closing))).toEqual({ kind: 'ok', value: 'closed' })
  })

  it('whose answer was lost is found by our reference at once, and days later by the search', async () => {
    let now = t0
    const { gateway, server } = await open({}, () => now)
    server.index(false)
    server.loseAnswer(true)
    expect(await told(gateway.create(request))).toMatchObject({ kind: 'unknown' })
    const charged = { kind: 'ok', value: { status: 'captured', capturedMinor: 8888, at: t0 } }
    expect(await told(gateway.query(question))).toMatchObject(charged)
    // Others pay after it, more than a page of them.
    server.transfers.letPagesHold(2)
    for (const attemptRef of ['pay_2', 'pay_3', 'pay_4']) {
      now += 1_200_000
      await gateway.create({ ...request, attemptRef, key: attemptRef })
    }
    expect(await told(gateway.query(question))).toMatchObject(charged)
    now += 1_200_000
    await gateway.create({ ...request, attemptRef: 'pay_5', key: 'pay_5' })
    server.index(true)
    const lists = () => server.received.filter(({ path }) => path.startsWith('/v1/payment_intents?')).length
    const before = lists()
    now += 3 * 86_400_000
    expect(await told(gateway.query({ ...question, at: now }))).toMatchObject(charged)
    // What is older than the search lags is not read through for it.
    await gateway.create({ ...request, attemptRef: 'pay_6', key: 'pay_6' })
    await gateway.query({ ...question, attemptRef: 'nobody', at: now })
    expect(lists() - before).toBe(4)
    expect(await told(gateway.query({ ...question, at: now }))).toMatchObject(charged)
  })

  it('is not unheard of while the list of payments cannot be read', async () => {
    const { gateway, server } = await open()
    const refused = { kind: 'say', told: { status: 429, body: '{"error":{"type":"rate_limit_error"}}' } } as const
    server.fail(refused, refused, refused)
    expect((await told(gateway.query(question))).kind).toBe('unknown')
  })
})

describe('refunds', () => {
  it('are one also after Stripe has forgotten the key', async () => {
    const { gateway, server } = await open()
    await gateway.create(request)
    const first = await told(gateway.refund(refundRequest))
    server.forgetKeys()
    expect(await told(gateway.refund(refundRequest))).toEqual(first)
    expect(server.refunds.size).toBe(1)
  })

  it('are one also where the first is on a later page of all refunds of the payment', async () => {
    const { gateway, server } = await open()
    await gateway.create(request)
    const one = { minor: 1, currency: 'USD' }
    for (const refundRef of ['ref_1', 'ref_2', 'ref_3']) {
      expect(await told(gateway.refund({ ...refundRequest, refundRef, key: refundRef, amount: one }))).toMatchObject({
        kind: 'ok',
      })
    }
    server.forgetKeys()
    server.transfers.letPagesHold(1)
    expect(await told(gateway.refund({ ...refundRequest, refundRef: 'ref_3', amount: one }))).toMatchObject({
      kind: 'ok',
      value: { refundRef: 'ref_3' },
    })
    expect(server.refunds.size).toBe(3)
  })

  it.each([401, 429])('are unknown where what was done before may not be looked at, by %i', async (status) => {
    const { gateway, server } = await open()
    const created = await told(gateway.create(request))
    const gatewayRef = created.kind === 'ok' ? created.value.gatewayRef : null
    const no = { kind: 'say', told: { status, body: '{"error":{"type":"api_error","message":"no"}}' } } as const
    expect(await told(gateway.refund(refundRequest))).toMatchObject({ kind: 'ok' })
    const ambiguous = { kind: 'unknown', cause: 'ambiguous' }
    server.fail(no)
    expect(await told(gateway.refund({ ...refundRequest, gatewayRef }))).toEqual(ambiguous)
    server.fail(no)
    const capture = { attemptRef: 'pay_1', gatewayRef, key: 'capture:1', final: true, at: t0 }
    const taken = gateway.capture?.({ ...capture, amount: { minor: 1, currency: 'USD' } })
    expect(taken === undefined ? null : await told(taken)).toEqual(ambiguous)
    expect(server.refunds.size).toBe(1)
  })

  it('that came back are sent anew under a new key', async () => {
    const { gateway, server, takeNotifications } = await open()
    await gateway.create(request)
    server.letRefundsBe('pending')
    const first = await told(gateway.refund(refundRequest))
    expect(first).toMatchObject({ kind: 'ok', value: { status: 'pending' } })
    await takeNotifications()
    const gatewayRef = first.kind === 'ok' ? first.value.gatewayRef : null
    server.endRefund(gatewayRef ?? '', 'failed')
    const [notice] = await takeNotifications()
    const failed = { refundRef: 'ref_1', attemptRef: 'pay_1', status: 'failed', failure: 'InstrumentInvalid' }
    expect(must(await gateway.verifyNotification({ ...notice!, receivedAt: t0 })).facts).toMatchObject([failed])
    const asked = { refundRef: 'ref_1', attemptRef: 'pay_1', gatewayRef, paymentGatewayRef: null, at: t0 }
    expect(await told(gateway.queryRefund(asked))).toMatchObject({ kind: 'ok', value: failed })
    server.letRefundsBe('succeeded')
    const again = await told(gateway.refund({ ...refundRequest, key: 'refund:ref_1:2' }))
    expect(again).toMatchObject({ kind: 'ok', value: { status: 'succeeded' } })
    expect(await told(gateway.queryRefund({ ...asked, gatewayRef: null }))).toEqual(again)
    // Asked by the name of the one that came back, it tells of the one that stands for it now.
    expect(await told(gateway.queryRefund(asked))).toEqual(again)
  })
})

describe('notifications', () => {
  const paid = async () => {
    const { gateway, server, takeNotifications } = await open()
    await gateway.create(request)
    const [text = ''] = server.takeEvents()
    return { gateway, server, text, takeNotifications }
  }

  it('are believed by either secret while one is changed, and by no other', async () => {
    const { text, server } = await paid()
    const { gateway } = await open({
      baseUrl: server.baseUrl,
      webhookSecrets: ['whsec_new', account.webhookSecrets[0]],
    })
    expect(must(await gateway.verifyNotification({ ...signEvent(text, t0), receivedAt: t0 })).facts).toHaveLength(1)
    const forged = signEvent(text, t0, 'whsec_of_a_stranger')
    expect((await gateway.verifyNotification({ ...forged, receivedAt: t0 }))._unsafeUnwrapErr().reason).toBe(
      'signatureInvalid',
    )
  })

  it.each([3_600_000, -3_600_000])(
    'signed an hour off (%s ms) are not believed, though the package lets the future pass',
    async (offMs) => {
      const { gateway, text } = await paid()
      const verdict = await gateway.verifyNotification({ ...signEvent(text, t0 + offMs), receivedAt: t0 })
      expect(verdict._unsafeUnwrapErr().reason).toBe(offMs > 0 ? 'fromFuture' : 'stale')
    },
  )

  it.each(['t=NOW,', ' t=NOW,', 'v0=x,t=NOW,'])(
    'of long ago are not believed with another moment written before the one that was signed (%s)',
    async (before) => {
      const { gateway, text } = await paid()
      const { body, headers } = signEvent(text, t0 - 3_600_000)
      const signed = headers['stripe-signature']
      const forged = { 'stripe-signature': `${before.replace('NOW', String(t0 / 1000))}${signed}` }
      const verdict = await gateway.verifyNotification({ body, headers: forged, receivedAt: t0 })
      expect(verdict._unsafeUnwrapErr().reason).toBe('malformed')
    },
  )

  it('of disputes and of payments of others are taken note of', async () => {
    const { gateway, server, takeNotifications } = await paid()
    server.happen('charge.dispute.created', { id: 'dp_1', object: 'dispute', amount: 1, currency: 'usd' })
    server.happen('payment_intent.succeeded', {
      id: 'pi_1',
      object: 'payment_intent',
      status: 'succeeded',
      amount: 1,
      currency: 'usd',
    })
    for (const notice of await takeNotifications()) {
      expect(must(await gateway.verifyNotification({ ...notice, receivedAt: t0 })).facts).toEqual([])
    }
  })

  it('of a dispute name the payment by our reference, with fee, deadline and evidence in Stripe’s own fields', async () => {
    const { gateway, server, takeNotifications } = await paid()
    const id = server.dispute('pay_1', 4000)
    const [notice] = await takeNotifications()
    const told = must(await gateway.verifyNotification({ ...notice!, receivedAt: t0 })).facts
    expect(told).toEqual([
      {
        kind: 'dispute',
        disputeRef: id,
        attemptRef: 'pay_1',
        status: 'evidenceDue',
        reason: 'notReceived',
        amount: { minor: 4000, currency: 'USD' },
        lostMinor: null,
        feeMinor: 1500,
        evidenceDueAt: t0 + 604_800_000,
        at: t0,
      },
    ])
    const evidence = {
      explanation: 'Signed for.',
      files: [],
      goods: ['Kettle', 'Mug'],
      parcels: [{ carrier: 'sf-express', trackingNumber: 'SF1', shippedAt: t0, deliveredAt: null }],
      refunded: { minor: 0, currency: 'USD' },
    }
    const request = { disputeRef: id, attemptRef: 'pay_1', key: 'evidence:1', at: t0, evidence, concludes: false }
    must((await gateway.disputes?.submitEvidence?.(request))!)
    expect(server.disputes.get(id)?.evidence).toEqual({
      uncategorized_text: 'Signed for.',
      product_description: 'Kettle; Mug',
      shipping_carrier: 'sf-express',
      shipping_tracking_number: 'SF1',
      shipping_date: new Date(t0).toISOString().slice(0, 10),
    })
    server.decide('pay_1', 'won')
    const last = (await takeNotifications()).at(-1)
    const won = must(await gateway.verifyNotification({ ...last!, receivedAt: t0 })).facts
    expect(won).toMatchObject([{ status: 'won', feeMinor: 0, evidenceDueAt: null }])
  })

  it('of a dispute whose payment cannot be asked for now are asked for again', async () => {
    const { gateway, server, takeNotifications } = await paid()
    server.dispute('pay_1', 4000, 'warning_needs_response')
    const [notice] = await takeNotifications()
    const cut = { kind: 'cutBefore' } as const
    server.fail(cut, cut)
    const verdict = await gateway.verifyNotification({ ...notice!, receivedAt: t0 })
    expect(verdict._unsafeUnwrapErr().reason).toBe('unverifiable')
    const again = must(await gateway.verifyNotification({ ...notice!, receivedAt: t0 })).facts
    expect(again).toMatchObject([{ status: 'inquiry', feeMinor: null }])
  })

  it.each([401, 403, 429])(
    'of a dispute whose payment may not be looked at, by %i, are asked for again',
    async (status) => {
      const { gateway, server, takeNotifications } = await paid()
      server.dispute('pay_1', 4000)
      const [notice] = await takeNotifications()
      server.fail({ kind: 'say', told: { status, body: '{"error":{"type":"api_error","message":"no"}}' } })
      const verdict = await gateway.verifyNotification({ ...notice!, receivedAt: t0 })
      expect(verdict._unsafeUnwrapErr().reason).toBe('unverifiable')
      const again = must(await gateway.verifyNotification({ ...notice!, receivedAt: t0 })).facts
      expect(again).toMatchObject([{ kind: 'dispute', attemptRef: 'pay_1' }])
    },
  )

  it.each([
    ['no JSON', 'nothing'],
    ['no event', '{}'],
  ])('with %s are malformed, though signed well', async (_, text) => {
    const { gateway } = await open()
    const verdict = await gateway.verifyNotification({ ...signEvent(text, t0), receivedAt: t0 })
    expect(verdict._unsafeUnwrapErr().reason).toBe('malformed')
  })
})

describe('options', () => {
  it.each<readonly [string, Partial<StripeOptions>]>([
    ['accountId', { accountId: '' }],
    ['secretKey', { secretKey: 'pk_test_canary' }],
    ['publishableKey', { publishableKey: 'sk_test_canary' }],
    ['webhookSecrets', { webhookSecrets: ['canary'] }],
    ['baseUrl', { baseUrl: 'http://pay.example' }],
    ['timeoutMs', { timeoutMs: 0 }],
  ])('with another %s make no gateway, and tell no secret', async (option, more) => {
    const refused = (await createStripe({ ...account, ...more }))._unsafeUnwrapErr()
    expect(refused).toMatchObject({ type: 'GatewayConfigInvalid', gatewayId: 'stripe', option })
    expect(JSON.stringify(refused)).not.toContain('canary')
  })

  it('say what to install where the package is not there', async () => {
    const load = () => Promise.reject(new Error('not found'))
    expect((await createStripe({ ...account, load }))._unsafeUnwrapErr()).toEqual({
      type: 'PackageMissing',
      package: 'stripe',
      install: 'npm install stripe',
    })
  })
})

describe('codes of Stripe', () => {
  const refusal = { status: 400, kind: 'StripeInvalidRequestError', code: '', declineCode: '', param: '' }
  it.each([
    [{ status: 402, code: 'card_declined', declineCode: 'expired_card' }, 'InstrumentInvalid'],
    [{ status: 402, code: 'expired_card' }, 'InstrumentInvalid'],
    [{ status: 402, code: 'card_declined', declineCode: 'authentication_required' }, 'AuthRequired'],
    [{ status: 402, code: 'card_declined', declineCode: 'incorrect_pin' }, 'AuthFailed'],
    [{ status: 402, code: 'card_declined', declineCode: 'card_velocity_exceeded' }, 'LimitExceeded'],
    [{ status: 402, code: 'card_declined', declineCode: 'currency_not_supported' }, 'CurrencyUnsupported'],
    [{ status: 402, code: 'processing_error' }, 'GatewayDown'],
    [{ status: 402, code: 'constructor' }, 'InstrumentDeclined'],
    [{ status: 409, code: 'lock_timeout' }, 'InProgress'],
    [{ status: 429 }, 'RateLimited'],
    [{ status: 401 }, 'MerchantConfig'],
    [{ status: 403 }, 'MerchantConfig'],
    [{ kind: 'StripeIdempotencyError' }, 'IdempotencyReuse'],
    [{ code: 'amount_too_small' }, 'AmountInvalid'],
    [{ param: 'currency' }, 'CurrencyUnsupported'],
    [{ code: 'a_code_of_tomorrow' }, 'MerchantConfig'],
  ] as const)('%j are %s', (facts, code) => {
    expect(codeOf({ ...refusal, ...facts })).toBe(code)
    expect(gatewayErrorCodes).toContain(code)
  })
})

describe('a whole sale over Stripe', () => {
  it('is paid and given back by notifications, and no secret is written or told', async () => {
    const { gateway, server, now, takeNotifications } = await open({}, Date.now)
    server.letPayerWait()
    const sale = await sellOver({
      gateway,
      method: 'creditCard',
      now,
      pay: async (paymentId) => server.pay(paymentId),
      takeNotifications,
    })
    expect(sale.next).toMatchObject({ kind: 'sdk' })
    expect(sale.states).toEqual(['awaitingPayment', 'awaitingShipment'])
    expect(sale.outcomes).toEqual(['rejected', 'handled', 'handled', 'rejected', 'handled', 'handled'])
    expect(sale.refund).toBe('partly')
    expect([...server.refunds.values()].map(({ amount }) => amount)).toEqual([sale.refundedMinor])
    for (const secret of [account.secretKey, account.webhookSecrets[0]]) expect(sale.said).not.toContain(secret)
  })
})
