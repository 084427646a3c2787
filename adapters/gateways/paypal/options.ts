import { ok, type Result } from 'neverthrow'
import { type GatewayConfigInvalid, refuseOption } from '../config.js'
import type { HttpOptions } from '../http.js'

/** A merchant's access to PayPal. */
export type PayPalOptions = HttpOptions & {
  /** Unique in the shop; `payPal` unless told. */
  readonly gatewayId?: string
  readonly clientId: string
  readonly clientSecret: string
  /** The merchant's account, which every payment has to name. */
  readonly merchantId: string
  /** The id of the webhook that notifications come from. */
  readonly webhookId: string
  /** What the payer reads, at most 127 characters of it; nothing unless told. */
  readonly description?: string
}

/** Options that were found sound. */
export type PayPalSetup = Required<Pick<PayPalOptions, 'gatewayId' | 'merchantId' | 'webhookId' | 'description'>>

/** Checks options before anything is sent with them. */
export const checkOptions = (options: PayPalOptions): Result<PayPalSetup, GatewayConfigInvalid> => {
  const { gatewayId = 'payPal', merchantId, webhookId, description = '' } = options
  const refuse = (option: keyof PayPalOptions, reason: GatewayConfigInvalid['reason']) =>
    refuseOption(gatewayId, option, reason)
  if (options.clientId === '' || options.clientId.includes(':')) return refuse('clientId', 'malformed')
  if (options.clientSecret === '') return refuse('clientSecret', 'missing')
  if (!/^\w{1,64}$/.test(merchantId)) return refuse('merchantId', 'malformed')
  if (!/^\w{1,64}$/.test(webhookId)) return refuse('webhookId', 'malformed')
  return ok({ gatewayId, merchantId, webhookId, description: [...description].slice(0, 127).join('') })
}
