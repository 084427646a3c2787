import { createShop, type IdentityProvider, type IdentityRequest } from 'shopwright'
import { afterEach, describe, expect, it } from 'vitest'
import { isSignedByOneOf } from '../../../adapters/gateways/alipay-signature.js'
import { readPrivateKey, readPublicKey, signSha256 } from '../../../adapters/gateways/rsa.js'
import { createAlipayProvider } from '../../../adapters/identity/alipay/index.js'
import { createQqProvider } from '../../../adapters/identity/qq/index.js'
import { createWechatProvider } from '../../../adapters/identity/wechat/index.js'
import { createWeiboProvider } from '../../../adapters/identity/weibo/index.js'
import { createMemoryStorage } from '../../../adapters/memory/index.js'
import { createScryptHasher } from '../../../adapters/passwords/scrypt/index.js'
import { createKeyedDigest, createSealer, systemClock } from '../../../adapters/runtime/index.js'
import { createCloser, type Loopback, type Received, startLoopback, type Told } from '../gateways/loopback.js'
import { makeRsaKeys } from '../gateways/test-keys.js'

const closer = createCloser()
afterEach(closer.closeAll)

const redirectUri = 'https://shop.example/back'
const secret = 'canary-app-secret'
const shopKeys = makeRsaKeys()
const alipayKeys = makeRsaKeys()
const strangerKeys = makeRsaKeys()

/** Whom the next code is of. */
type Person = { readonly id: string; readonly unionId?: string }

/** A provider of ours on this machine: codes are taken once, of the right app only. */
type Standing = {
  readonly name: string
  readonly codeName: string
  readonly answer: (people: Map<string, Person>) => (request: Received) => Told
  readonly create: (baseUrl: string, more?: { readonly timeoutMs?: number }) => IdentityProvider
  /** A secret of the shop in the options, wrong. */
  readonly createWrong: (baseUrl: string) => IdentityProvider
}

const text = (body: string): Told => ({ status: 200, headers: { 'content-type': 'text/plain' }, body })
const told = (body: object): Told => text(JSON.stringify(body))
const queryOf = ({ path }: Received): URLSearchParams => new URL(path, 'http://x').searchParams
const formOf = ({ body }: Received): URLSearchParams => new URLSearchParams(body.toString())
const take = (people: Map<string, Person>, code: string | null): Person | undefined => {
  const person = people.get(code ?? '')
  people.delete(code ?? '')
  return person
}

const wechat: Standing = {
  name: 'WeChat',
  codeName: 'code',
  answer: (people) => (request) => {
    const asked = queryOf(request)
    if (!request.path.startsWith('/sns/oauth2/access_token?')) return { status: 404, body: '' }
    if (asked.get('appid') !== 'wx1' || asked.get('secret') !== secret) {
      return told({ errcode: 40_125, errmsg: `invalid appsecret ${asked.get('secret')}` })
    }
    const person = take(people, asked.get('code'))
    if (person === undefined) return told({ errcode: 40_163, errmsg: 'code been used' })
    const union = person.unionId === undefined ? {} : { unionid: person.unionId }
    return told({ access_token: 'canary-token', expires_in: 7_200, openid: person.id, scope: 'snsapi_login', ...union })
  },
  create: (baseUrl, more) =>
    createWechatProvider({
      appId: 'wx1',
      appSecret: secret,
      place: 'website',
      redirectUri,
      baseUrl,
      ...more,
    })._unsafeUnwrap(),
  createWrong: (baseUrl) =>
    createWechatProvider({
      appId: 'wx1',
      appSecret: 'canary-wrong',
      place: 'inWechat',
      redirectUri,
      baseUrl,
    })._unsafeUnwrap(),
}

