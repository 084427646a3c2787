import {
  activateAccount,
  eraseAccount,
  exportData,
  forgetRealName,
  myAccount,
  proveRealName,
  registerAccount,
  runRelay,
  setConsent,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { createScriptedRealNames } from '../../support/scripted-real-names.js'
import { day, goodPassword, guest, minute, must, openAccounts, tagOf } from '../open-accounts.js'
import { card, childNumber, consents, idNumber, name, openWith, proofOf } from './open-real-names.js'

describe('the proof of a real name', () => {
  it('is asked for by no shop that names no verifier, and by no kind that its verifier does not know', async () => {
    const shop = await openAccounts({ policy: { consents } })
    await shop.join('li@example.com')
    const actor = await shop.actor('li@example.com')
    const refused = await proveRealName(shop.ports, shop.as(actor), card)
    expect(refused.isErr() && refused.error).toEqual({ type: 'RealNameNotOffered', kind: 'idCard' })
    // Nor is anybody asked who they are for it: that is told before the step-up, and a stranger's place before that.
    shop.pass(11 * minute)
    expect(tagOf(await proveRealName(shop.ports, shop.as(actor), card))).toBe('RealNameNotOffered')
    expect(tagOf(await proveRealName(shop.ports, shop.as(guest), card))).toBe('Denied')
    const { agree, prove, asked } = await openWith(createScriptedRealNames(['idCard']))
    await agree('realNameFace')
    expect(tagOf(await prove({ ...card, kind: 'face', captureToken: 'taken' }))).toBe('RealNameNotOffered')
    expect(asked).toEqual([])
  })

  it('takes a consent of its own, to the notice of today, each kind for itself, before anybody is asked', async () => {
    const { agree, prove, asked } = await openWith()
    const refused = await prove()
    expect(refused.isErr() && refused.error).toEqual({ type: 'ConsentRequired', purpose: 'realName' })
    await agree()
    await agree('realName', 'withdrawn')
    expect(tagOf(await prove())).toBe('ConsentRequired')
    await agree('realNameFace')
    expect(tagOf(await prove())).toBe('ConsentRequired')
    expect(asked).toEqual([])
    await agree()
    expect(must(await prove())).toEqual({ kind: 'idCard', ageClass: 'adult' })
    expect(asked).toMatchObject([{ name, idNumber, kind: 'idCard' }])
  })

  it('keeps the verdict and a sealed reference: number, name and picture stand nowhere', async () => {
    const { shop, actor, agree, prove } = await openWith()
    await agree('realNameFace')
    must(await prove({ kind: 'face', name, idNumber: ' 11010519491231002x', captureToken: 'canary-capture' }))
    const stored = shop.stored.join('\n')
    for (const canary of ['19491231', '002X', '002x', '金丝雀', 'canary-capture', 'reference of']) {
      expect(stored.includes(canary), canary).toBe(false)
    }
    expect(must(await myAccount(shop.ports, { actor }, {})).realName).toEqual({
      kind: 'face',
      ageClass: 'adult',
      provenAt: shop.now(),
    })
    const exported = await exportData(shop.ports, { actor }, { after: { record: 'realNameProof' } })
    expect(JSON.stringify(must(exported))).toContain('reference of')
  })

  it('is refused where the verifier says so, counted, and proven once', async () => {
    const { shop, agree, prove, script, asked } = await openWith()
    await agree()
    script.push('mismatched', 'unclear')
    const mismatched = await prove()
    expect(mismatched.isErr() && mismatched.error).toEqual({ type: 'RealNameRefused', outcome: 'mismatched' })
    expect(tagOf(await prove())).toBe('RealNameRefused')
    expect(tagOf(await prove())).toBe('ok')
    expect(tagOf(await prove())).toBe('RealNameProvenBefore')
    expect(asked).toHaveLength(3)
    expect(shop.stored.join('\n')).toContain('mismatched:idCard')
    const other = await openWith()
    await other.agree()
    other.script.push('unclear', 'unclear', 'unclear')
    for (let time = 0; time < 3; time += 1) expect(tagOf(await other.prove())).toBe('RealNameRefused')
    expect(tagOf(await other.prove())).toBe('TooManyCodes')
    expect(other.asked).toHaveLength(3)
  })

  it('goes on by the same command where the verifier could not be reached, under one request', async () => {
    const { shop, actor, agree, script, asked } = await openWith()
    await agree()
    script.push('down')
    const context = shop.as(actor)
    expect(tagOf(await proveRealName(shop.ports, context, card))).toBe('RealNameUnavailable')
    expect(tagOf(await proveRealName(shop.ports, context, card))).toBe('ok')
    expect(tagOf(await proveRealName(shop.ports, context, card))).toBe('ok')
    expect(new Set(asked.map(({ requestId }) => requestId)).size).toBe(1)
    expect(asked).toHaveLength(2)
  })

  it('of a child takes its guardian, by the day of birth that the number says', async () => {
    const { agree, prove, asked, shop, verifier: _ } = await openWith()
    await agree()
    const child = { ...card, idNumber: childNumber }
    const refused = await prove(child)
    expect(refused.isErr() && refused.error).toEqual({ type: 'GuardianRequired', belowYears: 14 })
    expect(asked).toEqual([])
    const input = {
      email: 'kid@example.com',
      password: goodPassword,
      locale: 'en',
      guardian: { noticeVersion: 'g1' },
    } as const
    const { challengeId } = must(await registerAccount(shop.ports, shop.as(guest), input))
    const code = await shop.lastCode('kid@example.com')
    must(await activateAccount(shop.ports, shop.as(guest), { challengeId, code }))
    const kid = await shop.actor('kid@example.com')
    must(await setConsent(shop.ports, shop.as(kid), { purpose: 'realName', decision: 'given', noticeVersion: 'v2' }))
    expect(must(await proveRealName(shop.ports, shop.as(kid), child)).ageClass).toBe('under14')
  })

  it('names a number that is none, and asks nobody', async () => {
    const { agree, prove, asked } = await openWith()
    await agree()
    const refused = await prove({ ...card, idNumber: '110105194912310021' })
    expect(refused.isErr() && refused.error).toEqual({ type: 'IdNumberMalformed', reason: 'checkDigit' })
    expect(asked).toEqual([])
  })

  it('is forgotten when its consent is withdrawn, and with the account; it takes a fresh proof of who one is', async () => {
    const { shop, actor, agree, prove } = await openWith()
    const accountId = actor.kind === 'customer' ? actor.accountId : ''
    await agree()
    await agree('realNameFace')
    must(await prove())
    const deliver = async () => must(await runRelay(shop.ports, [forgetRealName], { worker: 'w', limit: 500 }))
    await agree('realNameFace', 'withdrawn')
    await deliver()
    expect(await proofOf(shop, accountId)).toBeDefined()
    await agree('realName', 'withdrawn')
    await deliver()
    expect(await proofOf(shop, accountId)).toBeUndefined()
    await agree()
    shop.pass(11 * minute)
    expect(tagOf(await prove())).toBe('StepUpRequired')
    shop.pass(day)
    const again = await shop.actor('li@example.com')
    must(await proveRealName(shop.ports, shop.as(again), card))
    must(await eraseAccount(shop.ports, shop.as(again), { password: goodPassword }))
    expect(tagOf(await proveRealName(shop.ports, shop.as(again), card))).toBe('NotFound')
  })

  it('keeps nothing where the consent went while the verifier was asked', async () => {
    const scripted = createScriptedRealNames()
    let meanwhile = async () => {}
    const { ResultAsync } = await import('neverthrow')
    const slow = {
      ...scripted,
      verifier: {
        ...scripted.verifier,
        verify: (claim: Parameters<typeof scripted.verifier.verify>[0]) =>
          ResultAsync.fromSafePromise(meanwhile()).andThen(() => scripted.verifier.verify(claim)),
      },
    }
    const { shop, actor, agree, prove } = await openWith(slow)
    await agree()
    meanwhile = async () => {
      await agree('realName', 'withdrawn')
    }
    expect(tagOf(await prove())).toBe('ConsentRequired')
    expect(await proofOf(shop, actor.kind === 'customer' ? actor.accountId : '')).toBeUndefined()
  })
})
