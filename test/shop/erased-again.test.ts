import { errAsync, type Result } from 'neverthrow'
import {
  accounts,
  createShop,
  erasedSubjects,
  find,
  messages,
  type PreparedCommit,
  readFacts,
  type Storage,
  type SubjectKeyStore,
  subjectKeys,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { createMemoryKeyStore } from '../../adapters/memory/index.js'
import { createSealer } from '../../adapters/runtime/index.js'
import { buyKettles, deliverAll, openStall, type Stall } from '../support/open-stall.js'
import { openStorage } from '../support/storages.js'
import { must } from './open-shop.js'
import { by, clerk, join, password } from './world.js'

const day = 86_400_000
const email = 'canary.ann@example.com'

const tag = (result: Result<unknown, { readonly type: string }>): string =>
  result.match(
    () => 'ok',
    ({ type }) => type,
  )

/** A storage that can be brought back, on another one, to where it was. */
const backedUp = (storage: Storage) => {
  const written: PreparedCommit[] = []
  const noting: Storage = {
    ...storage,
    commit: (commit) =>
      storage.commit(commit).andTee(() => {
        written.push(commit)
      }),
  }
  const restore = async (upTo: number): Promise<Storage> => {
    const fresh = await openStorage()
    for (const commit of written.slice(0, upTo)) must(await fresh.commit(commit))
    return fresh
  }
  return { noting, written, restore }
}

const sealerWith = (keptApart: SubjectKeyStore | undefined) =>
  createSealer({
    current: { keyId: 'k1', key: new Uint8Array(32).fill(9) },
    ...(keptApart === undefined ? {} : { keptApart }),
  })

/** A shop with a backup that holds Ann, and without her. */
const openErased = async (keptApart?: SubjectKeyStore) => {
  const stall = await openStall([])
  const backup = backedUp(stall.ports.storage)
  const ports = { ...stall.ports, storage: backup.noting, sealer: sealerWith(keptApart) }
  const open: Stall = { ...stall, ports, shop: createShop(ports) }
  const ann = await join(open, email, '金丝雀安妮')
  const madeAt = backup.written.length
  must(await open.shop.accounts.erase(by(ann.actor), { password }))
  await deliverAll(open)
  const restored = async (): Promise<Stall> => {
    const storage = await backup.restore(madeAt)
    const again = { ...ports, storage }
    return { ...open, ports: again, shop: createShop(again) }
  }
  return { stall: open, ann, restored }
}

const standing = async ({ ports, now }: Stall, accountId: string) => {
  const plan = {
    keys: find(subjectKeys, { where: [], limit: 100 }),
    accounts: find(accounts, { where: [], limit: 100 }),
    erased: find(erasedSubjects, { where: [], limit: 100 }),
  }
  const facts = must(await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: now(), plan }))
  return {
    hasKey: facts.keys.some(({ id }) => id === accountId),
    status: facts.accounts.find(({ id }) => id === accountId)?.state.status,
    erased: facts.erased.find(({ id }) => id === accountId)?.state,
  }
}

