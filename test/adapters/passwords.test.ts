import { createPrivateKey, generateKeyPairSync, scryptSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { passwordHasherCases } from '../../adapters/contract/password-hasher.js'
import { argon2Parameters, createArgon2Hasher } from '../../adapters/passwords/argon2/index.js'
import { nodeArgon2 } from '../../adapters/passwords/argon2/node-argon2.js'
import { createBestHasher } from '../../adapters/passwords/best/index.js'
import { createScryptHasher, scryptParameters } from '../../adapters/passwords/scrypt/index.js'
import { runContract } from '../support/run-contract.js'

const cheapScrypt = { ln: 4, r: 8, p: 1 }
const cheapArgon2 = { memoryCost: 64, timeCost: 1, parallelism: 1 }

const openArgon2 = async (options: Parameters<typeof createArgon2Hasher>[0]) =>
  (await createArgon2Hasher(options)).match(
    (hasher) => hasher,
    (error) => {
      throw new Error(error.install)
    },
  )

runContract('the scrypt hasher', passwordHasherCases, async () => createScryptHasher({ parameters: cheapScrypt }))
runContract('the argon2 hasher', passwordHasherCases, () => openArgon2({ parameters: cheapArgon2 }))
const cheap = { argon2: { parameters: cheapArgon2 }, scrypt: { parameters: cheapScrypt } }
const isGone = () => Promise.reject(new Error('Cannot find package'))
const openBest = async (load?: () => Promise<never>) =>
  (await createBestHasher({ ...cheap, argon2: { ...cheap.argon2, ...(load && { load }) } }))._unsafeUnwrap()
runContract('the best hasher with argon2', passwordHasherCases, () => openBest())
runContract('the best hasher without', passwordHasherCases, () => openBest(isGone))

// Only a Node that has argon2 can say whether it is used as it should be; another has a stand-in for the call.
const ofNode = nodeArgon2()
if (ofNode !== undefined) {
  const load = () => Promise.resolve(ofNode)
  runContract('the argon2 hasher of Node', passwordHasherCases, () => openArgon2({ parameters: cheapArgon2, load }))
  describe('argon2 of Node and of the package', () => {
    it('take what the other has hashed', async () => {
      const [node, rust] = [
        await openArgon2({ parameters: cheapArgon2, load }),
        await openArgon2({ parameters: cheapArgon2 }),
      ]
      for (const [by, other] of [
        [node, rust],
        [rust, node],
      ] as const) {
        const phc = (await by.hash('correct horse 长')).unwrapOr('')
        expect((await other.verify(phc, 'correct horse 长')).unwrapOr(false)).toBe(true)
        expect((await other.verify(phc, 'correct horse')).unwrapOr(true)).toBe(false)
        expect(other.needsRehash(phc)).toBe(false)
      }
    })
  })
}

describe('the best hasher', () => {
  it('hashes by argon2 where it is, takes what scrypt has hashed before, and asks for that anew', async () => {
    const [before, now] = [await openBest(isGone), await openBest()]
    const old = (await before.hash('correct horse')).unwrapOr('')
    expect(old).toMatch(/^\$scrypt\$/)
    expect((await now.verify(old, 'correct horse')).unwrapOr(false)).toBe(true)
    expect((await now.verify(old, 'correct horsf')).unwrapOr(true)).toBe(false)
    expect([before.needsRehash(old), now.needsRehash(old)]).toEqual([false, true])
    expect((await now.hash('correct horse')).unwrapOr('')).toMatch(/^\$argon2id\$/)
  })

  it('calls no password wrong that was hashed by argon2 once argon2 is gone', async () => {
    const phc = (await (await openBest()).hash('correct horse')).unwrapOr('')
    const verified = await (await openBest(isGone)).verify(phc, 'correct horse')
    expect(verified.isErr() && verified.error.type).toBe('HasherUnavailable')
  })
})

describe('argon2 of a Node that has it', () => {
  it('is asked for argon2id of the cost that is wanted, and its key stands in a PHC string', async () => {
    const asked: unknown[] = []
    const standIn = (algorithm: string, work: { tagLength: number }, done: (error: null, key: Buffer) => void) => {
      asked.push({ algorithm, ...work, nonce: 'drawn' })
      done(null, Buffer.alloc(work.tagLength, 1))
    }
    const phc = await nodeArgon2(standIn)?.hash('correct horse', { memoryCost: 64, timeCost: 2, parallelism: 1 })
    const work = { message: 'correct horse', nonce: 'drawn', parallelism: 1, tagLength: 32, memory: 64, passes: 2 }
    expect(asked).toEqual([{ algorithm: 'argon2id', ...work }])
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=64,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(await nodeArgon2(standIn)?.verify(phc ?? '', 'any')).toBe(true)
  })

  it('is not there where Node has none', () => {
    expect(nodeArgon2(null)).toBeUndefined()
  })
})

describe('the scrypt hasher', () => {
  it('hashes at the cost of the OWASP sheet unless told otherwise', async () => {
    expect(scryptParameters).toEqual({ ln: 14, r: 8, p: 5 })
    const phc = (await createScryptHasher().hash('correct horse')).unwrapOr('')
    expect(phc).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    const [, , , salt = '', key = ''] = phc.split('$')
    const again = scryptSync('correct horse', Buffer.from(salt, 'base64'), 32, {
      N: 16_384,
      r: 8,
      p: 5,
      maxmem: 2 ** 28,
    })
    expect(again.toString('base64').replace(/=+$/, '')).toBe(key)
  })

  it('takes what RFC 7914 works out in its section 12', async () => {
    const phc = '$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI'
    const hasher = createScryptHasher({ parameters: cheapScrypt })
    expect((await hasher.verify(phc, 'pleaseletmein')).unwrapOr(false)).toBe(true)
    expect((await hasher.verify(phc, 'pleaseletmeIn')).unwrapOr(true)).toBe(false)
  })

  it('still takes what was hashed at another cost, and asks for a new hash', async () => {
    const before = createScryptHasher({ parameters: cheapScrypt })
    const phc = (await before.hash('correct horse')).unwrapOr('')
    const now = createScryptHasher({ parameters: { ...cheapScrypt, ln: 5 } })
    expect((await now.verify(phc, 'correct horse')).unwrapOr(false)).toBe(true)
    expect(now.needsRehash(phc)).toBe(true)
    expect(before.needsRehash(phc)).toBe(false)
    // Made dearer than today, it is not weakened.
    expect(before.needsRehash((await now.hash('correct horse')).unwrapOr(''))).toBe(false)
  })

  it('answers with an error value when a string asks for more memory than there is to give', async () => {
    const huge = `$scrypt$ln=30,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`
    const verified = await createScryptHasher({ parameters: cheapScrypt }).verify(huge, 'x')
    expect(verified.isErr() && verified.error.type).toBe('HasherUnavailable')
  })

  it('leaves nothing behind that makes the next use of a key fail, whatever a string asks for', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
    const hasher = createScryptHasher({ parameters: cheapScrypt })
    for (const cost of ['ln=30,r=8,p=1', 'ln=0,r=8,p=1', 'ln=4,r=0,p=1', 'ln=4,r=8,p=0', 'ln=99,r=99,p=99']) {
      const verified = await hasher.verify(`$scrypt$${cost}$${'A'.repeat(22)}$${'A'.repeat(43)}`, 'x')
      expect(verified.isErr() && verified.error.type).toBe('HasherUnavailable')
      expect(createPrivateKey(pem).type).toBe('private')
    }
  })

  it('answers Busy past its queue, finishes what it took, and takes more afterwards', async () => {
    const hasher = createScryptHasher({ parameters: cheapScrypt, atOnce: 2, waiting: 3 })
    const answers = await Promise.all(Array.from({ length: 40 }, () => hasher.hash('correct horse')))
    const done = answers.filter((answer) => answer.isOk())
    const busy = answers.filter((answer) => answer.isErr() && answer.error.type === 'Busy')
    expect([done.length, busy.length]).toEqual([5, 35])
    expect((await hasher.hash('correct horse')).isOk()).toBe(true)
  })
})

