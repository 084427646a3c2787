import { gatewayErrorCodes } from 'shopwright/payments'
import { describe, expect, it } from 'vitest'
import { errorOf } from '../../../../adapters/gateways/alipay/error-codes.js'

// The codes of placing, asking, closing, giving back and dividing, as the service's pages name them.
const listed: readonly (readonly [string, string])[] = [
  ['ACQ.ACCESS_FORBIDDEN', 'MerchantConfig'],
  ['ACQ.ALLOC_AMOUNT_VALIDATE_ERROR', 'AmountInvalid'],
  ['ACQ.ALREADY_FINISH_ALLOC', 'MerchantConfig'],
  ['ACQ.BEYOND_PAY_RESTRICTION', 'LimitExceeded'],
  ['ACQ.BEYOND_PER_RECEIPT_RESTRICTION', 'LimitExceeded'],
  ['ACQ.BUYER_BALANCE_NOT_ENOUGH', 'InsufficientFunds'],
  ['ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH', 'InsufficientFunds'],
  ['ACQ.BUYER_ENABLE_STATUS_FORBID', 'InstrumentInvalid'],
  ['ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR', 'LimitExceeded'],
  ['ACQ.BUYER_SELLER_EQUAL', 'InstrumentInvalid'],
  ['ACQ.CONTEXT_INCONSISTENT', 'DuplicateReference'],
  ['ACQ.DISCORDANT_REPEAT_REQUEST', 'DuplicateReference'],
  ['ACQ.DUP_OUT_REQUEST_NO', 'DuplicateReference'],
  ['ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT', 'AuthRequired'],
  ['ACQ.EXIST_FORBIDDEN_WORD', 'MerchantConfig'],
  ['ACQ.FREQUENCY_LIMITED', 'RateLimited'],
  ['ACQ.ILLEGAL_SETTLE_STATE', 'MerchantConfig'],
  ['ACQ.INVALID_PARAMETER', 'MerchantConfig'],
  ['ACQ.MERCHANT_RISK_LIMIT', 'MerchantConfig'],
  ['ACQ.NOT_ALLOW_PARTIAL_REFUND', 'AmountInvalid'],
  ['ACQ.NOT_SUPPORT_ROYALTY', 'MerchantConfig'],
  ['ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE', 'InstrumentInvalid'],
  ['ACQ.PARTNER_ERROR', 'MerchantConfig'],
  ['ACQ.PAYMENT_AUTH_CODE_INVALID', 'AuthFailed'],
  ['ACQ.PAYMENT_FAIL', 'InstrumentDeclined'],
  ['ACQ.PAYMENT_REQUEST_HAS_RISK', 'FraudSuspected'],
  ['ACQ.REASON_TRADE_BEEN_FREEZEN', 'MerchantConfig'],
  ['ACQ.REASON_TRADE_REFUND_FEE_ERR', 'AmountInvalid'],
  ['ACQ.REFUNDALLOC_UNAUTH_LIMIT', 'MerchantConfig'],
  ['ACQ.REFUND_AMT_NOT_EQUAL_TOTAL', 'AmountInvalid'],
  ['ACQ.REFUND_ROYALTY_PAYEE_ACCOUNT_NOT_EXIST', 'InstrumentInvalid'],
  ['ACQ.RELATION_QUANTITY_LIMIT', 'LimitExceeded'],
  ['ACQ.ROYALTY_ACCOUNT_INVALID', 'InstrumentInvalid'],
  ['ACQ.ROYALTY_ACCOUNT_NOT_EXIST', 'InstrumentInvalid'],
  ['ACQ.ROYALTY_RECEIVER_ACCOUNT_NOT_CERTIFY', 'InstrumentInvalid'],
  ['ACQ.ROYALTY_RECEIVER_ACCOUNT_NOT_EXIST', 'InstrumentInvalid'],
  ['ACQ.ROYALTY_RECEIVER_ACCOUNT_NO_BALANCE', 'InstrumentInvalid'],
  ['ACQ.ROYALTY_RECEIVER_INVALID', 'InstrumentInvalid'],
  ['ACQ.SELLER_BALANCE_NOT_ENOUGH', 'MerchantConfig'],
  ['ACQ.SELLER_BEEN_BLOCKED', 'MerchantConfig'],
  ['ACQ.SYSTEM_ERROR', 'GatewayDown'],
  ['ACQ.TOTAL_FEE_EXCEED', 'AmountInvalid'],
  ['ACQ.TRADE_BUYER_NOT_MATCH', 'InstrumentInvalid'],
  ['ACQ.TRADE_HAS_CLOSE', 'Expired'],
  ['ACQ.TRADE_HAS_FINISHED', 'Expired'],
  ['ACQ.TRADE_HAS_SUCCESS', 'AlreadyPaid'],
  ['ACQ.TRADE_NOT_EXIST', 'MerchantConfig'],
  ['ACQ.TRADE_STATUS_ERROR', 'MerchantConfig'],
  ['ACQ.TXN_RESULT_ACCOUNT_BALANCE_NOT_ENOUGH', 'InsufficientFunds'],
  ['ACQ.USER_ACCOUNT_HAD_FREEZEN', 'InstrumentInvalid'],
  ['ACQ.USER_NOT_EXIST', 'InstrumentInvalid'],
  ['aop.ACQ.SYSTEM_ERROR', 'GatewayDown'],
  ['isv.invalid-signature', 'MerchantConfig'],
  ['isv.app-call-limited', 'RateLimited'],
  ['ACQ.A_CODE_OF_TOMORROW', 'MerchantConfig'],
  ['constructor', 'MerchantConfig'],
]

describe('codes of Alipay', () => {
  it.each(listed)('%s is %s', (subCode, code) => {
    expect(errorOf({ code: '40004', subCode })).toEqual({ code, gatewayCode: subCode })
    expect(gatewayErrorCodes).toContain(code)
  })

  it('without a second code speak for themselves', () => {
    expect(errorOf({ code: '40005', subCode: '' })).toEqual({ code: 'RateLimited', gatewayCode: '40005' })
    expect(errorOf({ code: '40006', subCode: '' })).toEqual({ code: 'MerchantConfig', gatewayCode: '40006' })
  })
})
