import { errAsync } from 'neverthrow'
import type { SubjectKeyStore } from 'shopwright'
import { createPostgresKeyStore } from 'shopwright/adapters/postgres'
import { describe, expect, it } from 'vitest'
import { keyStoreCases } from '../../adapters/contract/key-store.js'
import { sealerCases } from '../../adapters/contract/sealer.js'
import { createMemoryKeyStore } from '../../adapters/memory/index.js'
import { createSealer } from '../../adapters/runtime/index.js'
import { openTestDatabase } from '../postgres/database.js'
import { createAskedKeyStore } from '../support/asked-key-store.js'
import { atFileEnd } from '../support/at-file-end.js'
import { runContract } from '../support/run-contract.js'

const current = { keyId: 'k1', key: new Uint8Array(32).fill(1) }
const place = 'account/acc_1/email'

let database: ReturnType<typeof openTestDatabase> | undefined
let made = 0
/** A store in a schema of its own, beside the library's tables. */
const openPostgres = async (): Promise<SubjectKeyStore> => {
  if (database === undefined) {
    database = openTestDatabase()
    atFileEnd(async () => {
      const open = database
      database = undefined
      await (await open)?.close()
    })
  }
  const { pool } = await database
  made += 1
  const store = createPostgresKeyStore({ pool, schema: `keys "${made}"` })
  // To be done at every start.
  expect((await store.prepare()).isOk() && (await store.prepare()).isOk()).toBe(true)
  return store
}

runContract('the store of keys in memory', keyStoreCases, async () => createMemoryKeyStore())
runContract('the store of keys in Postgres', keyStoreCases, openPostgres)
runContract('the sealer that keeps keys apart', sealerCases, async () =>
  createSealer({ current, keptApart: createMemoryKeyStore() }),
)

const opened = async (
  sealer: ReturnType<typeof createSealer>,
  key: Parameters<typeof sealer.open>[0],
  sealed: Parameters<typeof sealer.open>[2],
) =>
  (await sealer.open(key, place, sealed)).match(
    (text) => text,
    ({ type }) => type,
  )

