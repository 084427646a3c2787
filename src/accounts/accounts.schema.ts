import * as z from 'zod'
import { channels } from '../notify/message.js'
import type { Collection, Log } from '../shared/collection.js'
import type { Json } from '../shared/json.js'
import { sealedSchema } from '../shared/personal-data.schema.js'
import { parseStored } from '../shared/stored.schema.js'
import type { Account } from './account.js'
import type { Challenge } from './challenge.js'
import type { ConsentEntry } from './consent.js'
import type { Credential } from './credential.js'
import type { Session } from './session.js'
import type { SignInGuard } from './sign-in-guard.js'

const facts = { accountId: z.string(), registeredAt: z.int() }

const callingCode = z.exactOptional(z.string())

const bound = z.exactOptional(
  z.object({ key: z.string(), value: sealedSchema, callingCode, boundAt: z.exactOptional(z.int()) }),
)

const person = {
  ...facts,
  identifiers: z.object({ email: bound, phone: bound, userName: bound }),
  name: z.exactOptional(sealedSchema),
  details: z.exactOptional(sealedSchema),
  sessionEpoch: z.int().min(0),
  disownedEpoch: z.exactOptional(z.int().min(0)),
  installationKey: z.exactOptional(z.string()),
}

const accountSchema = z.discriminatedUnion('status', [
  z.object({ ...person, status: z.literal('pending'), activateBy: z.int() }),
  z.object({ ...person, status: z.literal('active'), activatedAt: z.int() }),
  z.object({
    ...person,
    status: z.literal('banned'),
    activatedAt: z.int(),
    reason: z.enum(['fraud', 'abuse', 'compromised', 'legal']),
    until: z.int().nullable(),
  }),
  z.object({ ...facts, status: z.literal('lapsed'), lapsedAt: z.int() }),
  z.object({ ...facts, status: z.literal('erased'), erasedAt: z.int() }),
])

// An account of shape 1 had one identifier, its e-mail address.
const severalIdentifiers = (stored: Json): Json => {
  if (typeof stored !== 'object' || stored === null || !('identifierKey' in stored)) return stored
  const { identifierKey: key, email: value, ...rest } = stored
  return key === undefined || value === undefined ? stored : { ...rest, identifiers: { email: { key, value } } }
}

/** Accounts; whoever they are is sealed. */
export const accounts: Collection<Account> = {
  name: 'account',
  rank: 21,
  schemaVersion: 2,
  upcasts: { 1: severalIdentifiers },
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    status: { type: 'text', path: 'status' },
    registeredAt: { type: 'instant', path: 'registeredAt' },
    activateBy: { type: 'instant', path: 'activateBy' },
  },
  ownership: { own: 'accountId' },
  parse: parseStored<Account>('account')(accountSchema),
}

const shownInSession = {
  provenAt: z.exactOptional(z.int()),
  mustProve: z.exactOptional(z.literal(true)),
  paymentProof: z.exactOptional(z.object({ by: z.enum(['stepUp', 'paymentPassword', 'code']), at: z.int() })),
}

/** Sign-ins that stand. */
export const sessions: Collection<Session> = {
  name: 'session',
  rank: 22,
  schemaVersion: 1,
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    lastSeenAt: { type: 'instant', path: 'lastSeenAt' },
    idleUntil: { type: 'instant', path: 'idleUntil' },
    endsAt: { type: 'instant', path: 'endsAt' },
  },
  ownership: { own: 'accountId' },
  parse: parseStored<Session>('session')(
    z.object({
      sessionId: z.string(),
      accountId: z.string(),
      tokenDigest: z.string(),
      epoch: z.int().min(0),
      startedAt: z.int(),
      lastSeenAt: z.int(),
      idleUntil: z.int(),
      endsAt: z.int(),
      device: z.exactOptional(z.string()),
      begunBy: z.exactOptional(z.enum(['email', 'phone'])),
      restsOn: z.exactOptional(z.object({ contact: z.enum(['email', 'phone']), until: z.int() })),
      ...shownInSession,
      replaced: z.exactOptional(
        z.array(z.object({ tokenDigest: z.string(), until: z.int(), shown: z.object(shownInSession) })),
      ),
      generation: z.exactOptional(z.object({ since: z.int(), proven: z.boolean(), others: z.array(z.string()) })),
    }),
  ),
}

