import type { ResultAsync } from 'neverthrow'
import type { Instant } from '../../shared/instant.js'
import type { Sealed } from '../../shared/personal-data.js'
import type { AgeClass } from './resident-id.js'

/** By what a person shows their real name: the number of their identity card, or their face beside it. */
export const realNameKinds = ['idCard', 'face'] as const

export type RealNameKind = (typeof realNameKinds)[number]

/** What a verifier is asked. It is handed over and forgotten: none of it is stored, logged or put into an event. */
export type RealNameClaim = {
  /** The same on every try, for a verifier that can tell a repetition. */
  readonly requestId: string
  readonly name: string
  /** Of a resident identity card: eighteen characters, well-formed. */
  readonly idNumber: string
} & (
  | { readonly kind: 'idCard' }
  /** What the verifier's own page or application gave for the picture that it took; the picture itself never comes here. */
  | { readonly kind: 'face'; readonly captureToken: string }
)

/** What a verifier says: whether name, number and face are of one person, and the reference that it keeps it under. */
export type RealNameVerdict = {
  readonly outcome: 'matched' | 'mismatched' | 'unclear'
  readonly reference: string
}

/** Nobody can say now; the text is for the log and holds nothing of the claim. */
export type RealNameUnavailable = { readonly type: 'RealNameUnavailable'; readonly detail: string }

/** Knows real names: a service that is entitled to ask the authority. A shop without one asks nobody for theirs. */
export type RealNameVerifier = {
  readonly kinds: readonly RealNameKind[]
  readonly verify: (claim: RealNameClaim) => ResultAsync<RealNameVerdict, RealNameUnavailable>
}

/** What the shop keeps of a proof: the verdict, never the number, the name or the picture. */
export type RealNameProof = {
  readonly accountId: string
  readonly kind: RealNameKind
  readonly ageClass: AgeClass
  /** What the verifier keeps it under. */
  readonly reference: Sealed
  readonly provenAt: Instant
}

/** What happened to a proof. */
export type RealNameEvent = {
  readonly type: 'RealNameProven'
  readonly accountId: string
  readonly kind: RealNameKind
}

/** The consent that each kind needs, for itself (PIPL articles 26 and 29): a purpose that the shop's policy declares. */
export const realNamePurposes: Readonly<Record<RealNameKind, string>> = {
  idCard: 'realName',
  face: 'realNameFace',
}

/** The shop does not ask for real names this way. */
export type RealNameNotOffered = { readonly type: 'RealNameNotOffered'; readonly kind: RealNameKind }

/** The consent that it needs does not stand: show the notice, `setConsent`, then the same again. */
export type ConsentRequired = { readonly type: 'ConsentRequired'; readonly purpose: string }

/** Proven before; withdraw the consent to have the proof forgotten. */
export type RealNameProvenBefore = { readonly type: 'RealNameProvenBefore'; readonly provenAt: Instant }

/** The verifier says that name, number and face are not of one person, or cannot say. */
export type RealNameRefused = { readonly type: 'RealNameRefused'; readonly outcome: 'mismatched' | 'unclear' }