describe('a sealer that keeps keys apart', () => {
  it('opens nothing without the share, with another, or once it is destroyed, and makes no other key for its person', async () => {
    const keptApart = createMemoryKeyStore()
    const sealer = createSealer({ current, keptApart })
    const key = (await sealer.createKey('acc_1'))._unsafeUnwrap()
    const sealed = (await sealer.seal(key, place, '李明'))._unsafeUnwrap()
    expect(await opened(sealer, key, sealed)).toBe('李明')
    // The row alone, as it stands in a backup, and the host's key beside it.
    expect(await opened(createSealer({ current, keptApart: createMemoryKeyStore() }), key, sealed)).toBe('Unreadable')
    const other = createMemoryKeyStore()
    await other.put('acc_1', (await keptApart.put('acc_2', 'A'.repeat(43)))._unsafeUnwrap() ?? '')
    expect(await opened(createSealer({ current, keptApart: other }), key, sealed)).toBe('Unreadable')
    const stripped = { ...key, wrapped: key.wrapped.split('.').slice(0, 3).join('.') }
    expect(await opened(createSealer({ current }), stripped, sealed)).toBe('Unreadable')
    // Where the store is only not there, the person is not gone.
    expect(await opened(createSealer({ current }), key, sealed)).toBe('CryptoUnavailable')
    expect((await sealer.destroyKey?.('acc_1'))?.isOk()).toBe(true)
    expect(await opened(sealer, key, sealed)).toBe('Unreadable')
    expect((await sealer.createKey('acc_1')).isErr()).toBe(true)
  })

  it('opens what was sealed before keys were kept apart, and two keys made at once open both', async () => {
    const before = createSealer({ current })
    const old = (await before.createKey('acc_1'))._unsafeUnwrap()
    const sealed = (await before.seal(old, place, 'old'))._unsafeUnwrap()
    const sealer = createSealer({ current, keptApart: createMemoryKeyStore() })
    expect(await opened(sealer, old, sealed)).toBe('old')
    const keys = await Promise.all([sealer.createKey('acc_2'), sealer.createKey('acc_2')])
    for (const made of keys) {
      const key = made._unsafeUnwrap()
      expect(await opened(sealer, key, (await sealer.seal(key, place, 'new'))._unsafeUnwrap())).toBe('new')
    }
  })

  it('asks the store as often for nobody as for somebody, and keeps nothing there of nobody', async () => {
    const { keptApart, asked, store } = createAskedKeyStore()
    const sealer = createSealer({ current, keptApart })
    const somebody = (await sealer.createKey('acc_1'))._unsafeUnwrap()
    const nobody = (await sealer.createKey('challenge_1', 'passing'))._unsafeUnwrap()
    await sealer.seal(somebody, place, 'x')
    await sealer.seal(nobody, place, 'x')
    expect(asked).toEqual(['acc_1', 'challenge_1'])
    expect((await store.get('challenge_1'))._unsafeUnwrap()).toBeUndefined()
  })

  it('asks the store of nobody whose key another has wrapped: what a stranger makes up, it is never asked for', async () => {
    const { keptApart, asked } = createAskedKeyStore()
    const sealer = createSealer({ current, keptApart })
    const key = (await sealer.createKey('acc_1'))._unsafeUnwrap()
    const sealed = (await sealer.seal(key, place, 'x'))._unsafeUnwrap()
    asked.length = 0
    const [keyId, nonce, data] = key.wrapped.split('.')
    for (const mark of ['apart', 'passing', 'x']) {
      const made = { subjectId: 'acc_2', wrapped: [keyId, nonce, data, mark].join('.') }
      expect(await opened(sealer, made, sealed)).toBe('Unreadable')
    }
    expect(asked).toEqual([])
  })

  it('destroys by a store that is an object of a class', async () => {
    class Store implements SubjectKeyStore {
      readonly #shares = createMemoryKeyStore()
      get(subjectId: string) {
        return this.#shares.get(subjectId)
      }
      put(subjectId: string, share: string) {
        return this.#shares.put(subjectId, share)
      }
      destroy(subjectId: string) {
        return this.#shares.destroy(subjectId)
      }
    }
    const sealer = createSealer({ current, keptApart: new Store() })
    const key = (await sealer.createKey('acc_1'))._unsafeUnwrap()
    const sealed = (await sealer.seal(key, place, 'x'))._unsafeUnwrap()
    expect((await sealer.destroyKey?.('acc_1'))?.isOk()).toBe(true)
    expect(await opened(sealer, key, sealed)).toBe('Unreadable')
  })

  it('asks the store once for a person and a command, and anew for the next, for whom a destroyed key is gone', async () => {
    const store = createMemoryKeyStore()
    let asks = 0
    let isDown = false
    const keptApart: SubjectKeyStore = {
      ...store,
      get: (subjectId) => {
        asks += 1
        return isDown ? errAsync({ type: 'CryptoUnavailable', detail: 'down' }) : store.get(subjectId)
      },
    }
    const sealer = createSealer({ current, keptApart })
    const ofCommand = () => sealer.forOneCommand?.() ?? expect.unreachable()
    const key = (await sealer.createKey('acc_1'))._unsafeUnwrap()
    const other = (await sealer.createKey('acc_2'))._unsafeUnwrap()
    const one = ofCommand()
    const sealed = await Promise.all([one.seal(key, place, 'a'), one.seal(key, place, 'b'), one.seal(key, place, 'c')])
    for (const each of sealed) expect(await opened(one, key, each._unsafeUnwrap())).toMatch(/^[abc]$/)
    expect(asks).toBe(1)
    // Nobody's share is another's.
    await one.seal(other, place, 'x')
    expect(asks).toBe(2)
    expect((await store.destroy('acc_1')).isOk()).toBe(true)
    const [first] = sealed
    if (first === undefined) expect.unreachable()
    expect(await opened(ofCommand(), key, first._unsafeUnwrap())).toBe('Unreadable')
    expect(await opened(sealer, key, first._unsafeUnwrap())).toBe('Unreadable')
    // What the store could not say is not remembered.
    const late = ofCommand()
    isDown = true
    expect((await late.seal(other, place, 'x')).isErr()).toBe(true)
    isDown = false
    expect((await late.seal(other, place, 'x')).isOk()).toBe(true)
    expect(createSealer({ current }).forOneCommand).toBeUndefined()
  })
})
