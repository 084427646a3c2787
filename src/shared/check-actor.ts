import { err, ok, type Result } from 'neverthrow'
import type { Actor } from './actor.js'
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

const refuse = (path: string, message: string): Result<void, InvalidInput> =>
  err({ type: 'InvalidInput', issues: [{ path, code: 'actor', message }] })

/**
 * Whether an actor says who it is. It becomes the owner of rows, and a host without types may hand over anything: a
 * number from its own table, or nothing, which would be one owner for all whose id was lost.
 *
 * @errors InvalidInput
 */
export const checkActor = (actor: unknown): Result<void, InvalidInput> => {
  if (typeof actor !== 'object' || actor === null) return refuse('actor', 'Say who asks')
  const kind: unknown = Reflect.get(actor, 'kind')
  const field = Object.entries(idFields).find(([name]) => name === kind)?.[1]
  if (field === undefined) return refuse('actor.kind', `One of ${Object.keys(idFields).join(', ')}`)
  const id: unknown = Reflect.get(actor, field)
  const isText = typeof id === 'string' && id.length >= 1 && id.length <= longestId && isWellFormed(id)
  return isText ? ok(undefined) : refuse(`actor.${field}`, `Text of 1 to ${longestId} characters`)
}
