import { gatewayErrorCodes } from 'shopwright/payments'
import * as z from 'zod'
import type { HttpFetch } from '../../adapters/gateways/http.js'
import { codeOf } from '../../adapters/gateways/paypal/error-codes.js'
import { createPayPal } from '../../adapters/gateways/paypal/index.js'
import { type Check, compare, readShared } from './check.js'
import { breaches } from './open-api.js'

/** Every issue that a specification lists, wherever it stands. */
const issuesIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(issuesIn)
  if (typeof value !== 'object' || value === null) return []
  const listed = z.object({ issue: z.object({ enum: z.array(z.string()) }) }).safeParse(value)
  return [...(listed.success ? listed.data.issue.enum : []), ...Object.values(value).flatMap(issuesIn)]
}

// Words that say in an issue's own name what it is about; whatever else an issue says, these may not be lost.
const telling: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^ORDER_ALREADY_(CAPTURED|AUTHORIZED|COMPLETED)$/, ['AlreadyPaid']],
  [/IN_PROGRESS$|^PENDING_CAPTURE$/, ['InProgress']],
  [/DECLINED/, ['InstrumentDeclined']],
  [/CURRENCY_(MISMATCH|NOT_SUPPORTED)/, ['CurrencyUnsupported', 'MerchantConfig']],
  [/AMOUNT_EXCEEDED$/, ['AmountInvalid']],
  [/^DUPLICATE_INVOICE_ID$/, ['DuplicateReference']],
]

/** Each issue of PayPal's specifications means one code of the port. */
export const checkPayPal = (folder: string): readonly Check[] => {
  const files = ['paypal-orders-v2.openapi.json', 'paypal-payments-v2.openapi.json']
  const issues = [...new Set(files.flatMap((file) => issuesIn(JSON.parse(readShared(folder, file)))))].sort()
  const meant = issues.map((issue) => [issue, codeOf(422, issue, 'pay')] as const)
  return [
    compare('issues are listed', issues.length >= 200, true),
    ...meant.map(([issue, code]) => {
      const expected = telling.find(([words]) => words.test(issue))?.[1] ?? gatewayErrorCodes
      return compare(`issue ${issue} is ${code}`, expected.includes(code), true)
    }),
  ]
}

const money = { minor: 8888, currency: 'USD' }
const references = {
  attemptRef: 'pay_0000000000abcdefghijklmnop',
  orderRef: 'ord_0000000000abcdefghijklmnop',
  orderNumber: '261124-0482-1367-7',
}

/** The bodies that a gateway sends for a payment, and for a refund of it, keep to PayPal's specifications. */
export const checkPayPalRequests = async (folder: string): Promise<readonly Check[]> => {
  const orders: unknown = JSON.parse(readShared(folder, 'paypal-orders-v2.openapi.json'))
  const payments: unknown = JSON.parse(readShared(folder, 'paypal-payments-v2.openapi.json'))
  const sent: { readonly path: string; readonly body: unknown }[] = []
  const capture = { id: 'C1', status: 'COMPLETED', amount: { currency_code: 'USD', value: '88.88' } }
  const order = {
    id: 'O1',
    status: 'COMPLETED',
    purchase_units: [{ invoice_id: references.attemptRef, amount: capture.amount, payments: { captures: [capture] } }],
  }
  const fetch: HttpFetch = async (url, { body }) => {
    const path = new URL(url).pathname
    if (body !== undefined && path !== '/v1/oauth2/token')
      sent.push({ path, body: JSON.parse(new TextDecoder().decode(body)) })
    const answer = path === '/v1/oauth2/token' ? { access_token: 't', expires_in: 3600 } : order
    const { body: told } = new Response(JSON.stringify(answer))
    return { status: 200, headers: new Headers(), body: told }
  }
  const account = { clientId: 'c', clientSecret: 's', merchantId: 'M1', webhookId: 'W1', description: 'Two mugs' }
  const made = createPayPal({ ...account, fetch })
  if (made.isErr()) return [compare('a gateway to PayPal', made.error, null)]
  const { value: gateway } = made
  const request = { ...references, key: 'k', amount: money, method: 'payPal' as const, instrumentToken: null, at: 0 }
  const expiresAt = 1_800_000
  await gateway.create({ ...request, capture: 'automatic', expiresAt, returnUrl: 'https://shop.example/back' })
  await gateway.create({ ...request, key: 'k2', capture: 'manual', expiresAt, returnUrl: null })
  await gateway.refund({
    refundRef: 'ref_0000000000abcdefghijklmnop',
    attemptRef: references.attemptRef,
    gatewayRef: 'O1',
    key: 'k3',
    captured: money,
    amount: { minor: 88, currency: 'USD' },
    at: 0,
  })
  const checked = sent.map(({ path, body }) =>
    path.endsWith('/refund')
      ? compare(`body of ${path}`, breaches(payments, { $ref: '#/components/schemas/refund_request' }, body), [])
      : compare(`body of ${path}`, breaches(orders, { $ref: '#/components/schemas/order_request' }, body), []),
  )
  const [first] = sent
  const spoiled = { ...Object(first?.body), intent: 'GIVE' }
  const found = breaches(orders, { $ref: '#/components/schemas/order_request' }, spoiled).length
  return [compare('bodies sent', sent.length, 3), compare('a wrong body is found', found > 0, true), ...checked]
}
