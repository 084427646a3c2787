import { ok, type ResultAsync } from 'neverthrow'
import type { NoInput } from '../../shared/no-input.js'
import type { CorePorts } from '../../shared/ports.js'
import { row } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { parseNothing } from '../../shared/stored.schema.js'
import { defaultShopPolicy, type ShopPolicy, shopPolicyId } from './shop-policy.js'
import { policyBooks } from './shop-policy.schema.js'

/** The terms of the shop, in the shape in which they are saved. */
export type ShownPolicy = {
  /** What `savePolicy` is told as `expectedRevision`; 0 while the terms are those that a shop comes with. */
  readonly revision: number
  readonly policy: Omit<ShopPolicy, 'policyId'>
}

/**
 * Shows the terms of the shop.
 *
 * @errors QueryError
 */
export const showPolicy = (
  ports: CorePorts,
  context: QueryContext,
  input: NoInput = {},
): ResultAsync<ShownPolicy, QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.policy',
    parse: parseNothing,
    plan: () => ({ standing: row(policyBooks, shopPolicyId) }),
    answer: ({ standing }) => {
      const { policyId: _, ...policy } = standing?.state ?? defaultShopPolicy
      return ok({ revision: standing?.version ?? 0, policy })
    },
  })
