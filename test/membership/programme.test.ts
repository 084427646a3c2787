import type { ResultAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { checkIn } from '../../src/membership/check-in.js'
import { claimBenefit } from '../../src/membership/claim-benefit.js'
import { grantPoints } from '../../src/membership/grant-points.js'
import { joinMembership } from '../../src/membership/join-membership.js'
import { leaveMembership } from '../../src/membership/leave-membership.js'
import { pointsPage } from '../../src/membership/points-page.js'
import { publishMembership } from '../../src/membership/publish-membership.js'
import { recordActivity } from '../../src/membership/record-activity.js'
import { redeemReward } from '../../src/membership/redeem-reward.js'
import { showTerms } from '../../src/membership/show-terms.js'
import { tellBirthday } from '../../src/membership/tell-birthday.js'
import { tellExpiringPoints } from '../../src/membership/tell-expiring-points.js'
import { messages } from '../../src/notify/message.schema.js'
import { writeMessage } from '../../src/notify/templates.js'
import { daysMs, hoursMs } from '../../src/shared/instant.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { find } from '../../src/shared/read-plan.js'
import { customer, enter, keptOf, opening, openProgramme, programme, staff } from './open-programme.js'

type Programme = Awaited<ReturnType<typeof openProgramme>>

const available = async (ports: Programme, accountId: string): Promise<number> =>
  (await pointsPage(ports, customer(accountId), { limit: 1 }))._unsafeUnwrap().available

const give = async (ports: Programme, accountId: string, points: number, expiresAt = opening + 300 * daysMs) =>
  (await grantPoints(ports, staff(), { accountId, grantId: `g${points}`, points, expiresAt }))._unsafeUnwrap()

describe('joining', () => {
  it('names the terms that were shown, and is refused when others hold', async () => {
    const ports = await openProgramme()
    const shown = (await showTerms(ports, customer('ann')))._unsafeUnwrap()
    expect(shown.levels.ladder.map(({ benefits }) => benefits.length > 0)).toEqual([true, true, true, true])
    ;(await publishMembership(ports, staff(), { expectedRevision: shown.revision, ...programme }))._unsafeUnwrap()
    const late = await joinMembership(ports, customer('ann'), { termsRevision: shown.revision })
    expect(late._unsafeUnwrapErr()).toEqual({ type: 'MembershipTermsChanged', shownRevision: 1, revision: 2 })
    const joined = await joinMembership(ports, customer('ann'), { termsRevision: 2 })
    expect(joined._unsafeUnwrap()).toMatchObject({ levelId: 'ordinary', termsRevision: 2 })
    const again = await joinMembership(ports, customer('ann'), { termsRevision: 2 })
    expect(again._unsafeUnwrapErr()).toEqual({ type: 'AlreadyMember', joinedAt: opening })
  })

  it('keeps a birthday sealed, takes it once, and knows the calendar', async () => {
    const ports = await openProgramme()
    const bad = await joinMembership(ports, customer('ann'), { termsRevision: 1, birthday: { month: 2, day: 30 } })
    expect(bad._unsafeUnwrapErr()).toEqual({ type: 'BirthdayInvalid', month: 2, day: 30 })
    await enter(ports, 'ann', { month: 2, day: 29 })
    const { member } = await keptOf(ports, 'ann')
    expect(member?.state).toMatchObject({ birthday: { day: { sealed: {} } } })
    expect((await tellBirthday(ports, customer('ann'), { month: 3, day: 1 }))._unsafeUnwrapErr()).toEqual({
      type: 'BirthdayAlreadyTold',
    })
    await enter(ports, 'bob')
    expect((await tellBirthday(ports, customer('bob'), { month: 3, day: 1 })).isOk()).toBe(true)
  })

  it('is undone at any time; points stay, and what is for members ends', async () => {
    const ports = await openProgramme()
    await enter(ports, 'ann', { month: 11, day: 11 })
    await checkIn(ports, customer('ann'))
    expect((await leaveMembership(ports, customer('ann'))).isOk()).toBe(true)
    expect((await leaveMembership(ports, customer('ann'))).isOk()).toBe(true)
    expect((await keptOf(ports, 'ann')).member?.state).not.toHaveProperty('birthday')
    expect((await checkIn(ports, customer('ann')))._unsafeUnwrapErr()).toEqual({ type: 'NotAMember', accountId: 'ann' })
    expect(await available(ports, 'ann')).toBe(1)
    expect((await leaveMembership(ports, customer('eve')))._unsafeUnwrapErr()).toMatchObject({ type: 'NotAMember' })
  })
})

describe('the daily sign-in', () => {
  it('earns once on a day of the shop, and more on every third in a row', async () => {
    const ports = await openProgramme()
    await enter(ports, 'ann')
    const at = async (now: number) => {
      ports.setNow(now)
      return (await checkIn(ports, customer('ann')))._unsafeUnwrap()
    }
    const endOfDay = Date.UTC(2026, 10, 11, 15, 59, 59)
    expect(await at(endOfDay)).toEqual({ accountId: 'ann', day: '2026-11-11', streakDays: 1, points: 1 })
    expect(await at(endOfDay + 2_000)).toEqual({ accountId: 'ann', day: '2026-11-12', streakDays: 2, points: 1 })
    expect(await at(endOfDay + hoursMs)).toEqual({ accountId: 'ann', day: '2026-11-12', streakDays: 2, points: 0 })
    expect(await at(endOfDay + 25 * hoursMs)).toEqual({ accountId: 'ann', day: '2026-11-13', streakDays: 3, points: 6 })
    expect(await at(endOfDay + 80 * hoursMs)).toMatchObject({ day: '2026-11-15', streakDays: 1, points: 1 })
    expect(await available(ports, 'ann')).toBe(9)
    expect((await keptOf(ports, 'ann')).counted).toHaveLength(4)
  })

  it('earns once when two devices send it at one moment', async () => {
    const ports = await openProgramme()
    await enter(ports, 'ann')
    const both = await Promise.all([checkIn(ports, customer('ann')), checkIn(ports, customer('ann'))])
    expect(both.map((each) => each._unsafeUnwrap().points).sort()).toEqual([0, 1])
    expect(await available(ports, 'ann')).toBe(1)
  })
})

describe('an activity', () => {
  const share = { accountId: 'ann', activity: 'share', reference: 'bob' } as const

  it('earns once for what it is about, for whoever came first', async () => {
    const ports = await openProgramme()
    await enter(ports, 'ann')
    await enter(ports, 'eve')
    expect((await recordActivity(ports, staff(), share))._unsafeUnwrap().points).toBe(5)
    expect((await recordActivity(ports, staff(), share))._unsafeUnwrap().points).toBe(0)
    expect((await recordActivity(ports, staff(), { ...share, accountId: 'eve' }))._unsafeUnwrapErr()).toEqual({
      type: 'ActivityTaken',
      activity: 'share',
      reference: 'bob',
    })
    expect(await available(ports, 'ann')).toBe(5)
  })

  it('earns so often a day, and is not for the member to report', async () => {
    const ports = await openProgramme()
    await enter(ports, 'ann')
    for (const reference of ['a', 'b', 'c']) {
      expect((await recordActivity(ports, staff(), { ...share, reference })).isOk()).toBe(true)
    }
    const refused = await recordActivity(ports, staff(), { ...share, reference: 'd' })
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'ActivityLimitReached', activity: 'share', perDay: 3 })
    expect((await recordActivity(ports, customer('ann'), share))._unsafeUnwrapErr()).toMatchObject({ type: 'Denied' })
  })
})

