/** Decimals of an amount in yuan as bills write it: fees are finer than a cent. */
export const fineScale = 5

/** An amount in yuan as hundred-thousandths of one; null where it is no such number. */
export const readFine = (text: string): number | null => {
  const [, sign, whole, decimals = ''] = /^(-?)(\d{1,10})(?:\.(\d{1,5}))?$/.exec(text) ?? []
  if (sign === undefined || whole === undefined) return null
  const value = Number(`${whole}${decimals.padEnd(fineScale, '0')}`)
  return sign === '-' && value !== 0 ? -value : value
}

/** An amount in yuan as cents; null where it is no such number, or finer than a cent. */
export const readCents = (text: string): number | null => {
  const fine = readFine(text)
  return fine === null || fine % 1000 !== 0 ? null : fine / 1000
}
