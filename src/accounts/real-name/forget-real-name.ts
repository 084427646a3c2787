import { ok } from 'neverthrow'
import { removeRow } from '../../shared/commit.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { row } from '../../shared/read-plan.js'
import { realNamePurposes } from './real-name.js'
import { realNameProofs } from './real-name.schema.js'

const name = 'accounts.forgetRealName'

/** Forgets the proof of a real name when its person agrees to it no longer. */
export const forgetRealName: Reaction = {
  name,
  listensTo: ['messagePreference/ConsentWithdrawn'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name, event },
      {
        plan: () => ({ proof: row(realNameProofs, event.rowId) }),
        decide: ({ proof }) => {
          // Whoever has agreed and proven anew since the withdrawal keeps the new proof.
          const isMeant =
            proof !== undefined &&
            event.body.purpose === realNamePurposes[proof.state.kind] &&
            proof.state.provenAt <= event.at
          return ok({ changes: isMeant ? [removeRow(realNameProofs, proof)] : [], answer: undefined })
        },
      },
    ),
}
