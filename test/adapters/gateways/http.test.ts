import { afterEach, describe, expect, it } from 'vitest'
import { createHttpSender, type HttpFetch } from '../../../adapters/gateways/http.js'
import { createCloser, startLoopback } from './loopback.js'

const { keep, closeAll } = createCloser()
afterEach(closeAll)

const request = { method: 'GET', path: '/there?x=1', headers: { authorization: 'canary-secret' } } as const

describe('what a gateway sends with', () => {
  it.each([
    'http://pay.example',
    'ftp://pay.example',
    'https://user@pay.example',
    'https://pay.example/?a=b',
    'pay.example',
  ])('does not reach %s', (baseUrl) => {
    expect(createHttpSender(baseUrl, {})._unsafeUnwrapErr()).toBe('baseUrl')
  })

  it.each(['https://pay.example/', 'http://127.0.0.1:1', 'http://localhost:1', 'http://[::1]:1/'])(
    'reaches %s',
    (baseUrl) => {
      expect(createHttpSender('https://own.example', { baseUrl })._unsafeUnwrap().baseUrl).toBe(
        baseUrl.replace(/\/$/, ''),
      )
    },
  )

  it('hands over bytes and headers as they came, whatever the status', async () => {
    const body = Uint8Array.from([0xff, 0, 0xfe])
    const server = keep(await startLoopback(() => ({ status: 418, headers: { 'X-Name': 'a' }, body })))
    const sender = createHttpSender(server.baseUrl, {})._unsafeUnwrap()
    const bytes = Uint8Array.from([1, 2, 0xff])
    const answer = await sender.send({ ...request, method: 'POST', body: bytes })
    expect(answer).toMatchObject({ kind: 'answered', status: 418, headers: { 'x-name': 'a' } })
    expect(answer.kind === 'answered' ? [...answer.body] : []).toEqual([...body])
    expect(server.received).toMatchObject([{ method: 'POST', path: '/there?x=1' }])
    expect([...(server.received[0]?.body ?? [])]).toEqual([...bytes])
  })

  it('follows no redirect', async () => {
    const other = keep(await startLoopback(() => ({ status: 200, body: '' })))
    const server = keep(await startLoopback(() => ({ status: 307, headers: { location: other.baseUrl }, body: '' })))
    const sender = createHttpSender(server.baseUrl, {})._unsafeUnwrap()
    expect(await sender.send(request)).toMatchObject({ kind: 'answered', status: 307 })
    expect(other.received).toEqual([])
  })

  it('says that nobody knows where no answer comes, and nothing of what was sent', async () => {
    const server = keep(await startLoopback(() => ({ status: 200, body: '' })))
    const sender = createHttpSender(server.baseUrl, { timeoutMs: 1_000 })._unsafeUnwrap()
    server.fail({ kind: 'hang' }, { kind: 'cutBefore' }, { kind: 'cutAfter' })
    expect(await sender.send(request)).toEqual({ kind: 'unknown', cause: 'timeout' })
    expect(await sender.send(request)).toEqual({ kind: 'unknown', cause: 'reset' })
    expect(await sender.send(request)).toEqual({ kind: 'unknown', cause: 'reset' })
  })

  it('waits longer for a file than for an answer', async () => {
    const slow: HttpFetch = () =>
      new Promise((resolve) => {
        setTimeout(() => resolve({ status: 200, headers: { forEach: () => undefined }, body: null }), 120)
      })
    const sender = createHttpSender('https://own.example', { timeoutMs: 40, fetch: slow })._unsafeUnwrap()
    expect(await sender.send(request)).toEqual({ kind: 'unknown', cause: 'timeout' })
    expect(await sender.send({ ...request, isFile: true })).toMatchObject({ kind: 'answered', status: 200 })
  })

  it.each<readonly [string, HttpFetch, string]>([
    [
      'throws',
      () => {
        throw new Error('canary-secret')
      },
      'reset',
    ],
    ['rejects', () => Promise.reject(new Error('canary-secret')), 'reset'],
    ['never answers and heeds no signal', () => new Promise(() => undefined), 'timeout'],
  ])('stands a fetch that %s', async (_, fetch, cause) => {
    const sender = createHttpSender('https://pay.example', { fetch, timeoutMs: 20 })._unsafeUnwrap()
    expect(await sender.send(request)).toEqual({ kind: 'unknown', cause })
  })

  it.each([
    ['that says nothing of its length', {}],
    ['that says it is short', { 'content-length': '5' }],
  ])('stops reading an answer without an end %s', async (_, told) => {
    const chunk = new Uint8Array(1024 * 1024)
    let reads = 0
    let cancelled = false
    const fetch: HttpFetch = async () => ({
      status: 200,
      headers: new Headers(told),
      body: {
        getReader: () => ({
          read: async () => {
            reads += 1
            return { done: false, value: chunk }
          },
          cancel: async () => {
            cancelled = true
          },
        }),
      },
    })
    const sender = createHttpSender('https://pay.example', { fetch })._unsafeUnwrap()
    expect(await sender.send(request)).toEqual({ kind: 'unknown', cause: 'unparsable' })
    expect([reads, cancelled]).toEqual([65, true])
  })

  it.each([0, -1, 1.5, Number.NaN])('waits for no %s milliseconds', (timeoutMs) => {
    expect(createHttpSender('https://pay.example', { timeoutMs })._unsafeUnwrapErr()).toBe('timeoutMs')
  })
})
