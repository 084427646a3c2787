import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { Scope } from './actor.js'
import type { StoredDataInvalid } from './collection.js'
import type { StorageUnavailable } from './errors.js'
import type { Facts, RawAnswers, ReadPlan } from './read-plan.js'
import type { Storage } from './storage.js'

/**
 * Asks a storage a whole plan and checks every row it answers.
 *
 * @errors StorageUnavailable, StoredDataInvalid
 */
export const readFacts = <Plan extends ReadPlan>(
  storage: Storage,
  request: { readonly shop: string; readonly scope: Scope; readonly at: number; readonly plan: Plan },
): ResultAsync<Facts<Plan>, StorageUnavailable | StoredDataInvalid> => {
  const names = Object.keys(request.plan)
  const queries = names.flatMap((name) => {
    const asked = request.plan[name]
    return asked === undefined || asked.query === null ? [] : [{ name, query: asked.query }]
  })
  const answered: ResultAsync<RawAnswers, StorageUnavailable> =
    queries.length === 0
      ? okAsync({})
      : storage.read({ shop: request.shop, scope: request.scope, at: request.at, queries })
  return answered.andThen((raw): Result<Facts<Plan>, StoredDataInvalid> => {
    const facts: Record<string, unknown> = {}
    for (const name of names) {
      const answer = request.plan[name]?.answer(raw[name] ?? [])
      if (answer === undefined) continue
      if (answer.isErr()) return err(answer.error)
      facts[name] = answer.value
    }
    // Each name was answered by the query of that name, which is what Facts says.
    return ok(facts as Facts<Plan>)
  })
}