const qq: Standing = {
  name: 'QQ',
  codeName: 'code',
  answer: (people) => {
    const tokens = new Map<string, Person>()
    return (request) => {
      const asked = queryOf(request)
      if (request.path.startsWith('/oauth2.0/me?')) {
        const token = asked.get('access_token') ?? ''
        const person = tokens.get(token)
        const union = person?.unionId === undefined ? {} : { unionid: person.unionId }
        const client = person?.id === 'of-another-app' ? '999' : '101'
        return text(`callback( ${JSON.stringify({ client_id: client, openid: person?.id, ...union })} );`)
      }
      if (asked.get('client_secret') !== secret || asked.get('redirect_uri') !== redirectUri) {
        return text(`callback( {"error":100008,"error_description":"client_secret ${asked.get('client_secret')}"} );`)
      }
      const person = take(people, asked.get('code'))
      if (person === undefined) return told({ error: 100_020, error_description: 'code is reused error' })
      tokens.set(`canary-token-${person.id}`, person)
      // One release of QQ answers with a form, another with JSON.
      return person.id === 'form'
        ? text(`access_token=canary-token-form&expires_in=7776000`)
        : told({ access_token: `canary-token-${person.id}`, expires_in: '7776000' })
    }
  },
  create: (baseUrl, more) =>
    createQqProvider({ appId: '101', appKey: secret, redirectUri, baseUrl, ...more })._unsafeUnwrap(),
  createWrong: (baseUrl) =>
    createQqProvider({ appId: '101', appKey: 'canary-wrong', redirectUri, baseUrl })._unsafeUnwrap(),
}

const weibo: Standing = {
  name: 'Weibo',
  codeName: 'code',
  answer: (people) => (request) => {
    const asked = formOf(request)
    if (request.method !== 'POST' || request.path !== '/oauth2/access_token') return { status: 404, body: '' }
    if (asked.get('client_secret') !== secret) {
      const body = { error: 'invalid_client', error_code: 21_324, error_description: asked.get('client_secret') }
      return { ...told(body), status: 401 }
    }
    const person = take(people, asked.get('code'))
    if (person === undefined || asked.get('redirect_uri') !== redirectUri) {
      return { ...told({ error: 'invalid_grant', error_code: 21_325 }), status: 400 }
    }
    return told({ access_token: 'canary-token', expires_in: 157_679_999, uid: person.id })
  },
  create: (baseUrl, more) =>
    createWeiboProvider({ appKey: '7', appSecret: secret, redirectUri, baseUrl, ...more })._unsafeUnwrap(),
  createWrong: (baseUrl) =>
    createWeiboProvider({ appKey: '7', appSecret: 'canary-wrong', redirectUri, baseUrl })._unsafeUnwrap(),
}

const alipaySays = (said: string, member = 'alipay_system_oauth_token_response', keys = alipayKeys): Told => {
  const key = readPrivateKey(keys.privateKey)
  if (key === null) throw new Error('no key')
  return text(`{"${member}":${said},"sign":"${signSha256(key, said)}"}`)
}

const alipayRequest = (form: URLSearchParams): string =>
  [...form]
    .filter(([name]) => name !== 'sign')
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

const alipay: Standing = {
  name: 'Alipay',
  codeName: 'auth_code',
  answer: (people) => (request) => {
    const asked = formOf(request)
    const key = readPublicKey(shopKeys.publicKey)
    if (key === null || !isSignedByOneOf([key], alipayRequest(asked), asked.get('sign') ?? '')) {
      return text(
        `{"error_response":{"code":"40002","sub_code":"isv.invalid-signature","sub_msg":"${asked.get('sign')}"}}`,
      )
    }
    const person = take(people, asked.get('code'))
    if (person === undefined || asked.get('method') !== 'alipay.system.oauth.token') {
      return alipaySays('{"code":"40002","msg":"Invalid Arguments","sub_code":"isv.code-invalid"}', 'error_response')
    }
    const said = JSON.stringify({
      access_token: 'canary-token',
      ...(person.unionId === undefined ? { user_id: person.id } : { open_id: person.id, user_id: person.unionId }),
      expires_in: 300,
    })
    return alipaySays(said, undefined, person.id === 'forged' ? strangerKeys : alipayKeys)
  },
  create: (baseUrl, more) =>
    createAlipayProvider({
      appId: '2021',
      privateKey: shopKeys.privateKey,
      alipayPublicKey: alipayKeys.publicKey,
      clock: systemClock,
      redirectUri,
      baseUrl,
      ...more,
    })._unsafeUnwrap(),
  createWrong: (baseUrl) =>
    createAlipayProvider({
      appId: '2021',
      privateKey: strangerKeys.privateKey,
      alipayPublicKey: alipayKeys.publicKey,
      clock: systemClock,
      redirectUri,
      baseUrl,
    })._unsafeUnwrap(),
}

const standings = [wechat, qq, weibo, alipay]

const request: IdentityRequest = { state: 'challenge_1.secret', nonce: 'n'.repeat(64), codeVerifier: 'v'.repeat(64) }

