import { ok, type ResultAsync } from 'neverthrow'
import { book } from '../shared/books.js'
import type { NoInput } from '../shared/no-input.js'
import type { CorePorts } from '../shared/ports.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { parseNothing } from '../shared/stored.schema.js'
import { guideMembership } from './guide-membership.js'
import { type MembershipTerms, membershipBookId } from './membership-terms.js'
import { membershipBooks } from './membership-terms.schema.js'

/** What joining brings, to be shown before anybody joins. */
export type ShownTerms = Omit<MembershipTerms, 'bookId'> & {
  /** What joining has to name. */
  readonly revision: number
}

/**
 * Shows the programme: levels with what each brings, what earns points, benefits and rewards.
 *
 * @errors QueryError
 */
export const showTerms = (
  ports: CorePorts,
  context: QueryContext,
  input: NoInput = {},
): ResultAsync<ShownTerms, QueryError> =>
  runQuery(ports, context, input, {
    action: 'membership.showTerms',
    parse: parseNothing,
    plan: ({ now }) => ({ membership: book(ports.books, membershipBooks, membershipBookId, now) }),
    answer: ({ membership }) => {
      const { bookId: _, ...terms } = membership?.state ?? guideMembership
      return ok({ ...terms, revision: membership?.version ?? 0 })
    },
  })
