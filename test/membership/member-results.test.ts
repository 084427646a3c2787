import fc from 'fast-check'
import { createShop } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { type MemberResults, memberResultsCsv } from '../../src/membership/member-results.js'
import { countPurchase } from '../../src/membership/member-tally.js'
import { hoursMs } from '../../src/shared/instant.js'
import { must, openingTime } from '../shop/open-shop.js'
import { by, clerk, join } from '../shop/world.js'
import { buyKettles, deliverAll, openStall, type Stall } from '../support/open-stall.js'
import { programme } from './open-programme.js'

const results = async ({ shop }: Stall) => must(await shop.membership.results(by(clerk)))

describe('the results of the programme', () => {
  it('count members of each level, benefits taken, points and customers who bought again', async () => {
    const stall = await openStall([])
    const { shop } = stall
    const welcome = {
      ...programme.benefits[0]!,
      benefitId: 'welcome',
      levels: ['ordinary'],
      points: 30,
      couponOfferIds: [],
    }
    must(await shop.membership.publish(by(clerk), { ...programme, expectedRevision: 0, benefits: [welcome] }))
    const ann = await join(stall, 'ann@example.com', 'Ann')
    const bob = await join(stall, 'bob@example.com', 'Bob')
    must(await shop.membership.join(by(ann.actor), { termsRevision: 1 }))
    must(await shop.membership.join(by(bob.actor), { termsRevision: 1 }))
    must(await shop.membership.claimBenefit(by(ann.actor), { benefitId: 'welcome' }))
    must(await shop.membership.leave(by(bob.actor)))
    await buyKettles(stall, ann.actor, 1)
    await buyKettles(stall, ann.actor, 1)
    await buyKettles(stall, ann.actor, 1)
    await buyKettles(stall, bob.actor, 1)
    await deliverAll(stall)
    await deliverAll(stall)
    const found = await results(stall)
    expect(found.levels.map(({ levelId, members }) => [levelId, members])).toEqual([
      ['ordinary', 1],
      ['silver', 0],
      ['gold', 0],
      ['diamond', 0],
    ])
    expect(found).toMatchObject({ joined: 2, left: 1, buyers: 2, repeatBuyers: 1, repeatRateBasisPoints: 5_000 })
    expect(found.benefits.map(({ benefitId, taken }) => [benefitId, taken])).toEqual([['welcome', 1]])
    expect(found.points).toEqual({ earned: 30, spent: 0, restored: 0, expired: 0, takenBack: 0 })
    expect(found.redemptionRateBasisPoints).toBe(0)
  })

  it('are those of the days asked for, as the programme counts days; who stands on a level is who stood when they ended', async () => {
    const stall = await openStall([])
    const ann = await join(stall, 'ann@example.com', 'Ann')
    const bob = await join(stall, 'bob@example.com', 'Bob')
    must(await stall.shop.membership.join(by(ann.actor), { termsRevision: 0 }))
    // 23:30 of the same day in Shanghai, then half an hour into the next.
    const lateAt = openingTime + 13.5 * hoursMs
    const shopAt = (now: number) => createShop({ ...stall.ports, clock: { now: () => now } })
    must(await shopAt(lateAt).membership.checkIn(by(ann.actor)))
    must(await shopAt(lateAt + hoursMs).membership.join(by(bob.actor), { termsRevision: 0 }))
    const later = { ...stall, shop: shopAt(lateAt + hoursMs) }
    await deliverAll(later)
    const of = async (from: string, to: string) => {
      const asked = { period: { from, to } }
      const { joined, levels, points } = must(await later.shop.membership.results(by(clerk), asked))
      return [joined, levels[0]?.members, points.earned]
    }
    expect(await of('2026-03-10', '2026-03-10')).toEqual([1, 1, 1])
    expect(await of('2026-03-11', '2026-03-11')).toEqual([1, 2, 0])
    expect(await of('2026-03-01', '2026-03-31')).toEqual([2, 2, 1])
    expect(await of('2026-02-01', '2026-03-09')).toEqual([0, 0, 0])
    expect(must(await later.shop.membership.results(by(clerk))).joined).toBe(2)
  })

  it('are those of the guide’s ladder where no terms are published, and are for staff alone', async () => {
    const stall = await openStall([])
    const ann = await join(stall, 'ann@example.com', 'Ann')
    must(await stall.shop.membership.join(by(ann.actor), { termsRevision: 0 }))
    await deliverAll(stall)
    const { levels, redemptionRateBasisPoints, repeatRateBasisPoints } = await results(stall)
    expect(levels[0]).toMatchObject({ levelId: 'ordinary', members: 1, reached: 0, fallen: 0 })
    expect([redemptionRateBasisPoints, repeatRateBasisPoints]).toEqual([null, null])
    const denied = await stall.shop.membership.results(by(ann.actor))
    expect(denied._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'membership.results' })
  })

  it('count a buyer once and a buyer who came back once, however many orders there are', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('ann', 'bob', 'cy'), { maxLength: 12 }), (orders) => {
        const tallies = new Map<string, number>()
        for (const accountId of orders) {
          for (const change of countPurchase(accountId, tallies, { year: 2026, month: 11, day: 11 })) {
            if (change.kind !== 'adjust' || change.id.includes('@')) continue
            const { id, by: moved, initial = 0, floor } = change
            const value = (tallies.get(id) ?? initial) + moved
            expect(value).toBeGreaterThanOrEqual(floor)
            tallies.set(id, value)
          }
        }
        const bought = (times: number) =>
          new Set(orders.filter((id) => orders.filter((other) => other === id).length >= times)).size
        expect([tallies.get('buyers') ?? 0, tallies.get('repeatBuyers') ?? 0]).toEqual([bought(1), bought(2)])
      }),
    )
  })

  it('are a figure a row as comma-separated values', () => {
    const level = { levelId: 'gold', title: { 'zh-CN': '=金卡', en: 'Gold' }, members: 2, reached: 1, fallen: 0 }
    const results: MemberResults = {
      period: null,
      levels: [level],
      joined: 3,
      left: 1,
      benefits: [{ benefitId: 'welcome', title: { 'zh-CN': '', en: 'Welcome, all' }, taken: 4 }],
      points: { earned: 100, spent: 40, restored: 15, expired: 5, takenBack: 0 },
      redemptionRateBasisPoints: 2_500,
      buyers: 0,
      repeatBuyers: 0,
      repeatRateBasisPoints: null,
    }
    expect(memberResultsCsv(results).split('\r\n')).toEqual([
      'figure,id,title,value',
      "level.members,gold,'=金卡,2",
      "level.reached,gold,'=金卡,1",
      "level.fallen,gold,'=金卡,0",
      'benefit.taken,welcome,"Welcome, all",4',
      'points.earned,,,100',
      'points.spent,,,40',
      'points.restored,,,15',
      'points.expired,,,5',
      'points.takenBack,,,0',
      'joined,,,3',
      'left,,,1',
      'buyers,,,0',
      'repeatBuyers,,,0',
      'redemptionRateBasisPoints,,,2500',
      'repeatRateBasisPoints,,,',
      '',
    ])
  })
})
