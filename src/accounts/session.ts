import type { PaymentProof, ProvenPayment } from '../shared/actor.js'
import type { Instant } from '../shared/instant.js'
import { isSameDigest } from './challenge-machine.js'
import type { Rest } from './credential.js'
import type { ContactKind } from './identifier.js'

/** A sign-in that stands; ended ones are removed. */
export type Session = {
  /** Says which session it is and opens nothing. */
  readonly sessionId: string
  readonly accountId: string
  /** Keyed digest of the token; the token itself is nowhere. */
  readonly tokenDigest: string
  /** The epoch of the account it was begun in. */
  readonly epoch: number
  readonly startedAt: Instant
  /** Keyed digest of the device it was begun on, where the host names devices. */
  readonly device?: string
  /** The kind of contact whose code began it: another code to it proves nothing more. */
  readonly begunBy?: ContactKind
  /** The contact by which its account's password had been reset when nothing else than that contact began it. */
  readonly restsOn?: Rest
  readonly lastSeenAt: Instant
  /** Over when it was not used until then. */
  readonly idleUntil: Instant
  /** Over then, used or not. */
  readonly endsAt: Instant
  /** When the person last proved to be who they are; when it began, for a session that says nothing. */
  readonly provenAt?: Instant
  /** What last showed, in this session, that it is its owner who pays. */
  readonly paymentProof?: ProvenPayment
  /** Something about the sign-in was unusual: nothing is done in it before its person has proved anew who they are. */
  readonly mustProve?: true
  /**
   * The last tokens before this one, the latest first: requests under way may still bring each until its moment; whoever
   * brings it later has stolen it.
   */
  readonly replaced?: readonly ReplacedToken[]
  /** The tokens that proofs at the same time made, the present one among them; absent before the first proof. */
  readonly generation?: TokenGeneration
}

/**
 * Tokens made within the grace of the one that the first of them replaced. Two that prove at once each hold one, and nobody
 * knows whose answer comes last, and stays in the cookie: all of them open the session, until a later proof replaces them all.
 */
export type TokenGeneration = {
  /** When the first was made. */
  readonly since: Instant
  /** Its person had proved who they are, and was not let in merely. */
  readonly proven: boolean
  /** Keyed digests of the others, the latest first. */
  readonly others: readonly string[]
}

/** What a session's person has shown in it. */
export type ShownInSession = Pick<Session, 'provenAt' | 'paymentProof' | 'mustProve'>

/** A token that another has taken the place of. */
export type ReplacedToken = {
  /** Keyed digest. */
  readonly tokenDigest: string
  readonly until: Instant
  /** What had been shown when it was replaced, which is all that counts of who brings it: the proof is of another token. */
  readonly shown: ShownInSession
}

// Each took a proof of its person. A thief's copy older than so many opens nothing, and is not told from a made-up one.
const replacedKept = 16

/** What happened to a session. */
export type SessionEvent =
  | {
      readonly type: 'SessionBegun'
      readonly accountId: string
      readonly sessionId: string
      /** Keyed digest of the device it was begun on, where the host names devices. */
      readonly device?: string
    }
  | { readonly type: 'SessionRotated'; readonly accountId: string; readonly sessionId: string }
  /** A token that had been replaced came back too late: one of two who hold tokens of the session is a thief. */
  | { readonly type: 'SessionReuseFound'; readonly accountId: string; readonly sessionId: string }

/** How long sessions last. */
export type SessionPolicy = {
  readonly idleMs: number
  readonly longestMs: number
  /** Use is noted at most this often. */
  readonly noteUseMs: number
  /** How long a token that was replaced still counts, so that requests under way with it are not lost. */
  readonly graceMs: number
  /** The most accounts that one device is signed in to at once. */
  readonly accountsOnDevice: number
}

/** Whether a session stands at a moment. */
export const isOpen = (session: Session, now: Instant): boolean => now < session.idleUntil && now < session.endsAt

