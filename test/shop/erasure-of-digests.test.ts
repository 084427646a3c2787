import {
  type Actor,
  auditLog,
  type CommandContext,
  type CounterFamily,
  claims,
  counters,
  createShop,
  entries,
  find,
  type KeyedDigest,
  type PreparedCommit,
  readFacts,
  type Storage,
} from 'shopwright'
import { expect, it } from 'vitest'
import { builtinCollections, builtinCounters, builtinLogs } from '../../adapters/postgres/collections/builtin.js'
import { deliverAll } from '../support/open-stall.js'
import { must, type OpenedShop, openShop } from './open-shop.js'
import { by, join, password } from './world.js'

const canary = 'canary.ann@example.com'
const device = 'canary-device-of-ann'
const network = '203.0.113'
const origin = { address: `${network}.77`, device }
const guest: Actor = { kind: 'guest', guestId: 'g' }

const from = (actor: Actor): CommandContext => ({ ...by(actor), origin })

/** Notes each digest that was made of a text which holds the address, the device or the network, or a digest of such a text. */
const noting = (digests: KeyedDigest, traces: Set<string>): KeyedDigest => ({
  digest: (purpose, text) =>
    digests.digest(purpose, text).map((digest) => {
      const tells = [canary, device, network, ...traces].some((each) => text.includes(each))
      if (tells && purpose !== 'audit-entry' && purpose !== 'audit-root') traces.add(digest)
      return digest
    }),
})

/** Notes the names of counters and claims, which no storage lists. */
const watching = (
  storage: Storage,
  names: { counters: Map<string, Set<string>>; claims: Map<string, Set<string>> },
) => {
  const note = (map: Map<string, Set<string>>, group: string, name: string) =>
    map.set(group, (map.get(group) ?? new Set()).add(name))
  const see = (commit: PreparedCommit): PreparedCommit => {
    for (const { counter, id } of commit.adjusts) note(names.counters, counter, id)
    for (const { space, key } of commit.claims) note(names.claims, space, key)
    return commit
  }
  return {
    ...storage,
    commit: (commit: PreparedCommit) => storage.commit(see(commit)),
    commitEach: (commits: readonly PreparedCommit[]) => storage.commitEach(commits.map(see)),
  }
}

const openWatched = async () => {
  const opened = await openShop()
  const traces = new Set<string>()
  const names = { counters: new Map<string, Set<string>>(), claims: new Map<string, Set<string>>() }
  const storage = watching(opened.ports.storage, names)
  const shop = createShop({ ...opened.ports, storage, digests: noting(opened.ports.digests, traces) })
  /** Everything that stands in the storage, place by place, but the audit log. */
  const dump = async (): Promise<readonly string[]> => {
    const found: string[] = []
    const ask = async <Plan extends Parameters<typeof readFacts>[1]['plan']>(plan: Plan) =>
      must(await readFacts(storage, { shop: 'main', scope: { kind: 'all' }, at: opened.now(), plan }))
    for (const { collection } of builtinCollections) {
      const { rows } = await ask({ rows: find(collection, { where: [], limit: 500 }) })
      found.push(...rows.map((row) => `${collection.name} ${JSON.stringify(row)}`))
    }
    for (const { log } of builtinLogs.filter((each) => each.log.name !== auditLog.name)) {
      const { bodies } = await ask({ bodies: entries<unknown>(log, { where: [], limit: 500 }) })
      found.push(...bodies.map((body) => `${log.name} ${JSON.stringify(body)}`))
    }
    const families = new Map(builtinCounters.map(({ family }): [string, CounterFamily] => [family.name, family]))
    for (const [name, ids] of names.counters) {
      const family = families.get(name)
      if (family === undefined) throw new Error(`no family ${name}`)
      const { values } = await ask({ values: counters(family, [...ids]) })
      found.push(...[...values.keys()].map((id) => `${name} ${id}`))
    }
    for (const [space, keys] of names.claims) {
      // Of claims that have ended and were not deleted too.
      const plan = { held: claims(space, [...keys]) }
      const { held } = must(await readFacts(storage, { shop: 'main', scope: { kind: 'all' }, at: 0, plan }))
      found.push(...[...held].map(([key, owner]) => `${space} ${key} ${owner}`))
    }
    return found
  }
  const withTraces = async (): Promise<readonly string[]> =>
    (await dump()).filter((text) => [canary, device, network, ...traces].some((trace) => text.includes(trace)))
  return { ...opened, shop, traces, withTraces }
}

const turnUntilStill = async ({ shop }: Pick<OpenedShop, 'shop'>): Promise<void> => {
  for (let turn = 0; turn < 2; turn += 1) must(await shop.upkeep.runAll({ worker: 'w' }))
}

it('an erased address leaves nothing that was derived from it, once the longest window is over', async () => {
  const opened = await openWatched()
  const { shop, traces, withTraces, now, pass } = opened
  const ann = await join(opened, canary, 'Ann')
  must(await shop.accounts.signIn(from(guest), { identifier: canary, password }))
  const wrong = await shop.accounts.signIn(from(guest), { identifier: canary, password: 'no password of hers' })
  expect(wrong.isErr()).toBe(true)
  const { challengeId } = must(await shop.accounts.requestReset(from(guest), { identifier: canary }))
  expect((await shop.accounts.activate(from(guest), { challengeId, code: '000000' })).isErr()).toBe(true)
  must(await shop.accounts.requestSignInCode(from(guest), { identifier: canary }))
  must(await shop.accounts.remindOfUserName(from(guest), { email: canary }))
  // The address as somebody's who never had an account, too.
  const { passing } = must(await shop.accounts.erasurePlan({ actor: ann.actor }, {}))
  must(await shop.accounts.erase(from(ann.actor), { password }))
  await deliverAll(opened)
  must(await shop.accounts.requestReset(from(guest), { identifier: canary }))
  expect((await shop.accounts.signIn(from(guest), { identifier: canary, password })).isErr()).toBe(true)
  expect(traces.size).toBeGreaterThan(2)
  const before = await withTraces()
  expect(before.some((text) => text.startsWith('rateBudget '))).toBe(true)
  expect(before.filter((text) => text.includes(canary))).toEqual([])
  await turnUntilStill(opened)
  expect(passing.map(({ record }) => record)).toEqual(['rateBudget', 'signInGuard', 'challengeAttempts', 'operation'])
  for (const { record, goneBy } of passing) {
    pass(goneBy - now() + 1)
    await turnUntilStill(opened)
    expect((await withTraces()).filter((text) => text.startsWith(`${record} `))).toEqual([])
  }
  expect(await withTraces()).toEqual([])
})
