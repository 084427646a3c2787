import type { IdSource } from '../shared/ids.js'

/** The claim space of coupon codes: the code as it is compared, owned by the coupon. */
export const couponCodeSpace = 'couponCode'

/** A new code of 16 letters and digits in groups of four, about 80 bits of chance. */
export const newCouponCode = (ids: IdSource): string =>
  ids
    .secret()
    .slice(-16)
    .toUpperCase()
    .replace(/(.{4})(?!$)/g, '$1-')

/** A code as it is compared: without spaces and hyphens, in capitals. */
export const toCodeKey = (code: string): string => code.replace(/[\s-]/g, '').toUpperCase()
