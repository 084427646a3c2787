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
    expect(waysInto(offered, {}, { links, passkeys: [1, 2] })).toBe(3)
    expect(waysInto({ identityProviders: {} }, {}, { links, passkeys: [1, 2] })).toBe(0)
    expect(waysInto({ identityProviders: {} }, { phone: bound }, { links, passkeys: [] })).toBe(1)
    expect(waysInto({ identityProviders: {} }, { email: bound, phone: bound }, { links: [], passkeys: [] })).toBe(1)
    // A user name leads nowhere by itself: who forgets the password is reached by nothing.
    expect(waysInto(offered, { userName: bound }, { links: [], passkeys: [] })).toBe(0)
  })
})
