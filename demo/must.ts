import type { Result } from 'neverthrow'

/** A step of the story that was refused; the story ends. */
export class StepRefused extends Error {}

/** The value of a step that went well. */
export const must = <Value, Failure>(step: string, result: Result<Value, Failure>): Value => {
  if (result.isErr()) throw new StepRefused(`${step}: ${JSON.stringify(result.error)}`)
  return result.value
}
