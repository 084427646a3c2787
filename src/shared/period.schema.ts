import * as z from 'zod'
import type { Period } from './period.js'
import { schemaOf } from './schema-of.js'

const longestPeriodMs = 3_660 * 86_400_000

/** A period of at most ten years, within those that every clock can tell. */
export const periodSchema = schemaOf<Period>()(
  z
    .strictObject({ from: z.iso.date(), to: z.iso.date() })
    .refine(({ from, to }) => from >= '1970' && to < '9999', {
      error: 'Years from 1970 to 9998',
      path: ['to'],
    })
    .refine(({ from, to }) => from <= to, { error: 'It ends before it begins', path: ['to'] })
    .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= longestPeriodMs, {
      error: 'More than ten years',
      path: ['to'],
    }),
)
