import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createShop, type IdentityProvider, type IdentityRequest } from 'shopwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOidcProvider, type OidcFetch, type OidcOptions } from '../../../adapters/identity/oidc/index.js'
import { openOidcProvider } from '../../../adapters/identity/oidc/provider.js'
import { createMemoryStorage } from '../../../adapters/memory/index.js'
import { createScryptHasher } from '../../../adapters/passwords/scrypt/index.js'
import { createKeyedDigest, createSealer, systemClock } from '../../../adapters/runtime/index.js'
import { browse, type LoopbackIssuer, openLoopbackIssuer } from '../../../examples/support/loopback-issuer.js'

let home: LoopbackIssuer
/** A second issuer, which is after the answers of the first. */
let rogue: LoopbackIssuer
/** One that would do without PKCE. */
let lax: LoopbackIssuer

beforeAll(async () => {
  home = await openLoopbackIssuer()
  rogue = await openLoopbackIssuer()
  lax = await openLoopbackIssuer({ pkce: { required: () => false } })
})
afterAll(async () => {
  await Promise.all([home, rogue, lax].map((each) => each.close()))
})

const optionsOf = ({ issuer, clientId, clientSecret, redirectUri }: LoopbackIssuer): OidcOptions => ({
  issuer,
  clientId,
  clientSecret,
  redirectUri,
})
const providerOf = async (at: LoopbackIssuer, more: Partial<OidcOptions> = {}): Promise<IdentityProvider> =>
  (await createOidcProvider({ ...optionsOf(at), ...more }))._unsafeUnwrap()

let drawn = 0
const newRequest = (): IdentityRequest => {
  drawn += 1
  const tail = String(drawn).padStart(8, '0')
  return { state: `state-${tail}`, nonce: `nonce-${tail}`, codeVerifier: `${'v'.repeat(48)}${tail}` }
}

/** A browser goes to an issuer and comes back. */
const goAndReturn = async (at: LoopbackIssuer, provider: IdentityProvider, name = 'wang') => {
  const request = newRequest()
  const { redirectUrl } = (await provider.begin(request))._unsafeUnwrap()
  return { ...request, query: await browse(redirectUrl, at.redirectUri, name) }
}

const outcome = async (finished: ReturnType<IdentityProvider['finish']>): Promise<string> =>
  (await finished).match(
    ({ subjects: [{ subject }] }) => `let in ${subject}`,
    (error) => (error.type === 'IdentityRefused' ? error.reason : `${error.type}: ${error.detail}`),
  )

type Claims = Readonly<Record<string, unknown>>

const membersOf = (value: unknown): Claims => (typeof value === 'object' ? { ...value } : {})

const base64Url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const readPart = (token: string, part: number): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[part] ?? '', 'base64url').toString())

/** Signs an ID token that the issuer never gave. */
const forge = (header: Claims, claims: Claims, key: KeyObject | undefined): string => {
  const signed = `${base64Url(header)}.${base64Url(claims)}`
  return `${signed}.${key === undefined ? '' : createSign('sha256').update(signed).sign(key, 'base64url')}`
}

/** A way to the issuer on which somebody sits and puts another ID token in the place of the one it gave. */
const withIdToken =
  (change: (token: string) => string): OidcFetch =>
  async (url, init) => {
    const answer = await fetch(url, init)
    if (!url.endsWith('/token')) return answer
    const told = membersOf(await answer.json())
    return Response.json({ ...told, id_token: change(String(told.id_token)) })
  }

const ownKey = () => home.privateKey

