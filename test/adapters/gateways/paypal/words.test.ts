import { describe, expect, it } from 'vitest'
import { currencies, readMoney, writeMoney } from '../../../../adapters/gateways/paypal/amount.js'
import { codeOf } from '../../../../adapters/gateways/paypal/error-codes.js'

describe('amounts at PayPal', () => {
  it.each([
    ['USD', 8888, '88.88'],
    ['JPY', 8888, '8888'],
  ])('of %s %d are written %s', (currency, minor, value) => {
    expect(writeMoney({ minor, currency })).toEqual({ currency_code: currency, value })
    expect(readMoney({ currency_code: currency, value })).toEqual({ minor, currency })
  })

  it('of any size can be paid in every currency that is offered', () => {
    expect(currencies.filter((currency) => writeMoney({ minor: 8801, currency }) === null)).toEqual([])
    expect(currencies.filter((currency) => ['HUF', 'TWD'].includes(currency))).toEqual([])
  })

  it.each([
    ['HUF', 8800],
    ['USD', 0],
    ['USD', -1],
    ['USD', 0.5],
    ['KWD', 1000],
  ])('of %s %d are not taken', (currency, minor) => {
    expect(writeMoney({ minor, currency })).toBeNull()
  })
})

describe('issues of PayPal', () => {
  it.each([
    [422, 'INSTRUMENT_DECLINED', 'InstrumentDeclined'],
    [422, 'PAYER_ACTION_REQUIRED', 'AuthRequired'],
    [422, 'ORDER_ALREADY_CAPTURED', 'AlreadyPaid'],
    [422, 'ORDER_COMPLETION_IN_PROGRESS', 'InProgress'],
    [422, 'DUPLICATE_INVOICE_ID', 'DuplicateReference'],
    [422, 'MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED', 'LimitExceeded'],
    [422, 'REFUND_AMOUNT_EXCEEDED', 'AmountInvalid'],
    [422, 'REFUND_TIME_LIMIT_EXCEEDED', 'Expired'],
    [422, 'CARD_EXPIRED', 'InstrumentInvalid'],
    [422, 'AUTH_CURRENCY_MISMATCH', 'CurrencyUnsupported'],
    [422, 'PERMISSION_DENIED', 'MerchantConfig'],
    [409, 'RESOURCE_CONFLICT', 'InProgress'],
    [429, 'RATE_LIMIT_REACHED', 'RateLimited'],
    [400, 'constructor', 'MerchantConfig'],
  ] as const)('%s %s is %s', (status, issue, code) => {
    expect(codeOf(status, issue, 'pay')).toBe(code)
  })

  it('say of a capture that all is given back, and of a refund that too much is asked for', () => {
    expect(codeOf(422, 'CAPTURE_FULLY_REFUNDED', 'pay')).toBe('AlreadyRefunded')
    expect(codeOf(422, 'CAPTURE_FULLY_REFUNDED', 'refund')).toBe('AmountInvalid')
  })
})
