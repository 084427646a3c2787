/**
 * Whether a text holds what may be a card number: 13 to 19 digits, perhaps in groups parted by one space, dot or hyphen,
 * whose Luhn check holds. Full-width digits count as digits.
 *
 * Free text that is stored, logged or sent to a gateway is refused when it does.
 */
export const holdsCardNumber = (text: string): boolean => {
  const runs = text.normalize('NFKC').match(/\d+(?:[ .-]\d+)*/g) ?? []
  return runs.some((run) => {
    const groups = run.split(/[ .-]/)
    return groups.some((_, from) => {
      let digits = ''
      for (const group of groups.slice(from)) {
        digits += group
        if (digits.length > 19) return false
        if (digits.length >= 13 && passesLuhn(digits)) return true
      }
      return false
    })
  })
}

const passesLuhn = (digits: string): boolean => {
  let sum = 0
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - place))
    const weighed = place % 2 === 0 ? digit : digit * 2
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}
