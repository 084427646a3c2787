import {
  amendIncident,
  incidents,
  listIncidents,
  readFacts,
  recordIncident,
  renderIncidentReport,
  reportIncident,
  row,
  tellAffected,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { day, hour, must, type OpenAccounts, tagOf } from '../open-accounts.js'
import { leak, officer, open, openOf, sweep, told } from './open-incidents.js'

const tell = async (shop: OpenAccounts, incidentId: string) =>
  must(await tellAffected(shop.ports, shop.as(officer), { incidentId }))
const amend = async (shop: OpenAccounts, input: { incidentId: string; [part: string]: unknown }) =>
  amendIncident(shop.ports, shop.as(officer), input)
const report = async (shop: OpenAccounts, incidentId: string) =>
  must(await reportIncident(shop.ports, { actor: officer }, { incidentId }))
const metOfPeople = async (shop: OpenAccounts, incidentId: string) =>
  (await report(shop, incidentId)).deadlines.filter(({ whom, metAt }) => whom === 'people' && metAt !== undefined)

describe('an incident that turns out to be wider after people were told', () => {
  it('is told to the rest, to nobody twice, and its deadlines are open until then', async () => {
    const { shop } = await openOf(['ann@example.com'])
    const until = shop.now()
    shop.pass(hour)
    await shop.join('bob@example.com')
    const { incidentId } = await open(shop, { until })
    await tell(shop, incidentId)
    await sweep(shop)
    expect(await metOfPeople(shop, incidentId)).toHaveLength(2)
    shop.pass(hour)
    expect(must(await amend(shop, { incidentId, cause: 'insider' })).deadlines).toMatchObject([
      {},
      { metAt: until + hour },
      {},
      {},
    ])
    must(await amend(shop, { incidentId, until: until + hour }))
    expect(await metOfPeople(shop, incidentId)).toEqual([])
    expect((await report(shop, incidentId)).people.complete).toBe(false)
    await sweep(shop)
    expect(await metOfPeople(shop, incidentId)).toHaveLength(2)
    expect((await report(shop, incidentId)).people).toEqual({ queued: 2, untraced: 0, complete: true })
    await shop.deliver()
    expect(told(shop).sort()).toEqual(['ann@example.com', 'bob@example.com'])
  })

  it('begins anew in the middle too: whom the first pages passed over is found', async () => {
    const { shop, ids } = await openOf(['ann@example.com', 'bob@example.com', 'cid@example.com'])
    const [ann = '', bob = '', cid = ''] = ids
    const { incidentId } = await open(shop, { affected: { kind: 'named', accountIds: [bob, cid] } })
    await tell(shop, incidentId)
    await sweep(shop, 1)
    must(await amend(shop, { incidentId, affected: { kind: 'named', accountIds: [ann, bob, cid] } }))
    await sweep(shop)
    await shop.deliver()
    expect(told(shop).sort()).toEqual(['ann@example.com', 'bob@example.com', 'cid@example.com'])
    expect((await report(shop, incidentId)).people.queued).toBe(3)
  })
})

describe('a turn that tells of an incident', () => {
  it('goes on page by page, as far as its limit', async () => {
    const { shop, ids } = await openOf(['ann@example.com'])
    const strangers = Array.from({ length: 120 }, (_, place) => `aaa_${String(place).padStart(3, '0')}`)
    const named = { affected: { kind: 'named', accountIds: [...strangers, ...ids] } }
    const { incidentId } = await open(shop, named)
    await tell(shop, incidentId)
    await sweep(shop, 120)
    expect((await report(shop, incidentId)).people).toMatchObject({ queued: 0, complete: false })
    await sweep(shop, 120)
    expect((await report(shop, incidentId)).people).toMatchObject({ queued: 1, complete: true })
    const other = await open(shop, named)
    await tell(shop, other.incidentId)
    await sweep(shop, 121)
    expect((await report(shop, other.incidentId)).people).toMatchObject({ queued: 1, complete: true })
  })

  it('queues: the report says so, whether or not anything was sent', async () => {
    const { shop } = await openOf(['ann@example.com'])
    const { incidentId } = await open(shop)
    await tell(shop, incidentId)
    await sweep(shop)
    expect(told(shop)).toEqual([])
    const made = await report(shop, incidentId)
    expect(made.people.queued).toBe(1)
    expect(renderIncidentReport(made)).toContain('people.queued,1')
  })
})

describe('the times of an incident', () => {
  it('are in order and none to come, when it is recorded and when it is amended', async () => {
    const { shop } = await openOf([])
    const now = shop.now()
    for (const wrong of [{ until: 9e15 }, { until: now + 1 }, { since: 9e15 }, { knownAt: 9e15 }]) {
      const refused = await recordIncident(shop.ports, shop.as(officer), leak(shop, wrong))
      expect(tagOf(refused), JSON.stringify(wrong)).toBe('InvalidInput')
    }
    const { incidentId } = await open(shop, { since: now - day, until: now - hour })
    for (const wrong of [{ since: now + 1 }, { since: now }, { until: now - 2 * day }, { until: now + 1 }]) {
      expect(tagOf(await amend(shop, { incidentId, ...wrong })), JSON.stringify(wrong)).toBe('InvalidInput')
    }
    expect(tagOf(await listIncidents(shop.ports, { actor: officer }, { after: { knownAt: 9e15, incidentId } }))).toBe(
      'InvalidInput',
    )
    must(await amend(shop, { incidentId, since: now - 3 * day, until: now - 2 * day }))
    expect(renderIncidentReport(await report(shop, incidentId))).toContain('since,2026-')
  })
})

describe('an incident of the shape before', () => {
  it('is read with those told as those a notice was queued for', async () => {
    const { shop } = await openOf([])
    const { incidentId } = await open(shop)
    const plan = { found: row(incidents, incidentId) }
    const { found } = must(
      await readFacts(shop.ports.storage, { shop: 'main', scope: { kind: 'all' }, at: shop.now(), plan }),
    )
    const { queued: _, untraced: __, ...rest } = JSON.parse(JSON.stringify(found?.state))
    const before = incidents.upcasts?.[1]?.({ ...rest, told: 7 }) ?? null
    expect(incidents.parse(before, incidentId).isOk()).toBe(true)
    expect(before).toMatchObject({ queued: 7, untraced: 0 })
  })
})
