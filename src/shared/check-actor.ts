import { err, ok, type Result } from 'neverthrow'
import { type Actor, isGuestOwner } from './actor.js'
import { holdsCardNumber } from './card-number.js'
import type { InvalidInput } from './errors.js'
import { isWellFormed } from './json.js'

const idFields: Readonly<Record<Actor['kind'], string>> = {
  guest: 'guestId',
  customer: 'accountId',
  staff: 'staffId',
  merchant: 'merchantId',
  system: 'reason',
}

const longestId = 200
const longestPurpose = 500

const refuse = (path: string, message: string): Result<void, InvalidInput> =>
  err({ type: 'InvalidInput', issues: [{ path, code: 'actor', message }] })

/**
 * Whether an actor says who it is. It becomes the owner of rows, and a host without types may hand over anything: a
 * number from its own table, or nothing, which would be one owner for all whose id was lost; staff without roles, or with a
 * purpose that is no text. Nobody is called what a visitor's rows are kept under (`guestOwnerId`): that is told to whoever
 * reads the rows, and would be the key to them.
 *
 * @errors InvalidInput
 */
export const checkActor = (actor: unknown): Result<void, InvalidInput> => {
  if (typeof actor !== 'object' || actor === null) return refuse('actor', 'Say who asks')
  const kind: unknown = Reflect.get(actor, 'kind')
  const field = Object.entries(idFields).find(([name]) => name === kind)?.[1]
  if (field === undefined) return refuse('actor.kind', `One of ${Object.keys(idFields).join(', ')}`)
  const id: unknown = Reflect.get(actor, field)
  if (!isText(id)) return refuse(`actor.${field}`, `Text of 1 to ${longestId} characters`)
  if (kind !== 'guest' && isGuestOwner(id)) return refuse(`actor.${field}`, 'No id of what belongs to a visitor')
  return kind === 'staff' ? checkStaff(actor) : ok(undefined)
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= longestId && isWellFormed(value)

const checkStaff = (actor: object): Result<void, InvalidInput> => {
  const roles: unknown = Reflect.get(actor, 'roles')
  if (!Array.isArray(roles) || !roles.every((role) => typeof role === 'string')) {
    return refuse('actor.roles', 'The names of roles, as a list')
  }
  const purpose: unknown = Reflect.get(actor, 'purpose')
  const isPurpose = typeof purpose === 'string' && purpose.length <= longestPurpose && isWellFormed(purpose)
  // It is kept in the audit log for good.
  return purpose === undefined || (isPurpose && !holdsCardNumber(purpose))
    ? ok(undefined)
    : refuse('actor.purpose', `Text of at most ${longestPurpose} characters without a card number, or nothing`)
}
