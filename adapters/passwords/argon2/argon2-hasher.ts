import { ResultAsync } from 'neverthrow'
import type { HasherError, PasswordHasher } from 'shopwright'
import type { Argon2Package, Argon2Parameters } from './argon2-package.js'
import { nodeArgon2 } from './node-argon2.js'

/** How argon2 hashes; the queue before it is another matter. */
export type Argon2Work = {
  readonly parameters?: Argon2Parameters
  /** Loads the package; by its name when absent, and what Node has of it where that is not there. */
  readonly load?: () => Promise<Argon2Package>
}

/** An optional package is not there. */
export type PackageMissing = {
  readonly type: 'PackageMissing'
  readonly package: string
  /** What to run. */
  readonly install: string
}

/** 19 MiB, 2 passes, 1 lane: the first setting of the OWASP password storage sheet. */
export const argon2Parameters: Argon2Parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/**
 * Hashes with argon2id, with no queue before it.
 *
 * @errors PackageMissing
 */
export const argon2Unqueued = ({
  parameters = argon2Parameters,
  load = loadPackage,
}: Argon2Work): ResultAsync<PasswordHasher, PackageMissing> =>
  ResultAsync.fromPromise(load(), (): PackageMissing => missing).andThen((argon2) =>
    // Made once: a hash of nothing that is held against passwords of nobody.
    ResultAsync.fromPromise(argon2.hash('', parameters), (): PackageMissing => missing).map((decoy) =>
      hasherOf(argon2, parameters, decoy),
    ),
  )

const missing: PackageMissing = {
  type: 'PackageMissing',
  package: '@node-rs/argon2',
  install: 'npm install @node-rs/argon2',
}

const loadPackage = (): Promise<Argon2Package> =>
  import('@node-rs/argon2').catch((error) => {
    const ofNode = nodeArgon2()
    if (ofNode === undefined) throw error
    return ofNode
  })

const hasherOf = (argon2: Argon2Package, parameters: Argon2Parameters, decoy: string): PasswordHasher => {
  const verifyNothing = (password: string): ResultAsync<false, HasherError> =>
    attempt(argon2.verify(decoy, password)).map((): false => false)
  return {
    hash: (password) => attempt(argon2.hash(password, parameters)),
    verify: (phc, password) =>
      readCost(phc) !== undefined ? attempt(argon2.verify(phc, password)) : verifyNothing(password),
    verifyNothing,
    needsRehash: (phc) => {
      const cost = readCost(phc)
      // A hash that has cost more in every respect is not made a cheaper one of.
      return cost === undefined || cost.memoryCost < parameters.memoryCost || cost.timeCost < parameters.timeCost
    },
  }
}

const phcPattern = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=\d{1,2}\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/

const readCost = (phc: string): Pick<Argon2Parameters, 'memoryCost' | 'timeCost'> | undefined => {
  const [, memory, passes] = phcPattern.exec(phc) ?? []
  const cost = { memoryCost: Number(memory), timeCost: Number(passes) }
  // A string that was tampered with may ask for no more than a GiB and sixteen passes.
  return memory !== undefined && cost.memoryCost <= 1_048_576 && cost.timeCost <= 16 ? cost : undefined
}

const attempt = <Value>(work: Promise<Value>): ResultAsync<Value, HasherError> =>
  ResultAsync.fromPromise(work, (error) => ({
    type: 'HasherUnavailable',
    detail: error instanceof Error ? error.message : 'argon2 failed',
  }))
