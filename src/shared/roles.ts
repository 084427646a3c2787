import { errAsync } from 'neverthrow'
import { type Actor, type Authorizer, purposeOf } from './actor.js'

/** What a role of the shop's staff may do and see. */
export type Role = {
  /** Names of actions (`orders.ship`), or of all of a module (`orders.*`). */
  readonly may: readonly string[]
  /** Fields of personal data shown in the clear to whoever says for which purpose (`order.recipient`), or all (`*`). */
  readonly sees: readonly string[]
}

/** The roles of a shop, by name. */
export type RolePolicy = Readonly<Record<string, Role>>

/** The same authorizer, which lets staff do what one of their roles may do, and nothing else. */
export const withRoles = (authorizer: Authorizer, roles: RolePolicy): Authorizer => ({
  authorize: (actor, action) =>
    actor.kind === 'staff' && !rolesOf(actor, roles).some(({ may }) => covers(may, action))
      ? errAsync({ type: 'Denied', action })
      : authorizer.authorize(actor, action),
})

/**
 * Whether a field of personal data is shown to an actor as it is. Staff see it masked until they say for which purpose they
 * look, and where the shop has roles, unless one of theirs sees it.
 *
 * @param field - collection and field, as `order.recipient`
 */
export const isShownClear = (roles: RolePolicy | undefined, actor: Actor, field: string): boolean => {
  if (actor.kind !== 'staff') return true
  if (purposeOf(actor) === undefined) return false
  return roles === undefined || rolesOf(actor, roles).some(({ sees }) => sees.includes('*') || sees.includes(field))
}

const rolesOf = ({ roles: names }: Extract<Actor, { readonly kind: 'staff' }>, roles: RolePolicy): readonly Role[] =>
  names.flatMap((name) => (Object.hasOwn(roles, name) && roles[name] !== undefined ? [roles[name]] : []))

const covers = (may: readonly string[], action: string): boolean =>
  may.includes('*') || may.includes(action) || may.includes(`${action.split('.')[0]}.*`)
