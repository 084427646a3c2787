import { createHash, createPublicKey, sign, verify } from 'node:crypto'
import { type Received, startLoopback, type Told } from '../loopback.js'
import { readMultipart } from '../read-multipart.js'
import { makeRsaKeys, type TestKeys } from '../test-keys.js'
import { createFakeComplaints } from './fake-complaints.js'
import { createFakeRoyalties } from './fake-royalties.js'

type Trade = {
  readonly number: string
  readonly yuan: string
  readonly id: string
  readonly isFrozen: boolean
  readonly state: 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_CLOSED'
  readonly paidAt: number | null
}

type Refund = {
  readonly number: string
  readonly trade: string
  readonly yuan: string
  readonly at: number
  readonly done: boolean
  /** What is said of it says nothing of how it stands: it came to nothing. */
  readonly isFailed?: boolean
}

export const merchant = { appId: '2021000000000001', sellerId: '2088000000000001' }

/** The number that payers who complain leave. */
export const payerPhone = '13900000000'

/** Keys of the application and of Alipay, made once in a run: they are slow to make. */
export const keysOfRun = { app: makeRsaKeys(), alipay: makeRsaKeys(), stranger: makeRsaKeys() }

export const inShanghai = (at: number) => new Date(at + 28_800_000).toISOString().slice(0, 19).replace('T', ' ')

type Params = Readonly<Record<string, string>>

const textOf = (params: Params, without: readonly string[]) =>
  Object.keys(params)
    .filter((name) => params[name] !== '' && !without.includes(name))
    .sort()
    .map((name) => `${name}=${params[name]}`)
    .join('&')

const cents = (yuan: string) => Math.round(Number(yuan) * 100)

