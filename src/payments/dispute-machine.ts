import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allocate } from '../shared/allocate.js'
import { allowsCommand, type Decider } from '../shared/decider.js'
import { daysMs } from '../shared/instant.js'
import { canonicalJson, compareCodePoints } from '../shared/json.js'
import type {
  Dispute,
  DisputeCommand,
  DisputedPart,
  DisputeError,
  DisputeEvent,
  DisputeWord,
  KnownDispute,
  LearnedOfDispute,
} from './dispute.js'
import { disputeTable } from './dispute-table.js'
import type { DisputeSnapshot } from './snapshot.js'

/** A dispute, or the moment before there is one. */
export type DisputeState = Dispute | { readonly status: 'absent' }

/** Whether a dispute is not over. */
export const isOpenDispute = ({ status }: Pick<Dispute, 'status'>): boolean => status !== 'won' && status !== 'lost'

/** How a dispute stands: by the gateway's last word, or by what a person has said since. */
export const standingWord = ({ known: { word }, decided }: Pick<Dispute, 'known' | 'decided'>): DisputeWord => {
  if (decided === undefined) return word
  const { mayAppeal: _, ...facts } = word
  return { ...facts, status: decided.status, lostMinor: decided.lostMinor }
}

/** What a dispute holds of the shop's money, or has taken, minor units of its own currency. */
export const disputedMinor = (dispute: Pick<Dispute, 'status' | 'known' | 'decided'>): number => {
  const { status } = dispute
  const { amountMinor, lostMinor } = standingWord(dispute)
  switch (status) {
    case 'inquiry':
    case 'won':
      return 0
    case 'evidenceDue':
    case 'underReview':
      return amountMinor
    case 'lost':
      return lostMinor ?? amountMinor
  }
}

/** How much more is lost by what is known now; nothing where it is as much. */
const lossSince = (
  before: DisputeState,
  now: Pick<LearnedOfDispute, 'known' | 'decided'>,
): Pick<LearnedOfDispute, 'lostMoreMinor'> => {
  const lostBefore = before.status === 'lost' ? disputedMinor(before) : 0
  const { status } = standingWord(now)
  const lostMoreMinor = (status === 'lost' ? disputedMinor({ ...now, status }) : 0) - lostBefore
  return lostMoreMinor === 0 ? {} : { lostMoreMinor }
}

/**
 * What a dispute is about for one of several merchants: of what is wanted and of what is held, the part that goes with
 * what was paid for theirs. Null where it is not divided, or none of theirs.
 */
export const partOf = (
  dispute: Dispute,
  merchantId: string,
): { readonly orderId: string; readonly amountMinor: number; readonly heldMinor: number } | null => {
  const { parts = [], known } = dispute
  const place = parts.findIndex((part) => part.merchantId === merchantId)
  const part = parts[place]
  if (part === undefined) return null
  const weights = parts.map(({ paidMinor }) => paidMinor)
  const share = (minor: number): number => allocate(minor, weights).unwrapOr([])[place] ?? 0
  const { orderId } = part
  return { orderId, amountMinor: share(known.word.amountMinor), heldMinor: share(disputedMinor(dispute)) }
}

type Decision = Result<readonly DisputeEvent[], DisputeError>

