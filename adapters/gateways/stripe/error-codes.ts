import type { GatewayErrorCode } from 'shopwright/payments'

const all = (code: GatewayErrorCode, names: string): readonly (readonly [string, GatewayErrorCode])[] =>
  names.split(' ').map((name) => [name, code])

/** Why a bank declined a card, in the words of the port. */
const declineCodes: ReadonlyMap<string, GatewayErrorCode> = /* @__PURE__ */ new Map([
  ...all('InsufficientFunds', 'insufficient_funds'),
  ...all('FraudSuspected', 'fraudulent lost_card merchant_blacklist pickup_card stolen_card security_violation'),
  ...all(
    'InstrumentInvalid',
    'card_not_supported expired_card incorrect_address incorrect_cvc incorrect_number incorrect_zip invalid_account invalid_cvc invalid_expiry_month invalid_expiry_year invalid_number live_mode_test_card new_account_information_available testmode_decline',
  ),
  ...all(
    'AuthRequired',
    'approve_with_id authentication_not_handled authentication_required mobile_device_authentication_required',
  ),
  ...all(
    'AuthFailed',
    'incorrect_pin invalid_pin offline_pin_required online_or_offline_pin_required pin_try_exceeded',
  ),
  ...all('LimitExceeded', 'card_velocity_exceeded withdrawal_count_limit_exceeded'),
  ...all('CurrencyUnsupported', 'currency_not_supported'),
  ...all('AmountInvalid', 'invalid_amount'),
  ...all('GatewayDown', 'issuer_not_available processing_error'),
  ...all(
    'InstrumentDeclined',
    'call_issuer do_not_honor do_not_try_again duplicate_transaction generic_decline no_action_taken not_permitted reenter_transaction restricted_card revocation_of_all_authorizations revocation_of_authorization service_not_allowed stop_payment_order transaction_not_allowed try_again_later',
  ),
])

/** Why Stripe refused a request, in the words of the port. */
const requestCodes: ReadonlyMap<string, GatewayErrorCode> = /* @__PURE__ */ new Map([
  ...all(
    'AmountInvalid',
    'amount_too_large amount_too_small charge_already_refunded charge_exceeds_source_limit charge_exceeds_transaction_limit invalid_charge_amount',
  ),
  ...all('AlreadyPaid', 'charge_already_captured'),
  ...all('Expired', 'charge_expired_for_capture payment_intent_payment_attempt_expired'),
  ...all('AuthFailed', 'payment_intent_authentication_failure'),
  ...all(
    'InstrumentInvalid',
    'payment_method_invalid_parameter payment_method_unactivated token_already_used token_in_use',
  ),
  ...all('InstrumentDeclined', 'card_declined payment_method_provider_decline payment_intent_payment_attempt_failed'),
  ...all('LimitExceeded', 'card_decline_rate_limit_exceeded'),
  // An account has less than is to be transferred, or taken back.
  ...all('InsufficientFunds', 'balance_insufficient'),
  ...all('InstrumentInvalid', 'account_closed account_invalid'),
  ...all('GatewayDown', 'payment_method_not_available payment_method_provider_timeout'),
  ...all('InProgress', 'idempotency_key_in_use lock_timeout'),
  ...all('RateLimited', 'rate_limit'),
])

/** What a thrown refusal says of itself. */
export type StripeRefusal = {
  readonly status: number
  /** Stripe's class of the error. */
  readonly kind: string
  readonly code: string
  readonly declineCode: string
  readonly param: string
}

/** Says a refusal in the words of the port. Two requests at once come under 409, whatever the class of the error. */
export const codeOf = ({ status, kind, code, declineCode, param }: StripeRefusal): GatewayErrorCode => {
  if (status === 409) return 'InProgress'
  if (status === 429) return 'RateLimited'
  if (kind === 'StripeIdempotencyError' || kind === 'idempotency_error') return 'IdempotencyReuse'
  if (status === 401 || status === 403) return 'MerchantConfig'
  if (status === 402) {
    return declineCodes.get(declineCode) ?? declineCodes.get(code) ?? requestCodes.get(code) ?? 'InstrumentDeclined'
  }
  return (
    requestCodes.get(code) ??
    (param === 'amount' ? 'AmountInvalid' : param === 'currency' ? 'CurrencyUnsupported' : 'MerchantConfig')
  )
}

/** Why a refund came back, in the words of the port. */
export const refundFailureOf = (reason: string): GatewayErrorCode =>
  ['expired_or_canceled_card', 'lost_or_stolen_card'].includes(reason)
    ? 'InstrumentInvalid'
    : ['insufficient_funds', 'merchant_request', 'charge_for_pending_refund_disputed'].includes(reason)
      ? 'MerchantConfig'
      : 'InstrumentDeclined'
