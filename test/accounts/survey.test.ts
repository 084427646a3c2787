import fc from 'fast-check'
import {
  activateAccount,
  answerSurvey,
  auditLog,
  defaultAccountsPolicy,
  defaultSurveyPolicy,
  entries,
  openSignUp,
  readFacts,
  registerAccount,
  reportSignUps,
  showSurvey,
  surveyResults,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { judgeAnswers, optionsOf, surveyDue } from '../../src/accounts/feedback/survey.js'
import { unchecked } from '../support/unchecked.js'
import {
  clerk,
  customer,
  day,
  goodPassword,
  guest,
  minute,
  must,
  type OpenAccounts,
  openAccounts,
  tagOf,
} from './open-accounts.js'

const months = { from: '2026-11', to: '2026-11' }
const satisfied = (stars: string) => ({ kind: 'answers', answers: { satisfaction: stars } }) as const

const results = async (shop: OpenAccounts, stage: string) =>
  must(await surveyResults(shop.ports, { actor: clerk }, months)).months.find((each) => each.stage === stage)

describe('what a survey asks', () => {
  it('is asked once after the sign-up and once in each period, whatever the person answered', () => {
    const askedAfter = (days: number, standing?: { welcomeAt?: number; periodicAt?: number }) =>
      surveyDue(defaultSurveyPolicy, 0, standing && { accountId: 'a', ...standing }, days * day).stage
    expect([0, 89, 90].map((days) => askedAfter(days))).toEqual(['welcome', 'welcome', 'periodic'])
    expect([1, 90, 91].map((days) => askedAfter(days, { welcomeAt: day }))).toEqual([null, null, 'periodic'])
    expect([100, 189, 190].map((days) => askedAfter(days, { welcomeAt: day, periodicAt: 100 * day }))).toEqual([
      null,
      null,
      'periodic',
    ])
  })

  it('never comes twice within a period', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 80 }), { maxLength: 30 }), (pauses) => {
        let standing: { accountId: string; welcomeAt?: number; periodicAt?: number } = { accountId: 'a' }
        let now = 0
        const asked: number[] = []
        for (const days of pauses) {
          now += days * day
          const { stage } = surveyDue(defaultSurveyPolicy, 0, standing, now)
          if (stage === null) continue
          asked.push(now)
          standing = { ...standing, [`${stage}At`]: now }
        }
        for (const [place, at] of asked.entries())
          expect(at - (asked[place - 1] ?? -90 * day)).toBeGreaterThanOrEqual(90 * day)
      }),
    )
  })

  it('takes what is asked and no other answer, and none at all is none', () => {
    const questions = defaultSurveyPolicy.questions.periodic
    expect(optionsOf({ kind: 'scale', most: 3, text: { en: '', 'zh-CN': '' } })).toEqual(['1', '2', '3'])
    expect(judgeAnswers(questions, { satisfaction: '5' })._unsafeUnwrap()).toEqual([['satisfaction', '5']])
    expect(judgeAnswers(questions, { satisfaction: '6', toString: '1' })._unsafeUnwrapErr().reasons).toEqual([
      { question: 'satisfaction', reason: 'noChoice' },
      { question: 'toString', reason: 'unknown' },
    ])
    expect(judgeAnswers(questions, {}).isErr()).toBe(true)
  })
})

