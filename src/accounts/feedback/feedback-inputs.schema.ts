import * as z from 'zod'
import { freeTextSchema } from '../../shared/free-text.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import type { AnswerSurveyInput, MonthsInput, ShowSurveyInput } from './feedback-inputs.js'
import { surveyStages } from './survey.js'

const id = z.string().min(1).max(100)
const name = z.string().min(1).max(50)
const month = z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/)

export const parseShowSurvey = parseInput<ShowSurveyInput>(
  schemaOf<ShowSurveyInput>()(z.strictObject({ challengeId: z.exactOptional(id) })),
)
export const parseAnswerSurvey = parseInput<AnswerSurveyInput>(
  schemaOf<AnswerSurveyInput>()(
    z.strictObject({
      stage: z.enum(surveyStages),
      challengeId: z.exactOptional(id),
      reply: z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('answers'),
          answers: z
            .record(name, freeTextSchema(100).min(1))
            .refine((given) => Object.keys(given).length <= 20, { message: 'At most 20 answers' }),
        }),
        z.strictObject({ kind: z.literal('declined') }),
      ]),
    }),
  ),
)
export const parseMonths = parseInput<MonthsInput>(
  schemaOf<MonthsInput>()(
    z.strictObject({ from: month, to: month }).refine(
      (given) => {
        const count = monthsOf(given).length
        return count >= 1 && count <= 24
      },
      { path: ['to'], message: 'A period is of 1 to 24 months' },
    ),
  ),
)

/** The months of a period; none where it ends before it begins, and never more than 25. */
export const monthsOf = ({ from, to }: MonthsInput): readonly string[] => {
  const months: string[] = []
  for (let at = from; at <= to && months.length < 25; ) {
    months.push(at)
    const [year = 0, number = 0] = at.split('-').map(Number)
    at = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
  }
  return months
}
