import { createCipheriv, createHash, createPublicKey, randomBytes, sign, verify } from 'node:crypto'
import { json, type Received, startLoopback, type Told } from '../loopback.js'
import { readMultipart } from '../read-multipart.js'
import { makeRsaKeys, type TestKeys } from '../test-keys.js'
import { createFakeComplaints } from './fake-complaints.js'
import { createFakeSplits } from './fake-splits.js'

type Trade = {
  /** Absent of an answer that names none. */
  readonly appid: string | undefined
  readonly mchid: string
  readonly number: string
  readonly total: number
  readonly payerTotal: number
  readonly attach: string
  readonly scene: string
  readonly state: 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED'
  readonly id: string
  readonly paidAt: number | null
  /** Held together to be divided. */
  readonly isFrozen: boolean
}

type Refund = {
  readonly number: string
  readonly trade: string
  readonly minor: number
  readonly total: number
  readonly id: string
  readonly state: 'PROCESSING' | 'SUCCESS' | 'ABNORMAL' | 'CLOSED'
}

/** What a merchant has arranged with WeChat Pay. */
export const merchant = { appId: 'wx0123456789abcdef', mchId: '1900000109', serial: '3775B6A45ACD588826D15E583A95F5DD' }

/** The number that payers who complain leave. */
export const payerPhone = '13900000000'

/** Keys of the merchant and of the platform, made once in a run: they are slow to make. */
export const keysOfRun = { merchant: makeRsaKeys(), platform: makeRsaKeys(), stranger: makeRsaKeys() }
export const platformSerial = 'PUB_KEY_ID_0119000001092026030200000000000001'

const inShanghai = (at: number) => `${new Date(at + 28_800_000).toISOString().slice(0, 19)}+08:00`

