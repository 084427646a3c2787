import { ok } from 'neverthrow'
import { put, removeRow } from '../../shared/commit.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { row } from '../../shared/read-plan.js'
import { browsingHistories } from './browsing-history.schema.js'
import { marksNow } from './counted-marks.js'
import { historyPurpose } from './read-history.js'

const name = 'catalog.forgetHistory'

/**
 * Forgets a customer's history when they agree to personalisation no longer. That they were counted is remembered until the
 * period is over, so that nobody is counted twice who agrees again.
 */
export const forgetHistory: Reaction = {
  name,
  listensTo: ['messagePreference/ConsentWithdrawn'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name, event },
      {
        plan: () => ({ history: row(browsingHistories, event.rowId) }),
        decide: ({ history }, { now }) => {
          if (history === undefined || event.body.purpose !== historyPurpose)
            return ok({ changes: [], answer: undefined })
          const { id, version, state } = history
          const counted = marksNow(state, now)
          const change =
            counted === undefined
              ? removeRow(browsingHistories, history)
              : put(browsingHistories, {
                  id,
                  version,
                  state: { accountId: state.accountId, paused: false, items: null, counted, endsAt: counted.endsAt },
                })
          return ok({ changes: [change], answer: undefined })
        },
      },
    ),
}
