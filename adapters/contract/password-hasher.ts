import type { HashingPlace, PasswordHasher } from 'shopwright'
import { type ContractCase, expectEqual, expectOk, expectTrue } from './assert.js'

/** What every password hasher holds to. */
export const passwordHasherCases: readonly ContractCase<PasswordHasher>[] = [
  {
    name: 'says yes to the password that was hashed and no to any other',
    run: async (create) => {
      const hasher = await create()
      const phc = expectOk(await hasher.hash('correct horse'), 'hash')
      expectEqual(expectOk(await hasher.verify(phc, 'correct horse'), 'verify'), true, 'the password')
      expectEqual(expectOk(await hasher.verify(phc, 'correct horsf'), 'verify'), false, 'another')
      expectEqual(expectOk(await hasher.verify(phc, ''), 'verify'), false, 'none')
    },
  },
  {
    name: 'makes another hash of the same password each time, in a PHC string without the password',
    run: async (create) => {
      const hasher = await create()
      const first = expectOk(await hasher.hash('correct horse'), 'hash')
      const second = expectOk(await hasher.hash('correct horse'), 'hash')
      expectTrue(first !== second, 'two hashes are the same')
      expectTrue(/^\$[a-z0-9-]+\$/.test(first), 'not a PHC string')
      expectTrue(!first.includes('correct'), 'the hash holds the password')
    },
  },
  {
    name: 'takes every letter of a long password and of any script for what it is',
    run: async (create) => {
      const hasher = await create()
      const long = `${'长'.repeat(100)}\u{1F600} é `
      const phc = expectOk(await hasher.hash(long), 'hash')
      expectEqual(expectOk(await hasher.verify(phc, long), 'verify'), true, 'the password')
      expectEqual(expectOk(await hasher.verify(phc, long.trimEnd()), 'verify'), false, 'without its last letter')
      expectEqual(expectOk(await hasher.verify(phc, long.toUpperCase()), 'verify'), false, 'in capitals')
    },
  },
  {
    name: 'says no, not an error, to a string that is no hash of its own',
    run: async (create) => {
      const hasher = await create()
      for (const phc of ['', 'plain', '$other$x=1$c2FsdA$a2V5', '$scrypt$ln=63,r=8,p=1$c2FsdA$a2V5']) {
        expectEqual(expectOk(await hasher.verify(phc, 'correct horse'), 'verify'), false, phc)
      }
    },
  },
  {
    name: 'says no to every password for nobody',
    run: async (create) => {
      const hasher = await create()
      for (const password of ['', 'correct horse']) {
        expectEqual(expectOk(await hasher.verifyNothing(password), 'verify nothing'), false, password)
      }
    },
  },
  {
    name: 'asks for no new hash of its own, and for one of what it does not know',
    run: async (create) => {
      const hasher = await create()
      const phc = expectOk(await hasher.hash('correct horse'), 'hash')
      expectEqual(hasher.needsRehash(phc), false, 'its own')
      expectEqual(hasher.needsRehash('$other$x=1$c2FsdA$a2V5'), true, 'another')
    },
  },
  {
    name: 'lets nobody wait for a flood from one network elsewhere, whoever is asked for in it',
    run: async (create) => {
      const hasher = await create()
      const phc = expectOk(await hasher.hash('correct horse'), 'hash')
      const asks = {
        hash: (place: HashingPlace) => hasher.hash('correct horse', place),
        verify: (place: HashingPlace) => hasher.verify(phc, 'correct horsf', place),
        verifyNothing: (place: HashingPlace) => hasher.verifyNothing('correct horsf', place),
      }
      const served: number[] = []
      for (const flood of Object.values(asks)) {
        const flooding = Promise.all(Array.from({ length: 100 }, () => flood({ network: 'a' })))
        const others = Object.values(asks).map((ask) => ask({ network: 'b' }))
        for (const [index, name] of Object.keys(asks).entries()) {
          expectTrue((await others[index])?.isOk() ?? false, `${name} from another network`)
        }
        served.push((await flooding).filter((answer) => answer.isOk()).length)
      }
      // As many of each are let in: else a flood would tell which accounts there are.
      expectEqual(new Set(served).size, 1, 'how many are let in, whatever is asked')
    },
  },
]
