import { gatewayErrorCodes } from 'shopwright/payments'
import { describe, expect, it } from 'vitest'
import { errorOf } from '../../../../adapters/gateways/wechatpay/error-codes.js'

// The codes of placing, asking, closing and giving back, as the service's pages name them, with the status they come with.
const listed: readonly (readonly [number, string, string, string])[] = [
  [400, 'PARAM_ERROR', 'MerchantConfig', 'MerchantConfig'],
  [400, 'INVALID_REQUEST', 'MerchantConfig', 'MerchantConfig'],
  [400, 'APPID_MCHID_NOT_MATCH', 'MerchantConfig', 'MerchantConfig'],
  [400, 'MCH_NOT_EXISTS', 'MerchantConfig', 'MerchantConfig'],
  [400, 'ORDER_CLOSED', 'Expired', 'Expired'],
  [400, 'ORDERPAID', 'AlreadyPaid', 'AlreadyPaid'],
  [401, 'SIGN_ERROR', 'MerchantConfig', 'MerchantConfig'],
  [403, 'NO_AUTH', 'MerchantConfig', 'MerchantConfig'],
  [403, 'NOAUTH', 'MerchantConfig', 'MerchantConfig'],
  [403, 'OUT_TRADE_NO_USED', 'DuplicateReference', 'DuplicateReference'],
  [403, 'RULELIMIT', 'LimitExceeded', 'LimitExceeded'],
  [403, 'RULE_LIMIT', 'LimitExceeded', 'LimitExceeded'],
  [403, 'TRADE_ERROR', 'InstrumentDeclined', 'InstrumentDeclined'],
  [403, 'ACCOUNT_ERROR', 'InstrumentInvalid', 'InstrumentInvalid'],
  [403, 'USER_ACCOUNT_ABNORMAL', 'InstrumentInvalid', 'InstrumentInvalid'],
  [403, 'NOT_ENOUGH', 'InsufficientFunds', 'MerchantConfig'],
  [403, 'NOTENOUGH', 'InsufficientFunds', 'MerchantConfig'],
  [403, 'REQUEST_BLOCKED', 'MerchantConfig', 'MerchantConfig'],
  [404, 'ORDER_NOT_EXIST', 'MerchantConfig', 'MerchantConfig'],
  [404, 'ORDERNOTEXIST', 'MerchantConfig', 'MerchantConfig'],
  [404, 'RESOURCE_NOT_EXISTS', 'MerchantConfig', 'MerchantConfig'],
  [429, 'FREQUENCY_LIMITED', 'RateLimited', 'RateLimited'],
  [429, 'RATELIMIT_EXCEEDED', 'RateLimited', 'RateLimited'],
  [500, 'OPENID_MISMATCH', 'InstrumentInvalid', 'InstrumentInvalid'],
  [500, 'INVALID_TRANSACTIONID', 'MerchantConfig', 'MerchantConfig'],
  [500, 'SYSTEM_ERROR', 'GatewayDown', 'GatewayDown'],
  [500, 'BANK_ERROR', 'GatewayDown', 'GatewayDown'],
  [202, 'USERPAYING', 'InProgress', 'InProgress'],
  [400, 'A_CODE_OF_TOMORROW', 'MerchantConfig', 'MerchantConfig'],
  [429, 'A_CODE_OF_TOMORROW', 'RateLimited', 'RateLimited'],
  [400, 'constructor', 'MerchantConfig', 'MerchantConfig'],
]

describe('codes of WeChat Pay', () => {
  it.each(listed)('%s %s is %s of a payment and %s of a refund', (status, code, payment, refund) => {
    expect(errorOf({ status, code }, 'pay')).toEqual({ code: payment, gatewayCode: code })
    expect(errorOf({ status, code }, 'refund')).toEqual({ code: refund, gatewayCode: code })
    expect(gatewayErrorCodes).toContain(payment)
    expect(gatewayErrorCodes).toContain(refund)
  })
})
