import { ok } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { membershipAccess } from '../../src/membership/access.js'
import { grantPoints } from '../../src/membership/grant-points.js'
import { pointsAccounts } from '../../src/membership/points-account.collection.schema.js'
import { pointsPage } from '../../src/membership/points-page.js'
import { pointsSweep } from '../../src/membership/points-sweep.js'
import type { Collection } from '../../src/shared/collection.js'
import { put } from '../../src/shared/commit.js'
import { commitChanges } from '../../src/shared/storage.js'
import { createTestPorts } from '../support/core-ports.js'
import { openStorage } from '../support/storages.js'
import { unchecked } from '../support/unchecked.js'

const start = 1_790_000_000_000
const staff = (key: string) => ({ actor: { kind: 'staff', staffId: 's1', roles: [] } as const, key })
const customer = (accountId: string) => ({ actor: { kind: 'customer', accountId } as const }) as const

const shop = async () => createTestPorts(await openStorage(), membershipAccess, start)

describe('points given by staff', () => {
  it('are shown to their member with the entry that brought them, and to nobody else', async () => {
    const ports = await shop()
    const grant = { accountId: 'ann', grantId: 'welcome', points: 200, expiresAt: start + 1000 }
    expect((await grantPoints(ports, staff('a'), grant))._unsafeUnwrap()).toEqual({
      accountId: 'ann',
      grantId: 'welcome',
      available: 200,
    })
    const page = (await pointsPage(ports, customer('ann'), { limit: 10 }))._unsafeUnwrap()
    expect(page).toMatchObject({
      available: 200,
      held: 0,
      debt: 0,
      pending: [],
      expiring: [{ points: 200, expiresAt: start + 1000 }],
      next: null,
    })
    expect(page.entries.map((entry) => entry.parts)).toEqual([
      [
        { place: 'minted', of: null, delta: -200 },
        { place: 'lots', of: 'welcome', delta: 200 },
      ],
    ])
    expect((await pointsPage(ports, customer('bob'), { limit: 10 }))._unsafeUnwrap()).toMatchObject({
      available: 0,
      entries: [],
    })
  })

  it('count once, also when the lot they made is long gone', async () => {
    const ports = await shop()
    const grant = { accountId: 'ann', grantId: 'welcome', points: 200, expiresAt: start + 1000 }
    await grantPoints(ports, staff('a'), grant)
    expect((await grantPoints(ports, staff('b'), grant))._unsafeUnwrap().available).toBe(200)
    ports.setNow(start + 1000)
    expect((await pointsSweep(ports, { limit: 10 }))._unsafeUnwrap()).toEqual({ done: 1, failed: [] })
    await grantPoints(ports, staff('c'), { ...grant, grantId: 'other', points: 1, expiresAt: start + 9000 })
    const repeated = await grantPoints(ports, staff('d'), { ...grant, expiresAt: start + 9000 })
    expect(repeated._unsafeUnwrap().available).toBe(1)
    expect((await pointsPage(ports, customer('ann'), { limit: 10 }))._unsafeUnwrap()).toMatchObject({ available: 1 })
  })
})

describe('the sweep', () => {
  it('is stopped by no row that cannot be read, and reaches those behind', async () => {
    const ports = await shop()
    const grant = { accountId: 'ann', grantId: 'welcome', points: 200, expiresAt: start + 1000 }
    await grantPoints(ports, staff('a'), grant)
    // Rows of an account as nobody writes them, due before hers.
    const broken: Collection<{ readonly nextDueAt: number }> = { ...pointsAccounts, parse: () => ok({ nextDueAt: 0 }) }
    const bad = ['bad-1', 'bad-2', 'bad-3'].map((id) =>
      put(broken, { id, version: 0, state: { nextDueAt: start + 1 } }),
    )
    const written = await commitChanges(ports.storage, { shop: ports.shop, at: start, changes: bad })
    expect(written.isOk()).toBe(true)
    ports.setNow(start + 1000)
    const report = (await pointsSweep(ports, { limit: 1 }))._unsafeUnwrap()
    expect(report).toEqual({
      done: 1,
      failed: ['bad-1', 'bad-2', 'bad-3'].map((id) => ({ id, reason: 'StoredDataInvalid' })),
    })
    expect((await pointsPage(ports, customer('ann'), { limit: 10 }))._unsafeUnwrap().available).toBe(0)
  })

  it('ends points on their last moment, once', async () => {
    const ports = await shop()
    await grantPoints(ports, staff('a'), { accountId: 'ann', grantId: 'g1', points: 5, expiresAt: start + 10 })
    ports.setNow(start + 9)
    expect((await pointsSweep(ports, { limit: 10 }))._unsafeUnwrap().done).toBe(0)
    ports.setNow(start + 10)
    expect((await pointsSweep(ports, { limit: 10 }))._unsafeUnwrap().done).toBe(1)
    expect((await pointsSweep(ports, { limit: 10 }))._unsafeUnwrap().done).toBe(0)
    const page = (await pointsPage(ports, customer('ann'), { limit: 1 }))._unsafeUnwrap()
    expect(page.entries.map((entry) => entry.type)).toEqual(['PointsExpired'])
    expect(page.next).not.toBeNull()
    const rest = (await pointsPage(ports, customer('ann'), { limit: 1, after: unchecked(page.next) }))._unsafeUnwrap()
    expect(rest.entries.map((entry) => entry.type)).toEqual(['PointsGranted'])
  })
})
