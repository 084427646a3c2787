import { type Actor, auditEntry, commitChanges, createIds, signAudit } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { must, openingTime, openShop } from './open-shop.js'
import { buildWorld, by, clerk, text } from './world.js'

const part = text('x')
const notice = { what: part, harm: part, measures: part, advice: part, contact: part } as const
const mallory: Actor = { kind: 'staff', staffId: 'mallory', roles: ['care'], purpose: 'curious' }

describe('whom a member of staff looked at', () => {
  it('is found by their orders and returns too; what leads to nobody is counted, and the report is not complete', async () => {
    const world = await buildWorld(await openShop())
    const { shop, ids, owner, mailbox, ports } = world
    const told = async (looked: () => Promise<unknown>, staffId: string) => {
      mailbox.length = 0
      await looked()
      const now = ports.clock.now()
      const affected = { kind: 'seenBy', staffId } as const
      const leak = {
        cause: 'insider',
        records: ['order'],
        affected,
        since: openingTime,
        until: null,
        knownAt: now,
        notice,
      } as const
      const { incidentId } = must(await shop.accounts.recordIncident(by(clerk), leak))
      must(await shop.accounts.tellAffected(by(clerk), { incidentId }))
      must(await shop.upkeep.sweepIncidents({ limit: 100 }))
      must(await shop.upkeep.sendMessages({ limit: 100 }))
      const { people } = must(await shop.accounts.incidentReport({ actor: clerk }, { incidentId }))
      return { to: mailbox.filter((sent) => sent.text.includes('Incident I')).map(({ to }) => to), people }
    }
    const { orderId, returnId, productId } = ids
    const as = (staffId: string): Actor => ({ ...mallory, staffId })
    const found = { to: [owner.email], people: { queued: 1, untraced: 0, complete: true } }
    for (const [staffId, look] of [
      ['reads-order', () => shop.orders.page({ actor: as('reads-order') }, { orderId })],
      ['reads-both', () => shop.storefront.orderWithReturns({ actor: as('reads-both') }, { orderId })],
      ['reads-return', () => shop.aftersales.returnPage({ actor: as('reads-return') }, { returnId })],
    ] as const) {
      expect(await told(async () => expect((await look()).isOk()).toBe(true), staffId), staffId).toEqual(found)
    }
    const strange = async () => {
      const at = ports.clock.now()
      const entry = { actor: as('reads-more'), action: 'host.look', subject: productId, at, outcome: 'done' } as const
      must(await shop.orders.page({ actor: as('reads-more') }, { orderId }))
      const changes = must(await signAudit({ ...ports, shop: 'main' }, [auditEntry(createIds(ports.clock), entry)]))
      must(await commitChanges(ports.storage, { shop: 'main', at, changes }))
    }
    expect(await told(strange, 'reads-more')).toEqual({
      to: [owner.email],
      people: { queued: 1, untraced: 1, complete: false },
    })
  })
})
