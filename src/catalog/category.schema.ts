import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput, parseStored } from '../shared/stored.schema.js'
import type { AttributeDefinition } from './attributes/attribute-definition.js'
import { attributeDefinitionInput, storedAttributeDefinition } from './attributes/attribute-definition.schema.js'
import type { Category } from './category.js'
import type { LocalText } from './local-text.js'
import { localTextInput } from './product.schema.js'

const categorySchema = schemaOf<Category>()(
  z.object({
    categoryId: z.string(),
    parentId: z.string().nullable(),
    name: z.object({ en: z.string(), 'zh-CN': z.string() }),
    slug: z.string(),
    position: z.int(),
    requiredAttributes: z.array(z.string()),
    attributes: z.exactOptional(z.array(storedAttributeDefinition)),
    status: z.enum(['settled', 'moving']),
    movingSince: z.exactOptional(z.int()),
  }),
)

/** The category tree. */
export const categories: Collection<Category> = {
  name: 'category',
  rank: 29,
  schemaVersion: 1,
  fields: {
    parentId: { type: 'text', path: 'parentId' },
    slug: { type: 'text', path: 'slug' },
    position: { type: 'integer', path: 'position' },
    status: { type: 'text', path: 'status' },
  },
  ownership: 'public',
  parse: parseStored<Category>('category')(categorySchema),
}

/** The input of a category's save. */
export type SaveCategoryInput = {
  /** Names an existing category, or chooses the id of a new one. */
  readonly categoryId: string
  /** Null at the top. */
  readonly parentId: string | null
  readonly name: LocalText
  readonly slug: string
  readonly position: number
  readonly requiredAttributes: readonly string[]
  /** What products placed here or below may state; nothing is defined when absent. */
  readonly attributes?: readonly AttributeDefinition[]
}

/** Checks the input of a category's save. */
export const parseSaveCategory = parseInput<SaveCategoryInput>(
  schemaOf<SaveCategoryInput>()(
    z.strictObject({
      categoryId: z.string().min(1).max(200),
      parentId: z.string().min(1).max(200).nullable(),
      name: localTextInput(120).refine((text) => text.en !== '' || text['zh-CN'] !== '', {
        error: 'A name in one language at least',
      }),
      slug: z.string().min(1).max(120),
      position: z.int().min(0).max(1_000_000),
      requiredAttributes: z.array(z.string().min(1).max(80)).max(60),
      attributes: z.exactOptional(
        z
          .array(attributeDefinitionInput)
          .max(120)
          .refine((held) => new Set(held.map(({ name }) => name)).size === held.length, {
            error: 'Every attribute is defined once',
          }),
      ),
    }),
  ),
)
