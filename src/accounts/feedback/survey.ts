import { err, ok, type Result } from 'neverthrow'
import { daysMs, type Instant } from '../../shared/instant.js'
import type { Message } from '../../shared/messages.js'

/** When people are asked: while a sign-up waits for its code, soon after it, and again each period. */
export const surveyStages = ['signUp', 'welcome', 'periodic'] as const

export type SurveyStage = (typeof surveyStages)[number]

/** A question of a survey. There is none for free text: what people write in it tells who they are. */
export type SurveyQuestion =
  /** From 1, the worst, to `most`, the best. */
  | { readonly kind: 'scale'; readonly most: number; readonly text: Message }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly text: Message }

/** What people are asked about the shop, and what is told of it. */
export type SurveyPolicy = {
  /** By stage and by the name of the question; a stage without questions is not asked. */
  readonly questions: Readonly<Record<SurveyStage, Readonly<Record<string, SurveyQuestion>>>>
  /** So many days lie between two times that a person is asked. */
  readonly everyDays: number
  /** Fewer answers in a month than that are told to nobody; five when it says less. */
  readonly tellFrom: number
}

/** Answers by question: a number of the scale as text, or a choice. */
export type SurveyAnswers = Readonly<Record<string, string>>

/** Why an answer is not taken. */
export type SurveyAnswerReason = {
  readonly question: string
  /**
   * - `unknown`: nothing is asked under the name
   * - `noChoice`: it is none of the choices, or not on the scale
   */
  readonly reason: 'unknown' | 'noChoice'
}

/** Some answers are none that the questions take, or there is none at all; every reason at once. */
export type SurveyAnswerRefused = {
  readonly type: 'SurveyAnswerRefused'
  readonly reasons: readonly SurveyAnswerReason[]
}

/** Nothing is asked now: answered or declined already, or not yet due. */
export type SurveyNotDue = { readonly type: 'SurveyNotDue'; readonly stage: SurveyStage }

/** When a person was asked: that they answered or declined, never what they said. */
export type SurveyStanding = { readonly accountId: string; readonly welcomeAt?: Instant; readonly periodicAt?: Instant }

/** The policy of a shop that decides nothing of its own. */
export const defaultSurveyPolicy: SurveyPolicy = {
  questions: {
    signUp: {
      ease: { kind: 'scale', most: 5, text: { 'zh-CN': '注册是否方便？', en: 'How easy is it to sign up?' } },
    },
    welcome: {
      satisfaction: { kind: 'scale', most: 5, text: { 'zh-CN': '您对注册过程满意吗？', en: 'How was signing up?' } },
    },
    periodic: {
      satisfaction: {
        kind: 'scale',
        most: 5,
        text: { 'zh-CN': '您对本店满意吗？', en: 'How content are you with us?' },
      },
    },
  },
  everyDays: 90,
  tellFrom: 10,
}

/** What may be answered to a question. */
export const optionsOf = (question: SurveyQuestion): readonly string[] =>
  question.kind === 'choice' ? question.choices : Array.from({ length: question.most }, (_, place) => String(place + 1))

/**
 * Checks answers against the questions of a stage; each may be left out, but not all.
 *
 * @errors SurveyAnswerRefused
 */
export const judgeAnswers = (
  questions: Readonly<Record<string, SurveyQuestion>>,
  answers: SurveyAnswers,
): Result<readonly (readonly [question: string, option: string])[], SurveyAnswerRefused> => {
  const given = Object.entries(answers)
  const reasons = given.flatMap(([question, option]): readonly SurveyAnswerReason[] => {
    const asked = Object.hasOwn(questions, question) ? questions[question] : undefined
    if (asked === undefined) return [{ question, reason: 'unknown' }]
    return optionsOf(asked).includes(option) ? [] : [{ question, reason: 'noChoice' }]
  })
  return reasons.length > 0 || given.length === 0 ? err({ type: 'SurveyAnswerRefused', reasons }) : ok(given)
}

/** What a person with an account is asked now, if anything, or else from when on. */
export const surveyDue = (
  { questions, everyDays }: SurveyPolicy,
  activatedAt: Instant,
  standing: SurveyStanding | undefined,
  now: Instant,
): { readonly stage: 'welcome' | 'periodic' | null; readonly from: Instant } => {
  const isAsked = (stage: SurveyStage): boolean => Object.keys(questions[stage]).length > 0
  const { welcomeAt, periodicAt } = standing ?? {}
  const periodMs = everyDays * daysMs
  if (isAsked('welcome') && welcomeAt === undefined && now < activatedAt + periodMs) {
    return { stage: 'welcome', from: activatedAt }
  }
  const from = Math.max(activatedAt, welcomeAt ?? 0, periodicAt ?? 0) + periodMs
  return { stage: isAsked('periodic') && now >= from ? 'periodic' : null, from }
}
