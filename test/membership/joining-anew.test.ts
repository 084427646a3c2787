import { describe, expect, it } from 'vitest'
import { checkIn } from '../../src/membership/check-in.js'
import { claimBenefit } from '../../src/membership/claim-benefit.js'
import { leaveMembership } from '../../src/membership/leave-membership.js'
import { tellBirthday } from '../../src/membership/tell-birthday.js'
import { customer, enter, keptOf, opening, openProgramme } from './open-programme.js'

type Programme = Awaited<ReturnType<typeof openProgramme>>

const leave = async (ports: Programme, accountId: string) =>
  (await leaveMembership(ports, customer(accountId)))._unsafeUnwrap()

describe('who leaves the programme and joins anew', () => {
  it('has no birthday gift by telling another day, in no year twice', async () => {
    const ports = await openProgramme()
    // 3 January in China: a birthday of 1 January is of 2027, one of 31 December of 2026.
    ports.setNow(Date.UTC(2027, 0, 3, 4))
    const ask = () => claimBenefit(ports, customer('ann'), { benefitId: 'birthday' })
    await enter(ports, 'ann', { month: 1, day: 1 })
    expect((await ask())._unsafeUnwrap().points).toBe(100)
    for (const birthday of [
      { month: 12, day: 31 },
      { month: 1, day: 1 },
      { month: 1, day: 2 },
      { month: 12, day: 30 },
    ]) {
      await leave(ports, 'ann')
      await enter(ports, 'ann', birthday)
      expect((await ask())._unsafeUnwrapErr()).toMatchObject({ type: 'BenefitNotNow' })
    }
    // The day that was told last comes round in the year after.
    ports.setNow(Date.UTC(2027, 11, 30, 4))
    expect((await ask())._unsafeUnwrapErr()).toMatchObject({ type: 'BenefitNotNow' })
    ports.setNow(Date.UTC(2028, 11, 30, 4))
    expect((await ask())._unsafeUnwrap().points).toBe(100)
    // A clock put back gives no year again.
    ports.setNow(Date.UTC(2027, 11, 30, 4))
    expect((await ask()).isErr()).toBe(true)
  })

  it('signs in once on one day, and on the next day again', async () => {
    const ports = await openProgramme()
    await enter(ports, 'ann')
    const signIn = async () => (await checkIn(ports, customer('ann')))._unsafeUnwrap()
    expect(await signIn()).toMatchObject({ points: 1, streakDays: 1 })
    await leave(ports, 'ann')
    await enter(ports, 'ann')
    expect(await signIn()).toMatchObject({ day: '2026-11-11', points: 0 })
    ports.setNow(opening + 86_400_000)
    expect(await signIn()).toMatchObject({ day: '2026-11-12', points: 1, streakDays: 1 })
  })
})

describe('a day of birth', () => {
  it('stands in the row of the member and in no event of it', async () => {
    const ports = await openProgramme()
    await enter(ports, 'ann', { month: 2, day: 29 })
    await enter(ports, 'bob')
    ;(await tellBirthday(ports, customer('bob'), { month: 3, day: 1 }))._unsafeUnwrap()
    const kept = JSON.stringify((await keptOf(ports, 'ann')).member?.state)
    expect(kept).toContain('"birthday":{')
    const events = ports.told.filter(({ type }) => type === 'MemberJoined' || type === 'BirthdayTold')
    expect(events.map(({ type }) => type).sort()).toEqual(['BirthdayTold', 'MemberJoined', 'MemberJoined'])
    for (const { body } of events) expect(JSON.stringify(body)).not.toMatch(/birthday"|sealed/)
  })
})