describe('a benefit', () => {
  it('is given once in its period, points and coupon together', async () => {
    const ports = await openProgramme()
    await enter(ports, 'ann')
    const both = await Promise.all([1, 2].map(() => claimBenefit(ports, customer('ann'), { benefitId: 'welcome' })))
    expect(both.map((each) => each.isOk()).sort()).toEqual([false, true])
    expect(both.find((each) => each.isErr())?._unsafeUnwrapErr()).toEqual({
      type: 'BenefitTaken',
      benefitId: 'welcome',
      period: 'once',
    })
    expect(await available(ports, 'ann')).toBe(30)
  })

  it('of a birthday is given in its days, once a year', async () => {
    const ports = await openProgramme()
    await enter(ports, 'ann', { month: 12, day: 30 })
    const ask = async (now: number) => {
      ports.setNow(now)
      return claimBenefit(ports, customer('ann'), { benefitId: 'birthday' })
    }
    expect((await ask(opening))._unsafeUnwrapErr()).toMatchObject({ type: 'BenefitNotNow' })
    // The last of the seven days is 5 January in China.
    expect((await ask(Date.UTC(2027, 0, 5, 16)))._unsafeUnwrapErr()).toMatchObject({ type: 'BenefitNotNow' })
    expect((await ask(Date.UTC(2027, 0, 5, 15)))._unsafeUnwrap().points).toBe(100)
    expect((await ask(Date.UTC(2027, 0, 5, 15)))._unsafeUnwrapErr()).toMatchObject({ type: 'BenefitTaken' })
    expect((await ask(Date.UTC(2027, 11, 30, 4))).isOk()).toBe(true)
  })

  it('is for its levels and for members, and must be there', async () => {
    const ports = await openProgramme()
    const ask = (accountId: string, benefitId: string) => claimBenefit(ports, customer(accountId), { benefitId })
    expect((await ask('ann', 'welcome'))._unsafeUnwrapErr()).toEqual({ type: 'NotAMember', accountId: 'ann' })
    await enter(ports, 'ann')
    expect((await ask('ann', 'gold-only'))._unsafeUnwrapErr()).toMatchObject({ type: 'BenefitNeedsLevel' })
    expect((await ask('ann', 'none'))._unsafeUnwrapErr()).toEqual({ type: 'BenefitUnknown', benefitId: 'none' })
  })
})