const openStanding = async (standing: Standing, timeoutMs = 10_000) => {
  const people = new Map<string, Person>()
  const server: Loopback = closer.keep(await startLoopback(standing.answer(people)))
  const provider = standing.create(server.baseUrl, { timeoutMs })
  /** A person says yes: the query that their browser comes back with. */
  const consent = (person: Person, state = request.state): string => {
    const code = `canary-code-${people.size}-${person.id}`
    people.set(code, person)
    return `${standing.codeName}=${code}&state=${encodeURIComponent(state)}`
  }
  return { server, provider, consent }
}

const outcome = async (finished: ReturnType<IdentityProvider['finish']>): Promise<string> =>
  (await finished).match(
    ({ subjects }) => subjects.map(({ issuer, subject }) => `${issuer}:${subject}`).join(' '),
    (error) => (error.type === 'IdentityRefused' ? error.reason : error.type),
  )

describe.each(standings)('signing in by $name', (standing) => {
  it('sends the browser off with the state and no secret, and finds out who comes back, once a code', async () => {
    const { provider, consent } = await openStanding(standing)
    const { redirectUrl } = (await provider.begin(request))._unsafeUnwrap()
    const asked = new URL(redirectUrl)
    expect(asked.protocol).toBe('https:')
    expect(asked.searchParams.get('state')).toBe(request.state)
    expect(asked.searchParams.get('redirect_uri')).toBe(redirectUri)
    expect(redirectUrl).not.toMatch(/canary|vvvv|nnnn/)
    const query = consent({ id: 'person-1' })
    expect(await outcome(provider.finish({ ...request, query }))).toMatch(/^[a-z0-9/]+:person-1$/)
    expect(await outcome(provider.finish({ ...request, query }))).toBe('codeRefused')
  })

  it('takes no answer of another request, with two codes, or with none', async () => {
    const { provider, consent, server } = await openStanding(standing)
    const query = consent({ id: 'person-1' })
    const bad = [
      query.replace('secret', 'other'),
      `${query}&state=x`,
      `${query}&${standing.codeName}=x`,
      query.replace('canary', 'can ary'),
      query.replace(/&.*/, ''),
    ]
    for (const each of bad) expect(await outcome(provider.finish({ ...request, query: each }))).toBe('answerInvalid')
    const state = `state=${request.state}`
    expect(await outcome(provider.finish({ ...request, query: `error=access_denied&${state}` }))).toBe('cancelled')
    expect(await outcome(provider.finish({ ...request, query: state }))).toBe('cancelled')
    expect(server.received).toEqual([])
  })

  it('says that it is out of reach, late, at fault, or talks of something else', async () => {
    const { provider, consent, server } = await openStanding(standing, 200)
    server.fail(
      { kind: 'cutBefore' },
      { kind: 'hang' },
      { kind: 'say', told: { status: 503, body: 'down' } },
      { kind: 'say', told: text('<html>') },
      { kind: 'say', told: text('{"hello":1}') },
      { kind: 'say', told: { status: 200, body: new Uint8Array([0xff, 0xfe]) } },
    )
    for (let step = 0; step < 6; step += 1) {
      const query = consent({ id: 'person-1' })
      expect(await outcome(provider.finish({ ...request, query })), `step ${step}`).toBe('IdentityUnavailable')
    }
  })

  it('tells no secret, token or code in any refusal', async () => {
    const { consent, server } = await openStanding(standing)
    const wrong = standing.createWrong(server.baseUrl)
    const refusals = [
      await wrong.finish({ ...request, query: consent({ id: 'person-1' }) }),
      await standing
        .create(server.baseUrl)
        .finish({ ...request, query: `${standing.codeName}=canary&state=${request.state}` }),
    ]
    const texts = refusals.map((refusal) => JSON.stringify(refusal._unsafeUnwrapErr()))
    expect(texts[0]).toContain('IdentityUnavailable')
    expect(texts.join()).not.toMatch(/canary|BEGIN|[A-Za-z0-9+/=]{40}/)
  })
})

