import { okAsync, type Result, ResultAsync } from 'neverthrow'
import {
  type Actor,
  type Authorizer,
  createShop,
  createTableAuthorizer,
  type OutgoingMessage,
  type PasswordHasher,
  type Shop,
  type ShopPorts,
  type Storage,
  shopAccess,
} from 'shopwright'
import { createSandboxGateway } from '../../adapters/gateways/sandbox/index.js'
import { createKeyedDigest, createSealer } from '../../adapters/runtime/index.js'
import { acceptingVerifier } from '../support/accepting-verifier.js'
import { createPuppetProvider } from '../support/puppet-provider.js'
import { openStorage } from '../support/storages.js'

/** How often a shop's storage was asked and written to. */
type Counts = { reads: number; commits: number }

const counted = (storage: Storage, counts: Counts): Storage => ({
  ...storage,
  read: (request) => {
    counts.reads += 1
    return storage.read(request)
  },
  commit: (commit) => {
    counts.commits += 1
    return storage.commit(commit)
  },
  commitEach: (commits) => {
    counts.commits += 1
    return storage.commitEach(commits)
  },
})

/** Notes every action that is asked for, and answers as the other does. */
const recorded = (authorizer: Authorizer, asked: string[]): Authorizer => ({
  authorize: (actor, action) => {
    asked.push(action)
    return authorizer.authorize(actor, action)
  },
})

// Writes the password down reversed: what is tested here is not its strength.
const plainHasher: PasswordHasher = {
  hash: (password) => okAsync(`$test$${encodeURIComponent([...password].reverse().join(''))}`),
  verify: (phc, password) => okAsync(phc === `$test$${encodeURIComponent([...password].reverse().join(''))}`),
  verifyNothing: () => okAsync<false>(false),
  needsRehash: () => false,
}

/** 2026-03-10 10:00 in Shanghai. */
export const openingTime = Date.UTC(2026, 2, 10, 2)

/** A whole shop over an empty storage, as a host would create it. */
export const openShop = async () => {
  const counts: Counts = { reads: 0, commits: 0 }
  const asked: string[] = []
  const mailbox: OutgoingMessage[] = []
  let now = openingTime
  const clock = { now: () => now }
  const gateway = createSandboxGateway({ now: clock.now, keys: [{ keyId: 'k1', secret: 'a secret of the sandbox' }] })
  const puppet = createPuppetProvider('puppet.example')
  const ports: ShopPorts = {
    storage: counted(await openStorage(), counts),
    clock,
    digests: createKeyedDigest({ key: new Uint8Array(32).fill(5) }),
    sealer: createSealer({ current: { keyId: 'k1', key: new Uint8Array(32).fill(9) } }),
    hasher: plainHasher,
    notifier: {
      send: (message) => {
        mailbox.push(message)
        return okAsync(undefined)
      },
    },
    identityProviders: { puppet: puppet.provider },
    passkeys: acceptingVerifier,
    gateways: { [gateway.gatewayId]: gateway },
    authorizer: recorded(createTableAuthorizer(shopAccess), asked),
  }
  const pass = (ms: number): void => {
    now += ms
  }
  return { ports, shop: createShop(ports), gateway, puppet, counts, asked, mailbox, now: clock.now, pass } as const
}

export type OpenedShop = Awaited<ReturnType<typeof openShop>>

/** Verbs that name no actor, each with the reason. This list may only shrink. */
export const actorless = {
  'accounts.actorOf': 'finds out who the actor is: the token proves it',
  'accounts.signOut': 'the token that is given up proves whose it is',
  'orders.receiveNotification': 'the signature on the bytes proves which gateway speaks',
} as const

/** Members of a shop that are no module. */
const noModules: readonly string[] = ['upkeep', 'on', 'ports']

type ModuleName = Exclude<keyof Shop, 'upkeep' | 'on' | 'ports'>

/** Every command and question of a shop, as `module.verb`. */
export type VerbName = { [M in ModuleName]: `${M}.${keyof Shop[M] & string}` }[ModuleName]

/** The verbs that name their actor. */
export type ActorVerb = Exclude<VerbName, keyof typeof actorless>

/** The names of all verbs as the shop has them at run time. */
export const verbNames = (shop: Shop): readonly string[] =>
  Object.entries(shop).flatMap(([module, verbs]) =>
    noModules.includes(module) ? [] : Object.keys(verbs).map((verb) => `${module}.${verb}`),
  )

/** A refusal, with whatever facts it carries. */
export type Refusal = { readonly type: string }

let keys = 0
const nextKey = (): string => {
  keys += 1
  return `key-${keys}`
}

/** Calls a verb by its name, under a fresh key unless one is given. */
export const call = async (
  shop: Partial<Record<ModuleName, object>>,
  name: string,
  actor: Actor,
  input: unknown,
  key: unknown = nextKey(),
): Promise<Result<unknown, Refusal>> => {
  const [module = '', verb = ''] = name.split('.')
  const group: unknown = Reflect.get(shop, module)
  const workflow: unknown = typeof group === 'object' && group !== null ? Reflect.get(group, verb) : undefined
  if (typeof workflow !== 'function') throw new Error(`no verb ${name}`)
  const answer: unknown = Reflect.apply(workflow, undefined, [{ actor, key }, input])
  if (!(answer instanceof ResultAsync)) throw new Error(`${name} answers no ResultAsync`)
  return answer
}

/** What a result holds, or a failed test with its refusal. */
export const must = <Value>(result: Result<Value, unknown>): Value =>
  result.match(
    (value) => value,
    (error) => {
      throw new Error(JSON.stringify(error))
    },
  )
