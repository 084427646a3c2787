/** One requirement of a port: a sentence, and a check that rejects when it does not hold. */
export type ContractCase<Subject> = {
  readonly name: string
  /** Runs against a new, empty subject each time it is called. */
  readonly run: (create: () => Promise<Subject>) => Promise<void>
}

/** Fails a contract case with the two values as JSON. */
export const expectEqual = (actual: unknown, expected: unknown, what: string): void => {
  const left = sortedJson(actual)
  const right = sortedJson(expected)
  if (left !== right) throw new Error(`${what}: expected ${right}, got ${left}`)
}

/** Fails a contract case with a sentence. */
export const expectTrue = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}

/** The value of a success; fails the contract case with the error otherwise. */
export const expectOk = <Value, Failure>(
  result: { isOk(): boolean; match<A, B>(ok: (value: Value) => A, err: (error: Failure) => B): A | B },
  what: string,
): Value =>
  result.match(
    (value) => value,
    (error): Value => {
      throw new Error(`${what}: ${sortedJson(error)}`)
    },
  )

/** The error of a failure; fails the contract case with the value otherwise. */
export const expectErr = <Value, Failure>(
  result: { match<A, B>(ok: (value: Value) => A, err: (error: Failure) => B): A | B },
  what: string,
): Failure =>
  result.match(
    (value): Failure => {
      throw new Error(`${what}: expected a refusal, got ${sortedJson(value)}`)
    },
    (error) => error,
  )

const sortedJson = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  ) ?? 'undefined'