const challengeFacts = {
  challengeId: z.string(),
  purpose: z.enum([
    'activate',
    'reset',
    'bind',
    'signIn',
    'secondFactor',
    'enrolFactor',
    'stepUp',
    'notMe',
    'identitySignIn',
    'identityLink',
    'identityRegister',
    'passkeyRegister',
    'passkeySignIn',
    'passkeyStepUp',
    'pay',
    'resetPayment',
  ]),
  accountId: z.exactOptional(z.string()),
  epoch: z.exactOptional(z.int().min(0)),
  identifierKey: z.string(),
  sentTo: z.exactOptional(z.object({ kind: z.enum(['email', 'phone']), key: z.string(), callingCode })),
  pushedTo: z.exactOptional(z.string()),
  providerId: z.exactOptional(z.string()),
  provenBy: z.exactOptional(z.enum(['email', 'phone'])),
  passwordSetAt: z.exactOptional(z.int()),
  disownedFrom: z.exactOptional(z.int()),
  disownedGuard: z.exactOptional(z.string()),
  activateBy: z.exactOptional(z.int()),
  issuedAt: z.int(),
}

const challengeSchema = z.discriminatedUnion('status', [
  z.object({
    ...challengeFacts,
    status: z.literal('open'),
    codeDigest: z.string(),
    round: z.int().min(1),
    sentAt: z.exactOptional(z.int()),
    expiresAt: z.int(),
    resendAt: z.int(),
    address: z.exactOptional(sealedSchema),
  }),
  z.object({ ...challengeFacts, status: z.literal('redeemed'), redeemedAt: z.int() }),
  z.object({ ...challengeFacts, status: z.literal('revoked'), revokedAt: z.int() }),
])

/** Codes that were sent; reached only by an id that its receiver was given. */
export const challenges: Collection<Challenge> = {
  name: 'challenge',
  rank: 23,
  schemaVersion: 1,
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    purpose: { type: 'text', path: 'purpose' },
    status: { type: 'text', path: 'status' },
    issuedAt: { type: 'instant', path: 'issuedAt' },
  },
  ownership: 'public',
  parse: parseStored<Challenge>('challenge')(challengeSchema),
}

/** Passwords, hashed. */
export const credentials: Collection<Credential> = {
  name: 'credential',
  rank: 24,
  schemaVersion: 1,
  fields: { accountId: { type: 'text', path: 'accountId' }, setAt: { type: 'instant', path: 'setAt' } },
  ownership: { own: 'accountId' },
  parse: parseStored<Credential>('credential')(
    z.object({
      accountId: z.string(),
      phc: z.string(),
      setAt: z.int(),
      former: z.exactOptional(z.array(z.string())),
      checkedAt: z.exactOptional(z.int()),
      mustChange: z.exactOptional(z.enum(['breached', 'compromised'])),
      resetBy: z.exactOptional(z.enum(['email', 'phone'])),
      setThrough: z.exactOptional(z.enum(['email', 'phone'])),
    }),
  ),
}

/** Failures to sign in, by the account, or by the keyed digest of an address that nobody has; reached only by who knows it. */
export const signInGuards: Collection<SignInGuard> = {
  name: 'signInGuard',
  rank: 25,
  schemaVersion: 1,
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    restsSince: { type: 'instant', path: 'restsSince' },
  },
  ownership: 'public',
  parse: parseStored<SignInGuard>('signInGuard')(
    z.object({
      accountId: z.exactOptional(z.string()),
      restsSince: z.exactOptional(z.int()),
      failures: z.int().min(0),
      consecutive: z.int().min(0),
      lastFailureAt: z.int(),
      lockedUntil: z.int(),
      toldAt: z.exactOptional(z.int()),
      forgivenAt: z.exactOptional(z.int()),
    }),
  ),
}

/** What each person consented to, and when they withdrew it. */
export const consentLog: Log<ConsentEntry> = {
  name: 'consentEntry',
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    purpose: { type: 'text', path: 'purpose' },
    at: { type: 'instant', path: 'at' },
  },
  ownership: { own: 'accountId' },
  parse: parseStored<ConsentEntry>('consentEntry')(
    z.object({
      accountId: z.string(),
      purpose: z.string(),
      decision: z.enum(['given', 'withdrawn']),
      channels: z.array(z.enum(channels)),
      noticeVersion: z.string(),
      by: z.exactOptional(z.literal('guardian')),
      at: z.int(),
    }),
  ),
}