/** A session after it was used, or undefined when the use need not be noted yet. */
export const noteUse = (session: Session, now: Instant, policy: SessionPolicy): Session | undefined =>
  now - session.lastSeenAt < policy.noteUseMs
    ? undefined
    : { ...session, lastSeenAt: now, idleUntil: Math.min(now + policy.idleMs, session.endsAt) }

/** What a token is to a session: one that opens it, one before it within or after its grace, or none of them. */
export type TokenStanding = 'current' | 'replaced' | 'reused' | 'none'

/** Says what the digest of a token is to a session. */
export const standingOfToken = (session: Session, digest: string, now: Instant): TokenStanding => {
  const opening = [session.tokenDigest, ...(session.generation?.others ?? [])]
  if (opening.some((each) => isSameDigest(each, digest))) return 'current'
  const replaced = session.replaced?.find(({ tokenDigest }) => isSameDigest(tokenDigest, digest))
  if (replaced === undefined) return 'none'
  return now < replaced.until ? 'replaced' : 'reused'
}

/** A session as who brings a token is in it: a token that was replaced is lifted by no later proof, and doubted with all. */
export const asTokenShows = (session: Session, digest: string): Session => {
  const replaced = session.replaced?.find(({ tokenDigest }) => isSameDigest(tokenDigest, digest))
  if (replaced === undefined) return session
  const { provenAt: _, paymentProof: __, ...rest } = session
  return { ...rest, ...replaced.shown }
}

const shownIn = ({ provenAt, paymentProof, mustProve }: Session): ShownInSession => ({
  ...(provenAt === undefined ? {} : { provenAt }),
  ...(paymentProof === undefined ? {} : { paymentProof }),
  ...(mustProve === undefined ? {} : { mustProve }),
})

type Renewal = { readonly tokenDigest: string; readonly now: Instant; readonly policy: SessionPolicy }

const renew = (session: Session, { tokenDigest, now, policy }: Renewal, proven: boolean): Session => {
  const { generation, replaced = [] } = session
  const opening = [session.tokenDigest, ...(generation?.others ?? [])]
  const used = { ...session, tokenDigest, lastSeenAt: now, idleUntil: Math.min(now + policy.idleMs, session.endsAt) }
  // What was merely let in is not lifted up by a proof: whoever has a copy of its token would be lifted with it.
  if (generation !== undefined && (generation.proven || !proven) && Math.abs(now - generation.since) < policy.graceMs) {
    return { ...used, generation: { ...generation, others: opening.slice(0, replacedKept) } }
  }
  const shown = shownIn(session)
  const late = opening.map((each) => ({ tokenDigest: each, until: now + policy.graceMs, shown }))
  return {
    ...used,
    generation: { since: now, proven, others: [] },
    replaced: [...late, ...replaced].slice(0, replacedKept),
  }
}

const withoutDoubt = ({ mustProve: _, ...session }: Session): Session => session

/** A session whose person has proved who they are: it goes on under another token. */
export const rotate = (session: Session, renewal: Renewal): Session => ({
  ...withoutDoubt(renew(session, renewal, true)),
  provenAt: renewal.now,
  paymentProof: { by: 'stepUp', at: renewal.now },
})

/** The contact that a session rests on at a moment, until its owner has had the time to notice. */
export const restsOn = ({ restsOn: rest }: Session, now: Instant): Rest | undefined =>
  rest !== undefined && now < rest.until ? rest : undefined

/** The contact that alone has shown, so far, whose a session is: whoever reads its messages would have begun it too. */
export const shownByAlone = (session: Session, now: Instant): ContactKind | undefined =>
  restsOn(session, now)?.contact ?? (session.provenAt === 0 ? session.begunBy : undefined)

/** A session that may be used although nothing but the contact that it rests on has shown whose it is. */
export const letIn = (session: Session, renewal: Renewal): Session => withoutDoubt(renew(session, renewal, false))

/** A session whose person has proved for a payment, and for nothing else, who they are. */
export const rotateForPayment = (session: Session, by: PaymentProof, renewal: Renewal): Session => ({
  ...renew(session, renewal, true),
  paymentProof: { by, at: renewal.now },
})