describe('signing in by an issuer of OpenID Connect', () => {
  it('finds out who it was, whose address is proved or not, over a whole shop', async () => {
    const key = new Uint8Array(32).fill(7)
    const shop = createShop({
      storage: createMemoryStorage(),
      clock: systemClock,
      digests: createKeyedDigest({ key }),
      sealer: createSealer({ current: { keyId: 'k1', key } }),
      hasher: createScryptHasher(),
      notifier: { send: () => expect.unreachable() },
      gateways: {},
      identityProviders: { home: await providerOf(home) },
    })
    const guest = (key: string) => ({ actor: { kind: 'guest', guestId: 'g' }, key }) as const
    const visit = async (name: string, key: string) => {
      const way = (await shop.accounts.beginProviderSignIn(guest(`${key}-1`), { providerId: 'home' }))._unsafeUnwrap()
      const query = await browse(way.redirectUrl, home.redirectUri, name)
      const { browserToken } = way
      const input = { providerId: 'home', query, browserToken, locale: 'en' } as const
      return (await shop.accounts.finishProviderSignIn(guest(`${key}-2`), input))._unsafeUnwrap()
    }
    const first = await visit('wang', 'a')
    expect((await visit('wang', 'b')).accountId).toBe(first.accountId)
    const { actor } = (await shop.accounts.actorOf(first.token))._unsafeUnwrap()
    expect((await shop.accounts.myAccount({ actor }, {}))._unsafeUnwrap().email).toBe('wang@example.com')
    const other = await visit('unproved-li', 'c')
    const { actor: li } = (await shop.accounts.actorOf(other.token))._unsafeUnwrap()
    expect((await shop.accounts.myAccount({ actor: li }, {}))._unsafeUnwrap().email).toBeUndefined()
  })

  it('shows the challenge that RFC 7636 works out in its appendix B', async () => {
    const codeVerifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
    const provider = await providerOf(home)
    const { redirectUrl } = (await provider.begin({ ...newRequest(), codeVerifier }))._unsafeUnwrap()
    const asked = new URL(redirectUrl).searchParams
    expect(asked.get('code_challenge')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
    expect(asked.get('code_challenge_method')).toBe('S256')
    expect(redirectUrl).not.toContain(codeVerifier)
  })

  it('takes a client without a secret, and one that posts it', async () => {
    const clientOf = (method: 'none' | 'client_secret_post') => ({
      client_id: method,
      redirect_uris: [home.redirectUri],
      token_endpoint_auth_method: method,
      ...(method === 'none' ? {} : { client_secret: home.clientSecret }),
    })
    const other = await openLoopbackIssuer({ clients: [clientOf('none'), clientOf('client_secret_post')] })
    const { issuer } = other
    const { redirectUri, clientSecret } = home
    const known: readonly OidcOptions[] = [
      { issuer, redirectUri, clientId: 'none' },
      { issuer, redirectUri, clientId: 'client_secret_post', clientSecret, secretBy: 'post' },
    ]
    for (const options of known) {
      const provider = (await createOidcProvider(options))._unsafeUnwrap()
      const answer = await goAndReturn({ ...other, redirectUri }, provider)
      expect(await outcome(provider.finish(answer))).toBe('let in wang')
    }
    await other.close()
  })

  it('says that the person said no, and nothing else', async () => {
    const provider = await providerOf(home)
    const request = newRequest()
    await provider.begin(request)
    const query = `error=access_denied&state=${request.state}&iss=${encodeURIComponent(home.issuer)}`
    expect(await outcome(provider.finish({ ...request, query }))).toBe('cancelled')
  })

  it('says that the issuer is out of reach, late, or no issuer, and asks again at the next time', async () => {
    let mode: 'gone' | 'garbage' | 'well' = 'gone'
    const shaky: OidcFetch = async (url, init) => {
      if (mode === 'gone') throw new TypeError('fetch failed')
      if (mode === 'garbage') return new Response('<html>', { headers: { 'content-type': 'text/html' } })
      return fetch(url, init)
    }
    const begun = async (provider: IdentityProvider) =>
      (await provider.begin(newRequest())).match(
        () => 'ok',
        ({ type }) => type,
      )
    const provider = await providerOf(home, { fetch: shaky })
    expect(await begun(provider)).toBe('IdentityUnavailable')
    mode = 'garbage'
    expect(await begun(provider)).toBe('IdentityUnavailable')
    mode = 'well'
    expect(await begun(provider)).toBe('ok')
    const silent: OidcFetch = (_, init) =>
      new Promise((__, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
    expect(await begun(await providerOf(home, { fetch: silent, timeoutMs: 50 }))).toBe('IdentityUnavailable')
  })

  it('reads no answer to its end that is longer than an issuer has to say', async () => {
    const piece = new TextEncoder().encode(' '.repeat(64 * 1024))
    let told = 0
    const endless = () =>
      new Response(
        new ReadableStream({
          pull: (controller) => {
            told += piece.length
            // Long enough for a reader without a bound to be told from one with it, and not without end.
            if (told > 8 * 1024 * 1024) return controller.close()
            controller.enqueue(piece)
          },
        }),
        { headers: { 'content-type': 'application/json' } },
      )
    const flooded = await providerOf(home, { fetch: async () => endless() })
    const refused = (await flooded.begin(newRequest()))._unsafeUnwrapErr()
    expect(refused).toEqual({ type: 'IdentityUnavailable', detail: 'an answer that is too long' })
    expect(told).toBeLessThan(2 * 1024 * 1024)
    for (const end of ['/token', '/jwks', '/me']) {
      told = 0
      const provider = await providerOf(home, {
        fetch: async (url, init) => (url.endsWith(end) ? endless() : fetch(url, init)),
      })
      expect(await outcome(provider.finish(await goAndReturn(home, provider))), end).toBe(
        'IdentityUnavailable: an answer that is too long',
      )
      expect(told, end).toBeLessThan(2 * 1024 * 1024)
    }
  })

  it('needs the package, and options that can be right', async () => {
    const absent = await openOidcProvider(optionsOf(home), () => Promise.reject(new Error('none')))
    expect(absent._unsafeUnwrapErr()).toEqual({
      type: 'PackageMissing',
      package: 'oauth4webapi',
      install: 'npm install oauth4webapi',
    })
    const wrong: readonly (readonly [Partial<OidcOptions>, string, string])[] = [
      [{ issuer: 'http://issuer.example' }, 'issuer', 'notHttps'],
      [{ issuer: 'nothing' }, 'issuer', 'malformed'],
      [{ redirectUri: 'http://shop.example/back' }, 'redirectUri', 'notHttps'],
      [{ redirectUri: 'https://shop.example/back#x' }, 'redirectUri', 'malformed'],
      [{ clientId: ' ' }, 'clientId', 'missing'],
      [{ clientSecret: '' }, 'clientSecret', 'missing'],
      [{ timeoutMs: 0 }, 'timeoutMs', 'malformed'],
    ]
    for (const [more, option, reason] of wrong) {
      const refused = (await createOidcProvider({ ...optionsOf(home), ...more }))._unsafeUnwrapErr()
      expect(refused).toEqual({ type: 'IdentityConfigInvalid', option, reason })
    }
  })
})

describe('attack 15, on the way to and from an issuer', () => {
  it('fails: 1, a state that is another’s, missing, or there twice', async () => {
    const provider = await providerOf(home)
    const { query, ...request } = await goAndReturn(home, provider)
    const state = `state=${request.state}`
    for (const bad of [query.replace(state, 'state=other'), query.replace(state, ''), `${query}&${state}`]) {
      expect(await outcome(provider.finish({ ...request, query: bad }))).toBe('answerInvalid')
    }
    expect(await outcome(provider.finish({ ...request, query }))).toBe('let in wang')
  })

  it('fails: 2, an ID token that was given to another request', async () => {
    const provider = await providerOf(home)
    const victim = await goAndReturn(home, provider)
    expect(await outcome(provider.finish({ ...victim, nonce: 'nonce-of-another' }))).toBe('proofInvalid')
  })

  it('fails: 3, an answer of another issuer, or of one that is not named', async () => {
    const provider = await providerOf(home)
    const strange = await providerOf(rogue)
    const { query, ...request } = await goAndReturn(rogue, strange)
    expect(await outcome(provider.finish({ ...request, query }))).toBe('answerInvalid')
    const own = await goAndReturn(home, provider)
    const unnamed = own.query.replace(/&?iss=[^&]*/, '')
    expect(unnamed).not.toBe(own.query)
    expect(await outcome(provider.finish({ ...own, query: unnamed }))).toBe('answerInvalid')
  })

  it('fails: 4, the challenge of PKCE taken out, weakened, or answered by another’s verifier', async () => {
    const provider = await providerOf(lax)
    const request = newRequest()
    const { redirectUrl } = (await provider.begin(request))._unsafeUnwrap()
    const stripped = new URL(redirectUrl)
    stripped.searchParams.delete('code_challenge')
    stripped.searchParams.delete('code_challenge_method')
    const query = await browse(stripped.href, lax.redirectUri, 'wang')
    expect(query).toContain('code=')
    expect(await outcome(provider.finish({ ...request, query }))).toBe('codeRefused')

    const other = await goAndReturn(lax, provider)
    expect(await outcome(provider.finish({ ...other, codeVerifier: newRequest().codeVerifier }))).toBe('codeRefused')

    const plain = { code_challenge_methods_supported: ['plain'] }
    const weak = await providerOf(home, {
      fetch: async (url, init) => {
        const answer = await fetch(url, init)
        return url.includes('.well-known') ? Response.json({ ...membersOf(await answer.json()), ...plain }) : answer
      },
    })
    const refused = (await weak.begin(newRequest()))._unsafeUnwrapErr()
    expect(refused).toEqual({ type: 'IdentityUnavailable', detail: 'no PKCE by S256' })
  })

  it('fails: 5, a code that was used', async () => {
    const provider = await providerOf(home)
    const answer = await goAndReturn(home, provider)
    expect(await outcome(provider.finish(answer))).toBe('let in wang')
    expect(await outcome(provider.finish(answer))).toBe('codeRefused')
  })

  it('fails: 6, an ID token for another client, of another issuer, for several, or that is over', async () => {
    const changes: readonly Claims[] = [
      { aud: 'another-shop' },
      { aud: ['shop', 'another-shop'] },
      { iss: 'https://issuer.example' },
      { exp: Math.floor(Date.now() / 1_000) - 3_600 },
    ]
    for (const change of changes) {
      const provider = await providerOf(home, {
        fetch: withIdToken((token) => forge(readPart(token, 0), { ...readPart(token, 1), ...change }, ownKey())),
      })
      expect(await outcome(provider.finish(await goAndReturn(home, provider)))).toBe('proofInvalid')
    }
  })

  it('fails: 7, an ID token that nobody signed, that another signed, or that was changed after', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const forgeries: readonly ((token: string) => string)[] = [
      (token) => forge({ alg: 'none' }, readPart(token, 1), undefined),
      (token) => forge(readPart(token, 0), readPart(token, 1), privateKey),
      (token) => {
        const [head, , tail] = token.split('.')
        return `${head}.${base64Url({ ...readPart(token, 1), changed: true })}.${tail}`
      },
      (token) => forge({ ...readPart(token, 0), alg: 'HS256' }, readPart(token, 1), ownKey()),
    ]
    for (const forgery of forgeries) {
      const provider = await providerOf(home, { fetch: withIdToken(forgery) })
      expect(await outcome(provider.finish(await goAndReturn(home, provider)))).toBe('proofInvalid')
    }
    // Nothing else about them is wrong: what is signed by the issuer itself passes the same way.
    const own = await providerOf(home, {
      fetch: withIdToken((token) => forge(readPart(token, 0), readPart(token, 1), ownKey())),
    })
    expect(await outcome(own.finish(await goAndReturn(home, own)))).toBe('let in wang')
  })

  it('fails: a person of whom the issuer says another thing beside the ID token', async () => {
    const provider = await providerOf(home, {
      fetch: async (url, init) =>
        url.endsWith('/me') ? Response.json({ sub: 'victim', email: 'v@example.com' }) : fetch(url, init),
    })
    expect(await outcome(provider.finish(await goAndReturn(home, provider)))).toBe('proofInvalid')
  })

  it('tells no secret in any refusal', async () => {
    const told: unknown[] = []
    const provider = await providerOf(home, { clientSecret: 'canary-wrong-secret' })
    const answer = await goAndReturn(home, provider)
    told.push((await provider.finish(answer))._unsafeUnwrapErr())
    const right = await providerOf(home)
    told.push((await right.finish({ ...answer, query: `${answer.query}x` }))._unsafeUnwrapErr())
    told.push((await right.finish({ ...answer, codeVerifier: newRequest().codeVerifier }))._unsafeUnwrapErr())
    const text = JSON.stringify(told)
    const code = /code=([^&]*)/.exec(answer.query)?.[1] ?? ''
    for (const canary of ['canary', code, answer.codeVerifier, answer.nonce, home.clientSecret]) {
      expect(text).not.toContain(canary)
    }
  })
})
