import { err, ok, type Result } from 'neverthrow'
import type { Currency } from '../../shared/currency.js'

/** What came is in another currency than what is due. */
export type ReceiptCurrencyDiffers = {
  readonly type: 'ReceiptCurrencyDiffers'
  readonly expected: Currency
  readonly actual: string
}

/** Less came than is due. */
export type ReceiptTooLow = {
  readonly type: 'ReceiptTooLow'
  readonly currency: Currency
  readonly dueMinor: number
  readonly receivedMinor: number
  readonly missingMinor: number
}

/** More came than is due. */
export type ReceiptTooHigh = {
  readonly type: 'ReceiptTooHigh'
  readonly currency: Currency
  readonly dueMinor: number
  readonly receivedMinor: number
  readonly excessMinor: number
}

/** What came is not what is due. */
export type ReceiptDiffers = ReceiptCurrencyDiffers | ReceiptTooLow | ReceiptTooHigh

/** Money that a person has seen. */
export type ReceivedMoney = { readonly amountMinor: number; readonly currency: string }

/**
 * Whether what came is what is due.
 *
 * @errors ReceiptDiffers
 */
export const checkReceived = (
  { amountMinor, currency }: ReceivedMoney,
  due: { readonly dueMinor: number; readonly currency: Currency },
): Result<void, ReceiptDiffers> => {
  if (currency !== due.currency)
    return err({ type: 'ReceiptCurrencyDiffers', expected: due.currency, actual: currency })
  const missingMinor = due.dueMinor - amountMinor
  const facts = { currency: due.currency, dueMinor: due.dueMinor, receivedMinor: amountMinor }
  if (missingMinor > 0) return err({ type: 'ReceiptTooLow', ...facts, missingMinor })
  if (missingMinor < 0) return err({ type: 'ReceiptTooHigh', ...facts, excessMinor: -missingMinor })
  return ok(undefined)
}
