import { err, errAsync, ok, okAsync, type Result } from 'neverthrow'
import {
  type Actor,
  adjust,
  type CommandSpec,
  type CommitError,
  claim,
  completeCommand,
  counters,
  put,
  readFacts,
  row,
  runCommand,
  type Storage,
  startCommand,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { boxes, pieces } from '../../adapters/contract/scratch.js'
import { createMemoryStorage } from '../../adapters/memory/index.js'
import { createTestPorts } from '../support/core-ports.js'

const ann: Actor = { kind: 'customer', accountId: 'ann' }
const policy = { 'box.take': { customer: 'own' }, 'box.ship': { customer: 'own' } } as const

type Take = { readonly count: number }
type Refused = { readonly type: 'OutOfPieces' }

const parseTake = (input: unknown): Result<Take, { type: 'InvalidInput'; issues: [] }> =>
  typeof input === 'object' && input !== null && 'count' in input && typeof input.count === 'number'
    ? ok({ count: input.count })
    : err({ type: 'InvalidInput', issues: [] })

const takePlan = () => ({ box: row(boxes, 'a'), left: counters(pieces, ['x']) })

const take: CommandSpec<Take, ReturnType<typeof takePlan>, { readonly taken: number }, Refused> = {
  action: 'box.take',
  parse: parseTake,
  plan: takePlan,
  decide: ({ box, left }, { input }) => {
    if ((left.get('x') ?? 0) < input.count) return err({ type: 'OutOfPieces' })
    const taken = (box?.state.size ?? 0) + input.count
    return ok({
      answer: { taken },
      changes: [
        put(boxes, {
          id: 'a',
          version: box?.version ?? 0,
          state: { boxId: 'a', ownerId: 'ann', size: taken },
          events: [{ type: 'Taken' }],
        }),
        adjust(pieces, { id: 'x', by: -input.count }),
      ],
    })
  },
}

const open = async (pieceCount = 10, wrap: (storage: Storage) => Storage = (storage) => storage) => {
  const storage = createMemoryStorage()
  const ports = createTestPorts(wrap(storage), policy)
  const filled = await runCommand(
    ports,
    { actor: ann, key: 'fill' },
    { count: 0 },
    {
      ...take,
      decide: () => ok({ answer: { taken: 0 }, changes: [adjust(pieces, { id: 'x', by: pieceCount })] }),
    },
  )
  expect(filled.isOk()).toBe(true)
  ports.told.length = 0
  const state = async () => {
    const facts = await readFacts(storage, { shop: 'main', scope: { kind: 'all' }, at: 0, plan: takePlan() })
    return facts
      .map(({ box, left }) => ({ size: box?.state.size ?? 0, left: left.get('x') }))
      .unwrapOr({ size: -1, left: -1 })
  }
  return { storage, ports, state }
}

describe('runCommand', () => {
  it('gives the same answer to the same key and does it once', async () => {
    const { ports, state } = await open()
    const first = await runCommand(ports, { actor: ann, key: 'k' }, { count: 3 }, take)
    const again = await runCommand(ports, { actor: ann, key: 'k' }, { count: 3 }, take)
    expect(first).toEqual(ok({ taken: 3 }))
    expect(again).toEqual(first)
    expect(await state()).toEqual({ size: 3, left: 7 })
    expect(ports.told).toHaveLength(1)
  })

  it('does a command once when one key is sent 64 times at the same moment, with 64 equal answers', async () => {
    const { ports, state } = await open()
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => runCommand(ports, { actor: ann, key: 'k' }, { count: 3 }, take)),
    )
    expect(answers).toEqual(answers.map(() => ok({ taken: 3 })))
    expect(await state()).toEqual({ size: 3, left: 7 })
  })

  it('answers all 64 alike where the command takes a fact that can be taken once', async () => {
    const { ports } = await open()
    const name: CommandSpec<Take, Record<never, never>, { readonly taken: number }, Refused> = {
      action: 'box.take',
      parse: parseTake,
      plan: () => ({}),
      decide: () =>
        ok({ answer: { taken: 1 }, changes: [claim({ space: 'name', key: 'x', owner: ports.ids.next('box') })] }),
      claimed: () => err({ type: 'OutOfPieces' }),
    }
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => runCommand(ports, { actor: ann, key: 'k' }, { count: 1 }, name)),
    )
    expect(answers).toEqual(answers.map(() => ok({ taken: 1 })))
    expect(await runCommand(ports, { actor: ann, key: 'l' }, { count: 1 }, name)).toEqual(err({ type: 'OutOfPieces' }))
  })

  it('keeps keys of different actors and commands apart', async () => {
    const { ports, state } = await open()
    const bob: Actor = { kind: 'customer', accountId: 'bob' }
    const annTakes = await runCommand(ports, { actor: ann, key: 'k' }, { count: 1 }, take)
    expect(annTakes.isOk()).toBe(true)
    const bobTakes = await runCommand(
      ports,
      { actor: bob, key: 'k' },
      { count: 1 },
      {
        ...take,
        plan: () => ({ ...takePlan(), box: row(boxes, 'b') }),
        decide: () => ok({ answer: { taken: 1 }, changes: [adjust(pieces, { id: 'x', by: -1 })] }),
      },
    )
    expect(bobTakes.isOk()).toBe(true)
    expect((await state()).left).toBe(8)
  })

  it('refuses a key that was used with other input', async () => {
    const { ports, state } = await open()
    const first = await runCommand(ports, { actor: ann, key: 'k' }, { count: 3 }, take)
    expect(first.isOk()).toBe(true)
    const other = await runCommand(ports, { actor: ann, key: 'k' }, { count: 4 }, take)
    expect(other).toEqual(err({ type: 'IdempotencyKeyReused', command: 'box.take' }))
    expect((await state()).size).toBe(3)
  })

  it('does not record a refusal: the same key may succeed later', async () => {
    const { ports } = await open(2)
    const refused = await runCommand(ports, { actor: ann, key: 'k' }, { count: 3 }, take)
    expect(refused).toEqual(err({ type: 'OutOfPieces' }))
    const filled = await runCommand(
      ports,
      { actor: ann, key: 'more' },
      { count: 0 },
      {
        ...take,
        decide: () => ok({ answer: { taken: 0 }, changes: [adjust(pieces, { id: 'x', by: 5 })] }),
      },
    )
    expect(filled.isOk()).toBe(true)
    expect(await runCommand(ports, { actor: ann, key: 'k' }, { count: 3 }, take)).toEqual(ok({ taken: 3 }))
  })

  it('answers a replay of a command with a secret with AlreadyDone and keeps no secret', async () => {
    const { ports, storage } = await open()
    const secretTake = { ...take, secret: true }
    expect((await runCommand(ports, { actor: ann, key: 'k' }, { count: 1 }, secretTake)).isOk()).toBe(true)
    const again = await runCommand(ports, { actor: ann, key: 'k' }, { count: 1 }, secretTake)
    expect(again).toEqual(err({ type: 'AlreadyDone', command: 'box.take' }))
    const { operations } = await import('shopwright')
    const facts = await readFacts(storage, {
      shop: 'main',
      scope: { kind: 'all' },
      at: 0,
      plan: { operation: row(operations, 'customer:ann|box.take|k') },
    })
    expect(facts.map(({ operation }) => operation?.state)).toMatchObject(ok({ status: 'answered', answer: null }))
  })

  it('is denied before anything is read when the authorizer says no', async () => {
    let reads = 0
    const { ports } = await open(10, (storage) => ({
      ...storage,
      read: (request) => {
        reads += 1
        return storage.read(request)
      },
    }))
    reads = 0
    const denied = await runCommand(ports, { actor: { kind: 'guest', guestId: 'g' }, key: 'k' }, { count: 'x' }, take)
    expect(denied).toEqual(err({ type: 'Denied', action: 'box.take' }))
    expect(reads).toBe(0)
  })

  it('tells listeners only after the commit, and nothing when it is refused', async () => {
    const seen: string[] = []
    const { ports } = await open(10, (storage) => ({
      ...storage,
      commit: (commit) =>
        storage.commit(commit).map((committed) => {
          seen.push('committed')
          return committed
        }),
    }))
    seen.length = 0
    const telling = { ...ports, emit: () => seen.push('told') }
    expect((await runCommand(telling, { actor: ann, key: 'k' }, { count: 1 }, take)).isOk()).toBe(true)
    expect(seen).toEqual(['committed', 'told'])
    seen.length = 0
    expect((await runCommand(telling, { actor: ann, key: 'k2' }, { count: 99 }, take)).isErr()).toBe(true)
    expect(seen).toEqual([])
  })

  it('reads and decides anew when another wrote meanwhile, and is Busy when that never ends', async () => {
    let conflicts = 3
    const disturbed = (storage: Storage): Storage => ({
      ...storage,
      commit: (commit) => {
        conflicts -= 1
        const conflict: CommitError = { type: 'VersionConflict', index: 0, key: { collection: 'contractBox', id: 'a' } }
        return conflicts >= 0 ? errAsync(conflict) : storage.commit(commit)
      },
    })
    conflicts = 0
    const { ports } = await open(10, disturbed)
    conflicts = 7
    expect(await runCommand(ports, { actor: ann, key: 'k' }, { count: 1 }, take)).toEqual(ok({ taken: 1 }))
    conflicts = 8
    expect(await runCommand(ports, { actor: ann, key: 'k2' }, { count: 1 }, take)).toMatchObject(err({ type: 'Busy' }))
  })

  it('uses one read and one commit', async () => {
    const calls: string[] = []
    const { ports } = await open(10, (storage) => ({
      ...storage,
      read: (request) => {
        calls.push('read')
        return storage.read(request)
      },
      commit: (commit) => {
        calls.push('commit')
        return storage.commit(commit)
      },
    }))
    calls.length = 0
    expect((await runCommand(ports, { actor: ann, key: 'k' }, { count: 1 }, take)).isOk()).toBe(true)
    expect(calls).toEqual(['read', 'commit'])
  })

  it('refuses an actor that does not say who it is, as a host without types may hand one over', async () => {
    const { ports, state } = await open()
    for (const [actor, path] of [
      [{ kind: 'customer', accountId: 42 }, 'actor.accountId'],
      [{ kind: 'customer', accountId: '' }, 'actor.accountId'],
      [{ kind: 'customer' }, 'actor.accountId'],
      [{ kind: 'guest', guestId: 'x'.repeat(201) }, 'actor.guestId'],
      [{ kind: 'constructor', accountId: 'ann' }, 'actor.kind'],
      [null, 'actor'],
    ] as const) {
      // What no typed caller can write.
      const context = { actor: actor as unknown, key: 'k' } as { actor: Actor; key: string }
      const refused = (await runCommand(ports, context, { count: 1 }, take))._unsafeUnwrapErr()
      expect(refused).toMatchObject({ type: 'InvalidInput', issues: [{ path }] })
    }
    expect(await state()).toEqual({ size: 0, left: 10 })
  })

  it('refuses a key that is empty or too long', async () => {
    const { ports } = await open()
    for (const key of ['', 'k'.repeat(201)]) {
      expect(await runCommand(ports, { actor: ann, key }, { count: 1 }, take)).toMatchObject(
        err({ type: 'InvalidInput' }),
      )
    }
  })
})

