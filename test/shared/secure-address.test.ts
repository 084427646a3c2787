import { isSecureAddress } from 'shopwright'
import { describe, expect, it } from 'vitest'

describe('an address that may be given out', () => {
  it.each([
    'https://shop.example',
    'https://shop.example:8443/not-me?token={token}',
    'HTTPS://shop.example/#x',
    'https://[2001:db8::1]/x',
    'http://localhost:3000/x',
    'http://127.0.0.1/x',
    'http://[::1]:8080/',
  ])('is %s', (url) => expect(isSecureAddress(url)).toBe(true))

  it.each([
    'http://shop.example/',
    'http://localhost.evil.example/',
    'http://127.0.0.1.evil.example/',
    'https://user@evil.example/',
    'https://shop.example\\@evil.example/',
    'https://shop.example/a b',
    'https://',
    'javascript:alert(1)',
    'ftp://localhost/',
    ' https://shop.example',
    '//shop.example',
    '',
  ])('is not %s', (url) => expect(isSecureAddress(url)).toBe(false))
})
