import * as z from 'zod'
import { rowId } from '../../shared/row-id.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import { guardianWord, personDetails, personName } from '../inputs.schema.js'
import type {
  AnswerPrivacyRequestInput,
  CorrectProfileInput,
  EraseAgainInput,
  ErasurePlanInput,
  ExportDataInput,
  PrivacyRequestsInput,
  ReadHeldInput,
  RequestPrivacyInput,
} from './privacy-inputs.js'
import { privacyAskers, privacyRequestKinds } from './privacy-request.js'

const id = z.string().min(1).max(100)

/** The request that staff carry out. */
export const onRequest = z.strictObject({ requestId: id, accountId: id })

export const parseEraseAgain = parseInput<EraseAgainInput>(
  schemaOf<EraseAgainInput>()(
    z.strictObject({ people: z.array(z.strictObject({ subjectId: id, erasedAt: z.int() })).max(10_000) }),
  ),
)
export const parseErasurePlan = parseInput<ErasurePlanInput>(
  schemaOf<ErasurePlanInput>()(z.strictObject({ onRequest: z.exactOptional(onRequest) })),
)

export const parseExportData = parseInput<ExportDataInput>(
  schemaOf<ExportDataInput>()(
    z.strictObject({
      after: z.exactOptional(z.strictObject({ record: id, id: z.exactOptional(rowId) })),
      onRequest: z.exactOptional(onRequest),
    }),
  ),
)
export const parseReadHeld = parseInput<ReadHeldInput>(
  schemaOf<ReadHeldInput>()(z.strictObject({ accountId: id, record: id, id: rowId })),
)
export const parseRequestPrivacy = parseInput<RequestPrivacyInput>(
  schemaOf<RequestPrivacyInput>()(
    z.strictObject({
      kind: z.enum(privacyRequestKinds),
      onBehalf: z.exactOptional(z.strictObject({ accountId: id, askedBy: z.enum(privacyAskers) })),
    }),
  ),
)
export const parseAnswerPrivacyRequest = parseInput<AnswerPrivacyRequestInput>(
  schemaOf<AnswerPrivacyRequestInput>()(
    z.strictObject({
      requestId: id,
      outcome: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('done') }),
        z.strictObject({
          kind: z.literal('refused'),
          reason: z.enum(['legalDuty', 'businessOpen', 'othersHarmed', 'notIdentified']),
        }),
      ]),
    }),
  ),
)
export const parsePrivacyRequests = parseInput<PrivacyRequestsInput>(
  schemaOf<PrivacyRequestsInput>()(
    z.strictObject({
      status: z.exactOptional(z.enum(['open', 'done', 'refused'])),
      limit: z.exactOptional(z.int().min(1).max(100)),
      after: z.exactOptional(z.strictObject({ dueAt: z.int(), requestId: id })),
    }),
  ),
)
export const parseCorrectProfile = parseInput<CorrectProfileInput>(
  schemaOf<CorrectProfileInput>()(
    z.strictObject({
      name: z.exactOptional(personName.nullable()),
      locale: z.exactOptional(z.enum(['zh-CN', 'en'])),
      details: z.exactOptional(personDetails),
      guardian: z.exactOptional(guardianWord),
      onRequest: z.exactOptional(onRequest),
    }),
  ),
)
