import * as z from 'zod'
import { schemaOf } from '../../shared/schema-of.js'
import type { AttributeDefinition } from './attribute-definition.js'
import { isReadableUnit } from './measure.js'

const text = (longest: number) => z.strictObject({ en: z.string().max(longest), 'zh-CN': z.string().max(longest) })
const named = { name: z.string().min(1).max(80), title: text(80) }
const unit = z
  .string()
  .min(1)
  .max(20)
  .refine(isReadableUnit, { error: 'A unit that is read beside a number: letters, %, °, m², km/h' })
  .nullable()

/** What products of a category may state, at the door. */
export const attributeDefinitionInput = schemaOf<AttributeDefinition>()(
  z.discriminatedUnion('kind', [
    z.strictObject({ ...named, kind: z.literal('text') }),
    z.strictObject({ ...named, kind: z.literal('boolean') }),
    z.strictObject({
      ...named,
      kind: z.literal('enum'),
      values: z
        .array(z.strictObject({ value: z.string().min(1).max(120), title: text(120) }))
        .min(1)
        .max(200)
        .refine((held) => new Set(held.map(({ value }) => value)).size === held.length, {
          error: 'Every value stands once',
        }),
    }),
    z.strictObject({
      ...named,
      kind: z.literal('number'),
      unit,
      min: z.exactOptional(z.number()),
      max: z.exactOptional(z.number()),
    }),
    z.strictObject({ ...named, kind: z.literal('range'), unit }),
    z.strictObject({ ...named, kind: z.literal('date') }),
  ]),
)

const storedText = z.object({ en: z.string(), 'zh-CN': z.string() })
const storedName = { name: z.string(), title: storedText }
const storedUnit = z.string().nullable()

/** The same as it is stored. */
export const storedAttributeDefinition = schemaOf<AttributeDefinition>()(
  z.discriminatedUnion('kind', [
    z.object({ ...storedName, kind: z.literal('text') }),
    z.object({ ...storedName, kind: z.literal('boolean') }),
    z.object({
      ...storedName,
      kind: z.literal('enum'),
      values: z.array(z.object({ value: z.string(), title: storedText })),
    }),
    z.object({
      ...storedName,
      kind: z.literal('number'),
      unit: storedUnit,
      min: z.exactOptional(z.number()),
      max: z.exactOptional(z.number()),
    }),
    z.object({ ...storedName, kind: z.literal('range'), unit: storedUnit }),
    z.object({ ...storedName, kind: z.literal('date') }),
  ]),
)
