import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import { put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { CorePorts } from '../../shared/ports.js'
import type { BookChanged } from '../../shared/publish-book.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { findBelowFloor, type PolicyBelowFloor, type SettlementTermsMissing, shopPolicyId } from './shop-policy.js'
import type { SavePolicyInput } from './shop-policy.schema.js'
import { parseSavePolicy, policyBooks } from './shop-policy.schema.js'

/** Under which version the terms now stand. */
export type SavedPolicy = { readonly policyVersion: number }

/** The terms stand anew. */
export type PolicySaved = { readonly type: 'PolicySaved'; readonly policyVersion: number }

type SavePolicyError = PolicyBelowFloor | SettlementTermsMissing | BookChanged

/**
 * States the terms of the shop anew; orders placed before keep theirs.
 *
 * @errors PolicyBelowFloor when they give a buyer less than the law does, SettlementTermsMissing when merchants sell apart
 *   and it is not said who gets what, BookChanged when somebody else has stated them since they were read, CommandError
 */
export const savePolicy = (
  ports: CorePorts,
  context: CommandContext,
  input: SavePolicyInput,
): ResultAsync<SavedPolicy, PolicyBelowFloor | SettlementTermsMissing | BookChanged | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.savePolicy',
    parse: parseSavePolicy,
    plan: () => ({ before: row(policyBooks, shopPolicyId) }),
    decide: ({ before }, { input: { expectedRevision, ...terms } }): Result<Decision<SavedPolicy>, SavePolicyError> => {
      const policy = { ...terms, policyId: shopPolicyId }
      const below = findBelowFloor(policy)
      if (below !== undefined) return err(below)
      const { severalMerchants, settlement } = policy
      if (severalMerchants === 'apart' && settlement === undefined) {
        return err({ type: 'SettlementTermsMissing', severalMerchants })
      }
      const version = before?.version ?? 0
      if (expectedRevision !== undefined && expectedRevision !== version) {
        return err({ type: 'BookChanged', bookId: shopPolicyId, expectedRevision, actualRevision: version })
      }
      const saved: PolicySaved = { type: 'PolicySaved', policyVersion: version + 1 }
      const change = put(policyBooks, { id: shopPolicyId, version, state: policy, events: [saved] })
      return ok({ changes: [change], answer: { policyVersion: saved.policyVersion } })
    },
  })
