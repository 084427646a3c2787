import type { KeyObject } from 'node:crypto'
import { ok, type Result } from 'neverthrow'
import type { CreateRequest } from 'shopwright/payments'
import { type GatewayConfigInvalid, refuseOption } from '../config.js'
import type { HttpOptions } from '../http.js'
import { readPrivateKey } from '../rsa.js'
import { readPlatformKeys, type WechatPayPlatformKey } from './platform-keys.js'
import type { Signer } from './signature.js'

/**
 * Where the payer pays: by a code that WeChat scans, in a browser outside WeChat, inside WeChat, or from an app.
 * `jsapi` needs the payer's openid as `instrumentToken`, `h5` the payer's IP address.
 */
export type WechatPayScene = 'native' | 'h5' | 'jsapi' | 'app'

/** A merchant's access to WeChat Pay. */
export type WechatPayOptions = HttpOptions & {
  /** Unique in the shop; `wechatPay` unless told. */
  readonly gatewayId?: string
  readonly appId: string
  readonly mchId: string
  /** The serial number of the merchant's certificate. */
  readonly merchantSerial: string
  /** The merchant's private key, PEM. */
  readonly merchantPrivateKey: string
  /** The APIv3 key, 32 bytes. */
  readonly apiV3Key: string
  /** The keys that WeChat Pay signs with, several while it changes them. */
  readonly platformKeys?: readonly WechatPayPlatformKey[]
  /** Whether platform certificates are also downloaded when a serial is not among `platformKeys`; not unless told. */
  readonly downloadCertificates?: boolean
  readonly scene: WechatPayScene
  /** Where notifications of payments and of refunds are sent: https, without a query. */
  readonly notifyUrl: string
  /** What the payer reads, at most 127 characters of it. */
  readonly description: string | ((request: CreateRequest) => string)
  /** Whom payments are divided among; not so unless told. */
  readonly splits?: WechatPaySplits
  /** Within what time a payer who complains is to be answered, milliseconds; 24 hours unless told. */
  readonly answerComplaintsWithinMs?: number
}

/** Whom WeChat Pay divides payments among (分账). Receivers have to be made known to WeChat Pay before. */
export type WechatPaySplits = {
  /**
   * Which account a payee has there: a merchant number, or an openid of a person under `appId`, from whom nothing can be
   * taken back; null for none.
   */
  readonly accountOf: (payee: string) => string | null | Promise<string | null>
  /** The most that WeChat Pay lets go of a payment, hundredths of a percent; 3,000 unless told. */
  readonly mostBasisPoints?: number
  /** What receivers read, at most 80 characters of it. */
  readonly description: string
}

/** Options that were found sound. */
export type WechatPaySetup = {
  readonly gatewayId: string
  readonly appId: string
  readonly signer: Signer
  readonly apiV3Key: string
  readonly platformKeys: ReadonlyMap<string, KeyObject>
  readonly downloadCertificates: boolean
  readonly scene: WechatPayScene
  readonly notifyUrl: string
  readonly descriptionOf: (request: CreateRequest) => string
  readonly splits: WechatPaySplits | null
  readonly answerComplaintsWithinMs: number
}

/** Checks options before anything is sent with them. */
export const checkOptions = (options: WechatPayOptions): Result<WechatPaySetup, GatewayConfigInvalid> => {
  const { gatewayId = 'wechatPay', appId, mchId, merchantSerial, apiV3Key, scene, notifyUrl, description } = options
  const { downloadCertificates = false, answerComplaintsWithinMs = 86_400_000 } = options
  const refuse = (option: keyof WechatPayOptions, reason: GatewayConfigInvalid['reason']) =>
    refuseOption(gatewayId, option, reason)
  if (appId === '') return refuse('appId', 'missing')
  if (!/^\d{6,32}$/.test(mchId)) return refuse('mchId', 'malformed')
  if (!/^[0-9A-Fa-f]{1,64}$/.test(merchantSerial)) return refuse('merchantSerial', 'malformed')
  const key = readPrivateKey(options.merchantPrivateKey)
  if (key === null) return refuse('merchantPrivateKey', 'notAnRsaKey')
  if (Buffer.byteLength(apiV3Key) !== 32) return refuse('apiV3Key', 'wrongLength')
  const platformKeys = readPlatformKeys(options.platformKeys ?? [])
  if (platformKeys === null) return refuse('platformKeys', 'notAnRsaKey')
  if (platformKeys.size === 0 && !downloadCertificates) return refuse('platformKeys', 'missing')
  const { mostBasisPoints = 0 } = options.splits ?? {}
  if (!Number.isInteger(mostBasisPoints) || mostBasisPoints < 0 || mostBasisPoints > 10_000) {
    return refuse('splits', 'malformed')
  }
  if (!Number.isSafeInteger(answerComplaintsWithinMs) || answerComplaintsWithinMs <= 0) {
    return refuse('answerComplaintsWithinMs', 'malformed')
  }
  if (!/^https:\/\/[^?#\s]+$/.test(notifyUrl)) return refuse('notifyUrl', 'notHttps')
  return ok({
    gatewayId,
    appId,
    signer: { mchId, serial: merchantSerial, key },
    apiV3Key,
    platformKeys,
    downloadCertificates,
    scene,
    notifyUrl,
    splits: options.splits ?? null,
    answerComplaintsWithinMs,
    descriptionOf: typeof description === 'string' ? () => description : description,
  })
}
