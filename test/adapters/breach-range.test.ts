import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBreachRange } from '../../adapters/passwords/breach-range/index.js'

const sha1 = (text: string): string => createHash('sha1').update(text, 'utf8').digest('hex').toUpperCase()

// Serves ranges of two leaked passwords as such a service does: rests of digests, padded with some that were seen never.
const leaked = [
  { password: 'sunken oar', sightings: 12 },
  { password: '静かな夜の川', sightings: 1 },
]
const asked: { readonly path: string; readonly padded: boolean }[] = []
let server: Server
let baseUrl = ''

beforeAll(async () => {
  server = createServer((request, answer) => {
    const prefix = (request.url ?? '').split('/').at(-1) ?? ''
    asked.push({ path: request.url ?? '', padded: request.headers['add-padding'] === 'true' })
    if (prefix === sha1('broken service').slice(0, 5)) {
      answer.writeHead(503).end('later')
      return
    }
    if (prefix === sha1('slow service').slice(0, 5)) return
    const lines = [
      ...leaked
        .filter(({ password }) => sha1(password).startsWith(prefix))
        .map(({ password, sightings }) => `${sha1(password).slice(5)}:${sightings}`),
      `${sha1('padding').slice(5)}:0`,
      `${sha1('seen never').slice(5)}:0`,
    ]
    answer.writeHead(200).end(lines.join('\r\n'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/range/`
})

afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const open = async (options: { readonly minSightings?: number; readonly timeoutMs?: number } = {}) =>
  (await createBreachRange({ baseUrl, ...options }))._unsafeUnwrap()

describe('the range service for leaked passwords', () => {
  it('is told five digits of a digest, and never the password or the digest', async () => {
    const range = await open()
    asked.length = 0
    expect(await range.isBreached('sunken oar')).toEqual(expect.objectContaining({ value: true }))
    expect(await range.isBreached('静かな夜の川')).toEqual(expect.objectContaining({ value: true }))
    expect(await range.isBreached('Tr7!mqLz-wHk2')).toEqual(expect.objectContaining({ value: false }))
    expect(asked.map(({ path }) => path)).toEqual(
      ['sunken oar', '静かな夜の川', 'Tr7!mqLz-wHk2'].map((text) => `/range/${sha1(text).slice(0, 5)}`),
    )
    expect(asked.every(({ padded }) => padded)).toBe(true)
  })

  it('takes padding for what it is, and may ask for several sightings', async () => {
    expect(await (await open()).isBreached('seen never')).toEqual(expect.objectContaining({ value: false }))
    expect(await (await open({ minSightings: 2 })).isBreached('静かな夜の川')).toEqual(
      expect.objectContaining({ value: false }),
    )
  })

  it('says so when it cannot be asked: refused, late, or not there', async () => {
    const late = await open({ timeoutMs: 30 })
    for (const [range, password] of [
      [await open(), 'broken service'],
      [late, 'slow service'],
      [(await createBreachRange({ baseUrl: 'http://127.0.0.1:9/' }))._unsafeUnwrap(), 'anything'],
    ] as const) {
      const answer = await range.isBreached(password)
      expect(answer.isErr() && answer.error.type).toBe('BreachListUnavailable')
    }
  })

  it('is asked over https, or on this machine', async () => {
    for (const address of ['http://ranges.example.com/', 'ftp://127.0.0.1/', 'nonsense']) {
      expect((await createBreachRange({ baseUrl: address })).isErr()).toBe(true)
    }
    expect((await createBreachRange({ baseUrl: 'https://ranges.example.com/range/' })).isOk()).toBe(true)
  })
})
