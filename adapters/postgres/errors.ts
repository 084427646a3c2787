import type { CommitError, PreparedCommit, StorageUnavailable } from 'shopwright'

/** Leads what a commit in one round trip says when it refuses; what follows is `kind|index|owner in hex|`. */
export const refusalMark = 'shopwright|'

/** The state with which the function form refuses; the statement form refuses by a cast that cannot be made. */
export const refusalState = 'SW001'

const castState = '22P02'

const isRefusalState = (state: string | undefined): boolean => state === castState || state === refusalState

/** What was read is no longer what stands; nothing was written. */
export class StaleView extends Error {}

const memberOf = (error: unknown, name: string): string | undefined => {
  if (typeof error !== 'object' || error === null || !(name in error)) return undefined
  const value: unknown = Reflect.get(error, name)
  return typeof value === 'string' ? value : undefined
}

/** The SQLSTATE of a driver's error, or the driver's own code. */
export const stateOf = (error: unknown): string | undefined => memberOf(error, 'code')

// What a commit in one round trip says when something appeared while it locked the rest.
const isStale = (error: unknown): boolean =>
  isRefusalState(stateOf(error)) && (memberOf(error, 'message') ?? '').includes(`${refusalMark}S|`)

/** Whether the same write may be tried again: nothing of it stands, and only others were in the way. */
export const isPassing = (error: unknown): boolean =>
  error instanceof StaleView || isStale(error) || stateOf(error) === '40001' || stateOf(error) === '40P01'

/**
 * Whether the server refused a statement over a connection that goes on; false where that is not certain: a server that was
 * left for another takes nothing more (25006), and one that ends a transaction for its time ends its connection (25P03, 25P04).
 */
export const isOfStatement = (error: unknown): boolean => {
  const state = stateOf(error) ?? ''
  return /^(?=.*[0-9])[0-9A-Z]{5}$/.test(state) && !/^(08|57P|25006|25P0[34])/.test(state)
}

/** Whether the server says that the function asked for is not there. */
export const isMissingFunction = (error: unknown): boolean => stateOf(error) === '42883'

/** A driver's fault as a value; what the server says of data stays out of it. */
export const unavailable = (error: unknown): StorageUnavailable => {
  const state = stateOf(error)
  const isSqlState = state !== undefined && /^[0-9A-Z]{5}$/.test(state)
  const names = ['routine', 'schema', 'table', 'column', 'constraint'].flatMap((name) => {
    const value = memberOf(error, name)
    return value === undefined ? [] : [`${name} ${value}`]
  })
  const detail = isSqlState
    ? [state, ...names].join(', ')
    : [state, memberOf(error, 'message') ?? 'unknown fault'].filter((part) => part !== undefined).join(', ')
  return { type: 'StorageUnavailable', detail: detail.slice(0, 300) }
}

const decodeHex = (hex: string): string => decodeURIComponent(hex.replace(/../g, '%$&'))

/** The refusal that a commit in one round trip has raised, if that is what the error is. */
export const refusalOf = (error: unknown, commit: PreparedCommit): CommitError | undefined => {
  if (!isRefusalState(stateOf(error))) return undefined
  const found = /shopwright\|([VFAE])\|(\d+)\|([0-9a-f]*)\|/.exec(memberOf(error, 'message') ?? '')
  if (found === null) return undefined
  const [, kind, digits, owner = ''] = found
  const index = Number(digits)
  const at = (change: { readonly index: number }): boolean => change.index === index
  if (kind === 'V') {
    const change = [...commit.puts, ...commit.expects, ...commit.removes].find(at)
    return change && { type: 'VersionConflict', index, key: change.key }
  }
  if (kind === 'F') {
    const change = commit.adjusts.find(at)
    return change && { type: 'FloorReached', index, counter: change.counter, id: change.id }
  }
  if (kind === 'A') {
    const change = commit.claims.find(at)
    return change && { type: 'AlreadyClaimed', index, space: change.space, key: change.key, owner: decodeHex(owner) }
  }
  const change = commit.appends.find(at)
  return change && { type: 'AlreadyClaimed', index, space: change.log, key: change.id, owner: change.id }
}
