import { ok } from 'neverthrow'
import {
  type Actor,
  type CommandSpec,
  commitChanges,
  find,
  operations,
  put,
  readFacts,
  runCommand,
  runRelay,
} from 'shopwright'
import { expect, it } from 'vitest'
import { subjectKeys } from '../../src/shared/personal-data.schema.js'
import { pruneRecords } from '../../src/shared/prune-records.js'
import { createTestPorts } from '../support/core-ports.js'
import { openStorage } from '../support/storages.js'

const day = 86_400_000
const ann: Actor = { kind: 'customer', accountId: 'ann' }

const make: CommandSpec<{ readonly id: string }, Record<never, never>, { readonly made: string }, never> = {
  action: 'box.make',
  parse: (input) => ok({ id: String(input) }),
  plan: () => ({}),
  decide: (_, { input: { id } }) =>
    ok({
      answer: { made: id },
      changes: [
        put(subjectKeys, { id, version: 0, state: { subjectId: id, wrapped: 'k' }, events: [{ type: 'Made' }] }),
      ],
    }),
}

it('the key of a command that broke off is forgotten where the command leaves nothing behind, and no other', async () => {
  const storage = await openStorage()
  const ports = createTestPorts(storage, {})
  const begun = (command: string) =>
    put(operations, {
      id: `customer:ann|${command}|k`,
      version: 0,
      state: { status: 'started', command, actor: 'customer:ann', fingerprint: 'f', step: {}, at: ports.clock.now() },
    })
  const changes = [begun('ask.verifier'), begun('pay.gateway')]
  expect((await commitChanges(storage, { shop: 'main', at: ports.clock.now(), changes })).isOk()).toBe(true)
  const turn = async () => (await pruneRecords(ports, [], { limit: 9, beginAnew: ['ask.verifier'] }))._unsafeUnwrap()
  ports.setNow(ports.clock.now() + 90 * day)
  expect(await turn()).toEqual({ told: 0, keys: 0 })
  ports.setNow(ports.clock.now() + 1)
  expect(await turn()).toEqual({ told: 0, keys: 1 })
  const plan = { found: find(operations, { where: [], limit: 9 }) }
  const facts = await readFacts(storage, { shop: 'main', scope: { kind: 'all' }, at: 0, plan })
  expect(facts._unsafeUnwrap().found.map(({ state }) => state.command)).toEqual(['pay.gateway'])
})

it('command keys and delivered events are forgotten after 90 days, so many a turn, and what waits is not', async () => {
  const storage = await openStorage()
  const ports = createTestPorts(storage, { 'box.make': { customer: 'own' } })
  const makeBox = (id: string) => runCommand(ports, { actor: ann, key: id }, id, make)
  const keys = async () => {
    const plan = { found: find(operations, { where: [], limit: 9 }) }
    const facts = await readFacts(storage, { shop: 'main', scope: { kind: 'all' }, at: 0, plan })
    return facts._unsafeUnwrap().found.map(({ state }) => ('answer' in state ? state.answer : null))
  }
  const turn = async (limit = 9) => (await pruneRecords(ports, [], { limit }))._unsafeUnwrap()
  for (const id of ['a', 'b']) expect((await makeBox(id)).isOk()).toBe(true)
  expect((await runRelay(ports, [], { worker: 'w' })).map(({ delivered }) => delivered)).toEqual(ok(2))
  ports.setNow(ports.clock.now() + 89 * day)
  expect((await makeBox('c')).isOk()).toBe(true)
  expect(await turn()).toEqual({ told: 0, keys: 0 })
  ports.setNow(ports.clock.now() + 2 * day)
  expect(await turn(1)).toEqual({ told: 1, keys: 1 })
  expect(await turn()).toEqual({ told: 1, keys: 1 })
  expect(await turn()).toEqual({ told: 0, keys: 0 })
  expect(await keys()).toEqual([{ made: 'c' }])
  expect((await runRelay(ports, [], { worker: 'w' })).map(({ delivered }) => delivered)).toEqual(ok(1))
})
