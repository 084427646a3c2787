import { createHash, createHmac } from 'node:crypto'
import { readMemberText } from '../../../../adapters/gateways/json-span.js'
import { json, type Received, startLoopback, type Told } from '../loopback.js'
import { createFakeDisputes } from './fake-disputes.js'
import { createFakeReports } from './fake-reports.js'

type Money = { readonly currency_code: string; readonly value: string }
type Capture = { readonly id: string; readonly amount: Money; readonly at: number; readonly status: string }
type Refund = {
  readonly id: string
  readonly amount: Money
  readonly customId: string
  readonly capture: string
  readonly status: string
  readonly invoiceId?: string
  readonly at: number
}
type Order = {
  readonly id: string
  readonly intent: string
  readonly status: 'CREATED' | 'APPROVED' | 'COMPLETED'
  readonly invoiceId: string
  readonly customId: string
  readonly amount: Money
  readonly authorization: { readonly id: string; readonly status: string } | null
  readonly captures: readonly Capture[]
  readonly refunds: readonly Refund[]
  readonly changes: number
}

export const account = {
  clientId: 'client-of-the-shop',
  clientSecret: 'canary-secret-of-the-client',
  merchantId: '7LFUVCDKGARH4',
  webhookId: '1JE4291016473214C',
}

const cents = ({ value }: Money) => Math.round(Number(value) * 100)

