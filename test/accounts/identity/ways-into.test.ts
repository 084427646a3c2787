import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { waysInto } from '../../../src/accounts/identity/linked-identity.js'
import { createPuppetProvider } from '../../support/puppet-provider.js'

const sealed = { sealed: { scheme: 1, nonce: '', data: '' } }
const link = (providerId: string) => ({ linkId: providerId, providerId, keys: [], subject: sealed, linkedAt: 0 })
const bound = { key: 'k', value: sealed }
const { provider } = createPuppetProvider('idp.example')
const verifier = {
  rpId: 'shop.example',
  rpName: 'Shop',
  verifyAttestation: () =>
    okAsync({ credentialId: '', publicKey: '', counter: 0, backupEligible: false, backedUp: false }),
  verifyAssertion: () => okAsync({ counter: 0, backupEligible: false, backedUp: false }),
}

describe('the ways into an account', () => {
  it('are a contact, each identity of a provider that the shop offers, and each passkey where it takes them', () => {
    const offered = { identityProviders: { wechat: provider }, passkeys: verifier }
    const links = [link('wechat'), link('gone'), link('constructor')]
    expect(waysInto(offered, { identifiers: {} }, { links, passkeys: [1, 2] })).toBe(3)
    expect(waysInto({ identityProviders: {} }, { identifiers: {} }, { links, passkeys: [1, 2] })).toBe(0)
    expect(waysInto({ identityProviders: {} }, { identifiers: { phone: bound } }, { links, passkeys: [] })).toBe(1)
    expect(
      waysInto({ identityProviders: {} }, { identifiers: { email: bound, phone: bound } }, { links: [], passkeys: [] }),
    ).toBe(1)
    // A user name with a password leads nowhere for good: who forgets the password is reached by nothing.
    expect(waysInto(offered, { identifiers: { userName: bound } }, { links: [], passkeys: [] })).toBe(0)
  })

  it('are a user name with a password too, where the device resets it that the account was registered from', () => {
    const installations = { verify: () => okAsync({ installationId: 'i', pushAddress: 'p' }) }
    const offered = { identityProviders: {}, installations }
    const nothing = { links: [], passkeys: [] }
    const named = { userName: bound }
    expect(waysInto(offered, { identifiers: named, installationKey: 'home' }, nothing)).toBe(1)
    expect(waysInto(offered, { identifiers: named }, nothing)).toBe(0)
    expect(waysInto({ identityProviders: {} }, { identifiers: named, installationKey: 'home' }, nothing)).toBe(0)
    // Whoever has a contact is reached there, and by nothing else: one way, not two.
    const both = { identifiers: { ...named, email: bound }, installationKey: 'home' }
    expect(waysInto(offered, both, nothing)).toBe(1)
  })
})
