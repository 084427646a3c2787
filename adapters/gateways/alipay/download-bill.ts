import { err, type Result, ResultAsync } from 'neverthrow'
import type { GatewayBillRow, UnknownCause } from 'shopwright/payments'
import * as z from 'zod'
import { type GatewayBillError, type GatewayBills, readBillDay } from '../bills.js'
import { type GatewayConfigInvalid, refuseOption } from '../config.js'
import { createHttpSender, type HttpOptions } from '../http.js'
import { openZip } from '../zip.js'
import { type AlipayClient, createClient } from './client.js'
import { type AlipayOptions, type AlipaySetup, checkOptions } from './options.js'
import { readTradeBill, tradeBillTitle } from './trade-bill.js'

const hourMs = 3_600_000
const aheadMs = 8 * hourMs
/** When the bill of a day that had trades is there for certain, after its end. */
const madeWithinMs = 12 * hourMs

const linkBody = z.object({ bill_download_url: z.url() })

/**
 * Fetches trade bills from Alipay, which makes that of a day in the morning of the next. Of a day without trades it says only
 * that there is no bill: until noon that is one which is not ready.
 *
 * @errors GatewayConfigInvalid
 */
export const createAlipayBills = (options: AlipayOptions): Result<GatewayBills, GatewayConfigInvalid> =>
  checkOptions(options).andThen((setup) =>
    createHttpSender('https://openapi.alipay.com', options)
      .map((http): GatewayBills => {
        const fetching: Fetching = { setup, client: createClient(setup, http), options }
        return {
          fetchTradeBill: ({ day, at }) =>
            ResultAsync.fromSafePromise(fetchBill(fetching, day, at)).andThen((fetched) => fetched),
        }
      })
      .orElse((option) => refuseOption(setup.gatewayId, option, option === 'baseUrl' ? 'notHttps' : 'malformed')),
  )

type Fetching = { readonly setup: AlipaySetup; readonly client: AlipayClient; readonly options: HttpOptions }

const absent = (reason: 'noTrades' | 'notReady') =>
  err<never, GatewayBillError>({ type: 'GatewayBillUnavailable', reason })
const refused = (gatewayCode: string) =>
  err<never, GatewayBillError>({ type: 'GatewayBillUnavailable', reason: 'refused', gatewayCode })
const unknown = (cause: UnknownCause) =>
  err<never, GatewayBillError>({ type: 'GatewayBillUnavailable', reason: 'unknown', cause })
const unreadable = (reason: 'digest' | 'encoding' | 'heading') =>
  err<never, GatewayBillError>({ type: 'GatewayBillUnreadable', reason, line: null })

const fetchBill = async (
  { setup, client, options }: Fetching,
  day: string,
  at: number,
): Promise<Result<readonly GatewayBillRow[], GatewayBillError>> => {
  const period = readBillDay(day, aheadMs)
  if (period === null) return refused('day')
  if (at < period.to) return absent('notReady')
  const content = { bill_type: 'trade', bill_date: day }
  const reply = await client.ask({ method: 'alipay.data.dataservice.bill.downloadurl.query', content, at })
  if (reply.kind === 'unknown') return unknown(reply.cause)
  if (reply.kind === 'refused') {
    if (/bill_not_exist$/i.test(reply.subCode)) return absent(at < period.to + madeWithinMs ? 'notReady' : 'noTrades')
    return refused(reply.subCode === '' ? reply.code : reply.subCode)
  }
  const link = linkBody.safeParse(reply.body)
  const file = link.success ? await download(link.data.bill_download_url, options) : null
  if (file === null) return unknown('unparsable')
  if (file.kind === 'unknown') return unknown(file.cause)
  if (file.status !== 200) return unknown(file.status >= 500 ? 'serverError' : 'unparsable')
  const files = openZip(file.body)
  if (files === null) return unreadable('digest')
  // Beside the list of trades there is one of sums.
  const texts = files.map(readGbk)
  const bills = texts.filter((text) => text?.startsWith(tradeBillTitle))
  const [text] = bills
  if (typeof text !== 'string' || bills.length !== 1) return unreadable(texts.includes(null) ? 'encoding' : 'heading')
  return readTradeBill(text, { sellerId: setup.sellerId, day })
}

// Alipay has signed the address, and writes it without the s: it is not gone to in the clear.
const download = async (address: string, { timeoutMs, fetch }: HttpOptions) => {
  const { origin, pathname, search } = new URL(address)
  const own = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::|$)/.test(origin)
  const sender = createHttpSender(own ? origin : origin.replace(/^http:/, 'https:'), {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(fetch === undefined ? {} : { fetch }),
  }).unwrapOr(null)
  return sender === null
    ? null
    : sender.send({ method: 'GET', path: `${pathname}${search}`, headers: {}, isFile: true })
}

const readGbk = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('gbk', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
