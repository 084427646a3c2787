import { hoursMs, type Instant } from '../../shared/instant.js'
import type { Message } from '../../shared/messages.js'

/** How data came to be where it should not. */
export const incidentCauses = [
  'intrusion',
  'insider',
  'misdelivery',
  'lostDevice',
  'configuration',
  'supplier',
  'unknown',
] as const

export type IncidentCause = (typeof incidentCauses)[number]

/** What people are told, in every language: what article 57 of the PIPL names. Nothing in it is about one of them. */
export type IncidentNotice = {
  /** Which data, and how it came about. */
  readonly what: Message
  /** What may come of it. */
  readonly harm: Message
  /** What the shop has done about it. */
  readonly measures: Message
  /** What people can do themselves. */
  readonly advice: Message
  /** Whom they can ask. */
  readonly contact: Message
}

/** Whose data it is. */
export type AffectedAccounts =
  | { readonly kind: 'named'; readonly accountIds: readonly string[] }
  /** Everybody who was registered by its end and of whom the shop keeps one of its records. */
  | { readonly kind: 'everybody' }
  /** Those whose accounts a member of staff looked at while it lasted, as the audit log has it. */
  | { readonly kind: 'seenBy'; readonly staffId: string }

/** A time within which somebody has to be told. */
export type IncidentDeadline = {
  /** The clause that says so (`GDPR 33(1)`). */
  readonly clause: string
  readonly whom: 'authority' | 'people'
  readonly withinHours: number
}

/** What a shop holds itself to when data has leaked. */
export type IncidentPolicy = {
  readonly deadlines: readonly IncidentDeadline[]
  /** A deadline is near so many hours before it. */
  readonly warnHours: number
}

/** A deadline of an incident, and whether it was met. */
export type DeadlineStanding = {
  readonly clause: string
  readonly whom: 'authority' | 'people'
  readonly dueAt: Instant
  /** That it is near, or missed, was told once each. */
  readonly told?: 'near' | 'missed'
  /** When the authority was told; of people, when a notice to each of them was queued. */
  readonly metAt?: Instant
}

/** How far telling people has come. */
export type IncidentTelling =
  | { readonly status: 'notBegun' }
  /** `after` is where the last page ended; null before the first. */
  | { readonly status: 'underWay'; readonly after: string | null }
  | { readonly status: 'done'; readonly doneAt: Instant }

/** That an authority was told. */
export type AuthorityReport = { readonly authority: string; readonly reference: string; readonly at: Instant }

/** A leak of personal data, on record. */
export type Incident = {
  readonly incidentId: string
  /** For people and the authority: `I20261128-12345678`. */
  readonly number: string
  readonly status: 'open' | 'closed'
  readonly cause: IncidentCause
  /** Names of the records whose data it is, as an export names them. */
  readonly records: readonly string[]
  readonly affected: AffectedAccounts
  /** When it began, as far as is known. */
  readonly since: Instant
  /** When it ended; null while it lasts. */
  readonly until: Instant | null
  /** When the shop came to know of it: deadlines begin. */
  readonly knownAt: Instant
  readonly notice: IncidentNotice
  readonly telling: IncidentTelling
  /** Accounts that a notice was queued for; whether it arrived, their messages say. */
  readonly queued: number
  /** Entries of the audit log that lead to no account, where it is about whom a member of staff looked at, and rows that cannot be read. */
  readonly untraced: number
  readonly deadlines: readonly DeadlineStanding[]
  /** When a deadline is near or missed next; null where none will be. */
  readonly nextDueAt: Instant | null
  readonly reports: readonly AuthorityReport[]
  readonly changedAt: Instant
}

/** What happened to an incident; names nobody. */
export type IncidentEvent =
  | { readonly type: 'IncidentRecorded'; readonly incidentId: string; readonly cause: IncidentCause }
  | { readonly type: 'IncidentAmended' | 'IncidentTellingBegun' | 'IncidentClosed'; readonly incidentId: string }
  | { readonly type: 'IncidentNoticesQueued'; readonly incidentId: string; readonly queued: number }
  | { readonly type: 'IncidentReported'; readonly incidentId: string }
  /** For a host's own alarms. */
  | {
      readonly type: 'IncidentDeadlineNear' | 'IncidentDeadlineMissed'
      readonly incidentId: string
      readonly clause: string
      readonly whom: 'authority' | 'people'
      readonly dueAt: Instant
    }

