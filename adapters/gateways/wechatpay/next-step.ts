import { createHash } from 'node:crypto'
import type { CreateRequest, NextStep } from 'shopwright/payments'
import * as z from 'zod'
import { signSha256 } from '../rsa.js'
import type { WechatPaySetup } from './options.js'

const codeBody = z.object({ code_url: z.string().min(1) })
const pageBody = z.object({ h5_url: z.string().min(1) })
const prepayBody = z.object({ prepay_id: z.string().min(1) })

/** What the payer has to do with what WeChat Pay answered; null where the answer does not say. */
export const nextStepOf = (setup: WechatPaySetup, request: CreateRequest, answer: unknown): NextStep | null => {
  switch (setup.scene) {
    case 'native': {
      const read = codeBody.safeParse(answer)
      return read.success ? { kind: 'qr', content: read.data.code_url } : null
    }
    case 'h5': {
      const read = pageBody.safeParse(answer)
      if (!read.success) return null
      const { returnUrl } = request
      const back = returnUrl === null ? '' : `&redirect_url=${encodeURIComponent(returnUrl)}`
      return { kind: 'redirect', url: `${read.data.h5_url}${back}` }
    }
    case 'jsapi': {
      const read = prepayBody.safeParse(answer)
      return read.success ? { kind: 'sdk', params: signPagePayment(setup, read.data.prepay_id, request.at) } : null
    }
    case 'app': {
      const read = prepayBody.safeParse(answer)
      return read.success ? { kind: 'sdk', params: signAppPayment(setup, read.data.prepay_id, request.at) } : null
    }
  }
}

// The same prepayment at the same moment is signed in the same way, so that a replay shows the same.
const nonceOf = (prepayId: string, timeStamp: string): string =>
  createHash('sha256').update(`${prepayId}\n${timeStamp}`).digest('hex').slice(0, 32)

const signPagePayment = ({ appId, signer }: WechatPaySetup, prepayId: string, at: number) => {
  const timeStamp = String(Math.floor(at / 1000))
  const nonceStr = nonceOf(prepayId, timeStamp)
  const packed = `prepay_id=${prepayId}`
  const paySign = signSha256(signer.key, `${appId}\n${timeStamp}\n${nonceStr}\n${packed}\n`)
  return { appId, timeStamp, nonceStr, package: packed, signType: 'RSA', paySign }
}

const signAppPayment = ({ appId, signer }: WechatPaySetup, prepayId: string, at: number) => {
  const timestamp = String(Math.floor(at / 1000))
  const noncestr = nonceOf(prepayId, timestamp)
  const sign = signSha256(signer.key, `${appId}\n${timestamp}\n${noncestr}\n${prepayId}\n`)
  return {
    appid: appId,
    partnerid: signer.mchId,
    prepayid: prepayId,
    package: 'Sign=WXPay',
    noncestr,
    timestamp,
    sign,
  }
}
