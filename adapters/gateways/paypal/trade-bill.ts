import { err, ok, type Result, ResultAsync } from 'neverthrow'
import { currencyExponent } from 'shopwright'
import type { FineAmount, GatewayBillRow } from 'shopwright/payments'
import * as z from 'zod'
import { type GatewayBillError, type GatewayBills, readBillDay } from '../bills.js'
import { type GatewayConfigInvalid, refuseOption } from '../config.js'
import { createHttpSender } from '../http.js'
import { createAccessTokens } from './access-token.js'
import { readMoney } from './amount.js'
import { createClient, type PayPalClient } from './client.js'
import { hearDispute } from './disputes.js'
import { invoiceOf } from './invoice-of.js'
import { checkOptions, type PayPalOptions } from './options.js'
import { readRefund } from './read-refund.js'
import { readMark } from './refund-parts.js'
import { isDisputed } from './reversal.js'

const pageSize = 500
/** PayPal does not list more than so many movements at once. */
const mostPages = 20
const minuteMs = 60_000

const money = z.object({ currency_code: z.string(), value: z.string() })

const movementBody = z.object({
  transaction_id: z.string().min(1),
  transaction_event_code: z.string(),
  transaction_initiation_date: z.string(),
  transaction_amount: money,
  fee_amount: money.optional(),
  transaction_status: z.enum(['D', 'P', 'S', 'V']),
  invoice_id: z.string().default(''),
  custom_field: z.string().default(''),
  paypal_reference_id: z.string().default(''),
})

type Movement = z.infer<typeof movementBody>

const pageBody = z.object({
  transaction_details: z.array(z.object({ transaction_info: z.unknown() })).default([]),
  account_number: z.string(),
  last_refreshed_datetime: z.string(),
  total_items: z.int(),
  total_pages: z.int(),
})

type Period = { readonly from: number; readonly to: number }

/**
 * Fetches bills from PayPal's Transaction Search, which its app has to be allowed, by days of UTC: payments by invoice number
 * and refunds that moved the balance, what PayPal took back by itself among them. PayPal lists what happened within three
 * hours. Disputes, holds and payouts are left out.
 *
 * @errors GatewayConfigInvalid
 */
export const createPayPalBills = (options: PayPalOptions): Result<GatewayBills, GatewayConfigInvalid> =>
  checkOptions(options).andThen((setup) =>
    createHttpSender('https://api-m.paypal.com', options)
      .map((http): GatewayBills => {
        const client = createClient(http, createAccessTokens(http, options))
        return {
          fetchTradeBill: ({ day, at }) =>
            ResultAsync.fromSafePromise(fetchBill(client, setup.merchantId, day, at)).andThen((fetched) => fetched),
        }
      })
      .orElse((option) => refuseOption(setup.gatewayId, option, option === 'baseUrl' ? 'notHttps' : 'malformed')),
  )

const notReady: GatewayBillError = { type: 'GatewayBillUnavailable', reason: 'notReady' }
const unparsable: GatewayBillError = { type: 'GatewayBillUnavailable', reason: 'unknown', cause: 'unparsable' }
const unreadable = (reason: 'otherBill' | 'row' | 'total', line: number | null): GatewayBillError => ({
  type: 'GatewayBillUnreadable',
  reason,
  line,
})

const fetchBill = async (
  client: PayPalClient,
  merchantId: string,
  day: string,
  at: number,
): Promise<Result<readonly GatewayBillRow[], GatewayBillError>> => {
  const period = readBillDay(day, 0)
  if (period === null) return err({ type: 'GatewayBillUnavailable', reason: 'refused', gatewayCode: 'day' })
  if (at < period.to) return err(notReady)
  const listed = await listWithin(client, merchantId, period, at, period.to)
  if (listed.isErr()) return err(listed.error)
  const rows: GatewayBillRow[] = []
  for (const [index, info] of listed.value.entries()) {
    const read = movementBody.safeParse(info)
    const row = read.success ? await rowOf({ client, merchantId }, read.data, at) : err(unreadable('row', null))
    if (row.isErr()) return err(row.error.type === 'GatewayBillUnreadable' ? unreadable('row', index + 1) : row.error)
    if (row.value !== null) rows.push(row.value)
  }
  return ok(rows)
}

/** Every movement of a time; one of which there are too many for one list is halved. */
const listWithin = async (
  client: PayPalClient,
  merchantId: string,
  { from, to }: Period,
  at: number,
  refreshedAt: number,
): Promise<Result<readonly unknown[], GatewayBillError>> => {
  const all: unknown[] = []
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const query = {
      start_date: secondOf(from),
      // The last second is part of it.
      end_date: secondOf(to - 1000),
      fields: 'transaction_info',
      balance_affecting_records_only: 'Y',
      page_size: String(pageSize),
      page: String(page),
    }
    const path = `/v1/reporting/transactions?${new URLSearchParams(query)}`
    const reply = await client({ method: 'GET', path, isFile: true, at })
    if (reply.kind === 'unknown') return err({ type: 'GatewayBillUnavailable', reason: 'unknown', cause: reply.cause })
    if (reply.kind === 'refused') {
      if (reply.issue === 'RESULTSET_TOO_LARGE' && to - from >= 2 * minuteMs) {
        const middle = from + Math.floor((to - from) / 2 / minuteMs) * minuteMs
        const early = await listWithin(client, merchantId, { from, to: middle }, at, refreshedAt)
        if (early.isErr()) return err(early.error)
        const late = await listWithin(client, merchantId, { from: middle, to }, at, refreshedAt)
        return late.map((rest) => [...early.value, ...rest])
      }
      return err({ type: 'GatewayBillUnavailable', reason: 'refused', gatewayCode: reply.issue })
    }
    const read = pageBody.safeParse(reply.body)
    const refreshed = read.success ? readMoment(read.data.last_refreshed_datetime) : null
    if (!read.success || refreshed === null || read.data.total_pages > mostPages) return err(unparsable)
    if (read.data.account_number !== merchantId) return err(unreadable('otherBill', null))
    if (refreshed < refreshedAt) return err(notReady)
    pages = read.data.total_pages
    all.push(...read.data.transaction_details.map(({ transaction_info: info }) => info))
    // What is booked between two pages would move the rest of the list.
    if (page >= pages && all.length !== read.data.total_items) return err(unreadable('total', null))
  }
  return ok(all)
}

const secondOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`

// PayPal writes the difference to UTC without its colon.
const readMoment = (text: string): number | null => {
  const at = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(at) ? null : at
}

const statuses = { S: 'succeeded', V: 'succeeded', P: 'pending', D: 'failed' } as const

type Row = Result<GatewayBillRow | null, GatewayBillError>

type Account = { readonly client: PayPalClient; readonly merchantId: string }

// Of the many kinds of movement payments begin with T00, T1107 is the refund that a merchant makes, and T1106 what PayPal takes
// back by itself: others of T11 are holds and their ends.
const rowOf = async (account: Account, movement: Movement, at: number): Promise<Row> => {
  const { transaction_event_code: code, invoice_id: invoice, transaction_status: status } = movement
  const amount = readMoney(movement.transaction_amount)
  const moment = readMoment(movement.transaction_initiation_date)
  if (amount === null || moment === null) return err(unreadable('row', null))
  const facts = { currency: amount.currency, at: moment }
  if (code.startsWith('T00') && amount.minor > 0) {
    if (invoice === '') return ok(null)
    const fee = feeOf(movement, amount.currency)
    if (fee === 'unreadable') return err(unreadable('row', null))
    return ok({
      kind: 'payment',
      reference: invoice,
      attemptRef: invoice,
      status: statuses[status],
      // The list names what was captured; a payment is asked about by its order.
      gatewayRef: null,
      amountMinor: amount.minor,
      // What waits has cost nothing yet.
      fee: status === 'P' ? null : fee,
      ...facts,
    })
  }
  const isReversal = code === 'T1106'
  if ((code !== 'T1107' && !isReversal) || amount.minor >= 0) return ok(null)
  const fee = feeOf(movement, amount.currency)
  if (fee === 'unreadable') return err(unreadable('row', null))
  const named = await (isReversal ? nameReversal(account, movement, at) : nameRefund(account.client, movement, at))
  return named.map((names) =>
    names === null
      ? null
      : {
          kind: 'refund',
          ...names,
          gatewayRef: movement.transaction_id,
          status: statuses[status],
          amountMinor: 0 - amount.minor,
          fee: fee === null || fee.value === 0 ? fee : { ...fee, value: 0 - fee.value },
          ...facts,
        },
  )
}

type Names = Pick<GatewayBillRow, 'reference' | 'attemptRef'>
type Named = Result<Names | null, GatewayBillError>

// What a dispute takes is booked by that, and is no refund. Of the rest nothing is known here, and a person has to see it.
const nameReversal = async ({ client, merchantId }: Account, movement: Movement, at: number): Promise<Named> => {
  const { transaction_id: reference, invoice_id: invoice, paypal_reference_id: captureId } = movement
  const disputed =
    captureId !== '' &&
    (await isDisputed(client, captureId, at, (disputeRef) => hearDispute(client, merchantId, disputeRef, at)))
  if (disputed === 'unknown') return err(unparsable)
  if (disputed) return ok(null)
  const found = await nameRefund(client, movement, at)
  if (found.isErr() || found.value !== null) return found
  const attemptRef = invoice === '' && captureId !== '' ? await invoiceOf(client, captureId, at) : invoice
  if (typeof attemptRef !== 'string') return err(unparsable)
  return ok(attemptRef === '' ? null : { reference, attemptRef })
}

/** What the shop calls a refund and its payment; null where it is of none of the shop's. */
const nameRefund = async (
  client: PayPalClient,
  { transaction_id: id, invoice_id: invoice, custom_field: mark }: Movement,
  at: number,
): Promise<Named> => {
  const said = readMark(mark, invoice)
  if (said !== null) return ok({ reference: said.refundRef, attemptRef: said.attemptRef })
  // The list may hand on what the payment carries in place of what the refund does.
  const part = await readRefund(client, id, at, invoice)
  if (part === null) return ok(null)
  if (!('kind' in part)) return ok({ reference: part.refundRef, attemptRef: part.attemptRef })
  return err(
    part.kind === 'refused'
      ? { type: 'GatewayBillUnavailable', reason: 'refused', gatewayCode: part.issue }
      : { type: 'GatewayBillUnavailable', reason: 'unknown', cause: part.cause },
  )
}

/** What PayPal kept, or has given back, above zero; null where it does not say, or in another currency. */
const feeOf = ({ fee_amount: said }: Movement, currency: string): FineAmount | null | 'unreadable' => {
  if (said === undefined || said.currency_code !== currency) return null
  const fee = readMoney(said)
  const scale = currencyExponent(currency).unwrapOr(null)
  return fee === null || scale === null ? 'unreadable' : { value: Math.abs(fee.minor), scale }
}
