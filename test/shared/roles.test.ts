import type { Actor } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { isShownClear } from '../../src/shared/roles.js'

const staff = (purpose: string): Actor => ({ kind: 'staff', staffId: 's', roles: ['care'], purpose })

describe('personal data before staff', () => {
  it('is shown to whoever says for which purpose; a blank says none', () => {
    const shown = (purpose: string): boolean => isShownClear(undefined, staff(purpose), 'order.recipient')
    expect(shown('claim 7')).toBe(true)
    expect(shown('')).toBe(false)
    expect(shown(' \t　')).toBe(false)
  })
})