const insist = async <Answer, Failure extends { readonly type: string }>(
  send: () => ResultAsync<Answer, Failure>,
): Promise<string> => {
  for (;;) {
    const answer = await send()
    if (answer.isOk()) return 'given'
    if (answer.error.type !== 'Busy') return answer.error.type
  }
}

describe('a reward', () => {
  it('costs its points and gives its coupon, or neither', async () => {
    const ports = await openProgramme({ issues: 1 })
    await give(ports, 'ann', 1_000)
    const redeem = () => redeemReward(ports, customer('ann'), { rewardId: 'coupon' })
    expect((await redeem())._unsafeUnwrap()).toMatchObject({ rewardId: 'coupon', points: 200, available: 800 })
    expect((await redeem())._unsafeUnwrapErr()).toEqual({ type: 'CouponsExhausted', offerId: 'twenty-off', left: 0 })
    expect(await available(ports, 'ann')).toBe(800)
  })

  it('says why it cannot be had', async () => {
    const ports = await openProgramme()
    const redeem = async (rewardId: string) =>
      (await redeemReward(ports, customer('ann'), { rewardId }))._unsafeUnwrapErr()
    expect(await redeem('coupon')).toEqual({ type: 'PointsInsufficient', available: 0, requested: 200 })
    await give(ports, 'ann', 450)
    expect(await redeem('none')).toEqual({ type: 'RewardUnknown', rewardId: 'none' })
    expect(await redeem('over')).toEqual({ type: 'RewardNotOpen', rewardId: 'over', from: null, to: opening })
    expect(await redeem('silver-only')).toEqual({
      type: 'RewardNeedsLevel',
      rewardId: 'silver-only',
      levels: ['silver'],
    })
    expect(await redeem('for-many')).toEqual({ type: 'PointsInsufficient', available: 450, requested: 500 })
    await redeemReward(ports, customer('ann'), { rewardId: 'coupon' })
    await redeemReward(ports, customer('ann'), { rewardId: 'coupon' })
    expect(await redeem('coupon')).toEqual({ type: 'RewardLimitReached', rewardId: 'coupon', limit: 2 })
  })

  it('counts what was had before its limits were published or changed', async () => {
    const [first] = programme.rewards
    if (first === undefined) throw new Error('no reward')
    const { perMember: _, stock: __, ...open } = first
    const ports = await openProgramme({ terms: { ...programme, rewards: [open] } })
    await give(ports, 'ann', 2_000)
    await give(ports, 'bob', 2_000)
    const redeem = (accountId: string) => redeemReward(ports, customer(accountId), { rewardId: 'coupon' })
    const publish = async (expectedRevision: number, limits: { stock?: number; perMember?: number }) => {
      const rewards = [{ ...open, ...limits }]
      ;(await publishMembership(ports, staff(), { expectedRevision, ...programme, rewards }))._unsafeUnwrap()
    }
    expect((await redeem('ann')).isOk()).toBe(true)
    expect((await redeem('ann')).isOk()).toBe(true)
    await publish(1, { stock: 3, perMember: 2 })
    expect((await redeem('ann'))._unsafeUnwrapErr()).toEqual({
      type: 'RewardLimitReached',
      rewardId: 'coupon',
      limit: 2,
    })
    expect((await redeem('bob')).isOk()).toBe(true)
    expect((await redeem('bob'))._unsafeUnwrapErr()).toEqual({ type: 'RewardExhausted', rewardId: 'coupon' })
    await publish(2, { stock: 4, perMember: 3 })
    expect((await redeem('ann')).isOk()).toBe(true)
    expect((await redeem('bob'))._unsafeUnwrapErr()).toEqual({ type: 'RewardExhausted', rewardId: 'coupon' })
  })

  it('is had by no more than there are, of 64 who ask at once', async () => {
    const ports = await openProgramme()
    const names = Array.from({ length: 64 }, (_, place) => `m${place}`)
    await Promise.all(names.map((name) => give(ports, name, 200)))
    const answers = await Promise.all(
      names.map((name) => insist(() => redeemReward(ports, customer(name), { rewardId: 'coupon' }))),
    )
    expect(answers.filter((answer) => answer === 'given')).toHaveLength(10)
    expect(answers.filter((answer) => answer === 'RewardExhausted')).toHaveLength(54)
    const left = await Promise.all(names.map((name) => available(ports, name)))
    expect(left.reduce((sum, each) => sum + each, 0)).toBe(54 * 200)
  })

  it('is bought with points that are there, of 64 who ask for one member at once', async () => {
    const [first] = programme.rewards
    if (first === undefined) throw new Error('no reward')
    const { perMember: _, ...open } = first
    const ports = await openProgramme({ terms: { ...programme, rewards: [{ ...open, stock: 1_000 }] } })
    await give(ports, 'ann', 700)
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => insist(() => redeemReward(ports, customer('ann'), { rewardId: 'coupon' }))),
    )
    expect(answers.filter((answer) => answer === 'given')).toHaveLength(3)
    expect(answers.filter((answer) => answer === 'PointsInsufficient')).toHaveLength(61)
    expect(await available(ports, 'ann')).toBe(100)
  })
})

describe('points that end soon', () => {
  it('are told of once, with their number and when they end', async () => {
    const ports = await openProgramme()
    await give(ports, 'ann', 40, opening + 20 * daysMs)
    await give(ports, 'ann', 2, opening + 25 * daysMs)
    await give(ports, 'bob', 7, opening + 90 * daysMs)
    expect((await tellExpiringPoints(ports, { limit: 10 }))._unsafeUnwrap()).toEqual({ done: 1, failed: [] })
    expect((await tellExpiringPoints(ports, { limit: 10 }))._unsafeUnwrap()).toEqual({ done: 0, failed: [] })
    const { told } = (
      await readFacts(ports.storage, {
        shop: ports.shop,
        scope: { kind: 'all' },
        at: opening,
        plan: { told: find(messages, { where: [], limit: 10 }) },
      })
    )._unsafeUnwrap()
    const texts = told.map(({ state }) => [
      state.accountId,
      writeMessage(state.template, state.facts, { locale: 'en' }).text,
    ])
    expect(texts).toEqual([
      [
        'ann',
        '42 of your points end soon, the first at 2026-12-01 04:00 UTC, the last at 2026-12-06 04:00 UTC. Spend them before.',
      ],
    ])
  })
})