const decide = (state: DisputeState, command: DisputeCommand): Decision => {
  const forbids = (): Decision => err({ type: 'DisputeStateForbids', status: state.status, command: command.type })
  if (!allowsCommand(disputeTable, { status: state.status, command: command.type })) return forbids()
  if (state.status === 'absent') return command.type === 'RecordDispute' ? ok(open(command)) : forbids()
  return match(command)
    .returnType<Decision>()
    .with({ type: 'RecordDispute' }, ({ about, snapshot }) => {
      const expected = nameOf(state)
      const actual = nameOf({ ...about, disputeRef: snapshot.disputeRef, currency: snapshot.amount.currency })
      return expected === actual
        ? ok(learn(state, joinDispute(state.known, readDispute(snapshot)), about.parts))
        : err({ type: 'SnapshotOfOtherDispute', expected, actual })
    })
    .with({ type: 'RecordDisputeAsked' }, ({ at }) => ok(isEndAwaited(state) ? [{ type: 'DisputeQueried', at }] : []))
    .with({ type: 'RecordDisputeUnheard' }, ({ at }) => {
      const { disputeId, unheardSince } = state
      return ok(isEndAwaited(state) && unheardSince === undefined ? [{ type: 'DisputeUnheard', disputeId, at }] : [])
    })
    .with({ type: 'DecideDispute' }, ({ won, at, ...said }) => {
      const { disputeId, known } = state
      const { amountMinor } = known.word
      // That it stays lost raises no loss that the gateway has told.
      const { lostMinor = known.word.status === 'lost' ? known.word.lostMinor : null } = said
      if (!isEndAwaited(state)) return forbids()
      if (!won && lostMinor !== null && lostMinor > amountMinor) {
        return err({ type: 'LossExceedsDispute', disputeId, amountMinor })
      }
      const decided = won
        ? ({ status: 'won', lostMinor: null, at } as const)
        : ({ status: 'lost', lostMinor, at } as const)
      const told = { disputeId, known, decided, ...lossSince(state, { known, decided }) }
      return ok([{ type: won ? 'DisputeWon' : 'DisputeLost', ...told }])
    })
    .with({ type: 'RemindOfEvidence' }, ({ at }) => {
      const { disputeId, remindAt = null } = state
      const dueAt = state.known.word.evidenceDueAt
      return ok(
        remindAt === null || dueAt === null || at < remindAt ? [] : [{ type: 'EvidenceDueSoon', disputeId, dueAt, at }],
      )
    })
    .with({ type: 'SendEvidence' }, ({ evidenceId, accepts, at }) => {
      const { disputeId, evidence } = state
      const { evidenceDueAt: dueAt, mayAppeal = false } = state.known.word
      if (accepts === true)
        return state.status === 'lost' ? forbids() : ok([{ type: 'EvidenceSent', evidenceId, accepts, at }])
      // It is accepted for good, also where nobody knows yet whether that was heard.
      if (evidence?.accepts === true && evidence.outcome !== 'refused') return forbids()
      if (state.status === 'lost' && !mayAppeal) return forbids()
      // Who only asks may be answered late, as far as the gateway takes it.
      return state.status === 'evidenceDue' && dueAt !== null && at > dueAt
        ? err({ type: 'EvidenceOverdue', disputeId, dueAt })
        : ok([{ type: 'EvidenceSent', evidenceId, at }])
    })
    .with({ type: 'RecordEvidence' }, ({ evidenceId, outcome, code }) => {
      const { evidence } = state
      if (evidence?.evidenceId !== evidenceId || evidence.outcome !== 'waiting') return ok([])
      return ok([
        outcome === 'taken' ? { type: 'EvidenceTaken', evidenceId } : { type: 'EvidenceRefused', evidenceId, code },
      ])
    })
    .exhaustive()
}

const open = ({ about, snapshot, at }: Extract<DisputeCommand, { type: 'RecordDispute' }>): readonly DisputeEvent[] => {
  const { disputeRef, amount } = snapshot
  const known = readDispute(snapshot)
  const opened: DisputeEvent = { type: 'DisputeOpened', ...about, disputeRef, currency: amount.currency, known, at }
  const { disputeId } = about
  switch (snapshot.status) {
    case 'inquiry':
    case 'evidenceDue':
    case 'underReview':
      return [opened]
    case 'won':
      return [opened, { type: 'DisputeWon', disputeId, known }]
    case 'lost':
      return [opened, { type: 'DisputeLost', disputeId, known, ...lossSince({ status: 'absent' }, { known }) }]
  }
}

/** What happens to a dispute once what was paid is divided among several merchants: nothing where it was divided before. */
export const divideDispute = (
  { disputeId, parts: before }: Dispute,
  parts: readonly DisputedPart[],
): readonly DisputeEvent[] => (before === undefined ? [{ type: 'DisputeDivided', disputeId, parts }] : [])

