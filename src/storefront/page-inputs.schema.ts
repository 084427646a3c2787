import * as z from 'zod'
import { parseInput } from '../shared/stored.schema.js'

const id = z.string().min(1).max(200)

/** A product, and nothing else. */
export const parseProductId = parseInput<{ readonly productId: string }>(z.strictObject({ productId: id }))

/** Nothing at all. */
export const parseNothing = parseInput<Readonly<Record<string, never>>>(z.strictObject({}))
