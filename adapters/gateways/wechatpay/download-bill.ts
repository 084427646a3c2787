import { createHash } from 'node:crypto'
import { err, type Result, ResultAsync } from 'neverthrow'
import type { GatewayBillRow, UnknownCause } from 'shopwright/payments'
import * as z from 'zod'
import type { GatewayBillError, GatewayBills } from '../bills.js'
import { type GatewayConfigInvalid, refuseOption } from '../config.js'
import { createHttpSender, type HttpSender, toText } from '../http.js'
import { createClient, type WechatPayClient } from './client.js'
import { plainCode } from './error-codes.js'
import { checkOptions, type WechatPayOptions } from './options.js'
import { readTradeBill } from './trade-bill.js'

const linkBody = z.object({ hash_type: z.literal('SHA1'), hash_value: z.string(), download_url: z.string() })

/**
 * Fetches bills from WeChat Pay, which makes that of a day by ten in the morning of the next. A file is not read before its
 * digest is the one that WeChat Pay has signed.
 *
 * @errors GatewayConfigInvalid
 */
export const createWechatPayBills = (options: WechatPayOptions): Result<GatewayBills, GatewayConfigInvalid> =>
  checkOptions(options).andThen((setup) =>
    createHttpSender('https://api.mch.weixin.qq.com', options)
      .map((http): GatewayBills => {
        const client = createClient(setup, http)
        return {
          fetchTradeBill: ({ day, at }) =>
            ResultAsync.fromSafePromise(fetchBill(http, client, day, at)).andThen((fetched) => fetched),
        }
      })
      .orElse((option) => refuseOption(setup.gatewayId, option, option === 'baseUrl' ? 'notHttps' : 'malformed')),
  )

const unavailable = (cause: UnknownCause) =>
  err<never, GatewayBillError>({ type: 'GatewayBillUnavailable', reason: 'unknown', cause })

const fetchBill = async (
  http: HttpSender,
  client: WechatPayClient,
  day: string,
  at: number,
): Promise<Result<readonly GatewayBillRow[], GatewayBillError>> => {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return refusal('day')
  const reply = await client.ask({ method: 'GET', path: `/v3/bill/tradebill?bill_date=${day}&bill_type=ALL`, at })
  if (reply.kind === 'unknown') return unavailable(reply.cause)
  if (reply.kind === 'refused') {
    const code = plainCode(reply.code)
    if (code === 'NOSTATEMENTEXIST') return err({ type: 'GatewayBillUnavailable', reason: 'noTrades' })
    if (code === 'STATEMENTCREATING') return err({ type: 'GatewayBillUnavailable', reason: 'notReady' })
    return refusal(reply.code)
  }
  const link = linkBody.safeParse(reply.body)
  const path = link.success ? pathBelow(http.baseUrl, link.data.download_url) : null
  if (!link.success || path === null) return unavailable('unparsable')
  const file = await client.download(path, at)
  if (file.kind === 'unknown') return unavailable(file.cause)
  if (file.status !== 200) return unavailable(file.status >= 500 ? 'serverError' : 'unparsable')
  if (createHash('sha1').update(file.body).digest('hex') !== link.data.hash_value.toLowerCase()) {
    return err({ type: 'GatewayBillUnreadable', reason: 'digest', line: null })
  }
  const text = toText(file.body)
  return text === null ? err({ type: 'GatewayBillUnreadable', reason: 'encoding', line: null }) : readTradeBill(text)
}

const refusal = (gatewayCode: string) =>
  err<never, GatewayBillError>({ type: 'GatewayBillUnavailable', reason: 'refused', gatewayCode })

// The request for the file carries a signature of the shop's: it goes to WeChat Pay and to nobody else.
const pathBelow = (baseUrl: string, url: string): string | null => {
  if (!URL.canParse(url)) return null
  const { origin, pathname, search } = new URL(url)
  return origin === new URL(baseUrl).origin ? `${pathname}${search}` : null
}
