/** Why a gateway did not do what it was asked, in words that are the same for every gateway. */
export type GatewayErrorCode =
  /** The payer's balance or credit does not suffice. */
  | 'InsufficientFunds'
  /** The bank or wallet said no without saying why. */
  | 'InstrumentDeclined'
  /** The details of the card or account are wrong, expired or unusable. */
  | 'InstrumentInvalid'
  /** The payer has to prove who they are first. */
  | 'AuthRequired'
  /** The payer's proof (code, password, face) was wrong. */
  | 'AuthFailed'
  /** A limit of the payer, the bank or the gateway is reached. */
  | 'LimitExceeded'
  /** The gateway or the bank takes it for fraud. */
  | 'FraudSuspected'
  /** The payer broke it off. */
  | 'PayerCancelled'
  /** The time to pay ran out at the gateway. */
  | 'Expired'
  /** The payment has been paid before. */
  | 'AlreadyPaid'
  /** The payment has been given back before. */
  | 'AlreadyRefunded'
  /** The gateway does not take this amount. */
  | 'AmountInvalid'
  /** The gateway does not take this currency. */
  | 'CurrencyUnsupported'
  /** The reference stands for something else at the gateway. */
  | 'DuplicateReference'
  /** The idempotency key was used before with other content. */
  | 'IdempotencyReuse'
  /** The gateway is still at work on the same request. */
  | 'InProgress'
  /** Too many requests. */
  | 'RateLimited'
  /** The shop's account at the gateway is not set up for this. */
  | 'MerchantConfig'
  /** The gateway or the bank is out of order. */
  | 'GatewayDown'
  /** The way to the gateway broke. */
  | 'Network'

/** Why nobody knows what came of a request; `ambiguous` is a refusal that may hide a success, as of a reference seen before. */
export type UnknownCause = 'timeout' | 'reset' | 'serverError' | 'badSignature' | 'unparsable' | 'ambiguous' | 'threw'

/** What may be tried next: nothing, the same request again, a new attempt, or another method. */
export type RetryAdvice = 'never' | 'sameKey' | 'newAttempt' | 'otherMethod'

/** What a code means for whoever has to act on it. */
export type GatewayErrorTraits = {
  readonly retry: RetryAdvice
  /** Who can do something about it. */
  readonly blame: 'payer' | 'merchant' | 'gateway'
  /** Key of the text for the buyer in `gatewayErrorMessages`. */
  readonly userMessageKey: GatewayErrorCode
  /** True when money did not move for certain; false when the gateway has to be asked before anything else is tried. */
  readonly definite: boolean
  /** Turned away before the request was looked at: it says nothing of what an earlier one, whose answer was lost, has done. */
  readonly atTheDoor: boolean
}

const traits = (
  userMessageKey: GatewayErrorCode,
  retry: RetryAdvice,
  blame: GatewayErrorTraits['blame'],
  definite = true,
): GatewayErrorTraits => ({ retry, blame, userMessageKey, definite, atTheDoor: false })

const atTheDoor = (
  userMessageKey: GatewayErrorCode,
  retry: RetryAdvice,
  blame: GatewayErrorTraits['blame'],
): GatewayErrorTraits => ({ retry, blame, userMessageKey, definite: true, atTheDoor: true })

/** What each code means. */
export const gatewayErrors: Readonly<Record<GatewayErrorCode, GatewayErrorTraits>> = {
  InsufficientFunds: /* @__PURE__ */ traits('InsufficientFunds', 'otherMethod', 'payer'),
  InstrumentDeclined: /* @__PURE__ */ traits('InstrumentDeclined', 'otherMethod', 'payer'),
  InstrumentInvalid: /* @__PURE__ */ traits('InstrumentInvalid', 'newAttempt', 'payer'),
  AuthRequired: /* @__PURE__ */ traits('AuthRequired', 'newAttempt', 'payer'),
  AuthFailed: /* @__PURE__ */ traits('AuthFailed', 'newAttempt', 'payer'),
  LimitExceeded: /* @__PURE__ */ traits('LimitExceeded', 'otherMethod', 'payer'),
  FraudSuspected: /* @__PURE__ */ traits('FraudSuspected', 'never', 'payer'),
  PayerCancelled: /* @__PURE__ */ traits('PayerCancelled', 'newAttempt', 'payer'),
  Expired: /* @__PURE__ */ traits('Expired', 'newAttempt', 'payer'),
  AlreadyPaid: /* @__PURE__ */ traits('AlreadyPaid', 'never', 'merchant', false),
  AlreadyRefunded: /* @__PURE__ */ traits('AlreadyRefunded', 'never', 'merchant', false),
  AmountInvalid: /* @__PURE__ */ traits('AmountInvalid', 'otherMethod', 'merchant'),
  CurrencyUnsupported: /* @__PURE__ */ traits('CurrencyUnsupported', 'otherMethod', 'merchant'),
  DuplicateReference: /* @__PURE__ */ traits('DuplicateReference', 'never', 'merchant', false),
  IdempotencyReuse: /* @__PURE__ */ traits('IdempotencyReuse', 'never', 'merchant', false),
  InProgress: /* @__PURE__ */ traits('InProgress', 'sameKey', 'gateway', false),
  RateLimited: /* @__PURE__ */ atTheDoor('RateLimited', 'newAttempt', 'gateway'),
  MerchantConfig: /* @__PURE__ */ atTheDoor('MerchantConfig', 'otherMethod', 'merchant'),
  GatewayDown: /* @__PURE__ */ atTheDoor('GatewayDown', 'newAttempt', 'gateway'),
  Network: /* @__PURE__ */ traits('Network', 'sameKey', 'gateway', false),
}

/** Every code, in the order above. */
export const gatewayErrorCodes: readonly GatewayErrorCode[] = [
  'InsufficientFunds',
  'InstrumentDeclined',
  'InstrumentInvalid',
  'AuthRequired',
  'AuthFailed',
  'LimitExceeded',
  'FraudSuspected',
  'PayerCancelled',
  'Expired',
  'AlreadyPaid',
  'AlreadyRefunded',
  'AmountInvalid',
  'CurrencyUnsupported',
  'DuplicateReference',
  'IdempotencyReuse',
  'InProgress',
  'RateLimited',
  'MerchantConfig',
  'GatewayDown',
  'Network',
]