/** The one event that tells what came of more being known; none when it was known. */
const learn = (state: Dispute, known: KnownDispute, parts: Dispute['parts']): readonly DisputeEvent[] => {
  const { disputeId } = state
  // It may have been heard of before the payment was, and that was divided then.
  const isDivided = state.parts === undefined && parts !== undefined
  const isKnown = canonicalJson(state.known) === canonicalJson(known)
  const isHeardAgain = state.unheardSince !== undefined
  if (isKnown && !isDivided && !isHeardAgain) return []
  // What a person has said stands until the gateway has a word that is new.
  const isOldWord = canonicalJson(state.known.word) === canonicalJson(known.word)
  const decided = isOldWord && state.decided !== undefined ? { decided: state.decided } : {}
  const lossMoved = lossSince(state, { known, ...decided })
  const learned = { disputeId, known, ...decided, ...(isDivided ? { parts } : {}), ...lossMoved }
  const { status, amountMinor, lostMinor, evidenceDueAt } = standingWord({ known, ...decided })
  const word = standingWord(state)
  const isSame =
    status === word.status &&
    amountMinor === word.amountMinor &&
    lostMinor === word.lostMinor &&
    evidenceDueAt === word.evidenceDueAt
  if (isSame) return [{ type: 'DisputeFactsLearned', ...learned }]
  switch (status) {
    case 'inquiry':
      return [{ type: 'DisputeFactsLearned', ...learned }]
    case 'evidenceDue':
      return [{ type: 'DisputeEvidenceDue', ...learned }]
    case 'underReview':
      return [{ type: 'DisputeUnderReview', ...learned }]
    case 'won':
      return [{ type: 'DisputeWon', ...learned }]
    case 'lost':
      return [{ type: 'DisputeLost', ...learned }]
  }
}

const evolve = (state: DisputeState, event: DisputeEvent): DisputeState => {
  if (event.type === 'DisputeOpened') {
    const { type: _, at, ...facts } = event
    return place({ ...facts, evidence: null, askedAt: at })
  }
  if (state.status === 'absent') return state
  const { status: _, queryAt: __, remindAt: ___, ...facts } = state
  switch (event.type) {
    case 'DisputeEvidenceDue':
    case 'DisputeUnderReview':
    case 'DisputeWon':
    case 'DisputeLost':
    case 'DisputeFactsLearned': {
      const { decided: ____, unheardSince: _____, ...heard } = facts
      const { known, decided, parts } = event
      return place({
        ...heard,
        known,
        ...(decided === undefined ? {} : { decided }),
        ...(parts === undefined ? {} : { parts }),
      })
    }
    case 'DisputeDivided':
      return place({ ...facts, parts: event.parts })
    case 'DisputeQueried':
      return place({ ...facts, askedAt: event.at })
    case 'DisputeUnheard':
      return place({ ...facts, unheardSince: event.at })
    case 'EvidenceDueSoon':
      return place({ ...facts, remindedOf: event.dueAt })
    case 'EvidenceSent':
      return place({
        ...facts,
        evidence: {
          evidenceId: event.evidenceId,
          sentAt: event.at,
          outcome: 'waiting',
          code: null,
          ...(event.accepts === undefined ? {} : { accepts: event.accepts }),
        },
      })
    case 'EvidenceTaken':
    case 'EvidenceRefused': {
      if (state.evidence === null) return state
      const answer =
        event.type === 'EvidenceTaken'
          ? ({ outcome: 'taken', code: null } as const)
          : ({ outcome: 'refused', code: event.code } as const)
      return place({ ...facts, evidence: { ...state.evidence, ...answer } })
    }
  }
}

/** How often a gateway is asked about a dispute: banks take weeks, so once a day is enough for what was not heard unasked. */
export const disputeAskedEveryMs = daysMs

