import { err, ok } from 'neverthrow'
import {
  accounts,
  type Collection,
  challenges,
  commitChanges,
  eraseAccount,
  eraseRecords,
  find,
  messages,
  type PersonalRecord,
  put,
  readFacts,
  reportIncident,
  runRelay,
  sendDueMessages,
  sessions,
  sweepAccounts,
  tellAffected,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { known } from '../../src/shared/read-plan.js'
import { officer, open, openOf, sweep, told } from './incidents/open-incidents.js'
import { day, goodPassword, hour, must, type OpenAccounts, openAccounts } from './open-accounts.js'

/** Writes a row as a later release may have left it, which this one cannot read. */
const putUnreadable = async <State>(
  shop: OpenAccounts,
  { parse: _, ...collection }: Collection<State>,
  id: string,
  state: object,
) => {
  const loose: Collection<object> = { ...collection, parse: () => ok(state) }
  const changes = [put(loose, { id, version: 0, state })]
  must(await commitChanges(shop.ports.storage, { shop: 'main', at: shop.now(), changes }))
}

describe('a row that cannot be read', () => {
  it('stops no sweep of accounts, which names it, and takes the place of no other', async () => {
    const shop = await openAccounts()
    await shop.register('late@example.com')
    const unknown = { purpose: 'ofTomorrow', identifierKey: 'x', issuedAt: 1, status: 'open' }
    await putUnreadable(shop, challenges, 'challenge_bad', { challengeId: 'challenge_bad', ...unknown })
    shop.pass(40 * day)
    const report = must(await sweepAccounts(shop.ports, { limit: 1 }))
    expect(report).toMatchObject({
      lapsed: 1,
      challenges: 1,
      failures: [{ id: 'challenge_bad', reason: 'StoredDataInvalid' }],
    })
  })

  it('keeps no message from being sent, is named, and takes the place of none', async () => {
    const shop = await openAccounts()
    await shop.register('ann@example.com')
    const bad = { status: 'queued', template: 'activationCode', dueAt: 1, messageId: 'bad' }
    for (const id of ['bad_1', 'bad_2', 'bad_3']) await putUnreadable(shop, messages, id, bad)
    const report = must(await sendDueMessages(shop.ports, { limit: 1 }))
    expect(report).toMatchObject({ sent: 1 })
    expect(report.errors).toEqual(
      ['bad_1', 'bad_2', 'bad_3'].map((messageId) => ({ messageId, reason: 'StoredDataInvalid' })),
    )
    expect(shop.mailbox.map(({ to }) => to)).toEqual(['ann@example.com'])
  })

  it.each(['everybody', 'named'] as const)('keeps nobody else from being told of a leak about %s', async (kind) => {
    const { shop, ids } = await openOf(['ann@example.com', 'bob@example.com'])
    const bad = { accountId: 'account_000', registeredAt: shop.now() - hour, identifiers: {}, sessionEpoch: 0 }
    await putUnreadable(shop, accounts, 'account_000', { ...bad, status: 'paused' })
    const affected = kind === 'named' ? { kind, accountIds: ['account_000', ...ids] } : { kind }
    const { incidentId } = await open(shop, { affected })
    must(await tellAffected(shop.ports, shop.as(officer), { incidentId }))
    expect((await sweep(shop)).telling).toEqual({ done: 1, failed: [] })
    await shop.deliver()
    expect(told(shop).sort()).toEqual(['ann@example.com', 'bob@example.com'])
    // Somebody has to look into it.
    const { people } = must(await reportIncident(shop.ports, { actor: officer }, { incidentId }))
    expect(people).toEqual({ queued: 2, untraced: 1, complete: false })
  })
})

describe('an erasure', () => {
  it('erases a row that cannot be read with the rest of its record', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join('ann@example.com')
    const actor = await shop.actor('ann@example.com')
    must(await eraseAccount(shop.ports, shop.as(actor), { password: goodPassword }))
    const moments = { lastSeenAt: 1, idleUntil: 1, endsAt: 1 }
    await putUnreadable(shop, sessions, 'session_bad', { sessionId: 'session_bad', accountId, ...moments })
    const left = async () => {
      const plan = {
        found: find<unknown>({ ...sessions, parse: (state: unknown) => ok(state) }, { where: [], limit: 10 }),
      }
      const scope = { kind: 'all' } as const
      return must(await readFacts(shop.ports.storage, { shop: 'main', scope, at: shop.now(), plan })).found.length
    }
    expect(await left()).toBe(1)
    const { setAside, postponed } = must(await runRelay(shop.ports, [eraseRecords], { worker: 'w', limit: 100 }))
    expect([setAside, postponed, await left()]).toEqual([[], [], 0])
  })

  it('goes on behind a record that cannot be read, and comes again for it', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join('ann@example.com')
    const actor = await shop.actor('ann@example.com')
    must(await eraseAccount(shop.ports, shop.as(actor), { password: goodPassword }))
    const broken: PersonalRecord = {
      name: 'hostNotes',
      purpose: 'notes of the host',
      basis: 'consent',
      sensitivity: 'ordinary',
      retention: { kind: 'untilErased' },
      onErasure: { verdict: 'erase' },
      fields: [],
      omitted: [],
      ask: () => ({
        query: known([]).query,
        answer: () => err({ type: 'StoredDataInvalid', collection: 'hostNotes', id: accountId, paths: [] }),
      }),
    }
    let asked = 0
    const last: PersonalRecord = {
      name: 'hostLog',
      purpose: 'a log of the host',
      basis: 'consent',
      sensitivity: 'ordinary',
      retention: { kind: 'untilErased' },
      onErasure: { verdict: 'erase' },
      fields: [],
      omitted: [],
      ask: () => {
        asked += 1
        return known([])
      },
    }
    const ports = { ...shop.ports, personalRecords: [broken, last] }
    const relay = async () => must(await runRelay(ports, [eraseRecords], { worker: 'w', limit: 100 }))
    await relay()
    expect(asked).toBe(1)
    shop.pass(day)
    await relay()
    expect(asked).toBe(2)
  })
})

describe('a record of which nothing can be removed', () => {
  it('is asked for once, where it was declared to be erased', async () => {
    const shop = await openAccounts()
    await shop.join('ann@example.com')
    const actor = await shop.actor('ann@example.com')
    must(await eraseAccount(shop.ports, shop.as(actor), { password: goodPassword }))
    let asked = 0
    const record: PersonalRecord = {
      name: 'hostLog',
      purpose: 'a log of the host',
      basis: 'consent',
      sensitivity: 'ordinary',
      retention: { kind: 'untilErased' },
      onErasure: { verdict: 'erase' },
      fields: [],
      omitted: [],
      ask: () => {
        asked += 1
        return known(Array.from({ length: asked > 5 ? 0 : 100 }, (_, index) => ({ id: `${index}`, state: null })))
      },
    }
    const ports = { ...shop.ports, personalRecords: [record] }
    must(await runRelay(ports, [eraseRecords], { worker: 'w', limit: 100 }))
    expect(asked).toBe(1)
  })
})
