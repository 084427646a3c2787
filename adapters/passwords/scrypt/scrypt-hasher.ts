import { type BinaryLike, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { errAsync, ResultAsync } from 'neverthrow'
import type { HasherError, PasswordHasher } from 'shopwright'

/** The cost of a hash. */
export type ScryptParameters = {
  /** Base-2 logarithm of the cost N. */
  readonly ln: number
  /** Block size. */
  readonly r: number
  /** Parallelization. */
  readonly p: number
}

/** How scrypt hashes; the queue before it is another matter. */
export type ScryptWork = { readonly parameters?: ScryptParameters }

/** 2^14, 8, 5: one of the settings of the OWASP password storage sheet, 16 MiB a hash. */
export const scryptParameters: ScryptParameters = { ln: 14, r: 8, p: 5 }

/** Hashes with scrypt, with no queue before it. */
export const scryptUnqueued = ({ parameters = scryptParameters }: ScryptWork): PasswordHasher => {
  const hash = (password: string): ResultAsync<string, HasherError> => {
    const salt = randomBytes(saltBytes)
    return derive(password, salt, parameters).map((key) => writePhc(parameters, salt, key))
  }
  const verifyNothing = (password: string): ResultAsync<false, HasherError> =>
    derive(password, Buffer.alloc(saltBytes), parameters).map((): false => false)
  return {
    hash,
    verify: (phc, password) => {
      const parsed = readPhc(phc)
      if (parsed === undefined) return verifyNothing(password)
      return derive(password, parsed.salt, parsed.parameters).map((key) => timingSafeEqual(key, parsed.key))
    },
    verifyNothing,
    needsRehash: (phc) => {
      const cost = readPhc(phc)?.parameters
      // A hash that has cost more in every respect is not made a cheaper one of.
      return cost === undefined || cost.ln < parameters.ln || cost.r < parameters.r || cost.p < parameters.p
    },
  }
}

const saltBytes = 16
const keyBytes = 32
// What a stored string may ask of this machine at most: 256 MiB.
const mostMemory = 256 * 1024 * 1024

// What OpenSSL would refuse is not asked of it: its refusal stays in the thread and is thrown by whatever uses a key next.
const isPossible = ({ ln, r, p }: ScryptParameters): boolean =>
  ln >= 1 && r >= 1 && p >= 1 && ln < 16 * r && 128 * r * (2 ** ln + 2 + p) <= mostMemory

const derive = (password: BinaryLike, salt: Buffer, parameters: ScryptParameters): ResultAsync<Buffer, HasherError> => {
  if (!isPossible(parameters)) {
    return errAsync({ type: 'HasherUnavailable', detail: 'the cost is none, or more than this machine may spend' })
  }
  const { ln, r, p } = parameters
  const cost: ScryptOptions = { N: 2 ** ln, r, p, maxmem: mostMemory }
  const derived = new Promise<Buffer>((resolve, reject) => {
    scrypt(password, salt, keyBytes, cost, (error, key) => (error === null ? resolve(key) : reject(error)))
  })
  return ResultAsync.fromPromise(derived, (error) => ({
    type: 'HasherUnavailable',
    detail: error instanceof Error ? error.message : 'scrypt failed',
  }))
}

const writeParameters = ({ ln, r, p }: ScryptParameters): string => `ln=${ln},r=${r},p=${p}`

const writePhc = (parameters: ScryptParameters, salt: Buffer, key: Buffer): string =>
  `$scrypt$${writeParameters(parameters)}$${base64(salt)}$${base64(key)}`

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

const phcPattern = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{1,86})\$([A-Za-z0-9+/]{43})$/

const readPhc = (
  phc: string,
): { readonly parameters: ScryptParameters; readonly salt: Buffer; readonly key: Buffer } | undefined => {
  const [, ln, r, p, salt = '', key = ''] = phcPattern.exec(phc) ?? []
  if (ln === undefined) return undefined
  return {
    parameters: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  }
}
