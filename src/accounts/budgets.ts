import { err, ok, type Result } from 'neverthrow'
import type { CounterFamily } from '../shared/collection.js'
import { adjust, type Change, claim } from '../shared/commit.js'
import { earliestId, endingId } from '../shared/ids.js'
import { daysMs, hoursMs, type Instant, minutesMs } from '../shared/instant.js'
import type { OriginKeys } from '../shared/origin.js'
import { type Asked, claims, counters, type Ids } from '../shared/read-plan.js'
import type { AccountsPolicy } from './accounts-policy.js'
import { type CodeContact, challengePrefix, longestChallengeMs } from './challenge.js'
import type { CodePolicy, WindowBudget } from './code-policy.js'
import type { IdentifierKind } from './identifier.js'
import type { Identity, Visit } from './identify.js'

/** How often a code may still be tried, by challenge: nobody tries one past the longest life of any. */
export const challengeAttempts: CounterFamily = {
  name: 'challengeAttempts',
  rank: 4,
  minimum: 0,
  endedBelow: (moment) => earliestId(challengePrefix, moment - longestChallengeMs),
}

/** How much of something may still be done in a window of time, by the end of the window and what it is about. */
export const rateBudgets: CounterFamily = {
  name: 'rateBudget',
  rank: 5,
  minimum: 0,
  endedBelow: (moment) => endingId(moment, ''),
}

/** Too many codes were asked for; says nothing of whether there is an account. */
export type TooManyCodes = { readonly type: 'TooManyCodes'; readonly retryAt: Instant }

/** So many names that others have were asked for that for a while none is told of. */
export type TooManyNames = { readonly type: 'TooManyNames'; readonly retryAt: Instant }

/** The longest window of any counter, as a shop counts. */
export const longestWindowOf = ({ activationByPush }: Pick<AccountsPolicy, 'activationByPush'>): number =>
  activationByPush === null ? daysMs : installationWindowMs

// Months of thirty days since 1970: what a device may register is whole again with the next one.
const installationWindowMs = 30 * daysMs

/** A counter that a code is taken from; a pause is none, but taken whole, and free again when it ends. */
export type CodeLine = {
  readonly id: string
  readonly codes: number
  readonly endsAt: Instant
  readonly isPause?: true
}

/**
 * The counters that a code sent at a moment counts in: those of the identifier, the account, the device, the network and
 * the shop as a whole, and for a number abroad those of its calling code. They are of the identifier's canonical form and
 * outlive the challenge, so that neither another spelling nor another code begins them anew. Between text messages, which
 * somebody pays for, lies a minute besides, those that are sent anew and reminders among them.
 *
 * @param account - only where the asker has shown to be it: it would tell which identifiers are of one account
 * @param name - before the names of the counters, where they are not those of codes
 */
export const linesFor = (
  policy: CodePolicy,
  { identity, origin }: Visit,
  now: Instant,
  account?: string,
  name = '',
): readonly CodeLine[] =>
  identity.match(
    (found) => [...ownLines(policy, found, now, name), ...sharedLines(policy, origin, now, account, name)],
    () => [],
  )

/** Those of them that are the identifier's own, with those of its calling code. */
export const ownLines = (
  policy: CodePolicy,
  { kind, key, callingCode }: Identity,
  now: Instant,
  name = '',
): readonly CodeLine[] => [
  ...linesOf(name, policy, key, now),
  ...textLines(kind, key, now),
  ...callingCodeLines(policy, callingCode, now, name),
]

const callingCodeLines = (
  { callingCodes: { home, others } }: CodePolicy,
  code: string | undefined,
  now: Instant,
  name = '',
): readonly CodeLine[] =>
  code === undefined || home.includes(code) ? [] : linesOf(`${name}${callingCodeName}`, others, code, now)

const callingCodeName = 'callingCode:'

/**
 * The counters that a reminder counts in: as many as of codes, and apart from them, so that it keeps no code from anybody. One by
 * text counts in those of the number's codes as well: what strangers have sent to a number is never more than they allow.
 */
