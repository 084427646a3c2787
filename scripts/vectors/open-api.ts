import * as z from 'zod'

const schemaShape = z.looseObject({
  $ref: z.string().optional(),
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  pattern: z.string().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  required: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  allOf: z.array(z.unknown()).optional(),
})

/** What of a value breaks a schema of an OpenAPI document, as far as requests of ours use its words. */
export const breaches = (
  document: unknown,
  schema: unknown,
  value: unknown,
  path = '',
  whole = true,
): readonly string[] => {
  const rule = schemaShape.parse(schema)
  const at = (what: string) => [`${path === '' ? 'body' : path} ${what}`]
  const referred = rule.$ref === undefined ? [] : breaches(document, resolve(document, rule.$ref), value, path, false)
  const parts = [...referred, ...(rule.allOf ?? []).flatMap((part) => breaches(document, part, value, path, false))]
  if (rule.enum !== undefined && !rule.enum.includes(value)) return [...parts, ...at('is not listed')]
  if (typeof value === 'string') {
    if (rule.type !== undefined && rule.type !== 'string') return [...parts, ...at('is a text')]
    const long = value.length > (rule.maxLength ?? Number.POSITIVE_INFINITY) || value.length < (rule.minLength ?? 0)
    const fits = rule.pattern === undefined || new RegExp(rule.pattern).test(value)
    return [...parts, ...(long ? at('has a wrong length') : []), ...(fits ? [] : at('does not match'))]
  }
  if (Array.isArray(value)) {
    const many = value.length > (rule.maxItems ?? Number.POSITIVE_INFINITY) || value.length < (rule.minItems ?? 0)
    const items =
      rule.items === undefined
        ? []
        : value.flatMap((each, place) => breaches(document, rule.items, each, `${path}[${place}]`))
    return [...parts, ...(many ? at('has a wrong count') : []), ...items]
  }
  if (typeof value !== 'object' || value === null) return parts
  const members = new Map<string, unknown>(Object.entries(value))
  const missing = (rule.required ?? []).filter((name) => !members.has(name)).flatMap((name) => at(`lacks ${name}`))
  // Names are looked for once, over the schema and its parts; a part knows its own alone.
  const known = whole ? namesOf(document, schema) : null
  const unknown =
    known === null
      ? []
      : [...members.keys()].filter((name) => !known.has(name)).flatMap((name) => at(`has an unknown ${name}`))
  const inner = Object.entries(rule.properties ?? {}).flatMap(([name, property]) =>
    members.has(name) ? breaches(document, property, members.get(name), `${path}.${name}`) : [],
  )
  return [...parts, ...missing, ...unknown, ...inner]
}

/** Every name that an object of a schema may have; null where it names none. */
const namesOf = (document: unknown, schema: unknown): ReadonlySet<string> | null => {
  const rule = schemaShape.parse(schema)
  const parts = [...(rule.$ref === undefined ? [] : [resolve(document, rule.$ref)]), ...(rule.allOf ?? [])]
  const names = [
    ...Object.keys(rule.properties ?? {}),
    ...parts.flatMap((part) => [...(namesOf(document, part) ?? [])]),
  ]
  return names.length === 0 ? null : new Set(names)
}

const resolve = (document: unknown, reference: string): unknown =>
  reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>(
      (found, name) => (typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined),
      document,
    )
