import type { KeyObject } from 'node:crypto'
import { ok, type Result } from 'neverthrow'
import type { CreateRequest } from 'shopwright/payments'
import { type GatewayConfigInvalid, refuseOption } from '../config.js'
import type { HttpOptions } from '../http.js'
import { readPrivateKey, readPublicKey } from '../rsa.js'

/** Where the payer pays: on a page in a browser, on a page of a phone, from an app, or by a code that Alipay scans. */
export type AlipayScene = 'page' | 'wap' | 'app' | 'precreate'

/** A merchant's access to Alipay, with public keys (not certificates). */
export type AlipayOptions = HttpOptions & {
  /** Unique in the shop; `alipay` unless told. */
  readonly gatewayId?: string
  readonly appId: string
  /** The merchant's account (`2088…`), which every notification has to name. */
  readonly sellerId: string
  /** The application's private key, PEM or base64. */
  readonly privateKey: string
  /** Alipay's public key, PEM or base64; several while it changes it. */
  readonly alipayPublicKey: string | readonly string[]
  readonly scene: AlipayScene
  /** Where notifications are sent: https. */
  readonly notifyUrl: string
  /** What the payer reads, at most 256 characters of it. */
  readonly subject: string | ((request: CreateRequest) => string)
  /** Whom payments are divided among; not so unless told, and never in scene `precreate`. */
  readonly splits?: AlipaySplits
  /** Within what time a payer who complains is to be answered, milliseconds; 24 hours unless told. */
  readonly answerComplaintsWithinMs?: number
}

/**
 * Whom Alipay divides payments among (商家分账). Receivers are made known to Alipay with the first part that is theirs. A
 * payment by code (`precreate`) cannot be divided here: its refunds take from payees by themselves.
 */
export type AlipaySplits = {
  /** Which account a payee has there: a user id of 16 digits (`2088…`); null for none. */
  readonly accountOf: (payee: string) => string | null | Promise<string | null>
  /** The most that Alipay lets go of a payment, hundredths of a percent; 3,000 unless told. */
  readonly mostBasisPoints?: number
  /** What receivers read, at most 100 characters of it. */
  readonly description: string
}

/** Options that were found sound. */
export type AlipaySetup = {
  readonly gatewayId: string
  readonly appId: string
  readonly sellerId: string
  readonly privateKey: KeyObject
  readonly alipayKeys: readonly KeyObject[]
  readonly scene: AlipayScene
  readonly notifyUrl: string
  readonly subjectOf: (request: CreateRequest) => string
  readonly splits: AlipaySplits | null
  readonly answerComplaintsWithinMs: number
}

/** Checks options before anything is sent with them. */
export const checkOptions = (options: AlipayOptions): Result<AlipaySetup, GatewayConfigInvalid> => {
  const { gatewayId = 'alipay', appId, sellerId, scene, notifyUrl, subject } = options
  const { answerComplaintsWithinMs = 86_400_000 } = options
  const refuse = (option: keyof AlipayOptions, reason: GatewayConfigInvalid['reason']) =>
    refuseOption(gatewayId, option, reason)
  if (!/^\d{8,32}$/.test(appId)) return refuse('appId', 'malformed')
  if (!/^\d{8,32}$/.test(sellerId)) return refuse('sellerId', 'malformed')
  const privateKey = readPrivateKey(options.privateKey)
  if (privateKey === null) return refuse('privateKey', 'notAnRsaKey')
  const given = typeof options.alipayPublicKey === 'string' ? [options.alipayPublicKey] : options.alipayPublicKey
  const alipayKeys = given.map(readPublicKey).filter((key) => key !== null)
  // Without a key to check answers by, every answer would have to be believed.
  if (given.length === 0) return refuse('alipayPublicKey', 'missing')
  if (alipayKeys.length < given.length) return refuse('alipayPublicKey', 'notAnRsaKey')
  if (!/^https:\/\/[^#\s]+$/.test(notifyUrl)) return refuse('notifyUrl', 'notHttps')
  if (!Number.isSafeInteger(answerComplaintsWithinMs) || answerComplaintsWithinMs <= 0) {
    return refuse('answerComplaintsWithinMs', 'malformed')
  }
  const { splits = null } = options
  const { mostBasisPoints = 1 } = splits ?? {}
  const isShare = Number.isInteger(mostBasisPoints) && mostBasisPoints > 0 && mostBasisPoints <= 10_000
  if (!isShare || (splits !== null && scene === 'precreate')) return refuse('splits', 'malformed')
  const subjectOf = typeof subject === 'string' ? () => subject : subject
  return ok({
    gatewayId,
    appId,
    sellerId,
    privateKey,
    alipayKeys,
    scene,
    notifyUrl,
    subjectOf,
    splits,
    answerComplaintsWithinMs,
  })
}