describe('a reply', () => {
  it('is counted, stands nowhere with its person, and is taken once', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join('ann@example.com')
    const actor = customer(accountId)
    expect(must(await showSurvey(shop.ports, { actor }, {})).stage).toBe('welcome')
    const before = shop.stored.length
    must(await answerSurvey(shop.ports, shop.as(actor), { stage: 'welcome', reply: satisfied('4') }))
    // Each text that names the person holds no answer, and the answer is a counter by itself.
    const [counters = '', ...rows] = shop.stored.slice(before)
    expect(counters).toContain('satisfaction/4@2026-11')
    for (const row of rows) expect(row).not.toMatch(/satisfaction|"4"/)
    expect(tagOf(await answerSurvey(shop.ports, shop.as(actor), { stage: 'welcome', reply: satisfied('4') }))).toBe(
      'SurveyNotDue',
    )
    expect(must(await showSurvey(shop.ports, { actor }, {}))).toEqual({ stage: null, from: shop.now() + 90 * day })
    shop.pass(90 * day)
    must(await answerSurvey(shop.ports, shop.as(actor), { stage: 'periodic', reply: { kind: 'declined' } }))
    expect(must(await showSurvey(shop.ports, { actor }, {})).stage).toBeNull()
    const wrong = { stage: 'periodic', reply: satisfied('9') } as const
    shop.pass(90 * day)
    expect(tagOf(await answerSurvey(shop.ports, shop.as(actor), wrong))).toBe('SurveyAnswerRefused')
    expect(must(await showSurvey(shop.ports, { actor }, {})).stage).toBe('periodic')
  })

  it('of a visitor is asked for while their own sign-up waits, and no more once it was answered or declined', async () => {
    const shop = await openAccounts()
    const shown = async (challengeId: string) =>
      must(await showSurvey(shop.ports, { actor: guest }, { challengeId })).stage
    expect(await shown('challenge_nothing')).toBeNull()
    const replies = [{ kind: 'declined' }, { kind: 'answers', answers: { ease: '2' } }]
    for (const [place, reply] of replies.entries()) {
      const { challengeId } = await shop.register(`visitor${place}@example.com`)
      expect(await shown(challengeId)).toBe('signUp')
      must(await answerSurvey(shop.ports, shop.as(guest), { stage: 'signUp', challengeId, reply: unchecked(reply) }))
      expect(await shown(challengeId)).toBeNull()
    }
  })

  it('of a visitor is taken once for a sign-up, whether the address is taken or not', async () => {
    const shop = await openAccounts()
    await shop.join('ann@example.com')
    for (const contact of ['ann@example.com', 'new@example.com']) {
      const { challengeId } = await shop.register(contact)
      const reply = { stage: 'signUp', challengeId, reply: { kind: 'answers', answers: { ease: '2' } } } as const
      expect(must(await showSurvey(shop.ports, { actor: guest }, { challengeId })).stage).toBe('signUp')
      expect(tagOf(await answerSurvey(shop.ports, shop.as(guest), reply))).toBe('ok')
      expect(tagOf(await answerSurvey(shop.ports, shop.as(guest), reply))).toBe('SurveyNotDue')
    }
    const none = { stage: 'signUp', challengeId: 'challenge_none', reply: { kind: 'declined' } } as const
    expect(tagOf(await answerSurvey(shop.ports, shop.as(guest), none))).toBe('SurveyNotDue')
    expect(
      tagOf(await answerSurvey(shop.ports, shop.as(guest), { stage: 'welcome', reply: { kind: 'declined' } })),
    ).toBe('SurveyNotDue')
  })
})

describe('the results of surveys', () => {
  it('are told when the month is over and enough answered: nine are told to nobody, ten are', async () => {
    const shop = await openAccounts()
    shop.setNow(Date.UTC(2026, 10, 2))
    const reply = async (count: number, stars: (place: number) => string) => {
      for (let place = 0; place < count; place += 1) {
        const { challengeId } = await shop.register(`${stars(place)}-${place}-${shop.now()}@example.com`)
        const answers = { ease: stars(place) }
        must(
          await answerSurvey(shop.ports, shop.as(guest), {
            stage: 'signUp',
            challengeId,
            reply: { kind: 'answers', answers },
          }),
        )
      }
    }
    await reply(9, () => '5')
    expect(await results(shop, 'signUp')).toEqual({ month: '2026-11', stage: 'signUp', told: null, because: 'notOver' })
    shop.setNow(Date.UTC(2026, 11, 1))
    expect(await results(shop, 'signUp')).toEqual({ month: '2026-11', stage: 'signUp', told: null, because: 'tooFew' })
    shop.setNow(Date.UTC(2026, 11, 1) - 1)
    await reply(1, () => '3')
    shop.setNow(Date.UTC(2026, 11, 1))
    const told = { answered: 10, declined: 0, questions: { ease: { '1': 0, '2': 0, '3': 1, '4': 0, '5': 9 } } }
    expect(await results(shop, 'signUp')).toEqual({ month: '2026-11', stage: 'signUp', told, because: null })
    // Who asked stands in the log.
    const plan = {
      log: entries(auditLog, { where: [{ field: 'action', is: 'eq', value: 'accounts.surveyResults' }], limit: 9 }),
    }
    const facts = await readFacts(shop.ports.storage, { shop: 'main', scope: { kind: 'all' }, at: shop.now(), plan })
    expect(must(facts).log[0]?.body).toMatchObject({ actor: 'staff:clerk', subject: 'survey:2026-11:2026-11' })
  })

  it('tell nothing of fewer than five, whatever the policy says', async () => {
    const shop = await openAccounts({ policy: { survey: { ...defaultSurveyPolicy, tellFrom: 0 } } })
    shop.setNow(Date.UTC(2026, 10, 2))
    for (const name of ['a', 'b', 'c', 'd']) {
      const accountId = await shop.join(`${name}@example.com`)
      must(await answerSurvey(shop.ports, shop.as(customer(accountId)), { stage: 'welcome', reply: satisfied('1') }))
    }
    shop.setNow(Date.UTC(2026, 11, 1))
    expect((await results(shop, 'welcome'))?.because).toBe('tooFew')
  })
})

