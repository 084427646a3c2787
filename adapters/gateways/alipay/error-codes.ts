import type { GatewayError, GatewayErrorCode } from 'shopwright/payments'

/** What Alipay's own codes mean, in the words of the port. */
const codes: Readonly<Record<string, GatewayErrorCode>> = {
  ACCESS_FORBIDDEN: 'MerchantConfig',
  ALLOC_AMOUNT_VALIDATE_ERROR: 'AmountInvalid',
  BEYOND_PAY_RESTRICTION: 'LimitExceeded',
  BEYOND_PER_RECEIPT_RESTRICTION: 'LimitExceeded',
  BUYER_BALANCE_NOT_ENOUGH: 'InsufficientFunds',
  BUYER_BANKCARD_BALANCE_NOT_ENOUGH: 'InsufficientFunds',
  BUYER_ENABLE_STATUS_FORBID: 'InstrumentInvalid',
  BUYER_NOT_EXIST: 'InstrumentInvalid',
  BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR: 'LimitExceeded',
  BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR: 'LimitExceeded',
  BUYER_SELLER_EQUAL: 'InstrumentInvalid',
  CONTEXT_INCONSISTENT: 'DuplicateReference',
  CUSTOMER_VALIDATE_ERROR: 'AuthFailed',
  DISCORDANT_REPEAT_REQUEST: 'DuplicateReference',
  DUP_OUT_REQUEST_NO: 'DuplicateReference',
  ERROR_BUYER_CERTIFY_LEVEL_LIMIT: 'AuthRequired',
  EXIST_FORBIDDEN_WORD: 'MerchantConfig',
  FREQUENCY_LIMITED: 'RateLimited',
  INVALID_PARAMETER: 'MerchantConfig',
  MOBILE_PAYMENT_SWITCH_OFF: 'InstrumentInvalid',
  NOT_ALLOW_PARTIAL_REFUND: 'AmountInvalid',
  NO_PAYMENT_INSTRUMENTS_AVAILABLE: 'InstrumentInvalid',
  ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND: 'MerchantConfig',
  PARTNER_ERROR: 'MerchantConfig',
  PAYMENT_AUTH_CODE_INVALID: 'AuthFailed',
  PAYMENT_FAIL: 'InstrumentDeclined',
  PAYMENT_REQUEST_HAS_RISK: 'FraudSuspected',
  PULL_MOBILE_CASHIER_FAIL: 'GatewayDown',
  REASON_TRADE_BEEN_FREEZEN: 'MerchantConfig',
  REASON_TRADE_REFUND_FEE_ERR: 'AmountInvalid',
  REASON_TRADE_STATUS_INVALID: 'MerchantConfig',
  REFUND_AMT_NOT_EQUAL_TOTAL: 'AmountInvalid',
  REFUND_AMT_RESTRICTION: 'AmountInvalid',
  REFUND_CHARGE_ERROR: 'MerchantConfig',
  REFUND_FEE_ERROR: 'AmountInvalid',
  REFUND_ROYALTY_PAYEE_ACCOUNT_NOT_EXIST: 'InstrumentInvalid',
  RELATION_QUANTITY_LIMIT: 'LimitExceeded',
  ROYALTY_ACCOUNT_INVALID: 'InstrumentInvalid',
  ROYALTY_ACCOUNT_NOT_EXIST: 'InstrumentInvalid',
  ROYALTY_RECEIVER_ACCOUNT_NOT_CERTIFY: 'InstrumentInvalid',
  ROYALTY_RECEIVER_ACCOUNT_NOT_EXIST: 'InstrumentInvalid',
  ROYALTY_RECEIVER_ACCOUNT_NO_BALANCE: 'InstrumentInvalid',
  ROYALTY_RECEIVER_INVALID: 'InstrumentInvalid',
  SELLER_BALANCE_NOT_ENOUGH: 'MerchantConfig',
  SELLER_BEEN_BLOCKED: 'MerchantConfig',
  SYSTEM_ERROR: 'GatewayDown',
  TOTAL_FEE_EXCEED: 'AmountInvalid',
  TRADE_BUYER_NOT_MATCH: 'InstrumentInvalid',
  TRADE_HAS_CLOSE: 'Expired',
  TRADE_HAS_FINISHED: 'Expired',
  TRADE_HAS_SUCCESS: 'AlreadyPaid',
  TRADE_NOT_ALLOW_REFUND: 'MerchantConfig',
  TRADE_NOT_EXIST: 'MerchantConfig',
  TRADE_SETTLE_ERROR: 'MerchantConfig',
  TRADE_STATUS_ERROR: 'MerchantConfig',
  TXN_RESULT_ACCOUNT_BALANCE_NOT_ENOUGH: 'InsufficientFunds',
  USER_ACCOUNT_HAD_FREEZEN: 'InstrumentInvalid',
  USER_FACE_PAYMENT_SWITCH_OFF: 'InstrumentInvalid',
  USER_NOT_EXIST: 'InstrumentInvalid',
  USER_NOT_MATCH_ERR: 'InstrumentInvalid',
  'isv.app-call-limited': 'RateLimited',
  'isv.method-call-limited': 'RateLimited',
}

/** A code without the name of the system that it comes from. */
export const plainSubCode = (subCode: string): string => subCode.replace(/^(?:aop\.)?ACQ\./, '')

/** Says a refusal in the words of the port; 40005 is too many calls, any other that nobody has heard of is a misuse. */
export const errorOf = ({ code, subCode }: { readonly code: string; readonly subCode: string }): GatewayError => {
  const plain = plainSubCode(subCode)
  const known = Object.hasOwn(codes, plain) ? codes[plain] : undefined
  const gatewayCode = subCode === '' ? code : subCode
  return { code: known ?? (code === '40005' ? 'RateLimited' : 'MerchantConfig'), gatewayCode }
}
