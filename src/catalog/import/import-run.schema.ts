import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { currencySchema } from '../../shared/money.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput, parseStored } from '../../shared/stored.schema.js'
import { merchantIdInput, taxClassInput } from '../product.schema.js'
import type { ColumnMapping } from './csv-rows.js'
import type { ImportCounts, ImportRun } from './import-run.js'

const counts = schemaOf<ImportCounts>()(
  z.object({ created: z.int(), updated: z.int(), unchanged: z.int(), failed: z.int() }),
)

const importRunSchema = schemaOf<ImportRun>()(
  z.object({
    status: z.enum(['running', 'done']),
    importId: z.string(),
    merchantId: z.string(),
    lineDone: z.int(),
    counts,
    startedAt: z.int(),
    updatedAt: z.int(),
  }),
)

/** Imports and how far they have come. */
export const importRuns: Collection<ImportRun> = {
  name: 'importRun',
  rank: 31,
  schemaVersion: 1,
  fields: {
    status: { type: 'text', path: 'status' },
    merchantId: { type: 'text', path: 'merchantId' },
    updatedAt: { type: 'instant', path: 'updatedAt' },
  },
  ownership: { merchant: 'merchantId' },
  parse: parseStored<ImportRun>('importRun')(importRunSchema),
}

/** What an import is asked, beside the file itself. */
export type ImportOptions = {
  /** Names the import: the same id goes on where it stopped, and answers again when it is done. */
  readonly importId: string
  readonly format: 'jsonl' | 'csv' | 'rows'
  /** Of CSV: which of our columns each column is. */
  readonly mapping?: ColumnMapping
  readonly merchantId: string
  /** Of rows that state none. */
  readonly currency: string
  /** Of rows that state none; `standard` when absent. */
  readonly taxClass?: string
  /** Rows written in one go, 1 to 2000; 500 when absent. */
  readonly batchSize?: number
}

/** Checks what an import is asked. */
export const parseImportOptions = parseInput<ImportOptions>(
  schemaOf<ImportOptions>()(
    z.strictObject({
      importId: z.string().min(1).max(200),
      format: z.enum(['jsonl', 'csv', 'rows']),
      mapping: z.exactOptional(z.record(z.string().max(200), z.string().max(200))),
      merchantId: merchantIdInput,
      currency: currencySchema,
      taxClass: z.exactOptional(taxClassInput),
      batchSize: z.exactOptional(z.int().min(1).max(2_000)),
    }),
  ),
)