describe('the report of sign-ups', () => {
  it('is moved little by who opens the form without end, and everybody is still shown it', async () => {
    const code = { ...defaultAccountsPolicy.code, network: { perHour: 14, perDay: 99 } }
    const shop = await openAccounts({ policy: { code } })
    const openFrom = async (device: string, times: number) => {
      for (let time = 0; time < times; time += 1) {
        const origin = { device, address: '203.0.113.7' }
        expect(must(await openSignUp(shop.ports, { ...shop.as(guest), origin })).openedAt).toBe(shop.now())
      }
    }
    const opened = async () => {
      const report = must(await reportSignUps(shop.ports, { actor: clerk }, months))
      return report.months[0]?.steps[0]?.reached
    }
    // Ten an hour by the device, fourteen by the network.
    await openFrom('robot', 12)
    expect(await opened()).toBe(10)
    await openFrom('neighbour', 6)
    expect(await opened()).toBe(14)
    // Codes are counted apart: the form was not spent for nothing.
    const input = { email: 'ann@example.com', password: goodPassword, locale: 'en' } as const
    const origin = { device: 'robot', address: '203.0.113.7' }
    must(await registerAccount(shop.ports, { ...shop.as(guest), origin }, input))
    shop.pass(60 * minute)
    await openFrom('robot', 1)
    expect(await opened()).toBe(15)
  })

  it('counts each step, who was lost before it, and how long it took', async () => {
    const shop = await openAccounts()
    const { openedAt } = must(await openSignUp(shop.ports, shop.as(guest)))
    must(await openSignUp(shop.ports, shop.as(guest)))
    shop.pass(90_000)
    const input = { email: 'ann@example.com', password: goodPassword, locale: 'en', openedAt } as const
    const { challengeId } = must(await registerAccount(shop.ports, shop.as(guest), input))
    shop.pass(4 * minute)
    const code = await shop.lastCode('ann@example.com')
    must(await activateAccount(shop.ports, shop.as(guest), { challengeId, code }))
    // A browser's clock counts in no other month, and none that is beyond belief.
    for (const wrong of [0, shop.now() + 40 * day]) {
      const other = { ...input, email: `other${wrong}@example.com`, openedAt: wrong } as const
      must(await registerAccount(shop.ports, shop.as(guest), other))
    }
    const report = must(await reportSignUps(shop.ports, { actor: clerk }, { from: '2026-10', to: '2026-12' }))
    const [october, november, december] = report.months
    expect(november?.steps.map(({ step, reached, lost, medianUpToMs }) => [step, reached, lost, medianUpToMs])).toEqual(
      [
        ['opened', 2, null, null],
        ['registered', 3, 0, 2 * minute],
        ['activated', 1, 2, 5 * minute],
      ],
    )
    for (const month of [october, december]) expect(month?.steps.map(({ reached }) => reached)).toEqual([0, 0, 0])
    expect(tagOf(await reportSignUps(shop.ports, { actor: clerk }, { from: '2026-12', to: '2026-11' }))).toBe(
      'InvalidInput',
    )
    expect(tagOf(await reportSignUps(shop.ports, { actor: clerk }, { from: '2026-01', to: '2028-01' }))).toBe(
      'InvalidInput',
    )
  })
})
