import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max'
import { expect, it } from 'vitest'
import { callingCodeOf } from '../../src/accounts/calling-code.js'

it('finds the calling code of every country that another source knows', () => {
  const codes = [...new Set(getCountries().map((country): string => getCountryCallingCode(country)))]
  expect(codes.length).toBeGreaterThan(190)
  expect(codes.filter((code) => callingCodeOf(`+${code}1234567`) !== code)).toEqual([])
})

it('finds none in what is no number', () => {
  for (const text of ['', '86', '+', '+0123456789', '13800138000', '+86 138 0013 8000']) {
    expect(callingCodeOf(text)).toBeUndefined()
  }
})
