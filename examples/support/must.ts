import type { Result } from 'neverthrow'

/** The value of a success; ends the script at a refusal, which a shop would show to its visitor instead. */
export const must = <Value, Failure>(result: Result<Value, Failure>): Value => {
  if (result.isErr()) throw new Error(JSON.stringify(result.error))
  return result.value
}
