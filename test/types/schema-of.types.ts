import * as z from 'zod'
import { schemaOf } from '../../src/shared/schema-of.js'

type Reward =
  | { readonly kind: 'off'; readonly amountMinor: number }
  | { readonly kind: 'gift'; readonly sku: string; readonly note?: string }

const off = z.strictObject({ kind: z.literal('off'), amountMinor: z.int() })
const gift = z.strictObject({ kind: z.literal('gift'), sku: z.string(), note: z.exactOptional(z.string()) })

// The schema comes back as what it is.
export const rewardSchema: z.ZodUnion<[typeof off, typeof gift]> = schemaOf<Reward>()(z.union([off, gift]))
export const discriminated = schemaOf<Reward>()(z.discriminatedUnion('kind', [gift, off]))

// @ts-expect-error a member of the union is missing
export const variantMissing = schemaOf<Reward>()(z.discriminatedUnion('kind', [off]))

export const variantTooMany = schemaOf<Reward>()(
  // @ts-expect-error a member of the union too many
  z.discriminatedUnion('kind', [off, gift, z.strictObject({ kind: z.literal('points') })]),
)

type Line = { readonly sku: string; readonly tags: readonly string[]; readonly at: readonly [number, number] }
const line = { sku: z.string(), tags: z.array(z.string()), at: z.tuple([z.number(), z.number()]) }

export const whole = schemaOf<Line>()(z.strictObject(line))

// @ts-expect-error a field is missing
export const fieldMissing = schemaOf<Line>()(z.strictObject({ sku: line.sku, tags: line.tags }))

// @ts-expect-error a field too many
export const fieldTooMany = schemaOf<Line>()(z.strictObject({ ...line, quantity: z.int() }))

// @ts-expect-error an optional field too many
export const optionalTooMany = schemaOf<Line>()(z.strictObject({ ...line, note: z.exactOptional(z.string()) }))

// @ts-expect-error a field is of another type
export const otherType = schemaOf<Line>()(z.strictObject({ ...line, sku: z.int() }))

// @ts-expect-error a field may be left out that may not be
export const leftOut = schemaOf<Line>()(z.strictObject({ ...line, sku: z.exactOptional(z.string()) }))

// @ts-expect-error a tuple is shorter
export const shorterTuple = schemaOf<Line>()(z.strictObject({ ...line, at: z.tuple([z.number()]) }))

// @ts-expect-error anything at all is accepted
export const anything = schemaOf<Line>()(z.strictObject({ ...line, sku: z.any() }))

type Nested = {
  readonly lines: readonly { readonly reward: Reward | null }[]
  readonly byId: Readonly<Record<string, Line>>
}

export const nested = schemaOf<Nested>()(
  z.strictObject({
    lines: z.array(z.strictObject({ reward: z.nullable(z.union([off, gift])) })),
    byId: z.record(z.string(), z.strictObject(line)),
  }),
)

export const nestedVariantMissing = schemaOf<Nested>()(
  // @ts-expect-error a member of a union is missing, two levels down
  z.strictObject({
    lines: z.array(z.strictObject({ reward: z.nullable(off) })),
    byId: z.record(z.string(), z.strictObject(line)),
  }),
)

type Note = { readonly text?: string }

// @ts-expect-error an optional field may hold undefined, which the type leaves out
export const undefinedAllowed = schemaOf<Note>()(z.strictObject({ text: z.string().optional() }))

// Intersections are the fields they stand for.
export const merged = schemaOf<Note & { readonly id: string }>()(
  z.strictObject({ id: z.string(), text: z.exactOptional(z.string()) }),
)

type Tree = { readonly name: string; readonly children: readonly Tree[] }
const treeSchema: z.ZodType<Tree> = z.lazy(() => z.strictObject({ name: z.string(), children: z.array(treeSchema) }))
export const tree = schemaOf<Tree>()(treeSchema)

type Status = 'open' | 'closed'
export const status = schemaOf<Status>()(z.enum(['closed', 'open']))

// @ts-expect-error a literal is missing
export const statusMissing = schemaOf<Status>()(z.enum(['open']))

// @ts-expect-error any text is accepted where only two words are meant
export const statusWide = schemaOf<Status>()(z.string())