const place = ({ unheardSince, ...facts }: Omit<Dispute, 'status' | 'queryAt' | 'remindAt'>): Dispute => {
  const { status } = standingWord(facts)
  const isAsked = isEndAwaited({ ...facts, status })
  const queryAt = isAsked ? facts.askedAt + disputeAskedEveryMs : null
  const unheard = isAsked && unheardSince !== undefined ? { unheardSince } : {}
  const { orderId, merchantId, parts = [] } = facts
  const merchantIds = parts.length > 0 ? parts.map((part) => part.merchantId) : merchantId === null ? [] : [merchantId]
  const orderIds = [orderId, ...parts.map((part) => part.orderId)]
  return { ...facts, ...unheard, merchantIds, orderIds, status, queryAt, remindAt: remindAtOf(facts) }
}

/** Whether the gateway is still to say how a dispute ends. */
export const isEndAwaited = (dispute: Pick<Dispute, 'status' | 'known' | 'decided' | 'evidence'>): boolean =>
  isOpenDispute(dispute) || isAppealUnheard(dispute)

/** Whether an appeal was sent, and neither its answer nor the end of the time for it is known. */
const isAppealUnheard = ({ evidence, ...dispute }: Pick<Dispute, 'known' | 'decided' | 'evidence'>): boolean => {
  const word = standingWord(dispute)
  return (
    word.status === 'lost' && word.mayAppeal === true && evidence?.outcome === 'waiting' && evidence.accepts !== true
  )
}

/** Two days before the end, or where it was short from the start, when a quarter of the time is left. */
const mostLeadMs = 2 * daysMs

const remindAtOf = ({
  evidence,
  remindedOf,
  ...dispute
}: Pick<Dispute, 'known' | 'decided' | 'evidence' | 'remindedOf'>) => {
  const { known } = dispute
  const { status, evidenceDueAt: dueAt } = standingWord(dispute)
  if (dueAt === null || dueAt === remindedOf) return null
  // What was handed in for good waits for the gateway; one who only asks says by the time that they want an answer.
  const isWanted = status === 'inquiry' || (status === 'evidenceDue' && evidence?.outcome !== 'taken')
  if (!isWanted) return null
  return dueAt - Math.min(mostLeadMs, Math.floor(Math.max(0, dueAt - known.firstAt) / 4))
}

const readDispute = (snapshot: DisputeSnapshot): KnownDispute => {
  const { status, reason, amount, lostMinor, feeMinor, evidenceDueAt, at } = snapshot
  const appeal = status === 'lost' && snapshot.mayAppeal === true ? { mayAppeal: true } : {}
  return {
    firstAt: at,
    word: { status, reason, ...appeal, amountMinor: amount.minor, lostMinor, evidenceDueAt, at },
    fee: feeMinor === null ? null : { minor: feeMinor, at },
  }
}

/** Adds what is known on one side to what is known on the other; commutes, associates, and changes nothing twice. */
const joinDispute = (left: KnownDispute, right: KnownDispute): KnownDispute => ({
  firstAt: Math.min(left.firstAt, right.firstAt),
  word: compareWords(left.word, right.word) >= 0 ? left.word : right.word,
  fee: laterFee(left.fee, right.fee),
})

const progress: readonly DisputeWord['status'][] = ['inquiry', 'evidenceDue', 'underReview', 'won', 'lost']

// Of one moment, the word that goes further; of one as far, any one of them, but always the same.
const compareWords = (left: DisputeWord, right: DisputeWord): number => {
  if (left.at !== right.at) return left.at - right.at
  const further = progress.indexOf(left.status) - progress.indexOf(right.status)
  return further === 0 ? compareCodePoints(canonicalJson(left), canonicalJson(right)) : further
}

const laterFee = (left: KnownDispute['fee'], right: KnownDispute['fee']): KnownDispute['fee'] => {
  if (left === null) return right
  if (right === null) return left
  if (left.at !== right.at) return left.at > right.at ? left : right
  return left.minor >= right.minor ? left : right
}

const nameOf = (about: Pick<Dispute, 'disputeId' | 'disputeRef' | 'paymentId' | 'currency'>): string =>
  `${about.disputeRef} of ${about.paymentId} in ${about.currency}`

/** The life of a dispute. */
export const disputeMachine: Decider<DisputeState, DisputeCommand, DisputeEvent, DisputeError> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}
