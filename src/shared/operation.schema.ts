import * as z from 'zod'
import type { Collection } from './collection.js'
import type { Operation } from './operation.js'
import { jsonObjectSchema, parseStored } from './stored.schema.js'

const common = { command: z.string(), actor: z.string(), fingerprint: z.string(), at: z.int() }

const operationSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('started'), ...common, step: jsonObjectSchema }),
  z.object({ status: z.literal('answered'), ...common, answer: jsonObjectSchema.nullable() }),
])

/** Command keys and what became of them. */
export const operations: Collection<Operation> = {
  name: 'operation',
  rank: 10,
  schemaVersion: 1,
  fields: {
    command: { type: 'text', path: 'command' },
    status: { type: 'text', path: 'status' },
    at: { type: 'instant', path: 'at' },
  },
  ownership: 'public',
  parse: parseStored<Operation>('operation')(operationSchema),
}
