import { type Change, release, removeRow } from '../../shared/commit.js'
import type { Stored } from '../../shared/read-plan.js'
import type { Passkeys } from './passkey.js'
import { passkeys } from './passkey.schema.js'
import { passkeySpace } from './passkey-challenge.js'

/** Gives up every passkey of an account: none of them leads anywhere any more. */
export const forgetPasskeys = (kept: Stored<Passkeys> | undefined): readonly Change[] =>
  kept === undefined
    ? []
    : [
        removeRow(passkeys, kept),
        ...kept.state.keys.map(({ key }) => release({ space: passkeySpace, key, owner: kept.id })),
      ]