/** It is closed, or people are being told already, or nobody was told though somebody had to be. */
export type IncidentForbids = {
  readonly type: 'IncidentForbids'
  readonly reason: 'closed' | 'tellingBegun' | 'deadlinesOpen'
}

/** The shop keeps no records of the name. */
export type RecordUnknown = { readonly type: 'RecordUnknown'; readonly record: string }

/**
 * The policy of a shop that decides nothing of its own. Article 57 of the PIPL says "immediately", which is no number: four
 * hours is what the shop holds itself to. The GDPR gives 72 hours for the authority and "without undue delay" for people.
 */
export const defaultIncidentPolicy: IncidentPolicy = {
  deadlines: [
    { clause: 'PIPL 57', whom: 'authority', withinHours: 4 },
    { clause: 'PIPL 57', whom: 'people', withinHours: 4 },
    { clause: 'GDPR 33(1)', whom: 'authority', withinHours: 72 },
    { clause: 'GDPR 34(1)', whom: 'people', withinHours: 72 },
  ],
  warnHours: 2,
}

/** The deadlines of an incident that became known at a moment. */
export const deadlinesFrom = ({ deadlines }: IncidentPolicy, knownAt: Instant): readonly DeadlineStanding[] =>
  deadlines.map(({ clause, whom, withinHours }) => ({ clause, whom, dueAt: knownAt + withinHours * hoursMs }))

/** When the next deadline is near or missed, of those that were neither met nor told of; null where there is none. */
export const nextDue = ({ warnHours }: IncidentPolicy, deadlines: readonly DeadlineStanding[]): Instant | null => {
  const moments = deadlines.flatMap(({ dueAt, told, metAt }) =>
    metAt !== undefined || told === 'missed' ? [] : [told === 'near' ? dueAt : dueAt - warnHours * hoursMs],
  )
  return moments.length === 0 ? null : Math.min(...moments)
}

/** Deadlines after somebody was told; those met before stay as they are. */
export const meetDeadlines = (
  deadlines: readonly DeadlineStanding[],
  whom: DeadlineStanding['whom'],
  at: Instant,
): readonly DeadlineStanding[] =>
  deadlines.map((each) => (each.whom === whom && each.metAt === undefined ? { ...each, metAt: at } : each))

/** Deadlines after more people came to be affected than were told. */
export const reopenDeadlines = (
  deadlines: readonly DeadlineStanding[],
  whom: DeadlineStanding['whom'],
): readonly DeadlineStanding[] =>
  deadlines.map(({ metAt, ...each }) => (metAt === undefined || each.whom === whom ? each : { ...each, metAt }))

/** Deadlines at a moment, and what has to be told of them: each near once and missed once, and nothing of those met. */
export const judgeDeadlines = (
  { warnHours }: IncidentPolicy,
  { incidentId, deadlines }: Pick<Incident, 'incidentId' | 'deadlines'>,
  now: Instant,
): { readonly deadlines: readonly DeadlineStanding[]; readonly events: readonly IncidentEvent[] } => {
  const events: IncidentEvent[] = []
  const judged = deadlines.map((each): DeadlineStanding => {
    const { clause, whom, dueAt, told, metAt } = each
    if (metAt !== undefined || told === 'missed' || now < dueAt - warnHours * hoursMs) return each
    const isMissed = now >= dueAt
    if (!isMissed && told === 'near') return each
    const type = isMissed ? 'IncidentDeadlineMissed' : 'IncidentDeadlineNear'
    events.push({ type, incidentId, clause, whom, dueAt })
    return { ...each, told: isMissed ? 'missed' : 'near' }
  })
  return { deadlines: judged, events }
}
