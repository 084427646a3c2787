import * as z from 'zod'
import { currencySchema } from '../../shared/money.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import type { LocalText } from '../local-text.js'
import {
  attributesInput,
  externalIdInput,
  optionsInput,
  skuInput,
  tagsInput,
  taxClassInput,
  urlInput,
  weightInput,
} from '../product.schema.js'
import { type ImportRow, type ImportText, type ImportVariant, mostVariants } from './import-row.js'

const text = (longest: number) =>
  schemaOf<ImportText>()(
    z.union([
      z.string().max(longest),
      schemaOf<Partial<LocalText>>()(
        z.strictObject({
          en: z.exactOptional(z.string().max(longest)),
          'zh-CN': z.exactOptional(z.string().max(longest)),
        }),
      ),
    ]),
  )

const variant = {
  sku: z.exactOptional(skuInput),
  options: z.exactOptional(optionsInput),
  price: z.exactOptional(z.union([z.string().max(40), z.number()])),
  priceMinor: z.exactOptional(z.int().min(0)),
  weightGrams: z.exactOptional(weightInput),
  taxClass: z.exactOptional(taxClassInput),
  discountable: z.exactOptional(z.boolean()),
  stock: z.exactOptional(z.int().min(0).max(1_000_000_000)),
}

/** Checks a row of a catalog file. */
export const parseImportRow = parseInput<ImportRow>(
  schemaOf<ImportRow>()(
    z.strictObject({
      externalId: externalIdInput,
      title: z.exactOptional(text(300)),
      description: z.exactOptional(text(20_000)),
      brand: z.exactOptional(z.string().max(120)),
      categoryPath: z.exactOptional(z.array(text(120)).max(100)),
      variants: z.exactOptional(z.array(schemaOf<ImportVariant>()(z.strictObject(variant))).max(mostVariants)),
      currency: z.exactOptional(currencySchema),
      attributes: z.exactOptional(attributesInput),
      images: z.exactOptional(z.array(urlInput).max(60)),
      tags: z.exactOptional(tagsInput),
      perPersonLimit: z.exactOptional(z.int().min(1).max(1_000_000).nullable()),
      status: z.exactOptional(z.enum(['draft', 'active'])),
      ...variant,
    }),
  ),
)
