import { ResultAsync } from 'neverthrow'
import { forgetRealName, proveRealName, runRelay } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { unchecked } from '../../support/unchecked.js'
import { hour, must, tagOf } from '../open-accounts.js'
import { card, childNumber, consents, openWith, proofOf } from './open-real-names.js'

type Opened = Awaited<ReturnType<typeof openWith>>

const child = { ...card, idNumber: childNumber }
const deliver = async ({ shop }: Opened) =>
  must(await runRelay(shop.ports, [forgetRealName], { worker: 'w', limit: 500 }))

describe('a proof that is asked for once more under its key', () => {
  it('is of the same name, number, kind and picture, or the key is refused', async () => {
    const { shop, actor, accountId, agree, script, asked } = await openWith()
    await agree()
    script.push('down')
    const context = shop.as(actor)
    expect(tagOf(await proveRealName(shop.ports, context, card))).toBe('RealNameUnavailable')
    const face = { ...card, kind: 'face', captureToken: 'taken' }
    for (const other of [child, { ...card, name: '乙' }, face]) {
      expect(tagOf(await proveRealName(shop.ports, context, unchecked(other)))).toBe('IdempotencyKeyReused')
    }
    expect(asked).toHaveLength(1)
    expect(await proofOf(shop, accountId)).toBeUndefined()
    expect(must(await proveRealName(shop.ports, context, card)).ageClass).toBe('adult')
  })

  it('asks nobody when the consent was withdrawn since', async () => {
    const { shop, actor, agree, script, asked } = await openWith()
    await agree()
    script.push('down')
    const context = shop.as(actor)
    await proveRealName(shop.ports, context, card)
    await agree('realName', 'withdrawn')
    expect(tagOf(await proveRealName(shop.ports, context, card))).toBe('ConsentRequired')
    expect(asked).toHaveLength(1)
  })

  it('spends of the same budget: three an hour, five a day', async () => {
    const { shop, actor, agree, script, asked } = await openWith()
    await agree()
    script.push(...Array.from({ length: 20 }, () => 'down' as const))
    const context = shop.as(actor)
    const tries = async () => {
      for (let time = 0; time < 4; time += 1) await proveRealName(shop.ports, context, card)
    }
    await tries()
    expect(tagOf(await proveRealName(shop.ports, context, card))).toBe('TooManyCodes')
    expect(asked).toHaveLength(3)
  })

  it('answers from the proof as it stands, and nothing of the person when it is forgotten', async () => {
    const opened = await openWith()
    const { shop, actor, agree, asked } = opened
    await agree()
    const context = shop.as(actor)
    const first = must(await proveRealName(shop.ports, context, card))
    expect(must(await proveRealName(shop.ports, context, card))).toEqual(first)
    const operations = shop.stored.filter((text) => text.includes('proveRealName') && text.includes('"answered"'))
    expect(operations).not.toEqual([])
    expect(operations.filter((text) => text.includes('adult'))).toEqual([])
    await agree('realName', 'withdrawn')
    await deliver(opened)
    expect(tagOf(await proveRealName(shop.ports, context, card))).toBe('AlreadyDone')
    expect(asked).toHaveLength(1)
  })
})

describe('a consent that is withdrawn', () => {
  it('between the verdict and its commit leaves no proof, also where its reaction came first', async () => {
    const opened = await openWith()
    const { shop, actor, accountId, agree } = opened
    await agree()
    let isWithdrawn = false
    const { storage } = shop.ports
    const withdrawing = {
      ...storage,
      commit: (commit: Parameters<typeof storage.commit>[0]) => {
        const isProof = commit.puts.some(({ key }) => key.collection === 'realNameProof')
        if (!isProof || isWithdrawn) return storage.commit(commit)
        isWithdrawn = true
        const meanwhile = agree('realName', 'withdrawn').then(() => deliver(opened))
        return ResultAsync.fromSafePromise(meanwhile).andThen(() => storage.commit(commit))
      },
    }
    const refused = await proveRealName({ ...shop.ports, storage: withdrawing }, shop.as(actor), card)
    expect(isWithdrawn).toBe(true)
    expect(tagOf(refused)).toBe('ConsentRequired')
    expect(await proofOf(shop, accountId)).toBeUndefined()
  })

  it('takes no proof away that was made after it was given anew', async () => {
    const opened = await openWith()
    const { shop, accountId, agree, prove } = opened
    await agree()
    await agree('realName', 'withdrawn')
    await agree()
    must(await prove())
    await deliver(opened)
    expect(await proofOf(shop, accountId)).toBeDefined()
    await agree('realName', 'withdrawn')
    await deliver(opened)
    expect(await proofOf(shop, accountId)).toBeUndefined()
  })
})

describe('the guardian of a child', () => {
  const guarded = { policy: { consents: { ...consents, guardian: { noticeVersion: null } } } }

  it('is not the child itself', async () => {
    const { agree, prove, asked } = await openWith(undefined, guarded)
    await agree()
    await agree('guardian')
    expect(tagOf(await prove(child))).toBe('GuardianRequired')
    expect(asked).toEqual([])
  })

  it('agrees with the claim, which the ledger keeps for the next one, until it is withdrawn', async () => {
    const { shop, actor, agree, prove, script } = await openWith(undefined, guarded)
    await agree()
    script.push('unclear', 'unclear', 'down')
    expect(tagOf(await prove({ ...child, guardian: { noticeVersion: 'g1' } }))).toBe('RealNameRefused')
    expect(tagOf(await prove(child))).toBe('RealNameRefused')
    const context = shop.as(actor)
    const claim = { ...child, guardian: { noticeVersion: 'g1' } }
    expect(tagOf(await proveRealName(shop.ports, context, claim))).toBe('RealNameUnavailable')
    await agree('guardian', 'withdrawn')
    shop.pass(hour)
    const later = await shop.actor('li@example.com')
    expect(tagOf(await proveRealName(shop.ports, { ...context, actor: later }, claim))).toBe('GuardianRequired')
    const anew = await proveRealName(shop.ports, shop.as(later), claim)
    expect(must(anew)).toEqual({ kind: 'idCard', ageClass: 'under14' })
  })
})
