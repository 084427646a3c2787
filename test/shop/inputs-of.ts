import { type Actor, shopAccess } from 'shopwright'
import { openingTime } from './open-shop.js'
import { clerk } from './world.js'

const actors: readonly Actor[] = [
  clerk,
  { kind: 'customer', accountId: 'account_of_somebody', session: { sessionId: 'session_x', provenAt: openingTime } },
  { kind: 'guest', guestId: 'passer-by' },
]

/** Somebody who may do it, so that only the input can be what is refused. */
export const whoMay = (name: string): Actor => {
  const grant: object = Reflect.get(shopAccess, name) ?? {}
  return actors.find(({ kind }) => Object.hasOwn(grant, kind)) ?? clerk
}

/** Where something stands in an input. */
export type Path = readonly string[]

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** What stands at a path. */
export const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, step) => (isObject(inner) ? Reflect.get(inner, step) : undefined), value)

/** The paths of all that an input holds, itself among them. */
export const everyPath = (value: unknown, here: Path = []): readonly Path[] =>
  isObject(value)
    ? [here, ...Object.entries(value).flatMap(([key, inner]) => everyPath(inner, [...here, key]))]
    : [here]

/** A copy with another value at a path. */
export const replaced = (value: unknown, path: Path, by: unknown): unknown => {
  const [step, ...rest] = path
  if (step === undefined) return by
  if (Array.isArray(value))
    return value.map((inner, index) => (String(index) === step ? replaced(inner, rest, by) : inner))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === step ? replaced(inner, rest, by) : inner]),
  )
}
