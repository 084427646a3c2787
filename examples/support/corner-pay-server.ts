import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { CornerPayOptions } from './corner-pay.js'

type Payment = {
  readonly kind: 'payment'
  readonly id: string
  readonly merchant: string
  readonly reference: string
  readonly order: string
  readonly amount: number
  readonly currency: string
  readonly qr: string
  readonly state: 'open' | 'paid' | 'closed'
  readonly at: number
}

type Refund = {
  readonly kind: 'refund'
  readonly id: string
  readonly reference: string
  readonly payment: string
  readonly amount: number
  readonly currency: string
  readonly at: number
}

type Answer = { readonly status: number; readonly body: object }

const refuse = (status: number, code: string): Answer => ({ status, body: { code } })

const readBody = async (request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const text = Buffer.concat(chunks).toString('utf8')
  const parsed: unknown = text === '' ? {} : JSON.parse(text)
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
}

/**
 * Stands in for the real CornerPay: an HTTP server that keeps its books in memory. Payers pay at once unless they are
 * told to wait.
 */
export const startCornerPayServer = async (
  merchant: Pick<CornerPayOptions, 'merchantId' | 'apiKey' | 'signingSecret'>,
  now: () => number,
) => {
  const payments = new Map<string, Payment>()
  const refunds = new Map<string, Refund>()
  const notices: object[] = []
  let waits = 0
  let lost: { readonly charged: boolean } | undefined

  const keep = (payment: Payment): Payment => {
    payments.set(payment.reference, payment)
    if (payment.state === 'paid') notices.push({ id: `notice_${notices.length + 1}`, about: payment })
    return payment
  }

  const create = (body: Readonly<Record<string, unknown>>): Answer => {
    const { reference, order, amount, currency } = body
    if (typeof reference !== 'string' || typeof order !== 'string' || typeof currency !== 'string') {
      return refuse(422, 'malformed')
    }
    if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount <= 0) return refuse(422, 'amount_invalid')
    const before = payments.get(reference)
    if (before !== undefined) {
      const isSame = before.amount === amount && before.currency === currency && before.order === order
      return isSame ? { status: 200, body: before } : refuse(409, 'reference_reused')
    }
    const state = waits > 0 ? 'open' : 'paid'
    waits = Math.max(0, waits - 1)
    const id = `cp_${payments.size + 1}`
    const facts = { id, merchant: merchant.merchantId, reference, order, amount, currency, qr: `corner:${id}` }
    return { status: 200, body: keep({ kind: 'payment', ...facts, state, at: now() }) }
  }

  const close = (payment: Payment): Answer => ({
    status: 200,
    body: payment.state === 'open' ? keep({ ...payment, state: 'closed', at: now() }) : payment,
  })

  const refund = (body: Readonly<Record<string, unknown>>): Answer => {
    const { reference, payment: of, amount, currency } = body
    if (typeof reference !== 'string' || typeof of !== 'string' || typeof currency !== 'string') {
      return refuse(422, 'malformed')
    }
    const before = refunds.get(reference)
    if (before !== undefined) {
      return before.amount === amount && before.payment === of
        ? { status: 200, body: before }
        : refuse(409, 'reference_reused')
    }
    const payment = payments.get(of)
    if (payment?.state !== 'paid' || payment.currency !== currency) return refuse(422, 'not_paid')
    const out = [...refunds.values()].reduce((sum, each) => (each.payment === of ? sum + each.amount : sum), 0)
    const fits = typeof amount === 'number' && Number.isSafeInteger(amount) && amount > 0
    if (!fits || amount > payment.amount - out) return refuse(422, 'amount_invalid')
    const made: Refund = {
      kind: 'refund',
      id: `cr_${refunds.size + 1}`,
      reference,
      payment: of,
      amount,
      currency,
      at: now(),
    }
    refunds.set(reference, made)
    return { status: 200, body: made }
  }

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    if (request.headers.authorization !== `Bearer ${merchant.apiKey}`) return refuse(401, 'unauthorized')
    const [, kind, name = '', verb] = (request.url ?? '').split('/').map(decodeURIComponent)
    const route = `${request.method} ${kind}${name === '' ? '' : '/:reference'}${verb === undefined ? '' : `/${verb}`}`
    const payment = payments.get(name)
    switch (route) {
      case 'POST payments':
        return create(await readBody(request))
      case 'GET payments/:reference':
        return payment === undefined ? refuse(404, 'not_found') : { status: 200, body: payment }
      case 'POST payments/:reference/close':
        return payment === undefined ? refuse(404, 'not_found') : close(payment)
      case 'POST refunds':
        return refund(await readBody(request))
      case 'GET refunds/:reference': {
        const found = refunds.get(name)
        return found === undefined ? refuse(404, 'not_found') : { status: 200, body: found }
      }
      default:
        return refuse(404, 'no_such_route')
    }
  }

  const server = createServer((request, response) => {
    const loses = lost
    lost = undefined
    if (loses?.charged === false) {
      request.socket.destroy()
      return
    }
    answer(request).then(
      ({ status, body }) => {
        if (loses?.charged === true) request.socket.destroy()
        else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      },
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  return {
    baseUrl: `http://127.0.0.1:${port}`,
    /** The next payment waits for its payer. */
    letPayerWait: () => {
      waits += 1
    },
    /** The payer pays a payment that waits. */
    pay: (reference: string) => {
      const payment = payments.get(reference)
      if (payment?.state === 'open') keep({ ...payment, state: 'paid', at: now() })
    },
    /** The connection breaks at the next request, before or after it was done. */
    loseNextAnswer: (charged: boolean) => {
      lost = { charged }
    },
    /** Takes what it would send to the merchant's address, signed now. */
    takeNotifications: () =>
      notices.splice(0).map((notice) => {
        const body = new TextEncoder().encode(JSON.stringify(notice))
        const time = String(now())
        const signature = createHmac('sha256', merchant.signingSecret).update(`${time}\n`).update(body).digest('hex')
        return { body, headers: { 'corner-time': time, 'corner-signature': signature } }
      }),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
