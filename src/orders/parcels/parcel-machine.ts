import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider, type TransitionTable } from '../../shared/decider.js'
import type { Instant } from '../../shared/instant.js'
import type { Parcel, ParcelCommand, ParcelError, ParcelEvent, ParcelFacts, ParcelWatch } from './parcel.js'

/** A parcel, or the moment before there is one. */
export type ParcelState = Parcel | { readonly status: 'absent' }

/** Which command leads a parcel where. */
export const parcelTable: TransitionTable<ParcelState['status'], ParcelCommand['type'], ParcelEvent['type']> = [
  { from: 'absent', command: 'Dispatch', events: 'ParcelDispatched', to: 'shipped' },
  { from: ['shipped', 'inTransit'], command: 'Scan', events: 'ParcelScanned', to: 'inTransit' },
  { from: 'delivered', command: 'Scan', events: [], to: 'delivered' },
  { from: 'lost', command: 'Scan', events: [], to: 'lost' },
  { from: 'cameBack', command: 'Scan', events: [], to: 'cameBack' },
  ...(['shipped', 'inTransit'] as const).flatMap(
    (status) =>
      [
        { from: status, command: 'Correct', events: 'ParcelCorrected', to: status, guard: 'it is another number' },
        { from: status, command: 'Correct', events: [], to: status, guard: 'it is the same' },
      ] as const,
  ),
  { from: 'shipped', command: 'MarkLate', events: 'ParcelLate', to: 'shipped', guard: 'its time has come' },
  { from: 'inTransit', command: 'MarkLate', events: 'ParcelLate', to: 'inTransit', guard: 'its time has come' },
  { from: 'shipped', command: 'MarkLate', events: [], to: 'shipped', guard: 'not yet, or it is known' },
  { from: 'inTransit', command: 'MarkLate', events: [], to: 'inTransit', guard: 'not yet, or it is known' },
  { from: 'shipped', command: 'EndWatch', events: 'ParcelWatchEnded', to: 'shipped', guard: 'it is watched' },
  { from: 'inTransit', command: 'EndWatch', events: 'ParcelWatchEnded', to: 'inTransit', guard: 'it is watched' },
  { from: 'shipped', command: 'EndWatch', events: [], to: 'shipped', guard: 'it is not watched' },
  { from: 'inTransit', command: 'EndWatch', events: [], to: 'inTransit', guard: 'it is not watched' },
  { from: ['shipped', 'inTransit'], command: 'Deliver', events: 'ParcelDelivered', to: 'delivered' },
  { from: ['shipped', 'inTransit'], command: 'Lose', events: 'ParcelLost', to: 'lost' },
  { from: ['shipped', 'inTransit'], command: 'ComeBack', events: 'ParcelCameBack', to: 'cameBack' },
  ...(['shipped', 'inTransit', 'delivered', 'lost', 'cameBack'] as const).flatMap(
    (status) =>
      [
        { from: status, command: 'Collect', events: 'ParcelPaid', to: status, guard: 'it was to bring money' },
        { from: status, command: 'Collect', events: [], to: status, guard: 'it brings none, or has' },
      ] as const,
  ),
]

const decide = (state: ParcelState, command: ParcelCommand): Result<readonly ParcelEvent[], ParcelError> => {
  if (!allowsCommand(parcelTable, { status: state.status, command: command.type })) {
    return err({ type: 'ParcelStateForbids', status: state.status, command: command.type })
  }
  return match(command)
    .returnType<Result<readonly ParcelEvent[], ParcelError>>()
    .with({ type: 'Dispatch' }, (parcel) => ok([{ ...parcel, type: 'ParcelDispatched' }]))
    .with({ type: 'Scan' }, ({ type: _, ...scan }) =>
      // Carriers tell things late; where it has come meanwhile stands.
      ok(state.status === 'shipped' || state.status === 'inTransit' ? [{ type: 'ParcelScanned', ...scan }] : []),
    )
    .with({ type: 'Correct' }, ({ carrier, trackingNumber, at }) =>
      ok(
        'carrier' in state && (state.carrier !== carrier || state.trackingNumber !== trackingNumber)
          ? [{ type: 'ParcelCorrected', carrier, trackingNumber, at }]
          : [],
      ),
    )
    .with({ type: 'MarkLate' }, ({ at }) => ok(lateness(state, at)))
    .with({ type: 'EndWatch' }, ({ at }) =>
      ok('lateAt' in state && state.lateAt !== undefined ? [{ type: 'ParcelWatchEnded', at }] : []),
    )
    .with({ type: 'Deliver' }, ({ type: _, ...handed }) => ok([{ type: 'ParcelDelivered', ...handed }]))
    .with({ type: 'Lose' }, ({ at }) => ok([{ type: 'ParcelLost', at }]))
    .with({ type: 'ComeBack' }, ({ at }) => ok([{ type: 'ParcelCameBack', at }]))
    .with({ type: 'Collect' }, ({ at }) => ok(isUncollected(state) ? [{ type: 'ParcelPaid', at }] : []))
    .exhaustive()
}

