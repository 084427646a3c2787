import { err, ok, type ResultAsync } from 'neverthrow'
import { put } from '../shared/commit.js'
import type { CorePorts } from '../shared/ports.js'
import { row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { findBelowFloor, type PolicyBelowFloor, shopPolicyId } from './shop-policy.js'
import { parseSavePolicy, policyBooks } from './shop-policy.schema.js'

/** Under which version the terms now stand. */
export type SavedPolicy = { readonly policyVersion: number }

/** The terms stand anew. */
export type PolicySaved = { readonly type: 'PolicySaved'; readonly policyVersion: number }

/**
 * States the terms of the shop anew; orders placed before keep theirs.
 *
 * @errors PolicyBelowFloor when they give a buyer less than the law does, CommandError
 */
export const savePolicy = (
  ports: CorePorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<SavedPolicy, PolicyBelowFloor | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.savePolicy',
    parse: parseSavePolicy,
    plan: () => ({ before: row(policyBooks, shopPolicyId) }),
    decide: ({ before }, { input }) => {
      const policy = { ...input, policyId: shopPolicyId }
      const below = findBelowFloor(policy)
      if (below !== undefined) return err(below)
      const version = before?.version ?? 0
      const saved: PolicySaved = { type: 'PolicySaved', policyVersion: version + 1 }
      const change = put(policyBooks, { id: shopPolicyId, version, state: policy, events: [saved] })
      return ok({ changes: [change], answer: { policyVersion: saved.policyVersion } })
    },
  })