/** PayPal's API as far as a shop uses it: it keeps books, keys, and who may ask. */
export const startFakePayPal = async (now: () => number) => {
  const orders = new Map<string, Order>()
  const saidUnder = new Map<string, Told>()
  const tokens = new Map<string, number>()
  const events: string[] = []
  let waits = 0
  let counted = 0
  const declines: string[] = []
  let captureStatus = 'COMPLETED'
  let refundStatus = 'COMPLETED'

  const nextId = (prefix: string) => {
    counted += 1
    return `${prefix}${createHash('sha256').update(`${prefix} ${counted}`).digest('hex').slice(0, 14).toUpperCase()}`
  }
  const iso = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`
  const refuse = (status: number, issue: string): Told =>
    json(status, { name: 'UNPROCESSABLE_ENTITY', details: [{ issue }], debug_id: 'b1' })

  let refundsUntilRefusal = Number.POSITIVE_INFINITY
  const tellCapture = (order: Order, capture: Capture) => ({
    id: capture.id,
    status: capture.status,
    amount: capture.amount,
    final_capture: true,
    invoice_id: order.invoiceId,
    custom_id: order.customId,
    create_time: iso(capture.at),
    seller_receivable_breakdown: { gross_amount: capture.amount, paypal_fee: { ...capture.amount, value: '0.30' } },
    supplementary_data: { related_ids: { order_id: order.id } },
  })
  const tellRefund = (refund: Refund) => ({
    id: refund.id,
    status: refund.status,
    amount: refund.amount,
    ...(refund.customId === '' ? {} : { custom_id: refund.customId }),
    ...(refund.invoiceId === undefined ? {} : { invoice_id: refund.invoiceId }),
    create_time: iso(refund.at),
    links: [{ rel: 'up', href: `https://api-m.paypal.com/v2/payments/captures/${refund.capture}`, method: 'GET' }],
  })
  const tell = (order: Order) => ({
    id: order.id,
    intent: order.intent,
    status: order.status,
    update_time: iso(now() + order.changes * 1000),
    purchase_units: [
      {
        reference_id: 'default',
        custom_id: order.customId,
        invoice_id: order.invoiceId,
        amount: order.amount,
        payee: { merchant_id: account.merchantId, email_address: 'shop@shop.example' },
        payments: {
          ...(order.authorization === null
            ? {}
            : { authorizations: [{ ...order.authorization, amount: order.amount, create_time: iso(now()) }] }),
          captures: order.captures.map((capture) => tellCapture(order, capture)),
          refunds: order.refunds.map(tellRefund),
        },
      },
    ],
    links: [{ rel: 'payer-action', href: `https://www.paypal.com/checkoutnow?token=${order.id}`, method: 'GET' }],
  })
  const happen = (event_type: string, resource: object) => {
    const id = nextId('WH-')
    events.push(JSON.stringify({ id, event_version: '1.0', create_time: iso(now()), event_type, resource }, null, 1))
  }
  const disputes = createFakeDisputes({
    now,
    merchantId: account.merchantId,
    invoiceOf: (capture) =>
      [...orders.values()].find(({ captures }) => captures.some(({ id }) => id === capture))?.invoiceId,
    nextId,
    refuse,
    happen,
  })
  const reports = createFakeReports({ now, merchantId: account.merchantId, orders, refuse })
  const keep = (order: Order): Order => {
    const kept = { ...order, changes: order.changes + 1 }
    orders.set(order.id, kept)
    return kept
  }
  const approve = (order: Order) => {
    const approved = keep({ ...order, status: 'APPROVED' })
    happen('CHECKOUT.ORDER.APPROVED', tell(approved))
  }

  const create = (body: Readonly<Record<string, unknown>>): Told => {
    const { intent, purchase_units } = body
    const [unit] = Array.isArray(purchase_units) ? purchase_units : []
    const { amount, invoice_id, custom_id } = unit ?? {}
    if (!/^\d+(\.\d+)?$/.test(amount?.value ?? '') || cents(amount) <= 0)
      return refuse(422, 'CANNOT_BE_ZERO_OR_NEGATIVE')
    if ([...orders.values()].some((each) => each.invoiceId === invoice_id && each.captures.length > 0)) {
      return refuse(422, 'DUPLICATE_INVOICE_ID')
    }
    const order = keep({
      id: nextId('O'),
      intent: String(intent),
      status: 'CREATED',
      invoiceId: invoice_id,
      customId: custom_id,
      amount,
      authorization: null,
      captures: [],
      refunds: [],
      changes: 0,
    })
    const told = json(201, tell(order))
    if (waits > 0) waits -= 1
    else approve(order)
    return told
  }

  const take = (order: Order, amount: Money): Told => {
    const made: Capture = { id: nextId('C'), amount, at: now(), status: captureStatus }
    const taken = keep({ ...order, status: 'COMPLETED', captures: [...order.captures, made] })
    happen('PAYMENT.CAPTURE.COMPLETED', tellCapture(taken, made))
    // As PayPal answers: the payments, without what they are for.
    const { payments } = tell(taken).purchase_units[0] ?? {}
    return json(201, { id: taken.id, status: taken.status, purchase_units: [{ reference_id: 'default', payments }] })
  }

  const complete = (order: Order, verb: string): Told => {
    if (order.status === 'COMPLETED') return refuse(422, 'ORDER_ALREADY_CAPTURED')
    if (order.status !== 'APPROVED') return refuse(422, 'ORDER_NOT_APPROVED')
    const declined = declines.shift()
    if (declined !== undefined) return refuse(422, declined)
    if (verb === 'capture') return take(order, order.amount)
    const held = keep({ ...order, status: 'COMPLETED', authorization: { id: nextId('A'), status: 'CREATED' } })
    return json(201, { id: held.id, status: held.status, purchase_units: [] })
  }

  const patch = (order: Order, body: unknown): Told => {
    if (order.status === 'COMPLETED') return refuse(422, 'ORDER_ALREADY_COMPLETED')
    const [change] = Array.isArray(body) ? body : []
    if (change?.op !== 'replace' || change.path !== "/purchase_units/@reference_id=='default'/custom_id") {
      return refuse(422, 'NOT_PATCHABLE')
    }
    keep({ ...order, customId: change.value })
    return { status: 204, body: '' }
  }

  const changeHeld = (id: string, verb: string, body: Readonly<Record<string, unknown>>): Told => {
    const order = [...orders.values()].find((each) => each.authorization?.id === id)
    if (order?.authorization === null || order === undefined) return refuse(404, 'INVALID_RESOURCE_ID')
    if (verb === 'void') {
      if (order.authorization.status === 'VOIDED') return refuse(422, 'PREVIOUSLY_VOIDED')
      keep({ ...order, authorization: { id, status: 'VOIDED' } })
      return { status: 204, body: '' }
    }
    if (order.authorization.status === 'CAPTURED') return refuse(422, 'AUTHORIZATION_ALREADY_CAPTURED')
    if (order.authorization.status === 'VOIDED') return refuse(422, 'AUTHORIZATION_VOIDED')
    const { amount, final_capture } = body as { readonly amount: Money; readonly final_capture: boolean }
    const counted = order.captures.filter(({ status }) => status !== 'DECLINED')
    const out = counted.reduce((sum, each) => sum + cents(each.amount), 0)
    if (out + cents(amount) > cents(order.amount)) return refuse(422, 'MAX_CAPTURE_AMOUNT_EXCEEDED')
    if (captureStatus !== 'DECLINED') {
      keep({ ...order, authorization: { id, status: final_capture ? 'CAPTURED' : 'PARTIALLY_CAPTURED' } })
    }
    const told = take(orders.get(order.id) ?? order, amount)
    const made = orders.get(order.id)?.captures.at(-1)
    // As PayPal answers here: the capture itself.
    return made === undefined ? told : json(201, tellCapture(order, made))
  }

  const refund = (captureId: string, body: Readonly<Record<string, unknown>>): Told => {
    const order = [...orders.values()].find((each) => each.captures.some(({ id }) => id === captureId))
    const capture = order?.captures.find(({ id }) => id === captureId)
    if (order === undefined || capture === undefined) return refuse(404, 'INVALID_RESOURCE_ID')
    if (refundsUntilRefusal === 0) {
      refundsUntilRefusal = Number.POSITIVE_INFINITY
      return refuse(422, 'REFUND_FAILED_INSUFFICIENT_FUNDS')
    }
    refundsUntilRefusal -= 1
    const { amount, custom_id } = body as { readonly amount: Money; readonly custom_id: string }
    if (!/^[A-Za-z0-9-_.,]{1,127}$/.test(custom_id)) return refuse(400, 'INVALID_PARAMETER_SYNTAX')
    const out = order.refunds
      .filter((each) => each.capture === captureId && each.status !== 'FAILED')
      .reduce((sum, each) => sum + cents(each.amount), 0)
    if (out + cents(amount) > cents(capture.amount)) return refuse(422, 'REFUND_AMOUNT_EXCEEDED')
    const about = { id: nextId('R'), amount, customId: custom_id, capture: captureId, at: now() }
    const made: Refund = { ...about, status: refundStatus }
    const status = out + cents(amount) === cents(capture.amount) ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
    keep({
      ...order,
      captures: order.captures.map((each) => (each.id === captureId ? { ...each, status } : each)),
      refunds: [...order.refunds, made],
    })
    happen('PAYMENT.CAPTURE.REFUNDED', tellRefund(made))
    return json(201, tellRefund(made))
  }

  const signatureOf = (transmission: string, time: string, webhookId: string, body: string) =>
    createHmac('sha256', 'what only PayPal knows')
      .update(`${transmission}|${time}|${webhookId}|${body}`)
      .digest('base64')

  const judge = (text: string): Told => {
    const event = readMemberText(text, 'webhook_event') ?? ''
    const asked = JSON.parse(text)
    const expected = signatureOf(asked.transmission_id, asked.transmission_time, asked.webhook_id, event)
    const holds = asked.transmission_sig === expected && asked.auth_algo === 'SHA256withRSA'
    return json(200, { verification_status: holds ? 'SUCCESS' : 'FAILURE' })
  }

  const work = (request: Received): Told => {
    const [, version = '', area = '', kind = '', id = '', verb = ''] = new URL(
      request.path,
      'http://localhost',
    ).pathname.split('/')
    const text = request.body.toString()
    const route = `${request.method} ${version}/${area}/${kind}`
    if (route === 'POST v1/notifications/verify-webhook-signature') return judge(text)
    if (route === 'GET v1/reporting/transactions') return reports.answer(request)
    if (area === 'customer' && kind === 'disputes') return disputes.answer(request, id, verb)
    const body = text === '' ? {} : JSON.parse(text)
    if (area === 'checkout') {
      if (request.method === 'POST' && id === '') return create(body)
      const order = orders.get(id)
      if (order === undefined) return refuse(404, 'INVALID_RESOURCE_ID')
      if (request.method === 'GET') return json(200, tell(order))
      return request.method === 'PATCH' ? patch(order, body) : complete(order, verb)
    }
    if (kind === 'captures' && request.method === 'GET') {
      const order = [...orders.values()].find(({ captures }) => captures.some((each) => each.id === id))
      const capture = order?.captures.find((each) => each.id === id)
      return order === undefined || capture === undefined
        ? refuse(404, 'RESOURCE_NOT_FOUND')
        : json(200, tellCapture(order, capture))
    }
    if (kind === 'authorizations') return changeHeld(id, verb, body)
    if (kind === 'captures') return refund(id, body)
    const found = [...orders.values()].flatMap(({ refunds }) => refunds).find((each) => each.id === id)
    return found === undefined ? refuse(404, 'INVALID_RESOURCE_ID') : json(200, tellRefund(found))
  }

  const server = await startLoopback((request) => {
    if (request.path === '/v1/oauth2/token') {
      const expected = `Basic ${Buffer.from(`${account.clientId}:${account.clientSecret}`).toString('base64')}`
      if (request.headers.authorization !== expected) return json(401, { error: 'invalid_client' })
      const access_token = nextId('canary-token-')
      tokens.set(access_token, now() + 32_400_000)
      return json(200, { access_token, token_type: 'Bearer', expires_in: 32_400 })
    }
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
    if ((tokens.get(token) ?? 0) <= now()) return json(401, { error: 'invalid_token' })
    const key = request.headers['paypal-request-id']
    if (key === undefined) return work(request)
    if (key.length > 108) return refuse(400, 'INVALID_STRING_LENGTH')
    // The key alone decides: what is asked under it a second time is not looked at.
    const told = saidUnder.get(key) ?? work(request)
    // Whether an order was taken is said as it was said before, a refusal too.
    if (told.status < 300 || /\/(capture|authorize)$/.test(request.path)) saidUnder.set(key, told)
    return told
  })

  return {
    ...server,
    orders,
    reports,
    letPayerWait: () => {
      waits += 1
    },
    disputes,
    /** A payer disputes part of what was taken. */
    dispute: (attemptRef: string, amount: Money, facts: Parameters<typeof disputes.open>[2] = {}) => {
      const order = [...orders.values()].find(({ invoiceId }) => invoiceId === attemptRef)
      return disputes.open(order?.captures[0]?.id ?? '', amount, facts)
    },
    decide: disputes.decide,
    hideInvoices: disputes.hideInvoices,
    /** The payer approves an order that waits. */
    approve: (attemptRef: string) => {
      for (const order of [...orders.values()]) {
        if (order.invoiceId === attemptRef && order.status !== 'COMPLETED') approve(order)
      }
    },
    /** The next time that money is to be taken it is refused; the order stays approved. */
    decline: (issue = 'INSTRUMENT_DECLINED') => {
      declines.push(issue)
    },
    /** How what is taken stands from now on, and what waits already. */
    letCapturesBe: (status: string) => {
      captureStatus = status
      for (const order of [...orders.values()]) {
        const captures = order.captures.map((each) => (each.status === 'PENDING' ? { ...each, status } : each))
        keep({ ...order, captures })
      }
    },
    /** Somebody gives money back on PayPal's own pages. */
    refundByHand: (
      attemptRef: string,
      amount: Money,
      facts: { readonly invoice_id?: string } = {},
      event = 'PAYMENT.CAPTURE.REFUNDED',
    ) => {
      const order = [...orders.values()].find(({ invoiceId }) => invoiceId === attemptRef)
      const capture = order?.captures[0]?.id ?? ''
      const name = facts.invoice_id === undefined ? {} : { invoiceId: facts.invoice_id }
      const about = { id: nextId('R'), amount, customId: order?.customId ?? '', capture, at: now(), ...name }
      const made: Refund = { ...about, status: 'COMPLETED' }
      if (order !== undefined) keep({ ...order, refunds: [...order.refunds, made] })
      happen(event, tellRefund(made))
      return made.id
    },
    /** The refund after so many is refused, once. */
    refuseRefundAfter: (count: number) => {
      refundsUntilRefusal = count
    },
    letRefundsBe: (status: string) => {
      refundStatus = status
    },
    /** How refunds stand that are made already. */
    moveRefunds: (status: string) => {
      for (const order of [...orders.values()]) {
        keep({ ...order, refunds: order.refunds.map((each) => ({ ...each, status })) })
      }
    },
    /** How one refund stands, by its place. */
    moveRefund: (place: number, status: string) => {
      for (const order of [...orders.values()]) {
        keep({ ...order, refunds: order.refunds.map((each, index) => (index === place ? { ...each, status } : each)) })
      }
    },
    /** The line to the API is cut at the next request; a token is asked for before. */
    cut: (after: boolean) => server.fail({ kind: after ? 'cutAfter' : 'cutBefore' }),
    forgetTokens: () => tokens.clear(),
    forgetKeys: () => saidUnder.clear(),
    happen,
    takeEvents: () => events.splice(0),
    /** Signs a notification as the fake does; PayPal's own way is not known here. */
    sign: (text: string, at = now(), webhookId = account.webhookId) => {
      const transmission = nextId('T')
      const time = iso(at)
      return {
        body: new TextEncoder().encode(text),
        headers: {
          'paypal-auth-algo': 'SHA256withRSA',
          'paypal-cert-url': 'https://api.paypal.com/v1/notifications/certs/CERT-1',
          'paypal-transmission-id': transmission,
          'paypal-transmission-time': time,
          'paypal-transmission-sig': signatureOf(transmission, time, webhookId, text),
        },
      }
    },
  }
}
