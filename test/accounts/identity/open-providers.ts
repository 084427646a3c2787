import {
  beginLinking,
  beginProviderSignIn,
  find,
  finishLinking,
  finishProviderSignIn,
  type IdentityProviders,
  linkedIdentities,
  readFacts,
  type VerifiedIdentity,
} from 'shopwright'
import { createPuppetProvider, identityOf } from '../../support/puppet-provider.js'
import { unchecked } from '../../support/unchecked.js'
import { guest, must, type OpenAccounts, openAccounts } from '../open-accounts.js'

export const email = 'owner@example.com'
export const verified = { address: email, verified: true }

/** Accounts that two providers lead into. */
export const openProviders = async (options?: Parameters<typeof openAccounts>[0]) => {
  const puppet = createPuppetProvider('idp.example')
  const other = createPuppetProvider('other.example')
  const identityProviders: IdentityProviders = { puppet: puppet.provider, other: other.provider }
  const shop = await openAccounts({ ...options, identityProviders })
  /** A browser goes to the provider and comes back. */
  const goAndReturn = async (identity: VerifiedIdentity) => {
    const way = must(await beginProviderSignIn(shop.ports, shop.as(guest), { providerId: 'puppet' }))
    const query = puppet.consent(way.redirectUrl, identity)
    return { providerId: 'puppet', query, browserToken: way.browserToken, locale: 'en' as const }
  }
  const finish = (input: unknown, device?: string) => {
    const origin = device === undefined ? {} : { origin: { device } }
    return finishProviderSignIn(shop.ports, { ...shop.as(guest), ...origin }, unchecked(input))
  }
  const enter = async (identity: VerifiedIdentity, device?: string) => finish(await goAndReturn(identity), device)
  /** An account that is signed in to links what it comes back with. */
  const link = async (actor: Parameters<OpenAccounts['as']>[0], identity: VerifiedIdentity) => {
    const way = must(await beginLinking(shop.ports, shop.as(actor), { providerId: 'puppet' }))
    const { browserToken } = way
    const query = puppet.consent(way.redirectUrl, identity)
    return finishLinking(shop.ports, shop.as(actor), { providerId: 'puppet', query, browserToken })
  }
  const links = async () =>
    must(
      await readFacts(shop.ports.storage, {
        shop: 'main',
        scope: { kind: 'all' },
        at: shop.now(),
        plan: { kept: find(linkedIdentities, { where: [], limit: 9 }) },
      }),
    ).kept
  return { shop, puppet, goAndReturn, finish, enter, link, links }
}

export const wang = identityOf('idp.example', 'wang')