export const reminderLines = (policy: CodePolicy, visit: Visit, now: Instant): readonly CodeLine[] => [
  ...linesFor(policy, visit, now, undefined, 'reminder:'),
  ...visit.identity.match(
    ({ kind, key, callingCode }) =>
      kind === 'phone' ? [...linesOf('', policy, key, now), ...callingCodeLines(policy, callingCode, now)] : [],
    () => [],
  ),
]

/** The counters that do not depend on the identifier. */
export const sharedLines = (
  policy: CodePolicy,
  origin: OriginKeys,
  now: Instant,
  account?: string,
  name = '',
): readonly CodeLine[] => [
  ...originLines(policy, origin, now, account, name),
  ...linesOf(`${name}shop`, policy.shop, '', now),
]

const originLines = (
  policy: CodePolicy,
  origin: OriginKeys,
  now: Instant,
  account: string | undefined,
  name = '',
): readonly CodeLine[] => [
  ...linesOf(`${name}account:`, policy.account, account, now),
  ...linesOf(`${name}device:`, policy.device, origin.device, now),
  ...linesOf(`${name}network:`, policy.network, origin.network, now),
]

/**
 * The counters that a user name counts in which somebody asks for and another has: whoever reads them off one by one comes to an
 * end. As many as of codes, and apart from them; none over the shop, which strangers would use up for everybody.
 *
 * @param asker - the account, or the installation that registers one
 */
export const nameLines = (policy: CodePolicy, origin: OriginKeys, asker: string, now: Instant): readonly CodeLine[] => [
  ...linesOf('name:asker:', policy.account, asker, now),
  ...linesOf('name:device:', policy.device, origin.device, now),
  ...linesOf('name:network:', policy.network, origin.network, now),
]

/** The counters that an opened form of registration counts in: as many as of codes, and apart from them. */
export const signUpLines = (policy: CodePolicy, origin: OriginKeys, now: Instant): readonly CodeLine[] =>
  sharedLines(policy, origin, now, undefined, 'signUp:')

/** What counts by where it comes from, and in the sum. */
type OriginBudgets = { readonly network: WindowBudget; readonly shop: WindowBudget }

/** A counter of failed sign-ins, and what it counts over. */
export type FailureLine = CodeLine & { readonly of: 'network' | 'shop' }

/** The counters that a failed sign-in counts in. */
export const failureLines = (policy: OriginBudgets, origin: OriginKeys, now: Instant): readonly FailureLine[] => [
  ...networkLines('signIn', policy, origin, now).map((line) => ({ ...line, of: 'network' as const })),
  ...linesOf('signIn:shop', policy.shop, '', now).map((line) => ({ ...line, of: 'shop' as const })),
]

/** The counters that a way to an identity provider counts in, whether anybody comes back or not. */
export const identityLines = (policy: OriginBudgets, origin: OriginKeys, now: Instant): readonly CodeLine[] =>
  networkLines('identity', policy, origin, now)

/** The counters that a question for a passkey counts in. */
export const passkeyLines = (policy: OriginBudgets, origin: OriginKeys, now: Instant): readonly CodeLine[] =>
  networkLines('passkey', policy, origin, now)

/** The counter of the accounts that one installation registers, activated or not. */
export const installationLine = (installationKey: string, accounts: number, now: Instant): CodeLine =>
  lineOf(installationWindowMs, accounts, `installation:${installationKey}`, now)

/** The counters that a question for a real name counts in, each of which somebody pays for. */
export const realNameLines = (accountId: string, now: Instant): readonly CodeLine[] =>
  linesOf('realName:', { perHour: 3, perDay: 5 }, accountId, now)

// No sum over the shop: it would let strangers shut the way in for everybody.
const networkLines = (
  name: string,
  policy: Pick<OriginBudgets, 'network'>,
  origin: OriginKeys,
  now: Instant,
): readonly CodeLine[] => linesOf(`${name}:network:`, policy.network, origin.network, now)