describe('the names of one person', () => {
  it('are told the narrowest first', async () => {
    const named = async (standing: Standing, person: Person) => {
      const { provider, consent } = await openStanding(standing)
      return outcome(provider.finish({ ...request, query: consent(person) }))
    }
    expect(await named(wechat, { id: 'o1', unionId: 'u1' })).toBe('wechat/wx1:o1 wechat/union:u1')
    expect(await named(qq, { id: 'o1', unionId: 'u1' })).toBe('qq/101:o1 qq/union:u1')
    expect(await named(qq, { id: 'form' })).toBe('qq/101:form')
    expect(await named(weibo, { id: '1234' })).toBe('weibo:1234')
    expect(await named(alipay, { id: '2088' })).toBe('alipay:2088')
    expect(await named(alipay, { id: 'o1', unionId: '2088' })).toBe('alipay/2021:o1 alipay:2088')
  })

  it('are not believed of another app, nor unsigned', async () => {
    const { provider, consent } = await openStanding(qq)
    expect(await outcome(provider.finish({ ...request, query: consent({ id: 'of-another-app' }) }))).toBe(
      'proofInvalid',
    )
    const forged = await openStanding(alipay)
    const query = forged.consent({ id: 'forged' })
    expect(await outcome(forged.provider.finish({ ...request, query }))).toBe('proofInvalid')
  })

  it('lead to one account of a shop: without a unionid, then with one, then by another app', async () => {
    const { provider, consent, server } = await openStanding(wechat)
    const other = createWechatProvider({
      appId: 'wx1',
      appSecret: secret,
      place: 'inWechat',
      redirectUri,
      baseUrl: server.baseUrl,
    })._unsafeUnwrap()
    const key = new Uint8Array(32).fill(7)
    const shop = createShop({
      storage: createMemoryStorage(),
      clock: systemClock,
      digests: createKeyedDigest({ key }),
      sealer: createSealer({ current: { keyId: 'k1', key } }),
      hasher: createScryptHasher(),
      notifier: { send: () => expect.unreachable() },
      gateways: {},
      identityProviders: { website: provider, inWechat: other },
    })
    let keys = 0
    const guest = () => {
      keys += 1
      return { actor: { kind: 'guest', guestId: 'g' }, key: `k${keys}` } as const
    }
    const visit = async (providerId: string, person: Person) => {
      const way = (await shop.accounts.beginProviderSignIn(guest(), { providerId }))._unsafeUnwrap()
      const state = new URL(way.redirectUrl).searchParams.get('state') ?? ''
      const { browserToken } = way
      const input = { providerId, query: consent(person, state), browserToken, locale: 'zh-CN' } as const
      return (await shop.accounts.finishProviderSignIn(guest(), input))._unsafeUnwrap().accountId
    }
    const first = await visit('website', { id: 'o1' })
    expect(await visit('website', { id: 'o1', unionId: 'u1' })).toBe(first)
    expect(await visit('inWechat', { id: 'o2', unionId: 'u1' })).toBe(first)
    expect(await visit('inWechat', { id: 'o2' })).toBe(first)
    expect(await visit('website', { id: 'o3' })).not.toBe(first)
  })
})

describe('options of the providers', () => {
  it('are refused by name, without their values', () => {
    const base = { redirectUri }
    const refused = [
      createWechatProvider({ ...base, appId: '', appSecret: secret, place: 'website' }),
      createWechatProvider({ ...base, appId: 'wx1', appSecret: 'a b', place: 'website' }),
      createQqProvider({ redirectUri: 'http://shop.example/back', appId: '101', appKey: secret }),
      createWeiboProvider({ ...base, appKey: '7', appSecret: secret, baseUrl: 'http://weibo.example' }),
      createWeiboProvider({ ...base, appKey: '7', appSecret: secret, authorizeUrl: 'nowhere' }),
      createAlipayProvider({
        ...base,
        appId: '1',
        privateKey: 'canary',
        alipayPublicKey: alipayKeys.publicKey,
        clock: systemClock,
      }),
      createAlipayProvider({
        ...base,
        appId: '1',
        privateKey: shopKeys.privateKey,
        alipayPublicKey: shopKeys.privateKey,
        clock: systemClock,
      }),
    ].map((made) => made._unsafeUnwrapErr())
    expect(refused.map(({ option, reason }) => `${option} ${reason}`)).toEqual([
      'appId missing',
      'appSecret missing',
      'redirectUri notHttps',
      'baseUrl malformed',
      'authorizeUrl malformed',
      'privateKey malformed',
      'alipayPublicKey malformed',
    ])
    expect(JSON.stringify(refused)).not.toContain('canary')
  })
})
