import type * as z from 'zod'

/** Where what came out is not what the case states. */
export type Difference = { readonly path: string; readonly expected: unknown; readonly actual: unknown }

/** What became of a case. */
export type Verdict =
  | { readonly kind: 'compared'; readonly differences: readonly Difference[] }
  | { readonly kind: 'inexpressible'; readonly reason: string }

/** Thrown where a case asks for something that the library has no word for. */
export class Inexpressible extends Error {}

/** Thrown where the library refuses what a case asks for: that is a difference, never a case that cannot be expressed. */
export class Refused extends Error {
  constructor(
    readonly path: string,
    readonly refusal: string,
  ) {
    super(`${path}: ${refusal}`)
  }
}

/** Reads a case strictly: one with a field that is not known here is not run rather than half understood. */
export const readCase = <Value>(schema: z.ZodType<Value>, raw: unknown): Value => {
  const parsed = schema.safeParse(raw)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const keys = issue !== undefined && 'keys' in issue && Array.isArray(issue.keys) ? ` (${issue.keys.join(', ')})` : ''
  throw new Inexpressible(`unknown shape at ${issue?.path.join('.') || 'the case'}: ${issue?.message}${keys}`)
}

/** Runs a mapping; what it cannot express becomes a verdict. */
export const judge = (run: () => readonly Difference[]): Verdict => {
  try {
    return { kind: 'compared', differences: run() }
  } catch (error) {
    if (error instanceof Refused) {
      return { kind: 'compared', differences: [{ path: error.path, expected: 'no refusal', actual: error.refusal }] }
    }
    if (error instanceof Inexpressible) return { kind: 'inexpressible', reason: error.message }
    throw error
  }
}

/** Collects differences between what a case states and what came out. */
export type Comparison = {
  readonly differences: Difference[]
  /** Notes a difference unless both are the same, member by member; an `undefined` expectation states nothing. */
  readonly expect: (path: string, expected: unknown, actual: unknown) => void
}

export const createComparison = (): Comparison => {
  const differences: Difference[] = []
  return {
    differences,
    expect: (path, expected, actual) => {
      if (expected === undefined || canonical(expected) === canonical(actual)) return
      differences.push({ path, expected, actual })
    },
  }
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
