import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { birthdayKeys, lastBirthday } from '../../src/membership/birthday.js'
import { giveBenefits } from '../../src/membership/give-benefits.js'
import type { MemberBenefit } from '../../src/membership/membership-terms.js'
import { pointsPage } from '../../src/membership/points-page.js'
import { publishMembership } from '../../src/membership/publish-membership.js'
import { sweepBirthdays } from '../../src/membership/sweep-birthdays.js'
import { messages } from '../../src/notify/message.schema.js'
import { coupons } from '../../src/promotions/coupon.collection.schema.js'
import { daysMs } from '../../src/shared/instant.js'
import { localDayName } from '../../src/shared/local-day.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { find } from '../../src/shared/read-plan.js'
import { runRelay } from '../../src/shared/relay.js'
import { agreeToMarketing } from '../support/agree-to-marketing.js'
import { createTestPorts } from '../support/core-ports.js'
import { customer, enter, keptOf, opening, openProgramme, programme, staff } from './open-programme.js'

type Programme = Awaited<ReturnType<typeof openProgramme>>

const text = (en: string) => ({ en, 'zh-CN': en })
const benefit = (benefitId: string, given: Partial<MemberBenefit> = {}): MemberBenefit => ({
  benefitId,
  title: text(benefitId),
  levels: ['ordinary'],
  period: 'once',
  occasion: { kind: 'any' },
  automatic: true,
  points: 30,
  couponOfferIds: [],
  ...given,
})
const birthday = benefit('birthday', { period: 'year', occasion: { kind: 'birthday', days: 7 }, points: 100 })

const open = (benefits: readonly MemberBenefit[], issues = 1_000) =>
  openProgramme({ terms: { ...programme, benefits }, issues })

const deliver = async (ports: Programme) => {
  for (;;) {
    const { delivered, postponed } = (
      await runRelay(ports, [giveBenefits], { worker: 'w', limit: 100 })
    )._unsafeUnwrap()
    expect(postponed).toEqual([])
    if (delivered === 0) return
  }
}

const keptIn = async (ports: Programme) =>
  (
    await readFacts(ports.storage, {
      shop: ports.shop,
      scope: { kind: 'all' },
      at: opening,
      plan: { coupons: find(coupons, { where: [], limit: 99 }), messages: find(messages, { where: [], limit: 99 }) },
    })
  )._unsafeUnwrap()

const pointsOf = async (ports: Programme, accountId: string) =>
  (await pointsPage(ports, customer(accountId), { limit: 1 }))._unsafeUnwrap().available

describe('a benefit that is given without asking', () => {
  it('comes with joining, once, with points, coupons and a message; one that waits to be asked for does not', async () => {
    const ports = await open([
      benefit('welcome', { couponOfferIds: ['twenty-off', 'twenty-off'] }),
      benefit('for-asking', { automatic: false }),
      benefit('for-gold', { levels: ['gold'] }),
    ])
    await agreeToMarketing(ports, 'ann', ['email', 'sms'])
    await enter(ports, 'ann')
    await deliver(ports)
    await deliver(ports)
    expect(await pointsOf(ports, 'ann')).toBe(30)
    const kept = await keptIn(ports)
    expect(kept.coupons.map(({ state }) => 'holderId' in state && state.holderId)).toEqual(['ann', 'ann'])
    expect(kept.messages.map(({ state }) => [state.template, state.channel, state.facts.points])).toEqual([
      ['benefitGiven', 'email', 30],
      ['benefitGiven', 'sms', 30],
    ])
    const { member } = await keptOf(ports, 'ann')
    expect(member?.state.benefits).toEqual({ welcome: 'once' })
  })

  it('is whole or not at all: with one coupon left, the second benefit stays for the asking', async () => {
    const ports = await open(
      [
        benefit('a', { couponOfferIds: ['twenty-off'] }),
        benefit('b', { couponOfferIds: ['twenty-off'] }),
        benefit('c'),
      ],
      1,
    )
    await enter(ports, 'ann')
    await deliver(ports)
    const { member } = await keptOf(ports, 'ann')
    expect(member?.state.benefits).toEqual({ a: 'once', c: 'once' })
    expect(await pointsOf(ports, 'ann')).toBe(60)
    expect((await keptIn(ports)).coupons).toHaveLength(1)
  })

  it('is refused in terms that name no moment for it', async () => {
    const ports = await open([])
    const benefits = [benefit('monthly', { period: 'month' })]
    const refused = await publishMembership(ports, staff(), { expectedRevision: 1, ...programme, benefits })
    expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput' })
  })
})

describe('birthdays', () => {
  it('bring their gift on the day, once a year, to whose it is, however many machines sweep', async () => {
    const ports = await open([birthday])
    await enter(ports, 'ann', { month: 11, day: 12 })
    await enter(ports, 'bob', { month: 12, day: 1 })
    await enter(ports, 'cid')
    const sweep = async () => (await sweepBirthdays(ports, { limit: 10 }))._unsafeUnwrap().done
    expect(await sweep()).toBe(0)
    ports.setNow(opening + daysMs)
    const swept = await Promise.all([sweep(), sweep(), sweep(), sweep()])
    expect(swept.some((done) => done > 0)).toBe(true)
    expect(await sweep()).toBe(0)
    expect([await pointsOf(ports, 'ann'), await pointsOf(ports, 'bob'), await pointsOf(ports, 'cid')]).toEqual([
      100, 0, 0,
    ])
    ports.setNow(opening + 366 * daysMs)
    expect(await sweep()).toBe(1)
    expect(await pointsOf(ports, 'ann')).toBe(200)
  })

  it('are found a week late, not more', async () => {
    const ports = await open([birthday])
    await enter(ports, 'ann', { month: 11, day: 5 })
    await enter(ports, 'bob', { month: 11, day: 4 })
    expect((await sweepBirthdays(ports, { limit: 10 }))._unsafeUnwrap()).toEqual({ done: 1, failed: [] })
    expect([await pointsOf(ports, 'ann'), await pointsOf(ports, 'bob')]).toEqual([100, 0])
  })

  it('are looked for by the digests of exactly those born on the days', async () => {
    const { digests } = createTestPorts((await open([])).storage, {})
    const day = fc.date({
      min: new Date('2026-01-01T00:00:00Z'),
      max: new Date('2029-12-31T00:00:00Z'),
      noInvalidDate: true,
    })
    const born = fc.date({
      min: new Date('2000-01-01T00:00:00Z'),
      max: new Date('2000-12-31T00:00:00Z'),
      noInvalidDate: true,
    })
    await fc.assert(
      fc.asyncProperty(day, born, fc.integer({ min: 1, max: 7 }), async (at, birth, days) => {
        const dayOf = (date: Date) => ({
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
        })
        const keys = (await birthdayKeys(digests, dayOf(at), days))._unsafeUnwrap()
        const { month, day: born } = dayOf(birth)
        const last = localDayName(lastBirthday({ month, day: born }, dayOf(at)))
        const first = localDayName(dayOf(new Date(at.getTime() - (days - 1) * daysMs)))
        expect(keys.includes(`birthday:${month}-${born}`)).toBe(last >= first)
      }),
    )
  })
})
