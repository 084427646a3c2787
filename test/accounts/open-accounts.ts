import { okAsync, type Result, type ResultAsync } from 'neverthrow'
import {
  type AccountsPolicy,
  type AccountsPorts,
  type Actor,
  accountsAccess,
  accountsPersonalRecords,
  activateAccount,
  actorOf,
  type BreachedPasswords,
  type ContactBook,
  type CountryLookup,
  createBookShelf,
  createIds,
  createRecipientBook,
  createTableAuthorizer,
  createTurns,
  defaultAccountsPolicy,
  type IdentityProviders,
  type Installations,
  type Instant,
  mainlandPhones,
  type NotifyFailed,
  type NotifyPorts,
  notifyPersonalRecords,
  type OutgoingMessage,
  type PasskeyVerifier,
  type PasswordHasher,
  type PreparedCommit,
  type RealNameVerifier,
  registerAccount,
  type SignedIn,
  type Storage,
  type SubjectKeyStore,
  sendDueMessages,
  signIn,
  withStepUp,
} from 'shopwright'
import { createKeyedDigest, createSealer } from '../../adapters/runtime/index.js'
import { openStorage } from '../support/storages.js'

const start: Instant = Date.UTC(2026, 10, 24, 9)
export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

export const guest: Actor = { kind: 'guest', guestId: 'visitor' }
export const customer = (accountId: string): Actor => ({ kind: 'customer', accountId })
export const clerk: Actor = { kind: 'staff', staffId: 'clerk', roles: ['care'], purpose: 'fraud case' }

export const goodPassword = 'Tr7!mqLz-wHk2'
export const otherPassword = 'Vn4?bdXs-yGe8'

/** Hashes by writing the password down reversed: for tests that count the work and do not care for its strength. */
const createCountingHasher = (): PasswordHasher & { readonly count: () => number } => {
  let count = 0
  const work = <Value>(value: Value) => {
    count += 1
    return okAsync<Value, never>(value)
  }
  const phcOf = (password: string): string => `$test$${encodeURIComponent([...password].reverse().join(''))}`
  return {
    hash: (password) => work(phcOf(password)),
    verify: (phc, password) => work(phc === phcOf(password)),
    verifyNothing: () => work<false>(false),
    needsRehash: (phc) => !phc.startsWith('$test$'),
    count: () => count,
  }
}

/** Everything that was ever handed to the storage to be kept, as text. */
const recordStored = (storage: Storage): { readonly storage: Storage; readonly texts: string[] } => {
  const texts: string[] = []
  const note = (commit: PreparedCommit): void => {
    texts.push(JSON.stringify({ ...commit, puts: [], appends: [] }))
    for (const { text } of [...commit.puts, ...commit.appends]) texts.push(text)
  }
  return {
    texts,
    storage: {
      ...storage,
      commit: (commit) => {
        note(commit)
        return storage.commit(commit)
      },
      commitEach: (commits) => {
        commits.forEach(note)
        return storage.commitEach(commits)
      },
    },
  }
}

export type OpenOptions = {
  readonly policy?: Partial<AccountsPolicy>
  readonly hasher?: PasswordHasher
  readonly breachedPasswords?: BreachedPasswords
  readonly attempts?: number
  readonly identityProviders?: IdentityProviders
  readonly passkeys?: PasskeyVerifier
  readonly countries?: CountryLookup
  readonly realNames?: RealNameVerifier
  readonly installations?: Installations
  /** What the host knows of how people are reached. */
  readonly contacts?: ContactBook
  /** Where shares of the keys of people are kept apart. */
  readonly keptApart?: SubjectKeyStore
}

