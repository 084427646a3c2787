import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Configuration, JWK } from 'oidc-provider'

/** An issuer of OpenID Connect on this machine, with one client. */
export type LoopbackIssuer = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
  /** The key that it signs by, for a test that signs what the issuer never said. */
  readonly privateKey: KeyObject
  readonly close: () => Promise<void>
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const signingKey: JWK = {
  ...privateKey.export({ format: 'jwk' }),
  kty: 'RSA',
  use: 'sig',
  alg: 'RS256',
  kid: 'issuer-1',
}

// The package says on the error stream that it is not set up for production, which this is not.
const quietly = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  const { warn } = console
  console.warn = () => {}
  try {
    return await work()
  } finally {
    console.warn = warn
  }
}

/** Opens an issuer where whoever signs in as `name` has the address `name@example.com`, proved unless the name says no. */
export const openLoopbackIssuer = async (configuration: Configuration = {}): Promise<LoopbackIssuer> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Listens on an address, so that the address is one.
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}`
  const client = {
    clientId: 'shop',
    clientSecret: 'canary-client-secret-of-the-shop',
    redirectUri: `${issuer.replace(/\d+$/, '9')}/back`,
  }
  const provider = await quietly(async () => {
    const { default: Provider } = await import('oidc-provider')
    return new Provider(issuer, {
      clients: [
        {
          client_id: client.clientId,
          client_secret: client.clientSecret,
          redirect_uris: [client.redirectUri],
          response_types: ['code'],
          grant_types: ['authorization_code'],
        },
      ],
      jwks: { keys: [signingKey] },
      ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
      cookies: { keys: ['a key of cookies'] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'] },
      findAccount: (_, sub) => ({
        accountId: sub,
        claims: () => ({ sub, email: `${sub}@example.com`, email_verified: !sub.startsWith('unproved') }),
      }),
      ...configuration,
    })
  })
  server.on('request', provider.callback())
  return {
    issuer,
    ...client,
    privateKey,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/**
 * A browser that is sent to an issuer, signs in under a name, agrees to everything, and is stopped where it is sent back
 * to the shop.
 *
 * @returns the query that it would bring, byte for byte
 */
export const browse = async (redirectUrl: string, redirectUri: string, name: string): Promise<string> => {
  const jar = new Map<string, string>()
  const visit = async (url: string, form?: Record<string, string>): Promise<Response> => {
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ')
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') jar.delete(key)
      else jar.set(key, value)
    }
    return answer
  }
  let url = redirectUrl
  let answer = await visit(url)
  for (let step = 0; step < 12; step += 1) {
    const location = answer.headers.get('location')
    if (location !== null) {
      url = new URL(location, url).href
      if (url.startsWith(redirectUri)) return url.slice(redirectUri.length + 1)
      answer = await visit(url)
      continue
    }
    const page = await answer.text()
    const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1]
    if (action === undefined) throw new Error(`stopped at ${answer.status}: ${page.slice(0, 300)}`)
    url = new URL(action, url).href
    answer = await visit(
      url,
      page.includes('name="login"') ? { prompt: 'login', login: name, password: 'x' } : { prompt: 'consent' },
    )
  }
  throw new Error('sent round in circles')
}