/** Whether a parcel was to bring money and has not. */
export const isUncollected = (state: ParcelState): boolean =>
  state.status !== 'absent' && state.collectMinor !== undefined && state.collectedAt === undefined

const lateness = (state: ParcelState, at: Instant): readonly ParcelEvent[] => {
  if (state.status !== 'shipped' && state.status !== 'inTransit') return []
  if (state.lateAt === undefined || state.lateAt > at) return []
  const promisePassed = state.deliverBy !== undefined && state.deliverBy <= at
  return [{ type: 'ParcelLate', reason: promisePassed ? 'promisePassed' : 'notSeen', at }]
}

// The promise is the end of all patience; being seen only begins the wait for the next scan anew.
const watchFrom = ({ deliverBy, scanWithinMs }: ParcelFacts, seenAt: Instant): ParcelWatch => {
  const limits = [deliverBy, scanWithinMs === undefined ? undefined : seenAt + scanWithinMs]
  const known = limits.filter((limit) => limit !== undefined)
  return known.length === 0 ? {} : { lateAt: Math.min(...known) }
}

const factsOf = (parcel: Parcel): ParcelFacts => {
  const { parcelId, orderId, accountId, merchantId, carrier, trackingNumber, lines, shippedAt } = parcel
  const { deliverBy, scanWithinMs, collectMinor, handedMinor, collectedAt } = parcel
  return {
    parcelId,
    orderId,
    accountId,
    merchantId,
    carrier,
    trackingNumber,
    lines,
    shippedAt,
    ...(deliverBy === undefined ? {} : { deliverBy }),
    ...(scanWithinMs === undefined ? {} : { scanWithinMs }),
    ...(collectMinor === undefined ? {} : { collectMinor }),
    ...(handedMinor === undefined ? {} : { handedMinor }),
    ...(collectedAt === undefined ? {} : { collectedAt }),
  }
}

const evolve = (state: ParcelState, event: ParcelEvent): ParcelState => {
  if (event.type === 'ParcelDispatched') {
    const { type: _, ...facts } = event
    return { ...facts, ...watchFrom(facts, facts.shippedAt), status: 'shipped' }
  }
  if (state.status === 'absent') return state
  const facts = factsOf(state)
  const late = 'late' in state ? state.late : undefined
  const failedBefore = 'failedAt' in state ? state.failedAt : undefined
  switch (event.type) {
    case 'ParcelScanned': {
      const lastScanAt = Math.max(event.at, state.status === 'inTransit' ? state.lastScanAt : event.at)
      // What is told late says nothing of where it is now.
      const failedAt = event.at < lastScanAt ? failedBefore : event.failed === true ? event.at : undefined
      return {
        ...facts,
        ...(late === undefined ? watchFrom(facts, Math.max(lastScanAt, facts.shippedAt)) : { late }),
        ...(failedAt === undefined ? {} : { failedAt }),
        status: 'inTransit',
        lastScanAt,
      }
    }
    case 'ParcelCorrected': {
      if (state.status !== 'shipped' && state.status !== 'inTransit') return state
      const { carrier, trackingNumber, at } = event
      // Whoever looked under the other number has not seen this parcel.
      return { ...state, carrier, trackingNumber, ...(state.lateAt === undefined ? {} : watchFrom(facts, at)) }
    }
    case 'ParcelLate': {
      const { reason, at: since } = event
      if (state.status === 'shipped') return { ...facts, status: 'shipped', late: { since, reason } }
      if (state.status !== 'inTransit') return state
      const failed = failedBefore === undefined ? {} : { failedAt: failedBefore }
      return { ...facts, ...failed, status: 'inTransit', lastScanAt: state.lastScanAt, late: { since, reason } }
    }
    case 'ParcelWatchEnded': {
      if (state.status !== 'shipped' && state.status !== 'inTransit') return state
      const { lateAt: _, ...unwatched } = state
      return unwatched
    }
    case 'ParcelDelivered':
      return {
        ...facts,
        ...(event.handedMinor === undefined ? {} : { handedMinor: event.handedMinor }),
        status: 'delivered',
        deliveredAt: event.at,
      }
    case 'ParcelLost':
      return { ...facts, status: 'lost', lostAt: event.at }
    case 'ParcelCameBack':
      return { ...facts, status: 'cameBack', cameBackAt: event.at }
    case 'ParcelPaid':
      return { ...state, collectedAt: event.at }
  }
}

/** The life of a parcel. */
export const parcelMachine: Decider<ParcelState, ParcelCommand, ParcelEvent, ParcelError> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}
