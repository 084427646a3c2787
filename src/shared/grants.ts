import { okAsync, ResultAsync } from 'neverthrow'
import type { Actor, Authorizer, Scope } from './actor.js'

/** Whether an action is granted to whoever asked, by its name (`orders.ship`). */
export type Grants = (action: string) => boolean

/** Whose a row is. */
type Owned = { readonly accountId: string; readonly merchantId: string | null }

/**
 * Asks the authorizer which of some actions an actor may do with a row, for what is shown to them as theirs to do. Nobody has tried
 * anything, so no denial is noted. What only waits for a step-up is granted: it can be done once that is given.
 *
 * @param ofOneKind - those of the actions that a condition on fields does not deny, as they are of one kind of row, or only read
 * @returns what denies every action that was not asked for
 */
export const grantsFor = (
  authorizer: Authorizer,
  actor: Actor,
  {
    row,
    actions,
    ofOneKind,
  }: { readonly row: Owned; readonly actions: readonly string[]; readonly ofOneKind: readonly string[] },
): ResultAsync<Grants, never> =>
  ResultAsync.combine(
    [...new Set(actions)].map((action) =>
      authorizer
        .authorize(actor, action)
        .map((scope) => (reaches(scope, row, ofOneKind.includes(action)) ? [action] : []))
        .orElse(({ type }) => okAsync<readonly string[], never>(type === 'StepUpRequired' ? [action] : [])),
    ),
  ).map((granted) => {
    const names = new Set(granted.flat())
    return (action) => names.has(action)
  })

const reaches = (scope: Scope, { accountId, merchantId }: Owned, isOfOneKind: boolean): boolean => {
  switch (scope.kind) {
    case 'all':
      return true
    case 'own':
      return scope.ownerId === accountId
    case 'merchant':
      return scope.merchantId === merchantId
    case 'fields':
      return isOfOneKind
  }
}