/** WeChat Pay's API v3 as far as a shop uses it: it keeps books, checks who asks, and signs what it says. */
export const startFakeWechatPay = async (
  now: () => number,
  apiV3Key: string,
  keys: { merchant: TestKeys; platform: TestKeys } = keysOfRun,
) => {
  const trades = new Map<string, Trade>()
  const refunds = new Map<string, Refund>()
  const notices: { readonly type: string; readonly kind: string; readonly facts: object }[] = []
  let waits = 0
  let refundState: Refund['state'] = 'SUCCESS'
  let certificates: readonly { readonly serial: string; readonly pem: string }[] = []
  let serial = platformSerial

  const seal = (text: string, associatedData: string) => {
    const nonce = randomBytes(6).toString('hex')
    const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce))
    cipher.setAAD(Buffer.from(associatedData))
    const ciphertext = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64')
    return { algorithm: 'AEAD_AES_256_GCM', nonce, associated_data: associatedData, ciphertext }
  }
  const signed = (body: string, at = now()) => {
    const timestamp = String(Math.floor(at / 1000))
    const nonce = randomBytes(16).toString('hex')
    const signature = sign('sha256', Buffer.from(`${timestamp}\n${nonce}\n${body}\n`), keys.platform.privateKey)
    return {
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': nonce,
      'wechatpay-serial': serial,
      'wechatpay-signature': signature.toString('base64'),
      'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
    }
  }
  const say = (status: number, body: object): Told => json(status, body, signed(JSON.stringify(body)))
  const refuse = (status: number, code: string): Told => say(status, { code, message: `refused: ${code}` })

  const tell = (trade: Trade) => ({
    appid: trade.appid,
    mchid: trade.mchid,
    out_trade_no: trade.number,
    attach: trade.attach,
    trade_type: trade.scene.toUpperCase(),
    trade_state: trade.state,
    trade_state_desc: trade.state,
    scene_info: { device_id: '' },
    ...(trade.paidAt === null
      ? { amount: { payer_currency: 'CNY', total: trade.total } }
      : {
          transaction_id: trade.id,
          bank_type: 'OTHERS',
          success_time: inShanghai(trade.paidAt),
          payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
          amount: { total: trade.total, payer_total: trade.payerTotal, currency: 'CNY', payer_currency: 'CNY' },
        }),
  })
  const pay = (number: string, discount = 0) => {
    const trade = trades.get(number)
    if (trade?.state !== 'NOTPAY') return
    const paid: Trade = { ...trade, state: 'SUCCESS', paidAt: now(), payerTotal: trade.total - discount }
    trades.set(number, paid)
    notices.push({ type: 'TRANSACTION.SUCCESS', kind: 'transaction', facts: tell(paid) })
  }

  const text = (body: Readonly<Record<string, unknown>>, name: string) => {
    const value = body[name]
    return typeof value === 'string' ? value : ''
  }
  const amountOf = (body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
    const { amount } = body
    return typeof amount === 'object' && amount !== null ? { ...amount } : {}
  }

  const create = (scene: string, body: Readonly<Record<string, unknown>>): Told => {
    const number = text(body, 'out_trade_no')
    const { total, currency } = amountOf(body)
    const known =
      /^[\w|*-]{6,32}$/.test(number) &&
      text(body, 'appid') === merchant.appId &&
      text(body, 'mchid') === merchant.mchId &&
      text(body, 'description') !== '' &&
      [...text(body, 'description')].length <= 127 &&
      text(body, 'attach').length <= 128 &&
      text(body, 'notify_url').startsWith('https://') &&
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/.test(text(body, 'time_expire')) &&
      currency === 'CNY' &&
      Number.isSafeInteger(total) &&
      Number(total) > 0
    if (!known) return refuse(400, 'PARAM_ERROR')
    const { payer, scene_info } = body
    if ((scene === 'jsapi') !== (payer !== undefined) || (scene === 'h5') !== (scene_info !== undefined)) {
      return refuse(400, 'PARAM_ERROR')
    }
    const before = trades.get(number)
    if (before !== undefined && before.state === 'SUCCESS') return refuse(400, 'ORDERPAID')
    if (before !== undefined && before.state === 'CLOSED') return refuse(400, 'ORDER_CLOSED')
    if (before !== undefined && before.total !== total) return refuse(403, 'OUT_TRADE_NO_USED')
    if (before === undefined) {
      trades.set(number, {
        appid: merchant.appId,
        mchid: merchant.mchId,
        number,
        total: Number(total),
        payerTotal: Number(total),
        attach: text(body, 'attach'),
        scene,
        state: 'NOTPAY',
        id: `42000${createHash('sha256').update(number).digest('hex').replace(/\D/g, '').slice(0, 23)}`,
        paidAt: null,
        isFrozen: JSON.stringify(body.settle_info) === '{"profit_sharing":true}',
      })
      if (waits > 0) waits -= 1
      else pay(number)
    }
    const token = createHash('sha256').update(`${number} token`).digest('hex').slice(0, 20)
    if (scene === 'native') return say(200, { code_url: `weixin://wxpay/bizpayurl?pr=${token}` })
    if (scene === 'h5')
      return say(200, { h5_url: `https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx${token}` })
    return say(200, { prepay_id: `wx${token}` })
  }

  const close = (number: string): Told => {
    const trade = trades.get(number)
    if (trade === undefined) return refuse(404, 'ORDER_NOT_EXIST')
    if (trade.paidAt !== null) return refuse(400, 'ORDERPAID')
    if (trade.state === 'CLOSED') return refuse(400, 'ORDER_CLOSED')
    trades.set(number, { ...trade, state: 'CLOSED' })
    return { status: 204, headers: signed(''), body: '' }
  }

  const tellRefund = (refund: Refund) => ({
    refund_id: refund.id,
    out_refund_no: refund.number,
    transaction_id: trades.get(refund.trade)?.id ?? '',
    out_trade_no: refund.trade,
    channel: 'ORIGINAL',
    user_received_account: '招商银行信用卡0403',
    create_time: inShanghai(now()),
    ...(refund.state === 'SUCCESS' ? { success_time: inShanghai(now()) } : {}),
    status: refund.state,
    amount: { total: refund.total, refund: refund.minor, payer_total: refund.total, currency: 'CNY' },
  })
  const noticeOfRefund = (refund: Refund) => {
    const { status, amount, ...facts } = tellRefund(refund)
    const { currency: _, ...sums } = amount
    notices.push({
      type: `REFUND.${refund.state}`,
      kind: 'refund',
      facts: { mchid: merchant.mchId, ...facts, refund_status: status, amount: sums },
    })
  }
  const refund = (body: Readonly<Record<string, unknown>>): Told => {
    const number = text(body, 'out_refund_no')
    const trade = trades.get(text(body, 'out_trade_no'))
    const { refund: minor, total, currency } = amountOf(body)
    if (!/^[\w|*@-]{1,64}$/.test(number) || currency !== 'CNY') return refuse(400, 'PARAM_ERROR')
    if (trade === undefined || trade.paidAt === null) return refuse(404, 'RESOURCE_NOT_EXISTS')
    const before = refunds.get(number)
    if (before !== undefined) {
      return before.minor === minor && before.trade === trade.number
        ? say(200, tellRefund(before))
        : refuse(400, 'INVALID_REQUEST')
    }
    const out = [...refunds.values()].reduce((sum, each) => (each.trade === trade.number ? sum + each.minor : sum), 0)
    if (total !== trade.total || !(Number(minor) > 0) || Number(minor) + out > trade.total) {
      return refuse(400, 'INVALID_REQUEST')
    }
    const made: Refund = {
      number,
      trade: trade.number,
      minor: Number(minor),
      total: trade.total,
      id: `50300${createHash('sha256').update(number).digest('hex').replace(/\D/g, '').slice(0, 23)}`,
      state: refundState,
    }
    refunds.set(number, made)
    trades.set(trade.number, { ...trade, state: 'REFUND' })
    if (made.state !== 'PROCESSING') noticeOfRefund(made)
    return say(200, tellRefund(made))
  }

  const splits = createFakeSplits({
    appId: merchant.appId,
    say,
    find: (transaction) => {
      return [...trades.values()].find(({ id, paidAt }) => id === transaction && paidAt !== null)
    },
  })

  const complaints = createFakeComplaints({
    mchId: merchant.mchId,
    merchantKey: keys.merchant.publicKey,
    phone: payerPhone,
    now,
    say,
    done: () => ({ status: 204, headers: signed(''), body: '' }),
    find: (number) => trades.get(number),
    notify: (type, facts) => notices.push({ type, kind: 'complaint', facts }),
  })

  const pictures = new Map<string, Buffer>()
  const isOurs = (request: Received): boolean => {
    const [, fields = ''] = /^WECHATPAY2-SHA256-RSA2048 (.+)$/.exec(request.headers.authorization ?? '') ?? []
    const facts = new Map(Array.from(fields.matchAll(/(\w+)="([^"]*)"/g), ([, name = '', value = '']) => [name, value]))
    // Of a form what is said of the file is signed, not the file.
    const said = readMultipart(request)?.find(({ name }) => name === 'meta')?.bytes ?? request.body
    const message = `${request.method}\n${request.path}\n${facts.get('timestamp')}\n${facts.get('nonce_str')}\n${said}\n`
    return (
      facts.get('mchid') === merchant.mchId &&
      facts.get('serial_no') === merchant.serial &&
      Math.abs(Number(facts.get('timestamp')) * 1000 - now()) <= 300_000 &&
      (request.headers.accept ?? '').includes('application/json') &&
      (request.headers['user-agent'] ?? '') !== '' &&
      verify(
        'sha256',
        Buffer.from(message),
        createPublicKey(keys.merchant.publicKey),
        Buffer.from(facts.get('signature') ?? '', 'base64'),
      )
    )
  }

  const takePicture = (request: Received): Told => {
    const parts = readMultipart(request) ?? []
    const file = parts.find(({ name }) => name === 'file')
    const meta = JSON.parse(parts.find(({ name }) => name === 'meta')?.bytes.toString() ?? '{}')
    const isSound =
      file !== undefined &&
      file.bytes.length <= 2_097_152 &&
      /\.(jpg|png|bmp)$/.test(meta.filename) &&
      meta.filename === file.fileName &&
      meta.sha256 === createHash('sha256').update(file.bytes).digest('hex')
    if (!isSound) return refuse(400, 'PARAM_ERROR')
    const id = `file${pictures.size}_21798531.jpg`
    pictures.set(id, file.bytes)
    return say(200, { media_id: id })
  }

  const server = await startLoopback((request) => {
    if (!isOurs(request)) return json(401, { code: 'SIGN_ERROR', message: 'signature' })
    const url = new URL(request.path, 'http://localhost')
    if (url.pathname === '/v3/merchant-service/images/upload') return takePicture(request)
    const body: Readonly<Record<string, unknown>> = request.body.length === 0 ? {} : JSON.parse(request.body.toString())
    const [, scene] = /^\/v3\/pay\/transactions\/(native|h5|jsapi|app)$/.exec(url.pathname) ?? []
    if (request.method === 'POST' && scene !== undefined) return create(scene, body)
    const [, closed] = /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)\/close$/.exec(url.pathname) ?? []
    if (request.method === 'POST' && closed !== undefined) {
      return body.mchid === merchant.mchId ? close(closed) : refuse(400, 'PARAM_ERROR')
    }
    const [, asked] = /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)$/.exec(url.pathname) ?? []
    if (request.method === 'GET' && asked !== undefined) {
      if (url.searchParams.get('mchid') !== merchant.mchId) return refuse(400, 'PARAM_ERROR')
      const found = trades.get(asked)
      return found === undefined ? refuse(404, 'ORDER_NOT_EXIST') : say(200, tell(found))
    }
    if (request.method === 'POST' && url.pathname === '/v3/refund/domestic/refunds') return refund(body)
    const [, askedRefund] = /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/.exec(url.pathname) ?? []
    if (request.method === 'GET' && askedRefund !== undefined) {
      const found = refunds.get(askedRefund)
      return found === undefined ? refuse(404, 'RESOURCE_NOT_EXISTS') : say(200, tellRefund(found))
    }
    if (request.method === 'GET' && url.pathname === '/v3/certificates') {
      const data = certificates.map(({ serial: serial_no, pem }) => ({
        serial_no,
        effective_time: inShanghai(now() - 86_400_000),
        expire_time: inShanghai(now() + 86_400_000),
        encrypt_certificate: seal(pem, 'certificate'),
      }))
      return say(200, { data })
    }
    return (
      splits.answer(request.method, url, body) ??
      complaints.answer(request.method, url, body) ??
      json(404, { message: 'no such route' })
    )
  })

  return {
    ...server,
    trades,
    refunds,
    splits,
    complaints,
    pictures,
    pay,
    /** The next payment waits for its payer. */
    letPayerWait: () => {
      waits += 1
    },
    /** How the next refunds stand once they are asked for. */
    letRefundsBe: (state: Refund['state']) => {
      refundState = state
    },
    /** How a refund ends, and is told of. */
    endRefund: (number: string, state: Refund['state']) => {
      const found = refunds.get(number)
      if (found === undefined) return
      refunds.set(number, { ...found, state })
      noticeOfRefund({ ...found, state })
    },
    /** Hands out certificates, and signs with the first of them. */
    useCertificates: (list: readonly { readonly serial: string; readonly pem: string }[]) => {
      certificates = list
      serial = list[0]?.serial ?? platformSerial
    },
    signed,
    seal,
    /** Signs what a notification says. */
    notify: (type: string, kind: string, facts: object, id = randomBytes(16).toString('hex')) => {
      const body = JSON.stringify(
        {
          id,
          create_time: inShanghai(now()),
          resource_type: 'encrypt-resource',
          event_type: type,
          summary: '支付成功',
          resource: { ...(kind === 'complaint' ? {} : { original_type: kind }), ...seal(JSON.stringify(facts), kind) },
        },
        null,
        1,
      )
      return { body: new TextEncoder().encode(body), headers: signed(body) }
    },
    /** Takes what would be sent to the merchant, and how. */
    takeNotices: () => notices.splice(0),
  }
}
