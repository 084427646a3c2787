import type { PaymentPasswordReason } from './payment-password.js'

// Down a column of a keypad, along its edges, words said by numbers: what is tried first, besides what has a rule.
const favourites: readonly string[] = [
  '147258',
  '258369',
  '369258',
  '258147',
  '159357',
  '357159',
  '520131',
  '521314',
  '201314',
  '131452',
  '246810',
  '102030',
]

/**
 * Says what a payment password lacks. A guesser tries dates and patterns first, and six digits leave few others; the
 * owner's phone number is looked at once it is certain who the owner is.
 *
 * @param typed - as it was typed
 * @returns no reason where it may be taken
 */
export const judgePaymentPassword = (
  typed: string,
  { digits, phone }: { readonly digits: number; readonly phone?: string | undefined },
): readonly PaymentPasswordReason[] => {
  if (typed.length !== digits || !/^[0-9]+$/.test(typed)) return [{ type: 'NotDigits', digits }]
  return [
    ...(isSimple(typed) ? [{ type: 'TooSimple' } as const] : []),
    ...(phone?.includes(typed) === true ? [{ type: 'InOwnNumber' } as const] : []),
  ]
}

const isSimple = (digits: string): boolean =>
  isRun(digits) || repeats(digits) || isDoubled(digits) || favourites.includes(digits)

// 123456, 987654, 135791, 111111: each digit as far from the one before.
const isRun = (digits: string): boolean => {
  const steps = [...digits].slice(1).map((digit, index) => (Number(digit) - Number(digits[index]) + 10) % 10)
  return new Set(steps).size <= 1
}

// 121212, 123123.
const repeats = (digits: string): boolean =>
  Array.from({ length: Math.floor(digits.length / 2) }, (_, index) => digits.slice(0, index + 1)).some(
    (part) => digits.length % part.length === 0 && part.repeat(digits.length / part.length) === digits,
  )

// 112233, 122221: pairs that follow each other, or the same there and back.
const isDoubled = (digits: string): boolean =>
  [...digits].every((digit, index) => digit === digits[index - (index % 2)]) ||
  [...digits].every((digit, index) => digit === digits[digits.length - 1 - index])
