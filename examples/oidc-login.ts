import { createShop } from 'shopwright'
import { createOidcProvider } from 'shopwright/adapters/identity/oidc'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { createConsoleNotifier } from 'shopwright/adapters/notify/console'
import { createScryptHasher } from 'shopwright/adapters/passwords/scrypt'
import { createKeyedDigest, createSealer, systemClock } from 'shopwright/adapters/runtime'
import { browse, openLoopbackIssuer } from './support/loopback-issuer.js'
import { must } from './support/must.js'

// An issuer on this machine stands for the real one; what it needs is what every issuer asks for.
const { issuer, clientId, clientSecret, redirectUri, close } = await openLoopbackIssuer()
const key = crypto.getRandomValues(new Uint8Array(32)) // a secret of your own, kept for good
const shop = createShop({
  storage: createMemoryStorage(),
  clock: systemClock,
  digests: createKeyedDigest({ key }),
  sealer: createSealer({ current: { keyId: 'k1', key } }),
  hasher: createScryptHasher(),
  notifier: createConsoleNotifier(),
  gateways: {},
  identityProviders: { work: must(await createOidcProvider({ issuer, clientId, clientSecret, redirectUri })) },
})

const signIn = async (visit: string, name: string) => {
  const visitor = (step: string) => ({ actor: { kind: 'guest', guestId: visit }, key: `${visit}-${step}` }) as const
  // 1. The host sends the browser to `redirectUrl` and keeps `browserToken` in its cookie: HttpOnly, Secure, SameSite=Lax.
  const way = must(await shop.accounts.beginProviderSignIn(visitor('begin'), { providerId: 'work' }))
  // 2. The person signs in there; the browser comes back to the redirect address with a query.
  const query = await browse(way.redirectUrl, redirectUri, name)
  // 3. The host hands over the query as it came, with what the cookie holds.
  const { browserToken } = way
  const back = { providerId: 'work', query, browserToken, locale: 'en' } as const
  return must(await shop.accounts.finishProviderSignIn(visitor('finish'), back))
}

const first = await signIn('monday', 'ann')
const again = await signIn('tuesday', 'ann')
const { actor } = must(await shop.accounts.actorOf(again.token))
const me = must(await shop.accounts.myAccount({ actor }, {}))
console.log(
  `${me.email}: ${first.accountId === again.accountId ? 'one account' : 'two accounts'}, ${me.identities.length} identity`,
)
await close()
