import type { GatewayError, GatewayErrorCode } from 'shopwright/payments'
import type { WechatPayReply } from './client.js'

/** What WeChat Pay's own codes mean, in the words of the port. Some are written with and without the underscore. */
const codes: Readonly<Record<string, GatewayErrorCode>> = {
  ACCOUNTERROR: 'InstrumentInvalid',
  APPIDMCHIDNOTMATCH: 'MerchantConfig',
  BANKERROR: 'GatewayDown',
  FREQUENCYLIMITED: 'RateLimited',
  FREQUENCYLIMITEXCEED: 'RateLimited',
  INVALIDREQUEST: 'MerchantConfig',
  INVALIDTRANSACTIONID: 'MerchantConfig',
  MCHNOTEXISTS: 'MerchantConfig',
  NOAUTH: 'MerchantConfig',
  NOTENOUGH: 'InsufficientFunds',
  OPENIDMISMATCH: 'InstrumentInvalid',
  ORDERCLOSED: 'Expired',
  ORDERNOTEXIST: 'MerchantConfig',
  ORDERPAID: 'AlreadyPaid',
  OUTTRADENOUSED: 'DuplicateReference',
  PARAMERROR: 'MerchantConfig',
  RATELIMITEXCEEDED: 'RateLimited',
  REQUESTBLOCKED: 'MerchantConfig',
  RESOURCENOTEXISTS: 'MerchantConfig',
  RULELIMIT: 'LimitExceeded',
  SIGNERROR: 'MerchantConfig',
  SYSTEMERROR: 'GatewayDown',
  TRADEERROR: 'InstrumentDeclined',
  USERACCOUNTABNORMAL: 'InstrumentInvalid',
  USERPAYING: 'InProgress',
}

/** A code without its underscores. */
export const plainCode = (code: string): string => code.replaceAll('_', '').toUpperCase()

/** Says a refusal in the words of the port; a code that nobody has heard of is read by the status it came with. */
export const errorOf = (
  { status, code }: { readonly status: number; readonly code: string },
  operation: 'pay' | 'refund',
): GatewayError => ({ code: codeOf(status, plainCode(code), operation), gatewayCode: code })

const codeOf = (status: number, code: string, operation: 'pay' | 'refund'): GatewayErrorCode => {
  // Of a refund it is the merchant's own balance that does not suffice.
  if (operation === 'refund' && code === 'NOTENOUGH') return 'MerchantConfig'
  const known = Object.hasOwn(codes, code) ? codes[code] : undefined
  return known ?? (status === 429 ? 'RateLimited' : 'MerchantConfig')
}

const absentCodes = ['ORDERNOTEXIST', 'RESOURCENOTEXISTS']

/** Whether an answer says that there is no such thing. */
export const isAbsent = (reply: WechatPayReply): boolean =>
  reply.kind === 'refused' && reply.status === 404 && absentCodes.includes(plainCode(reply.code))
