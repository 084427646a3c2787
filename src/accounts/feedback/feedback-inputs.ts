import type { SurveyAnswers, SurveyStage } from './survey.js'

/** The sign-up that was begun, for a visitor; none for a person with an account. */
export type ShowSurveyInput = { readonly challengeId?: string }

/** What a person says to a survey: answers, or that they wish to give none. */
export type AnswerSurveyInput = {
  readonly stage: SurveyStage
  /** The sign-up that waits for its code, where the stage is `signUp`. */
  readonly challengeId?: string
  readonly reply: { readonly kind: 'answers'; readonly answers: SurveyAnswers } | { readonly kind: 'declined' }
}

/** Months of UTC from the first to the last, both included (`2026-11`); at most 24. */
export type MonthsInput = { readonly from: string; readonly to: string }