describe('a backup that holds somebody who was erased since', () => {
  it('brings the person back, and the list of the erased takes them away again, once', async () => {
    const { stall, ann, restored } = await openErased()
    const { people, next } = must(await stall.shop.upkeep.erasedPeople())
    expect(people).toEqual([{ subjectId: ann.accountId, erasedAt: stall.now() }])
    // What was listed a moment ago is listed once more, so that one who was erased beside it is not passed over.
    expect(next).toBeNull()
    const back = await restored()
    expect(await standing(back, ann.accountId)).toMatchObject({ hasKey: true, status: 'active' })
    expect(tag(await back.shop.accounts.signIn(by(ann.actor), { identifier: email, password }))).toBe('ok')

    back.pass(day)
    expect(must(await back.shop.upkeep.eraseAgain({ people }))).toEqual({ erased: 1, settled: 0, failures: [] })
    await deliverAll(back)
    expect(await standing(back, ann.accountId)).toEqual({
      hasKey: false,
      status: 'erased',
      erased: { subjectId: ann.accountId, erasedAt: people[0]?.erasedAt, destroyFrom: null },
    })
    expect(tag(await back.shop.accounts.signIn(by(ann.actor), { identifier: email, password }))).toBe('SignInRefused')
    expect(must(await back.shop.upkeep.eraseAgain({ people }))).toEqual({ erased: 0, settled: 1, failures: [] })
    expect((await join(back, email, 'Another')).accountId).not.toBe(ann.accountId)
  })

  it.each(['eraseAgain', 'sweepAccounts'] as const)(
    'leaves of a registration that waits in it no message: %s',
    async (verb) => {
      const stall = await openStall([])
      const guest = { kind: 'guest', guestId: 'g' } as const
      must(await stall.shop.accounts.register(by(guest), { email, password, locale: 'en', name: '金丝雀安妮' }))
      const rows = async () =>
        must(
          await readFacts(stall.ports.storage, {
            shop: 'main',
            scope: { kind: 'all' },
            at: stall.now(),
            plan: {
              accounts: find(accounts, { where: [{ field: 'status', is: 'eq', value: 'pending' }], limit: 9 }),
              messages: find(messages, { where: [{ field: 'channel', is: 'eq', value: 'email' }], limit: 9 }),
            },
          }),
        )
      const before = await rows()
      const subjectId = before.accounts[0]?.id ?? ''
      const ofThem = ({ messages }: typeof before) => messages.filter(({ state }) => state.accountId === subjectId)
      expect(ofThem(before)).toHaveLength(1)
      if (verb === 'eraseAgain') {
        const people = [{ subjectId, erasedAt: stall.now() }]
        expect(must(await stall.shop.upkeep.eraseAgain({ people }))).toEqual({ erased: 1, settled: 0, failures: [] })
      } else {
        stall.pass(30 * day)
        expect(must(await stall.shop.upkeep.sweepAccounts())).toMatchObject({ lapsed: 1, failures: [] })
      }
      await deliverAll(stall)
      const after = await rows()
      expect(after.accounts).toEqual([])
      expect(ofThem(after)).toEqual([])
      expect(await standing(stall, subjectId)).toMatchObject({ hasKey: false, status: 'lapsed' })
    },
  )

  it('takes people away whose business is open in it, and whoever it does not hold is never given a key', async () => {
    const stall = await openStall([])
    const ann = await join(stall, email, 'Ann')
    await buyKettles(stall, ann.actor, 1)
    const people = [
      { subjectId: ann.accountId, erasedAt: stall.now() },
      { subjectId: 'account_of_later', erasedAt: stall.now() },
    ]
    expect(must(await stall.shop.upkeep.eraseAgain({ people }))).toEqual({ erased: 1, settled: 1, failures: [] })
    expect(await standing(stall, ann.accountId)).toMatchObject({ hasKey: false, status: 'erased' })
    expect(await standing(stall, 'account_of_later')).toMatchObject({ erased: { subjectId: 'account_of_later' } })
    const addressed = await stall.shop.cart.viewCart({ actor: ann.actor }, {})
    expect(JSON.stringify(addressed)).not.toContain('Ann')
  })

  it('is refused a list that is none', async () => {
    const stall = await openStall([])
    const wrong = { people: [{ subjectId: '', erasedAt: 0.5 }] }
    expect(tag(await stall.shop.upkeep.eraseAgain(wrong))).toBe('InvalidInput')
  })
})