/** A code that is asked for at a device which its account knows. */
export type KnownDeviceCode = {
  readonly accountId: string
  /** Of what it is asked for with. */
  readonly identifierKey: string
  /** Where it goes; undefined where it goes nowhere. */
  readonly contact: CodeContact | undefined
  readonly origin: OriginKeys
}

/**
 * The counters of codes that are asked for at a device which their account knows. No stranger's code is counted there:
 * whatever strangers ask for elsewhere keeps no code from the owner. A device is whatever its client says it is, and every
 * sign-in makes one known; so they also count over all devices of the account, by the number, and over the shop.
 */
export const knownDeviceLines = (
  policy: CodePolicy,
  { accountId, identifierKey, contact, origin: { device } }: KnownDeviceCode,
  now: Instant,
): readonly CodeLine[] =>
  device === undefined
    ? []
    : [
        ...ownDeviceLines(policy, identifierKey, { device }, now),
        ...linesOf(knownAccountName, policy.account, accountId, now),
        ...(contact === undefined ? [] : textLines(contact.kind, `${ownPauseName}${contact.key}`, now)),
        ...callingCodeLines(policy, contact?.callingCode, now, knownName),
        ...knownShopLines(policy, now),
      ]

/** Those of them that are the device's own. */
export const ownDeviceLines = (
  policy: CodePolicy,
  identifierKey: string,
  { device }: OriginKeys,
  now: Instant,
): readonly CodeLine[] => (device === undefined ? [] : linesOf(knownDeviceName(device), policy, identifierKey, now))

/** Those of them that are the same for everybody. */
export const knownShopLines = (policy: CodePolicy, now: Instant): readonly CodeLine[] =>
  linesOf('known:shop', policy.shop, '', now)

const knownName = 'known:'
const knownDeviceName = (device: string): string => `${knownName}${device}:`
const knownAccountName = `${knownName}account:`

/**
 * The counters of the contact that a code goes to, where it was asked for with another identifier: a user name, whose own
 * counters say nothing of how much the contact is sent.
 */
export const contactLines = (
  policy: CodePolicy,
  { kind, key, callingCode }: CodeContact,
  now: Instant,
): readonly CodeLine[] => [
  ...linesOf('', policy, key, now),
  ...textLines(kind, key, now),
  ...callingCodeLines(policy, callingCode, now),
]

/** The counters of an identifier of which only the key is known. */
export const keyLines = (policy: CodePolicy, identifierKey: string, now: Instant): readonly CodeLine[] =>
  linesOf('', policy, identifierKey, now)

/**
 * The counters of codes to a contact of the account that somebody has shown to be, by a first proof or a session, at a device
 * which it does not know: whatever strangers ask for keeps none of them from the owner. As many as of strangers', and what
 * they cost is of the sums of known devices.
 */
export const provenLines = (
  policy: CodePolicy,
  {
    accountId,
    contact,
    origin,
  }: { readonly accountId: string; readonly contact: CodeContact; readonly origin: OriginKeys },
  now: Instant,
): readonly CodeLine[] => [
  ...linesOf(provenName, policy, contact.key, now),
  ...textLines(contact.kind, `${ownPauseName}${contact.key}`, now),
  ...callingCodeLines(policy, contact.callingCode, now, knownName),
  ...originLines(policy, origin, now, accountId),
  ...knownShopLines(policy, now),
]

/** Before the names of the counters of who has shown to be the account. */
export const provenName = 'proven:'

// A minute lies between two texts to a number, whatever its strangers ask for, and another between two that its owner asks for.
const textLines = (kind: IdentifierKind, key: string, now: Instant): readonly CodeLine[] =>
  kind === 'phone' ? [{ id: key, codes: 1, endsAt: now + minutesMs, isPause: true }] : []

const textPauses = 'textPause'

