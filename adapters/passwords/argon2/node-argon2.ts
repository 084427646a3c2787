import * as crypto from 'node:crypto'
import type { Argon2Package, Argon2Parameters } from './argon2-package.js'

type Work = {
  readonly message: string
  readonly nonce: Buffer
  readonly parallelism: number
  readonly tagLength: number
  /** KiB. */
  readonly memory: number
  readonly passes: number
}

type NodeArgon2 = (algorithm: 'argon2id', work: Work, done: (error: Error | null, key: Buffer) => void) => void

const saltBytes = 16
const keyBytes = 32

const phcPattern = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

const derive = (argon2: NodeArgon2, work: Work): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    argon2('argon2id', work, (error, key) => (error === null ? resolve(key) : reject(error)))
  })

/**
 * Argon2id of `node:crypto`, which it has since Node 24.7, in the form of the package.
 *
 * @param argon2 - `crypto.argon2`, where it is there
 */
export const nodeArgon2 = (argon2: unknown = Reflect.get(crypto, 'argon2')): Argon2Package | undefined => {
  if (typeof argon2 !== 'function') return undefined
  // As Node documents it; the types of Node 20 do not know it.
  const work = argon2 as NodeArgon2
  const workOf = (password: string, salt: Buffer, cost: Argon2Parameters, tagLength: number): Work => ({
    message: password,
    nonce: salt,
    parallelism: cost.parallelism,
    tagLength,
    memory: cost.memoryCost,
    passes: cost.timeCost,
  })
  return {
    hash: async (password, cost) => {
      const salt = crypto.randomBytes(saltBytes)
      const key = await derive(work, workOf(password, salt, cost, keyBytes))
      const { memoryCost, timeCost, parallelism } = cost
      return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${base64(salt)}$${base64(key)}`
    },
    verify: async (phc, password) => {
      const [, memory = '', passes = '', lanes = '', salt = '', stored = ''] = phcPattern.exec(phc) ?? []
      const key = Buffer.from(stored, 'base64')
      const cost = { memoryCost: Number(memory), timeCost: Number(passes), parallelism: Number(lanes) }
      return crypto.timingSafeEqual(
        await derive(work, workOf(password, Buffer.from(salt, 'base64'), cost, key.length)),
        key,
      )
    },
  }
}
