import { errAsync, ok, okAsync, ResultAsync } from 'neverthrow'
import { createTurns, decideAndCommit, put, row, type Storage } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { boxes } from '../../adapters/contract/scratch.js'
import { createMemoryStorage } from '../../adapters/memory/index.js'
import { createTestPorts } from '../support/core-ports.js'

const key = (id: string) => ({ collection: 'box', id })

/** Work whose end the test decides. */
const openWork = () => {
  let end = () => {}
  const ended = new Promise<number>((resolve) => {
    end = () => resolve(1)
  })
  const seen = { started: false }
  return {
    seen,
    end: () => end(),
    work: () => {
      seen.started = true
      return ResultAsync.fromSafePromise<number, never>(ended)
    },
  }
}

const settle = async () => {
  for (let step = 0; step < 10; step += 1) await Promise.resolve()
}

describe('turns', () => {
  it('of one row come one after another, of different rows at once', async () => {
    const turns = createTurns()
    const [first, second, other] = [openWork(), openWork(), openWork()]
    const a = turns.take(key('a'), first.work)
    const b = turns.take(key('a'), second.work)
    const c = turns.take(key('b'), other.work)
    await settle()
    expect([first, second, other].map(({ seen }) => seen.started)).toEqual([true, false, true])
    first.end()
    await a
    await settle()
    expect(second.seen.started).toBe(true)
    second.end()
    other.end()
    expect(await ResultAsync.combine([b, c])).toMatchObject({ value: [1, 1] })
  })

  it('pass on after a failure', async () => {
    const turns = createTurns()
    const lost = turns.take(key('a'), () => errAsync('lost'))
    const next = turns.take(key('a'), () => okAsync('taken'))
    expect([await lost, await next]).toMatchObject([{ error: 'lost' }, { value: 'taken' }])
  })

  it('pass on after work that rejects against its contract, to those who wait and to those who come later', async () => {
    const turns = createTurns()
    const broken = turns.take(key('a'), () =>
      ResultAsync.fromSafePromise(Promise.reject(new Error('a bug of the host'))),
    )
    const next = turns.take(key('a'), () => okAsync('taken'))
    await expect(
      broken.match(
        () => null,
        () => null,
      ),
    ).rejects.toThrow('a bug of the host')
    expect(await next).toEqual(ok('taken'))
    expect(await turns.take(key('a'), () => okAsync('later'))).toEqual(ok('later'))
  })
})

describe('a decision that lost a race', () => {
  it('is made anew behind the others: 64 at one row take fewer than two commits each', async () => {
    const storage = createMemoryStorage()
    let commits = 0
    const counted: Storage = {
      ...storage,
      commit: (commit) => {
        commits += 1
        return storage.commit(commit)
      },
    }
    const ports = { ...createTestPorts(counted, {}), attempts: 3 }
    const addOne = () =>
      decideAndCommit(ports, {
        scope: { kind: 'all' },
        plan: () => ({ box: row(boxes, 'a') }),
        decide: ({ box }) => {
          const size = (box?.state.size ?? 0) + 1
          const state = { boxId: 'a', size }
          return okAsync({ changes: [put(boxes, { id: 'a', version: box?.version ?? 0, state })], answer: size })
        },
      })
    const answers = await ResultAsync.combine(Array.from({ length: 64 }, addOne))
    expect(answers.isOk() && [...answers.value].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 64 }, (_, n) => n + 1),
    )
    expect(commits).toBeLessThan(128)
  })
})
