import type { Actor } from '../shared/actor.js'

/** The account of a customer; no account's id for everybody else. */
export const customerOf = (actor: Actor): string => (actor.kind === 'customer' ? actor.accountId : '')
