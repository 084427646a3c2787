import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { parseStored } from '../../shared/stored.schema.js'
import type { SurveyStanding } from './survey.js'

/** When people were asked about the shop; what they said is counted, and stands nowhere with them. */
export const surveyStandings: Collection<SurveyStanding> = {
  name: 'surveyStanding',
  rank: 36,
  schemaVersion: 1,
  fields: { accountId: { type: 'text', path: 'accountId' } },
  ownership: { own: 'accountId' },
  parse: parseStored<SurveyStanding>('surveyStanding')(
    z.object({
      accountId: z.string(),
      welcomeAt: z.exactOptional(z.int()),
      periodicAt: z.exactOptional(z.int()),
    }),
  ),
}
