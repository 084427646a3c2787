import { ok } from 'neverthrow'
import { removeRow } from '../../shared/commit.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { row } from '../../shared/read-plan.js'
import { browsingHistories } from './browsing-history.schema.js'
import { historyPurpose } from './read-history.js'

const name = 'catalog.forgetHistory'

/** Forgets a customer's history when they agree to personalisation no longer. */
export const forgetHistory: Reaction = {
  name,
  listensTo: ['messagePreference/ConsentWithdrawn'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name, event },
      {
        plan: () => ({ history: row(browsingHistories, event.rowId) }),
        decide: ({ history }) =>
          ok({
            changes:
              history === undefined || event.body.purpose !== historyPurpose
                ? []
                : [removeRow(browsingHistories, history)],
            answer: undefined,
          }),
      },
    ),
}