/** Before the keys of the pauses of who has shown to be the account, or is at a device that it knows: no stranger's is among them. */
export const ownPauseName = 'own:'

/** Asks until when no text goes to numbers; by key, free ones are left out. */
export const pausesUntil = (keys: Ids): Asked<ReadonlyMap<string, number>> => {
  const { query, answer } = claims(textPauses, keys)
  return {
    query,
    answer: (found) => answer(found).map((ends) => new Map([...ends].map(([key, until]) => [key, Number(until)]))),
  }
}

const linesOf = (name: string, budget: WindowBudget, key: string | undefined, now: Instant): readonly CodeLine[] =>
  key === undefined
    ? []
    : [lineOf(hoursMs, budget.perHour, `${name}${key}`, now), lineOf(daysMs, budget.perDay, `${name}${key}`, now)]

/** The start of the names of an identifier's own counters, where only its challenge knows the identifier. */
export const identifierPrefixes = (
  now: Instant,
  { device = '' }: OriginKeys = {},
): {
  readonly [window in 'hour' | 'day' | `known${KnownWindow}` | Uncapitalize<CallingCodeWindow>]: string
} => ({
  hour: prefixOf(hoursMs, now),
  day: prefixOf(daysMs, now),
  knownHour: `${prefixOf(hoursMs, now)}${knownDeviceName(device)}`,
  knownDay: `${prefixOf(daysMs, now)}${knownDeviceName(device)}`,
  knownAccountHour: `${prefixOf(hoursMs, now)}${knownAccountName}`,
  knownAccountDay: `${prefixOf(daysMs, now)}${knownAccountName}`,
  knownCallingCodeHour: `${prefixOf(hoursMs, now)}${knownName}${callingCodeName}`,
  knownCallingCodeDay: `${prefixOf(daysMs, now)}${knownName}${callingCodeName}`,
  callingCodeHour: `${prefixOf(hoursMs, now)}${callingCodeName}`,
  callingCodeDay: `${prefixOf(daysMs, now)}${callingCodeName}`,
})

type KnownWindow = 'Hour' | 'Day' | 'AccountHour' | 'AccountDay' | CallingCodeWindow
type CallingCodeWindow = 'CallingCodeHour' | 'CallingCodeDay'

// The end comes first, so that counters whose window is over stand below those that are still spent from.
const prefixOf = (windowMs: number, now: Instant): string => endingId(endOf(windowMs, now), `${windowMs}:`)

const endOf = (windowMs: number, now: Instant): Instant => now - (now % windowMs) + windowMs

const lineOf = (windowMs: number, codes: number, key: string, now: Instant): CodeLine => ({
  id: `${prefixOf(windowMs, now)}${key}`,
  codes,
  endsAt: endOf(windowMs, now),
})

/** Asks what is left in the counters of lines; of their pauses ask `pausesUntil`. */
export const linesLeft = (lines: readonly CodeLine[]) =>
  counters(
    rateBudgets,
    lines.flatMap(({ id, isPause }) => (isPause === true ? [] : [id])),
  )

/**
 * Takes one code out of every line.
 *
 * @param left - what is left in counters, and when pauses end
 * @errors TooManyCodes when a line is used up
 */
export const spendCode = (
  lines: readonly CodeLine[],
  left: ReadonlyMap<string, number>,
): Result<readonly Change[], TooManyCodes> => {
  const waits = lines.flatMap(({ id, codes, endsAt, isPause }) => {
    if (isPause === true) return left.get(id) ?? []
    return (left.get(id) ?? codes) < 1 ? [endsAt] : []
  })
  if (waits.length > 0) return err({ type: 'TooManyCodes', retryAt: Math.max(...waits) })
  return ok(
    lines.map(({ id, codes, endsAt, isPause }) =>
      isPause === true
        ? claim({ space: textPauses, key: id, owner: `${endsAt}`, expiresAt: endsAt })
        : adjust(rateBudgets, { id, by: -1, initial: codes }),
    ),
  )
}
