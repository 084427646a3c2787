import { ok, type Result } from 'neverthrow'
import { type GatewayConfigInvalid, refuseOption } from '../config.js'
import { type HttpOptions, readBaseUrl } from '../http.js'
import type { StripePackage } from './package.js'

/** An account at Stripe. */
export type StripeOptions = Pick<HttpOptions, 'baseUrl' | 'timeoutMs'> & {
  /** Unique in the shop; `stripe` unless told. */
  readonly gatewayId?: string
  /** The account (`acct_…`), which the shop's payments name. */
  readonly accountId: string
  /** `sk_…` or `rk_…`. */
  readonly secretKey: string
  /** `pk_…`; what the payer's page needs beside the secret of one payment. */
  readonly publishableKey: string
  /** Secrets of the endpoint that notifications come to (`whsec_…`), several while one is changed. */
  readonly webhookSecrets: readonly [string, ...string[]]
  /** Whom payments are divided among; not so unless told. */
  readonly splits?: StripeSplits
  /** Loads the package; by its name when absent. */
  readonly load?: () => Promise<StripePackage>
}

/** Whom Stripe divides payments among: accounts that are connected to the shop's own (Connect). */
export type StripeSplits = {
  /** Which connected account (`acct_…`) a payee has; null for none. */
  readonly accountOf: (payee: string) => string | null | Promise<string | null>
  /** The most that may go of a payment, hundredths of a percent; all of it, less the fee, unless told. */
  readonly mostBasisPoints?: number
}

/** What the package is told of the server. */
type ClientConfig = Parameters<StripePackage>[1]

/** Checks options before anything is sent with them. */
export const checkOptions = (
  options: StripeOptions,
): Result<{ readonly gatewayId: string; readonly client: ClientConfig }, GatewayConfigInvalid> => {
  const { gatewayId = 'stripe', baseUrl = 'https://api.stripe.com', timeoutMs = 10_000 } = options
  const refuse = (option: keyof StripeOptions, reason: GatewayConfigInvalid['reason']) =>
    refuseOption(gatewayId, option, reason)
  if (!/^acct_\w+$/.test(options.accountId)) return refuse('accountId', 'malformed')
  if (!/^[sr]k_\w+$/.test(options.secretKey)) return refuse('secretKey', 'malformed')
  if (!/^pk_\w+$/.test(options.publishableKey)) return refuse('publishableKey', 'malformed')
  if (!options.webhookSecrets.every((secret) => /^whsec_\S+$/.test(secret)))
    return refuse('webhookSecrets', 'malformed')
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs <= 0) return refuse('timeoutMs', 'malformed')
  const { mostBasisPoints = 10_000 } = options.splits ?? {}
  if (!Number.isInteger(mostBasisPoints) || mostBasisPoints <= 0 || mostBasisPoints > 10_000) {
    return refuse('splits', 'malformed')
  }
  const base = readBaseUrl(baseUrl)
  if (base === null) return refuse('baseUrl', 'notHttps')
  const { hostname: host, port, protocol } = new URL(base)
  const secure = protocol === 'https:'
  return ok({
    gatewayId,
    client: {
      host,
      port: port === '' ? (secure ? 443 : 80) : Number(port),
      protocol: secure ? 'https' : 'http',
      timeout: timeoutMs,
      // The shop sends again under the same key when it is time. The package does so once, where the line was cut.
      maxNetworkRetries: 0,
      telemetry: false,
    },
  })
}

/** Whether a key is one for money or for tests; null where it does not say. */
export const isLiveKey = (secretKey: string): boolean | null => {
  const [, mode] = /^[sr]k_(?:org_)?(live|test)_/.exec(secretKey) ?? []
  return mode === undefined ? null : mode === 'live'
}
