import { errAsync } from 'neverthrow'
import { createShop, defaultAccountsPolicy } from 'shopwright'
import { describe, expect, inject, it } from 'vitest'
import { openShop } from './open-shop.js'

describe('the health of a shop', () => {
  it('says how the link to its storage is, and whether the addresses it gives out are https', async () => {
    const { ports, shop } = await openShop()
    const kind = inject('storage') === 'memory' ? 'inProcess' : 'local'
    const storage = { isUp: true, link: { kind }, isLinkSafe: true }
    expect((await shop.upkeep.health())._unsafeUnwrap()).toEqual({
      storage,
      events: { oldestAt: null, setAside: 0 },
      crypto: { canDigest: true, canSeal: true },
      addresses: [],
      unreadable: [],
      search: { status: 'inProcess' },
    })
    const withUrl = async (url: string) => {
      const { anomalies } = defaultAccountsPolicy
      const accountsPolicy = {
        ...defaultAccountsPolicy,
        anomalies: { ...anomalies, notMe: { ...anomalies.notMe, url } },
      }
      return (await createShop({ ...ports, accountsPolicy }).upkeep.health())._unsafeUnwrap().addresses
    }
    expect(await withUrl('https://shop.example/{token}')).toEqual([{ name: 'anomalies.notMe.url', isSafe: true }])
    expect(await withUrl('http://shop.example/{token}')).toEqual([{ name: 'anomalies.notMe.url', isSafe: false }])
  })

  it('is an answer where the storage gives none, or does not say', async () => {
    const { ports } = await openShop()
    const link = () => errAsync({ type: 'StorageUnavailable', detail: 'gone' } as const)
    const down = createShop({ ...ports, storage: { ...ports.storage, link } })
    expect((await down.upkeep.health())._unsafeUnwrap().storage).toEqual({ isUp: false, link: null, isLinkSafe: false })
    const plain = () => ports.storage.link?.().map(() => ({ kind: 'plain' }) as const) ?? link()
    const open = createShop({ ...ports, storage: { ...ports.storage, link: plain } })
    expect((await open.upkeep.health())._unsafeUnwrap().storage.isLinkSafe).toBe(false)
    const { link: _, ...silent } = ports.storage
    const unsure = createShop({ ...ports, storage: silent })
    const unknown = { isUp: true, link: { kind: 'unknown' }, isLinkSafe: false }
    expect((await unsure.upkeep.health())._unsafeUnwrap().storage).toEqual(unknown)
    const gone = createShop({ ...ports, storage: { ...silent, read: link } })
    expect((await gone.upkeep.health())._unsafeUnwrap().storage).toEqual({ isUp: false, link: null, isLinkSafe: false })
  })

  it('says where digests or seals cannot be made, as with a service of keys that is gone', async () => {
    const { ports } = await openShop()
    const gone = () => errAsync({ type: 'CryptoUnavailable', detail: 'gone' } as const)
    const cryptoOf = async (more: object) =>
      (await createShop({ ...ports, ...more }).upkeep.health())._unsafeUnwrap().crypto
    expect(await cryptoOf({ digests: { digest: gone } })).toEqual({ canDigest: false, canSeal: true })
    expect(await cryptoOf({ sealer: { ...ports.sealer, open: gone } })).toEqual({ canDigest: true, canSeal: false })
  })
})
