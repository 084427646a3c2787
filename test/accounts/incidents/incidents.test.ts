import {
  type Actor,
  amendIncident,
  auditLog,
  closeIncident,
  entries,
  eraseAccount,
  listIncidents,
  noteIncidentReport,
  readFacts,
  recordIncident,
  renderIncidentReport,
  reportIncident,
  showCustomer,
  sweepIncidents,
  tellAffected,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { customer, day, goodPassword, hour, must, tagOf } from '../open-accounts.js'
import { both, leak, notice, officer, open, openOf, sweep, told } from './open-incidents.js'

describe('an incident', () => {
  it('is on record with its number and deadlines, and tells each of those affected once, whatever is swept again', async () => {
    const { shop } = await openOf(['ann@example.com', '+8613800138000'])
    const { incidentId, number, deadlines } = await open(shop)
    expect(number).toMatch(/^I\d{8}-\d{8}$/)
    expect(deadlines).toHaveLength(4)
    await sweep(shop)
    await shop.deliver()
    expect(told(shop)).toEqual([])
    must(await tellAffected(shop.ports, shop.as(officer), { incidentId }))
    expect((await sweep(shop)).telling).toEqual({ done: 1, failed: [] })
    expect((await sweep(shop)).telling).toEqual({ done: 0, failed: [] })
    await shop.deliver()
    expect(told(shop).sort()).toEqual(['+8613800138000', 'ann@example.com'])
    const text = shop.mailbox.at(-1)?.text ?? ''
    for (const part of [number, 'Unasked mail.', 'Trust no message', 'privacy@shop.example'])
      expect(text).toContain(part)
    const again = await tellAffected(shop.ports, shop.as(officer), { incidentId })
    expect(again.isErr() && again.error).toEqual({ type: 'IncidentForbids', reason: 'tellingBegun' })
    const [incident] = must(await listIncidents(shop.ports, { actor: officer }, {})).incidents
    const looks = entries(auditLog, { where: [{ field: 'action', is: 'eq', value: 'accounts.incidents' }], limit: 9 })
    const asked = { shop: 'main', scope: { kind: 'all' }, at: shop.now(), plan: { looks } } as const
    expect(must(await readFacts(shop.ports.storage, asked)).looks.map(({ body }) => body.subject)).toEqual([
      'incidents',
    ])
    expect(incident).toMatchObject({ queued: 2, telling: { status: 'done' } })
    expect(incident?.deadlines.filter(({ metAt }) => metAt !== undefined).map(({ whom }) => whom)).toEqual([
      'people',
      'people',
    ])
  })

  it('is told to one sweep of many at once, each account once', async () => {
    const { shop } = await openOf(['ann@example.com', 'bob@example.com'])
    const { incidentId } = await open(shop)
    must(await tellAffected(shop.ports, shop.as(officer), { incidentId }))
    await Promise.all(Array.from({ length: 6 }, () => sweepIncidents(shop.ports, { limit: 10 })))
    await shop.deliver()
    expect(told(shop).sort()).toEqual(['ann@example.com', 'bob@example.com'])
  })

  it('is about those alone whose data it was: registered by then, with such a record, named, and not erased', async () => {
    const { shop, ids } = await openOf(['ann@example.com', 'bob@example.com'])
    const [ann = '', bob = ''] = ids
    const tellOf = async (more: object) => {
      const { incidentId } = await open(shop, more)
      must(await tellAffected(shop.ports, shop.as(officer), { incidentId }))
      for (let page = 0; page < 2; page += 1) expect((await sweep(shop)).telling.failed).toEqual([])
      await shop.deliver()
      return told(shop).splice(0)
    }
    const before = shop.now()
    shop.pass(hour)
    await shop.join('late@example.com')
    expect((await tellOf({ until: before })).sort()).toEqual(['ann@example.com', 'bob@example.com'])
    // Nobody has two factors; of second factors nothing leaked.
    shop.mailbox.length = 0
    expect(await tellOf({ records: ['secondFactor'] })).toEqual([])
    expect((await tellOf({ records: ['secondFactor', 'credential'], until: null })).length).toBe(3)
    shop.mailbox.length = 0
    // Names beyond a page: what the first leaves the second takes up.
    const strangers = Array.from({ length: 60 }, (_, place) => `account_0${String(place).padStart(2, '0')}`)
    expect(await tellOf({ affected: { kind: 'named', accountIds: [bob, ...strangers, bob] } })).toEqual([
      'bob@example.com',
    ])
    shop.mailbox.length = 0
    const mallory: Actor = { kind: 'staff', staffId: 'mallory', roles: [], purpose: 'curious' }
    for (let look = 0; look < 52; look += 1)
      must(await showCustomer(shop.ports, { actor: mallory }, { accountId: ann }))
    expect(await tellOf({ affected: { kind: 'seenBy', staffId: 'mallory' } })).toEqual(['ann@example.com'])
    shop.mailbox.length = 0
    must(await eraseAccount(shop.ports, shop.as(customer(ann)), { password: goodPassword }))
    expect(await tellOf({ affected: { kind: 'named', accountIds: [ann, bob] } })).toEqual(['bob@example.com'])
  })

  it('says once that a deadline is near and once that it was missed, in the log too', async () => {
    const { shop } = await openOf([])
    const { incidentId } = await open(shop)
    shop.pass(2 * hour - 1)
    expect((await sweep(shop)).deadlines.done).toBe(0)
    shop.pass(1)
    expect((await sweep(shop)).deadlines.done).toBe(1)
    expect((await sweep(shop)).deadlines.done).toBe(0)
    must(await noteIncidentReport(shop.ports, shop.as(officer), { incidentId, authority: 'CAC', reference: 'R-7' }))
    shop.pass(2 * hour)
    expect((await sweep(shop)).deadlines.done).toBe(1)
    const plan = {
      log: entries(auditLog, { where: [{ field: 'action', is: 'eq', value: 'accounts.watchIncident' }], limit: 9 }),
    }
    const facts = await readFacts(shop.ports.storage, { shop: 'main', scope: { kind: 'all' }, at: shop.now(), plan })
    // Two were near, for the authority and for people; the authority was told in time.
    expect(
      must(facts)
        .log.map(({ body }) => body.detail)
        .sort(),
    ).toEqual(['IncidentDeadlineMissed', 'IncidentDeadlineNear', 'IncidentDeadlineNear'])
  })

  it('is amended while it is open, and closed when it has ended and the authority knows', async () => {
    const { shop } = await openOf(['ann@example.com'])
    const { incidentId } = await open(shop, { until: null })
    const step = async (work: typeof amendIncident, more: object = {}) => {
      const result = await work(shop.ports, shop.as(officer), { incidentId, ...more })
      return result.isErr() ? ('reason' in result.error ? result.error.reason : result.error.type) : 'ok'
    }
    expect(await step(amendIncident, { records: ['nothing'] })).toBe('RecordUnknown')
    expect(await step(amendIncident, { knownAt: 0 })).toBe('InvalidInput')
    expect(await step(closeIncident)).toBe('deadlinesOpen')
    expect(await step(tellAffected)).toBe('ok')
    expect(await step(amendIncident, { affected: { kind: 'everybody' } })).toBe('ok')
    expect(await step(closeIncident)).toBe('tellingBegun')
    await sweep(shop)
    must(await noteIncidentReport(shop.ports, shop.as(officer), { incidentId, authority: 'CAC', reference: 'R-7' }))
    expect(await step(closeIncident)).toBe('deadlinesOpen')
    expect(await step(amendIncident, { until: shop.now(), cause: 'insider' })).toBe('ok')
    expect(await step(closeIncident)).toBe('tellingBegun')
    await sweep(shop)
    expect(await step(closeIncident)).toBe('ok')
    expect(await step(amendIncident, { cause: 'unknown' })).toBe('closed')
    expect(await step(closeIncident)).toBe('closed')
    shop.pass(100 * day)
    expect((await sweep(shop)).deadlines.done).toBe(0)
  })

  it('is reported with what an authority asks and nobody named, as JSON and as CSV that no spreadsheet computes', async () => {
    const { shop, ids } = await openOf(['ann@example.com'])
    const affected = { kind: 'named', accountIds: ids }
    const formula = { ...notice, what: both('=HYPERLINK("https://evil.example","x")') }
    const { incidentId } = await open(shop, { affected, records: ['account', 'secondFactor'], notice: formula })
    const report = must(await reportIncident(shop.ports, { actor: officer }, { incidentId }))
    expect(report.records).toMatchObject([
      { record: 'account', sensitiveFields: 0 },
      { record: 'secondFactor', sensitiveFields: 2 },
    ])
    expect(JSON.stringify(report)).not.toContain(ids[0])
    const csv = renderIncidentReport(report)
    expect(csv).toContain(`"'=HYPERLINK(""https://evil.example"",""x"")"`)
    expect(csv).toContain('deadline.GDPR 33(1).authority.dueAt')
    expect(csv.split('\r\n').filter((line) => /^"?[=+@-]|,"?[=+@-]/.test(line))).toEqual([])
  })

  it('is the work of whoever has the role, and begins in the past', async () => {
    const { shop } = await openOf([])
    const clerk: Actor = { kind: 'staff', staffId: 'clerk', roles: ['care', 'legalHold'], purpose: 'curious' }
    expect(tagOf(await listIncidents(shop.ports, { actor: clerk }, {}))).toBe('Denied')
    expect(tagOf(await recordIncident(shop.ports, shop.as(clerk), leak(shop)))).toBe('Denied')
    for (const wrong of [{ knownAt: shop.now() + 1 }, { since: shop.now() + 1, until: null }, { until: 5, since: 6 }]) {
      expect(tagOf(await recordIncident(shop.ports, shop.as(officer), leak(shop, wrong)))).toBe('InvalidInput')
    }
    expect(tagOf(await reportIncident(shop.ports, { actor: officer }, { incidentId: 'incident_none' }))).toBe(
      'NotFound',
    )
  })
})
