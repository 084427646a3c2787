import { ok } from 'neverthrow'
import { type Actor, type CommandSpec, find, operations, put, readFacts, runCommand, runRelay } from 'shopwright'
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