describe('keys kept apart from the storage', () => {
  it('make a backup unreadable: once the share is destroyed, what it sealed is opened by nobody', async () => {
    const { stall, ann, restored } = await openErased(createMemoryKeyStore())
    const seen = async () => {
      const back = await restored()
      return tag(await back.shop.accounts.myAccount({ actor: ann.actor }, {}))
    }
    // The commit of the erasure does not destroy it, the sweep behind it does.
    expect(await seen()).toBe('ok')
    expect(must(await stall.shop.upkeep.sweepAccounts())).toMatchObject({ destroyedKeys: 1, failures: [] })
    expect(await seen()).toBe('Unreadable')
    expect(must(await stall.shop.upkeep.sweepAccounts())).toMatchObject({ destroyedKeys: 0, failures: [] })
    expect((await standing(stall, ann.accountId)).erased?.destroyFrom).toBeNull()
  })

  it('are destroyed when the store can be reached again, and the sweep says that it could not', async () => {
    const store = createMemoryKeyStore()
    let isDown = true
    const gone = { type: 'CryptoUnavailable', detail: 'the store is down' } as const
    const { stall, ann, restored } = await openErased({
      ...store,
      destroy: (subjectId) => (isDown ? errAsync(gone) : store.destroy(subjectId)),
    })
    expect(must(await stall.shop.upkeep.sweepAccounts())).toMatchObject({
      destroyedKeys: 0,
      failures: [{ id: ann.accountId, reason: 'CryptoUnavailable' }],
    })
    isDown = false
    expect(must(await stall.shop.upkeep.sweepAccounts())).toMatchObject({ destroyedKeys: 1, failures: [] })
    expect(tag(await (await restored()).shop.accounts.myAccount({ actor: ann.actor }, {}))).toBe('Unreadable')
  })

  it('stay while a law keeps what they open, and go when its time is over', async () => {
    const store = createMemoryKeyStore()
    const opened = await openStall([])
    const ports = { ...opened.ports, sealer: sealerWith(store) }
    const stall: Stall = { ...opened, ports, shop: createShop(ports) }
    const { shop, pass, now } = stall
    const ann = await join(stall, email, 'Ann')
    const { orderId } = await buyKettles(stall, ann.actor, 1)
    const { parcelId } = must(await shop.orders.ship(by(clerk), { orderId, carrier: 'sf', trackingNumber: 'SF1' }))
    must(await shop.orders.recordDelivery(by(clerk), { parcelId }))
    pass(30 * day)
    must(await shop.upkeep.advanceOrders())
    const { held } = must(await shop.accounts.erasurePlan({ actor: ann.actor }, {}))
    must(await shop.accounts.erase(by(ann.actor), { password }))
    expect(must(await shop.upkeep.sweepAccounts())).toMatchObject({ destroyedKeys: 0, failures: [] })
    const wanted = { accountId: ann.accountId, record: 'order', id: orderId }
    expect(tag(await shop.accounts.readHeld(by(clerk), wanted))).toBe('ok')
    pass((held?.until ?? 0) - now())
    expect(must(await shop.upkeep.sweepAccounts())).toMatchObject({ heldKeys: 1, destroyedKeys: 1, failures: [] })
    expect(must(await store.get(ann.accountId))).toBeUndefined()
  })

  it('go with a registration that lapsed', async () => {
    const store = createMemoryKeyStore()
    const kept: string[] = []
    const noting: SubjectKeyStore = {
      ...store,
      put: (subjectId, share) => {
        kept.push(subjectId)
        return store.put(subjectId, share)
      },
    }
    const opened = await openStall([])
    const ports = { ...opened.ports, sealer: sealerWith(noting) }
    const stall: Stall = { ...opened, ports, shop: createShop(ports) }
    const guest = { kind: 'guest', guestId: 'g' } as const
    must(await stall.shop.accounts.register(by(guest), { email, password, locale: 'en' }))
    expect(kept).toHaveLength(1)
    stall.pass(30 * day)
    expect(must(await stall.shop.upkeep.sweepAccounts())).toMatchObject({ lapsed: 1, failures: [] })
    must(await stall.shop.upkeep.sweepAccounts())
    expect(must(await store.get(kept[0] ?? ''))).toBeUndefined()
    // Codes for nobody leave nothing in the store.
    must(await stall.shop.accounts.requestReset(by(guest), { identifier: 'nobody@example.com' }))
    expect(kept).toHaveLength(1)
  })
})

it('a question and a command ask the store of keys once for each person, however much they open and seal', async () => {
  const kept = createMemoryKeyStore()
  const asked: string[] = []
  const keptApart: SubjectKeyStore = {
    ...kept,
    get: (subjectId) => {
      asked.push(subjectId)
      return kept.get(subjectId)
    },
  }
  const stall = await openStall([])
  const ports = { ...stall.ports, sealer: sealerWith(keptApart) }
  const open: Stall = { ...stall, ports, shop: createShop(ports) }
  const ann = await join(open, email, 'Ann')
  asked.length = 0
  must(await open.shop.accounts.setUserName(by(ann.actor), { userName: 'annie' }))
  expect(asked).toEqual([ann.accountId])
  const view = must(await open.shop.accounts.myAccount({ actor: ann.actor }, {}))
  expect(view).toMatchObject({ email, name: 'Ann', userName: 'annie' })
  expect(asked).toEqual([ann.accountId, ann.accountId])
})
