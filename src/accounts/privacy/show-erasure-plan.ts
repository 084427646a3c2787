import type { ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import type { NoInput } from '../../shared/no-input.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { parseNothing } from '../../shared/stored.schema.js'
import type { AccountsPorts } from '../ports.js'
import { askErasure, type BusinessOpen, type ErasurePlan, planErasure } from './plan-erasure.js'

/**
 * Shows a person what erasing their account would do, record by record: what goes, what stays without a name, and what a
 * law makes the shop keep, until when.
 *
 * @errors BusinessOpen, QueryError
 */
export const showErasurePlan = (
  ports: AccountsPorts,
  context: QueryContext,
  input: NoInput = {},
): ResultAsync<ErasurePlan, BusinessOpen | QueryError> =>
  runQuery(ports, context, input, {
    action: 'accounts.erasurePlan',
    parse: parseNothing,
    plan: ({ actor }) => askErasure(ports.personalRecords, customerIdOf(actor)),
    answer: (read, { now }) => planErasure(ports.personalRecords, read, now, ports.accountsPolicy),
  })
