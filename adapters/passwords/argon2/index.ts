import { availableParallelism } from 'node:os'
import { ResultAsync } from 'neverthrow'
import { type HasherError, limitHasher, type PasswordHasher } from 'shopwright'
import type { Argon2Package, Argon2Parameters } from './argon2-package.js'
import { nodeArgon2 } from './node-argon2.js'

export type { Argon2Package, Argon2Parameters } from './argon2-package.js'

/** How an argon2 hasher works. */
export type Argon2HasherOptions = {
  readonly parameters?: Argon2Parameters
  /** Hashes at the same time; the machine's cores when absent. */
  readonly atOnce?: number
  /** Hashes that may wait before the answer is `Busy`; 64 when absent. */
  readonly waiting?: number
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
 * Hashes passwords with argon2id: of `@node-rs/argon2`, an optional peer, else of `node:crypto`, which has it since Node
 * 24.7. Both take what the other has hashed.
 *
 * @errors PackageMissing, which says what to install
 */
export const createArgon2Hasher = (options: Argon2HasherOptions = {}): ResultAsync<PasswordHasher, PackageMissing> => {
  const parameters = options.parameters ?? argon2Parameters
  return ResultAsync.fromPromise((options.load ?? loadPackage)(), (): PackageMissing => missing)
    .andThen((argon2) =>
      // Made once: a hash of nothing that is held against passwords of nobody.
      ResultAsync.fromPromise(argon2.hash('', parameters), (): PackageMissing => missing).map((decoy) => ({
        argon2,
        decoy,
      })),
    )
    .map(({ argon2, decoy }) =>
      limitHasher(hasherOf(argon2, parameters, decoy), {
        atOnce: options.atOnce ?? availableParallelism(),
        waiting: options.waiting ?? 64,
      }),
    )
}

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
    verify: (phc, password) => (isArgon2id(phc) ? attempt(argon2.verify(phc, password)) : verifyNothing(password)),
    verifyNothing,
    needsRehash: (phc) => !phc.startsWith(`$argon2id$v=19$${writeParameters(parameters)}$`),
  }
}

const writeParameters = ({ memoryCost, timeCost, parallelism }: Argon2Parameters): string =>
  `m=${memoryCost},t=${timeCost},p=${parallelism}`

// A string that was tampered with may ask for no more than a GiB and sixteen passes.
const isArgon2id = (phc: string): boolean => {
  const [, memory, passes] =
    /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=\d{1,2}\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/.exec(phc) ?? []
  return memory !== undefined && Number(memory) <= 1_048_576 && Number(passes) <= 16
}

const attempt = <Value>(work: Promise<Value>): ResultAsync<Value, HasherError> =>
  ResultAsync.fromPromise(work, (error) => ({
    type: 'HasherUnavailable',
    detail: error instanceof Error ? error.message : 'argon2 failed',
  }))