/** Alipay's gateway as far as a shop uses it: it keeps books, checks who asks, and signs what it says. */
export const startFakeAlipay = async (now: () => number, keys: { app: TestKeys; alipay: TestKeys } = keysOfRun) => {
  const trades = new Map<string, Trade>()
  const refunds = new Map<string, Refund>()
  const notices: Params[] = []
  const bills = new Map<string, Uint8Array>()
  let billHost = ''
  let waits = 0
  let slowRefunds = 0

  const idOf = (text: string) =>
    `2026${createHash('sha256').update(text).digest('hex').replace(/\D/g, '').slice(0, 24)}`
  const noticeOf = (trade: Trade): Params => ({
    notify_id: idOf(`${trade.number} ${trade.state}`),
    notify_type: 'trade_status_sync',
    notify_time: inShanghai(now()),
    app_id: merchant.appId,
    auth_app_id: merchant.appId,
    seller_id: merchant.sellerId,
    buyer_id: '2088102534368455',
    charset: 'utf-8',
    version: '1.0',
    subject: '100% cotton & more = 纯棉 +1',
    passback_params: '',
    out_trade_no: trade.number,
    trade_no: trade.id,
    trade_status: trade.state,
    total_amount: trade.yuan,
    receipt_amount: trade.yuan,
    gmt_create: inShanghai(now()),
    ...(trade.paidAt === null ? {} : { gmt_payment: inShanghai(trade.paidAt) }),
  })
  const pay = (number: string) => {
    const trade = trades.get(number)
    if (trade?.state !== 'WAIT_BUYER_PAY') return
    const paid: Trade = { ...trade, state: 'TRADE_SUCCESS', paidAt: now() }
    trades.set(number, paid)
    notices.push(noticeOf(paid))
  }
  const signText = (text: string) => sign('sha256', Buffer.from(text), keys.alipay.privateKey).toString('base64')

  const say = (method: string, answer: Readonly<Record<string, unknown>>): Told => {
    // Alipay escapes slashes; what is signed is the text as it stands.
    const text = JSON.stringify(answer).replaceAll('/', '\\/')
    const member = `${method.replaceAll('.', '_')}_response`
    return { status: 200, body: `{ "${member}" : ${text},"sign":"${signText(text)}"}` }
  }
  const done = (method: string, facts: object) => say(method, { code: '10000', msg: 'Success', ...facts })
  const refuse = (method: string, subCode: string) =>
    say(method, { code: '40004', msg: 'Business Failed', sub_code: subCode, sub_msg: 'refused' })

  const place = (method: string, content: Params, isFrozen: boolean): Told => {
    const { out_trade_no: number = '', total_amount: yuan = '', subject = '', time_expire = '' } = content
    const sound =
      /^\w{1,64}$/.test(number) &&
      /^\d+\.\d\d$/.test(yuan) &&
      subject !== '' &&
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(time_expire)
    if (!sound) return refuse(method, 'ACQ.INVALID_PARAMETER')
    const before = trades.get(number)
    if (before?.state === 'TRADE_SUCCESS') return refuse(method, 'ACQ.TRADE_HAS_SUCCESS')
    if (before?.state === 'TRADE_CLOSED') return refuse(method, 'ACQ.TRADE_HAS_CLOSE')
    if (before !== undefined && before.yuan !== yuan) return refuse(method, 'ACQ.CONTEXT_INCONSISTENT')
    if (before === undefined) {
      trades.set(number, { number, yuan, id: idOf(number), isFrozen, state: 'WAIT_BUYER_PAY', paidAt: null })
      if (waits > 0) waits -= 1
      else pay(number)
    }
    return done(method, { out_trade_no: number, qr_code: `https://qr.alipay.com/${idOf(number).slice(4, 20)}` })
  }

  const refund = (method: string, content: Params): Told => {
    const { out_trade_no = '', out_request_no: number = '', refund_amount: yuan = '' } = content
    const trade = trades.get(out_trade_no)
    if (!/^\w{1,64}$/.test(number) || !/^\d+\.\d\d$/.test(yuan)) return refuse(method, 'ACQ.INVALID_PARAMETER')
    if (trade === undefined) return refuse(method, 'ACQ.TRADE_NOT_EXIST')
    if (trade.paidAt === null) return refuse(method, 'ACQ.TRADE_STATUS_ERROR')
    const own = [...refunds.values()].filter((each) => each.trade === trade.number)
    const outCents = own.reduce((sum, each) => sum + cents(each.yuan), 0)
    const before = refunds.get(number)
    if (before !== undefined && before.yuan !== yuan) return refuse(method, 'ACQ.DISCORDANT_REPEAT_REQUEST')
    const answer = (fund_change: 'Y' | 'N', totalCents: number) =>
      done(method, {
        out_trade_no,
        trade_no: trade.id,
        buyer_logon_id: '159****5620',
        fund_change,
        // What has gone back so far, this refund included.
        refund_fee: (totalCents / 100).toFixed(2),
      })
    if (before !== undefined) return answer('N', outCents)
    if (outCents + cents(yuan) > cents(trade.yuan)) return refuse(method, 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL')
    const slow = slowRefunds > 0
    if (slow) slowRefunds -= 1
    refunds.set(number, { number, trade: trade.number, yuan, at: now(), done: !slow })
    if (outCents + cents(yuan) === cents(trade.yuan)) trades.set(trade.number, { ...trade, state: 'TRADE_CLOSED' })
    return answer(slow ? 'N' : 'Y', outCents + cents(yuan))
  }

  const queryRefund = (method: string, content: Params): Told => {
    const { out_trade_no = '', out_request_no = '' } = content
    const trade = trades.get(out_trade_no)
    const found = refunds.get(out_request_no)
    if (trade === undefined) return refuse(method, 'ACQ.TRADE_NOT_EXIST')
    if (found === undefined || !found.done) return done(method, {})
    return done(method, {
      out_trade_no,
      out_request_no,
      trade_no: trade.id,
      total_amount: trade.yuan,
      refund_amount: found.yuan,
      ...(found.isFailed === true ? {} : { refund_status: 'REFUND_SUCCESS' }),
      gmt_refund_pay: inShanghai(found.at),
    })
  }

  let messages = 0
  const complaints = createFakeComplaints({
    phone: payerPhone,
    now,
    find: (number) => trades.get(number),
    done,
    refuse,
    notify: (complaintId) => {
      messages += 1
      notices.push({
        notify_id: `message ${messages}`,
        msg_method: 'alipay.merchant.tradecomplain.changed',
        app_id: merchant.appId,
        charset: 'UTF-8',
        version: '1.1',
        biz_content: JSON.stringify({ complain_event_id: complaintId }),
      })
    },
  })

  const royalties = createFakeRoyalties({
    sellerId: merchant.sellerId,
    find: (tradeId) => {
      const trade = [...trades.values()].find(({ id }) => id === tradeId)
      return trade === undefined ? undefined : { ...trade, isPaid: trade.paidAt !== null }
    },
    done,
    refuse,
  })

  const isOurs = (params: Params): boolean =>
    params.app_id === merchant.appId &&
    params.sign_type === 'RSA2' &&
    params.version === '1.0' &&
    params.charset === 'utf-8' &&
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(params.timestamp ?? '') &&
    verify(
      'sha256',
      Buffer.from(textOf(params, ['sign'])),
      createPublicKey(keys.app.publicKey),
      Buffer.from(params.sign ?? '', 'base64'),
    )

  /** What comes of the parameters of a request, sent by the shop or by a payer. */
  const handle = (params: Params): Told => {
    const { method = '' } = params
    if (!isOurs(params)) {
      const body = '{"error_response":{"code":"40002","msg":"Invalid Arguments","sub_code":"isv.invalid-signature"}}'
      return { status: 200, body }
    }
    const whole: Readonly<Record<string, unknown>> = JSON.parse(params.biz_content ?? '{}')
    const content: Params = JSON.parse(params.biz_content ?? '{}')
    const divided = royalties.answer(method, whole)
    if (divided !== undefined) return divided
    const trade = trades.get(content.out_trade_no ?? '')
    switch (method) {
      case 'alipay.trade.precreate':
      case 'alipay.trade.page.pay':
      case 'alipay.trade.wap.pay':
      case 'alipay.trade.app.pay':
        return place(method, content, JSON.stringify(whole.extend_params) === '{"royalty_freeze":"true"}')
      case 'alipay.trade.query':
        return trade === undefined
          ? refuse(method, 'ACQ.TRADE_NOT_EXIST')
          : done(method, {
              out_trade_no: trade.number,
              trade_no: trade.id,
              trade_status: trade.state,
              total_amount: trade.yuan,
              buyer_logon_id: 'ann/***@mail.example',
              ...(trade.paidAt === null ? {} : { send_pay_date: inShanghai(trade.paidAt) }),
            })
      case 'alipay.trade.close': {
        if (trade === undefined) return refuse(method, 'ACQ.TRADE_NOT_EXIST')
        if (trade.state !== 'WAIT_BUYER_PAY') return refuse(method, 'ACQ.REASON_TRADE_STATUS_INVALID')
        trades.set(trade.number, { ...trade, state: 'TRADE_CLOSED' })
        return done(method, { out_trade_no: trade.number, trade_no: trade.id })
      }
      case 'alipay.trade.refund':
        return refund(method, content)
      case 'alipay.trade.fastpay.refund.query':
        return queryRefund(method, content)
      case 'alipay.data.dataservice.bill.downloadurl.query': {
        if (content.bill_type !== 'trade' || !bills.has(content.bill_date ?? '')) {
          return refuse(method, 'isp.bill_not_exist')
        }
        return done(method, {
          bill_download_url: `${billHost || server.baseUrl}/downloadBillFile.resource?fileId=${content.bill_date}`,
        })
      }
      default:
        return complaints.answer(method, content) ?? refuse(method, 'isv.invalid-method')
    }
  }

  const pictures = new Map<string, Buffer>()
  // What is signed of a form with a file in it: its words, and what stands in the address; not the file.
  const takePicture = (request: Received): Told => {
    const parts = readMultipart(request) ?? []
    const words = parts.filter(({ fileName }) => fileName === null).map(({ name, bytes }) => [name, bytes.toString()])
    const params: Params = Object.fromEntries([...new URL(request.path, 'http://localhost').searchParams, ...words])
    const { method = '', image_type: type = '' } = params
    const [file, ...others] = parts.filter(({ fileName }) => fileName !== null)
    if (!isOurs(params) || file?.name !== 'image_content' || others.length > 0)
      return refuse(method, 'INVALID_PARAMETER')
    if (!['jpg', 'jpeg', 'png'].includes(type) || !file.fileName?.endsWith(type) || file.bytes.length > 5_242_880) {
      return refuse(method, 'INVALID_PARAMETER')
    }
    const id = `A*${pictures.size}image`
    pictures.set(id, file.bytes)
    return done(method, { image_id: id })
  }

  const server = await startLoopback((request: Received) => {
    const [, day] = /^\/downloadBillFile\.resource\?fileId=(.+)$/.exec(request.path) ?? []
    if (day !== undefined) return { status: 200, body: bills.get(day) ?? '' }
    return request.path.includes('method=alipay.merchant.image.upload')
      ? takePicture(request)
      : handle(Object.fromEntries(new URLSearchParams(request.body.toString())))
  })

  /** Signs a notification as Alipay does: without `sign` and `sign_type`, both of which it then carries. */
  const signNotice = (params: Params, key = keys.alipay.privateKey, hash = 'sha256', signType = 'RSA2') => {
    const signature = sign(hash, Buffer.from(textOf(params, ['sign', 'sign_type'])), key).toString('base64')
    const body = new URLSearchParams({ ...params, sign_type: signType, sign: signature }).toString()
    return { body: new TextEncoder().encode(body), headers: { 'content-type': 'application/x-www-form-urlencoded' } }
  }

  return {
    ...server,
    trades,
    refunds,
    complaints,
    royalties,
    pictures,
    pay,
    handle,
    say,
    signText,
    noticeOf,
    signNotice,
    /** Somebody gives money back on Alipay's own pages, under a number of its own; told of as all that has gone back. */
    refundByHand: (tradeNumber: string, number: string, yuan: string) => {
      refund('alipay.trade.refund', { out_trade_no: tradeNumber, out_request_no: number, refund_amount: yuan })
      const trade = trades.get(tradeNumber)
      const own = [...refunds.values()].filter((each) => each.trade === tradeNumber)
      if (trade === undefined) return
      notices.push({
        ...noticeOf(trade),
        notify_id: idOf(`${number} back`),
        out_biz_no: number,
        refund_fee: (own.reduce((sum, each) => sum + cents(each.yuan), 0) / 100).toFixed(2),
        gmt_refund: `${inShanghai(now())}.123`,
      })
    },
    /** A refund came to nothing, and its amount is still said. */
    failRefund: (number: string) => {
      const found = refunds.get(number)
      if (found !== undefined) refunds.set(number, { ...found, isFailed: true })
    },
    /** The next payment waits for its payer. */
    letPayerWait: () => {
      waits += 1
    },
    /** The bill of a day is made, and lies on this host; on this one unless told. */
    layBill: (day: string, archive: Uint8Array, host = '') => {
      bills.set(day, archive)
      billHost = host
    },
    /** The next refund is accepted, and moves no money yet. */
    delayRefund: () => {
      slowRefunds += 1
    },
    /** A refund that was delayed reaches the payer. */
    finishRefund: (number: string) => {
      const found = refunds.get(number)
      if (found !== undefined) refunds.set(number, { ...found, done: true, at: now() })
    },
    /** Takes what would be sent to the merchant, signed now. */
    takeNotices: () =>
      notices
        .splice(0)
        .map((notice) =>
          signNotice(
            notice.msg_method === undefined
              ? { ...notice, notify_time: inShanghai(now()) }
              : { ...notice, utc_timestamp: String(now()) },
          ),
        ),
  }
}
