import { describe, it } from 'vitest'
import type { ContractCase } from '../../adapters/contract/index.js'

/** Turns the cases of a contract into tests, each against a subject of its own. */
export const runContract = <Subject>(
  name: string,
  cases: readonly ContractCase<Subject>[],
  create: () => Promise<Subject>,
): void => {
  describe(name, () => {
    for (const each of cases) it(each.name, () => each.run(create))
  })
}