describe('startCommand and completeCommand', () => {
  const first = {
    action: 'box.ship',
    parse: parseTake,
    plan: takePlan,
    decide: () =>
      ok({ answer: { parcel: 'p1' }, changes: [adjust(pieces, { id: 'x', by: -1 })] }) as Result<
        { answer: { parcel: string }; changes: ReturnType<typeof adjust>[] },
        Refused
      >,
  }
  const start = (ports: ReturnType<typeof createTestPorts>) =>
    startCommand<Take, ReturnType<typeof takePlan>, { readonly shipped: string }, { readonly parcel: string }, Refused>(
      ports,
      { actor: ann, key: 'k' },
      { count: 1 },
      first,
    )
  const complete = (ports: ReturnType<typeof createTestPorts>) =>
    completeCommand(
      ports,
      { actor: ann, key: 'k' },
      {
        action: 'box.ship',
        scope: { kind: 'own', ownerId: 'ann' },
        plan: () => ({}),
        decide: () => okAsync({ answer: { shipped: 'p1' }, changes: [adjust(pieces, { id: 'y', by: 1 })] }),
      },
    )

  it('goes on from its step when it was interrupted, and answers once it is done', async () => {
    const { ports, state } = await open()
    const scope = { kind: 'own', ownerId: 'ann' }
    expect(await start(ports)).toEqual(ok({ kind: 'started', step: { parcel: 'p1' }, scope, resumed: false }))
    expect(await start(ports)).toEqual(ok({ kind: 'started', step: { parcel: 'p1' }, scope, resumed: true }))
    expect((await state()).left).toBe(9)
    expect(await complete(ports)).toEqual(ok({ shipped: 'p1' }))
    expect(await start(ports)).toEqual(ok({ kind: 'answered', answer: { shipped: 'p1' } }))
  })

  it('is completed once when two tries end at the same moment', async () => {
    const { ports, storage } = await open()
    expect((await start(ports)).isOk()).toBe(true)
    const answers = await Promise.all([complete(ports), complete(ports), complete(ports)])
    expect(answers).toEqual(answers.map(() => ok({ shipped: 'p1' })))
    const facts = await readFacts(storage, {
      shop: 'main',
      scope: { kind: 'all' },
      at: 0,
      plan: { done: counters(pieces, ['y']) },
    })
    expect(facts.map(({ done }) => done.get('y'))).toEqual(ok(1))
  })
})
