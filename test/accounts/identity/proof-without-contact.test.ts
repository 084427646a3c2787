import {
  defaultAccountsPolicy,
  eraseAccount,
  find,
  judgeSignIn,
  readFacts,
  reportSecurity,
  runRelay,
  setPaymentPassword,
  signInGuards,
  stepUp,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { identityOf } from '../../support/puppet-provider.js'
import { clerk, goodPassword, hour, minute, must, tagOf } from '../open-accounts.js'
import { openProviders, verified } from './open-providers.js'

const li = identityOf('idp.example', 'li')
const anomalies = { ...defaultAccountsPolicy.anomalies, newDevice: { response: 'challenge' } } as const

const open = async () => {
  const opened = await openProviders({ policy: { anomalies } })
  const { shop } = opened
  const judge = async () => {
    must(await runRelay(shop.ports, [judgeSignIn], { worker: 'w', limit: 1_000 }))
    await shop.deliver()
  }
  const guards = async () => {
    const plan = { guards: find(signInGuards, { where: [], limit: 9 }) }
    const request = { shop: 'main', scope: { kind: 'all' }, at: shop.now(), plan } as const
    return must(await readFacts(shop.ports.storage, request)).guards
  }
  return { ...opened, judge, guards }
}

describe('an account that a third party alone opens', () => {
  it('is let in where its sign-in was unusual, for there is nothing to prove it by, and the owner is told', async () => {
    const { shop, enter, judge } = await open()
    must(await enter(li, 'home'))
    await judge()
    shop.pass(minute)
    const { token } = must(await enter(li, 'another'))
    await judge()
    const actor = await shop.actorBy(token)
    expect(actor).not.toMatchObject({ session: { mustProve: true } })
    expect(tagOf(await setPaymentPassword(shop.ports, shop.as(actor), { paymentPassword: '274913' }))).toBe('ok')
    expect(shop.stored.filter((text) => text.includes('"template":"signInUnusual"'))).not.toEqual([])
    const period = { from: shop.now() - hour, to: shop.now() + hour }
    const report = must(await reportSecurity(shop.ports, { actor: clerk }, period))
    expect(JSON.stringify(report)).toContain('newDevice')
  })

  it('is asked for a code where it has an address, as every other', async () => {
    const { shop, enter, judge } = await open()
    const wang = identityOf('idp.example', 'wang', verified)
    must(await enter(wang, 'home'))
    await judge()
    shop.pass(minute)
    const { token } = must(await enter(wang, 'another'))
    await judge()
    const actor = await shop.actorBy(token)
    expect(actor).toMatchObject({ session: { mustProve: true } })
    const byPassword = await stepUp(shop.ports, shop.as(actor), { kind: 'password', password: goodPassword })
    expect(byPassword._unsafeUnwrapErr()).toEqual({ type: 'FactorProofRequired', factors: ['email'] })
  })

  it('proves who it is by coming anew: no password is asked for that there is none of, nor counted as guessed', async () => {
    const { shop, enter, guards } = await open()
    const actor = await shop.actorBy(must(await enter(li)).token)
    shop.pass(10 * minute)
    for (let time = 0; time < 6; time += 1) {
      const byPassword = await stepUp(shop.ports, shop.as(actor), { kind: 'password', password: goodPassword })
      expect(byPassword._unsafeUnwrapErr()).toEqual({ type: 'FactorProofRequired', factors: [] })
      for (const input of [{}, { password: goodPassword }]) {
        expect(tagOf(await eraseAccount(shop.ports, shop.as(actor), input))).toBe('StepUpRequired')
      }
    }
    expect(await guards()).toEqual([])
    const again = await shop.actorBy(must(await enter(li)).token)
    expect(tagOf(await eraseAccount(shop.ports, shop.as(again), {}))).toBe('ok')
  })
})
