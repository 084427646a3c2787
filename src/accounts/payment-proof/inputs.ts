import type { ContactKind } from '../identifier.js'
import type { CodeInput } from '../inputs.js'

/** The payment password to be, as typed. */
export type SetPaymentPasswordInput = { readonly paymentPassword: string }

/** The payment password as it is, and as it shall be. */
export type ChangePaymentPasswordInput = SetPaymentPasswordInput & { readonly newPaymentPassword: string }

/** Where the code shall go, of what the account has; to its mobile number when absent, or else to its address. */
export type RequestPaymentCodeInput = { readonly to?: ContactKind }

/** A code and the payment password to be. */
export type ResetPaymentPasswordInput = CodeInput & { readonly newPaymentPassword: string }

/** What shows before a payment that it is its owner who pays. */
export type ProvePaymentInput =
  | { readonly kind: 'paymentPassword'; readonly paymentPassword: string }
  | ({ readonly kind: 'code' } & CodeInput)
