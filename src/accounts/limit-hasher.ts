import { err, errAsync, type Result, ResultAsync } from 'neverthrow'
import { networkOf } from '../shared/network.js'
import { type Origin, originParts } from '../shared/origin.js'
import type { HasherError, HashingPlace, PasswordHasher } from './ports.js'

/** How much hashing may go on. */
export type HasherLimits = {
  /** Hashes at the same time, one at least; more than there are cores gains nothing and starves other work. */
  readonly atOnce: number
  /**
   * Hashes that may wait; past that the answer is `Busy`. A quarter of them are known devices' alone, and one network has a
   * quarter at most.
   */
  readonly waiting: number
}

/** The place that a command comes from. */
export const hashingPlace = (origin: Origin | undefined): HashingPlace => {
  const { address = '' } = originParts(origin)
  const network = networkOf(address)
  return network === undefined ? {} : { network }
}

/**
 * The same hasher with a bounded queue before it, so that many sign-ins at once neither starve other work nor pile up. Whoever
 * floods it from one network is told `Busy` there and nowhere else, and from many networks keeps nobody out at a known device.
 * Work of no place may use the whole queue.
 */
export const limitHasher = (hasher: PasswordHasher, limits: HasherLimits): PasswordHasher => {
  // A bound that is none would let nothing begin, or anything wait.
  const atOnce = Math.max(limits.atOnce || 1, 1)
  const waiting = Math.max(limits.waiting || 0, 0)
  let running = 0
  const queue: { readonly place: HashingPlace | undefined; readonly begin: () => void }[] = []
  const share = Math.floor(waiting / 4)
  const next = (): void => {
    running -= 1
    queue.shift()?.begin()
  }
  const isFull = (place: HashingPlace | undefined): boolean => {
    if (queue.length >= waiting) return true
    if (place === undefined) return false
    const { network, isKnownDevice = false } = place
    // Whoever has an account has devices that it knows: those of one network have no more of the queue than its strangers.
    const alike = queue.filter((each) => (each.place?.isKnownDevice ?? false) === isKnownDevice)
    const fromThere = alike.filter((each) => each.place?.network === network).length
    if (network !== undefined && fromThere >= Math.max(share, 1)) return true
    return !isKnownDevice && alike.length >= waiting - share
  }
  const enter = <Value>(
    place: HashingPlace | undefined,
    work: () => ResultAsync<Value, HasherError>,
  ): ResultAsync<Value, HasherError> => {
    if (running >= atOnce && isFull(place)) {
      return errAsync({ type: 'Busy', retryAfterMs: 1_000 })
    }
    const turn = new Promise<void>((resolve) => {
      const begin = (): void => {
        running += 1
        resolve()
      }
      if (running < atOnce) begin()
      else queue.push({ place, begin })
    })
    return new ResultAsync(
      turn.then(async (): Promise<Result<Value, HasherError>> => {
        try {
          return await work()
        } catch {
          // What was thrown may hold the password.
          return err({ type: 'HasherUnavailable', detail: 'The hasher threw' })
        } finally {
          next()
        }
      }),
    )
  }
  return {
    hash: (password, place) => enter(place, () => hasher.hash(password, place)),
    verify: (phc, password, place) => enter(place, () => hasher.verify(phc, password, place)),
    verifyNothing: (password, place) => enter(place, () => hasher.verifyNothing(password, place)),
    needsRehash: hasher.needsRehash,
  }
}