describe('the argon2 hasher', () => {
  it('hashes at the cost of the OWASP sheet unless told otherwise', async () => {
    expect(argon2Parameters).toEqual({ memoryCost: 19_456, timeCost: 2, parallelism: 1 })
    const hasher = await openArgon2({})
    const phc = (await hasher.hash('correct horse')).unwrapOr('')
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(hasher.needsRehash(phc)).toBe(false)
  })

  it.each([
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
  ])('takes what the reference implementation hashed: %s', async (phc) => {
    const hasher = await openArgon2({ parameters: cheapArgon2 })
    expect((await hasher.verify(phc, 'password')).unwrapOr(false)).toBe(true)
    expect((await hasher.verify(phc, 'passwords')).unwrapOr(true)).toBe(false)
  })

  it('asks for a new hash of what was hashed at another cost', async () => {
    const before = await openArgon2({ parameters: cheapArgon2 })
    const phc = (await before.hash('correct horse')).unwrapOr('')
    const now = await openArgon2({ parameters: { ...cheapArgon2, timeCost: 2 } })
    expect((await now.verify(phc, 'correct horse')).unwrapOr(false)).toBe(true)
    expect(now.needsRehash(phc)).toBe(true)
    // Made dearer than today, it is not weakened; what is dearer in one respect and cheaper in another is made anew.
    expect(before.needsRehash((await now.hash('correct horse')).unwrapOr(''))).toBe(false)
    const wide = await openArgon2({ parameters: { ...cheapArgon2, memoryCost: 128 } })
    expect(now.needsRehash((await wide.hash('correct horse')).unwrapOr(''))).toBe(true)
  })

  it('says what to install when its package is missing', async () => {
    const made = await createArgon2Hasher({ load: () => Promise.reject(new Error('Cannot find package')) })
    expect(made.isErr() && made.error).toEqual({
      type: 'PackageMissing',
      package: '@node-rs/argon2',
      install: 'npm install @node-rs/argon2',
    })
  })
})
