import fc from 'fast-check'
import { clearCookieHeader, cookieHeader, readCookie } from 'shopwright'
import { describe, expect, it } from 'vitest'

describe('a cookie', () => {
  it('is Secure, HttpOnly and SameSite, of the whole host and no other', () => {
    expect(cookieHeader({ name: 'session', value: 'session_1.abc', maxAgeMs: 90_500 })._unsafeUnwrap()).toBe(
      '__Host-session=session_1.abc; Path=/; Max-Age=91; Secure; HttpOnly; SameSite=Lax',
    )
    expect(cookieHeader({ name: 'device', value: '*a.b~c.d', sameSite: 'Strict' })._unsafeUnwrap()).toBe(
      '__Host-device=*a.b~c.d; Path=/; Secure; HttpOnly; SameSite=Strict',
    )
    expect(clearCookieHeader('session')._unsafeUnwrap()).toBe(
      '__Host-session=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax',
    )
  })

  it.each([
    [0, 0],
    [1, 1],
    [500, 1],
    [1_000, 1],
    [400 * 86_400_000 + 1, 34_560_000],
    [1e25, 34_560_000],
  ])('of %d ms lasts %d seconds: never less than asked, and no longer than browsers keep any', (maxAgeMs, seconds) => {
    expect(cookieHeader({ name: 'a', value: 'x', maxAgeMs })._unsafeUnwrap()).toContain(`; Max-Age=${seconds};`)
  })

  it('keeps its attributes and its line whatever its value, and comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', maxLength: 5 }), (value, name) => {
        const made = cookieHeader({ name: 'session', value })
        if (made.isOk()) {
          expect(made.value).toBe(`__Host-session=${value}; Path=/; Secure; HttpOnly; SameSite=Lax`)
          expect(value).not.toMatch(/[\s;,"\\]/)
          expect(readCookie(`a=1; __Host-session2=x; __Host-session=${value}; b=2`, 'session')).toBe(value)
        } else expect(JSON.stringify(made.error)).toBe('{"type":"CookieInvalid","part":"value"}')
        const named = cookieHeader({ name, value: 'x' })
        if (named.isOk()) expect(name).toMatch(/^[!-~]+$/)
      }),
    )
  })

  it.each([
    ['a line break', { name: 'a', value: 'x\r\nSet-Cookie: b=1' }, 'value'],
    ['another attribute', { name: 'a', value: 'x; Domain=evil.example' }, 'value'],
    ['more than a browser keeps', { name: 'a', value: 'x'.repeat(4_090) }, 'value'],
    ['no name', { name: '', value: 'x' }, 'name'],
    ['a name that ends itself', { name: 'a=b', value: 'x' }, 'name'],
    ['no time', { name: 'a', value: 'x', maxAgeMs: Number.NaN }, 'maxAgeMs'],
    ['time that has passed', { name: 'a', value: 'x', maxAgeMs: -1 }, 'maxAgeMs'],
  ])('is not made of %s', (_, input, part) => {
    expect(cookieHeader(input)._unsafeUnwrapErr()).toEqual({ type: 'CookieInvalid', part })
  })

  it('is read by its whole name with the prefix: one that another host could set is none', () => {
    expect(readCookie('session=stolen; xx__Host-session=y', 'session')).toBeUndefined()
    expect(readCookie('', 'session')).toBeUndefined()
  })
})
