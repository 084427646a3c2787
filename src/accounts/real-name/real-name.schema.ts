import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { sealedSchema } from '../../shared/personal-data.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput, parseStored } from '../../shared/stored.schema.js'
import { guardianWord, personName } from '../inputs.schema.js'
import { type RealNameProof, realNameKinds } from './real-name.js'
import type { ProveRealNameInput } from './real-name-inputs.js'

/** What the shop keeps of proofs of real names, one row a person. */
export const realNameProofs: Collection<RealNameProof> = {
  name: 'realNameProof',
  rank: 38,
  schemaVersion: 1,
  fields: { accountId: { type: 'text', path: 'accountId' }, provenAt: { type: 'instant', path: 'provenAt' } },
  ownership: { own: 'accountId' },
  parse: parseStored<RealNameProof>('realNameProof')(
    z.object({
      accountId: z.string(),
      kind: z.enum(realNameKinds),
      ageClass: z.enum(['under14', 'under18', 'adult']),
      reference: sealedSchema,
      provenAt: z.int(),
    }),
  ),
}

const claim = { name: personName, idNumber: z.string().min(1).max(60), guardian: z.exactOptional(guardianWord) }

export const parseProveRealName = parseInput<ProveRealNameInput>(
  schemaOf<ProveRealNameInput>()(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('idCard'), ...claim }),
      z.strictObject({ kind: z.literal('face'), ...claim, captureToken: z.string().min(1).max(2_000) }),
    ]),
  ),
)
