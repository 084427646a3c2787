import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { parseStored } from '../../shared/stored.schema.js'
import { type PrivacyRequest, privacyAskers, privacyRequestKinds } from './privacy-request.js'

const facts = {
  requestId: z.string(),
  number: z.string(),
  accountId: z.string(),
  kind: z.enum(privacyRequestKinds),
  askedAt: z.int(),
  dueAt: z.int(),
  askedBy: z.exactOptional(z.enum(privacyAskers)),
}

const verdict = z.object({
  record: z.string(),
  verdict: z.enum(['erase', 'anonymise', 'restrict', 'none']),
  law: z.exactOptional(z.enum(['E-Commerce Law 31', 'PIPL 14'])),
  until: z.exactOptional(z.int()),
})

/** Requests about personal data, each with a number and a day by which it is answered. */
export const privacyRequests: Collection<PrivacyRequest> = {
  name: 'privacyRequest',
  rank: 34,
  schemaVersion: 1,
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    kind: { type: 'text', path: 'kind' },
    status: { type: 'text', path: 'status' },
    askedAt: { type: 'instant', path: 'askedAt' },
    dueAt: { type: 'instant', path: 'dueAt' },
  },
  ownership: { own: 'accountId' },
  parse: parseStored<PrivacyRequest>('privacyRequest')(
    z.discriminatedUnion('status', [
      z.object({ ...facts, status: z.literal('open') }),
      z.object({
        ...facts,
        status: z.literal('done'),
        answeredAt: z.int(),
        verdicts: z.exactOptional(z.array(verdict)),
      }),
      z.object({
        ...facts,
        status: z.literal('refused'),
        answeredAt: z.int(),
        reason: z.enum(['legalDuty', 'businessOpen', 'othersHarmed', 'notIdentified']),
      }),
    ]),
  ),
}