/** Accounts and messages over an empty storage, with a clock set by hand and a mailbox that can be read. */
export const openAccounts = async ({
  policy = {},
  hasher,
  breachedPasswords,
  attempts = 8,
  identityProviders = {},
  passkeys,
  countries,
  realNames,
  installations,
  contacts,
  keptApart,
}: OpenOptions = {}) => {
  let now = start
  const recorded = recordStored(await openStorage())
  const counting = createCountingHasher()
  const clock = { now: () => now }
  const mailbox: OutgoingMessage[] = []
  let answerSend: (message: OutgoingMessage) => ResultAsync<void, NotifyFailed> = () => okAsync(undefined)
  const accountsPolicy = { ...defaultAccountsPolicy, ...policy }
  const accountsPorts: AccountsPorts = {
    shop: 'main',
    storage: recorded.storage,
    clock,
    ids: createIds(clock),
    authorizer: withStepUp(createTableAuthorizer(accountsAccess), accountsPolicy.stepUp, clock),
    digests: createKeyedDigest({ key: new Uint8Array(32).fill(5) }),
    books: createBookShelf(),
    turns: createTurns(),
    emit: () => {},
    attempts,
    hasher: hasher ?? counting,
    breachedPasswords: breachedPasswords ?? { isBreached: () => okAsync(false) },
    sealer: createSealer({
      current: { keyId: 'k1', key: new Uint8Array(32).fill(9) },
      ...(keptApart === undefined ? {} : { keptApart }),
    }),
    phones: mainlandPhones,
    identityProviders,
    ...(passkeys === undefined ? {} : { passkeys }),
    ...(installations === undefined ? {} : { installations }),
    ...(realNames === undefined ? {} : { realNames }),
    ...(countries === undefined ? {} : { countries }),
    personalRecords: [...accountsPersonalRecords, ...notifyPersonalRecords],
    accountsPolicy,
  }
  const ports: AccountsPorts & NotifyPorts = {
    ...accountsPorts,
    recipients: createRecipientBook(accountsPorts, contacts),
    notifier: {
      send: (message) =>
        answerSend(message).andTee(() => {
          mailbox.push(message)
        }),
    },
  }
  let keys = 0
  const as = (actor: Actor) => {
    keys += 1
    return { actor, key: `key-${keys}` } as const
  }
  const deliver = async () => must(await sendDueMessages(ports, { limit: 1_000 }))
  /** The code in the last message to an address. */
  const lastCode = async (to: string): Promise<string> => {
    await deliver()
    const text = mailbox.filter((message) => message.to === to && /\d{6}/.test(message.text)).at(-1)?.text ?? ''
    return /(\d{6,})[,，]/.exec(text)?.[1] ?? ''
  }
  /** Registers by an address, or by a number where there is no at sign. */
  const register = async (contact: string, password = goodPassword, name?: string) =>
    must(
      await registerAccount(ports, as(guest), {
        [contact.includes('@') ? 'email' : 'phone']: contact,
        password,
        locale: 'en',
        ...(name === undefined ? {} : { name }),
      }),
    )
  /** Registers and activates; answers the account's id. */
  const join = async (contact: string, password = goodPassword, name?: string): Promise<string> => {
    const { challengeId } = await register(contact, password, name)
    const code = await lastCode(contact)
    return must(await activateAccount(ports, as(guest), { challengeId, code })).accountId
  }
  const enter = async (identifier: string, password = goodPassword): Promise<SignedIn> =>
    must(await signIn(ports, as(guest), { identifier, password }))
  /** The actor that a session token is of. */
  const actorBy = async (token: string): Promise<Actor> => must(await actorOf(ports, token)).actor
  /** Signs in and answers the actor that the session is of. */
  const actor = async (identifier: string, password = goodPassword): Promise<Actor> =>
    actorBy((await enter(identifier, password)).token)
  return {
    ports,
    mailbox,
    stored: recorded.texts,
    hashes: counting.count,
    as,
    deliver,
    lastCode,
    register,
    join,
    enter,
    actor,
    actorBy,
    now: () => now,
    pass: (ms: number) => {
      now += ms
    },
    setNow: (instant: Instant) => {
      now = instant
    },
    onSend: (answer: typeof answerSend) => {
      answerSend = answer
    },
  } as const
}

export type OpenAccounts = Awaited<ReturnType<typeof openAccounts>>

/** The value, or a failed test with the refusal. */
export const must = <Value, Failure>(result: Result<Value, Failure>): Value =>
  result.match(
    (value) => value,
    (error) => {
      throw new Error(JSON.stringify(error))
    },
  )

/** The tag of a refusal, or `ok`. */
export const tagOf = <Failure extends { readonly type: string }>(result: Result<unknown, Failure>): string =>
  result.match(
    () => 'ok',
    (error) => error.type,
  )

/** Another code of the same length. */
export const otherThan = (code: string, step = 1): string =>
  String((Number(code) + step) % 10 ** code.length).padStart(code.length, '0')
