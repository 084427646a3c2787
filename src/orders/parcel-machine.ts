import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider, type TransitionTable } from '../shared/decider.js'
import type { Parcel, ParcelCommand, ParcelError, ParcelEvent } from './parcel.js'

/** A parcel, or the moment before there is one. */
export type ParcelState = Parcel | { readonly status: 'absent' }

/** Which command leads a parcel where. */
export const parcelTable: TransitionTable<ParcelState['status'], ParcelCommand['type'], ParcelEvent['type']> = [
  { from: 'absent', command: 'Dispatch', events: 'ParcelDispatched', to: 'shipped' },
  { from: ['shipped', 'inTransit'], command: 'Scan', events: 'ParcelScanned', to: 'inTransit' },
  { from: ['shipped', 'inTransit'], command: 'Deliver', events: 'ParcelDelivered', to: 'delivered' },
  { from: ['shipped', 'inTransit'], command: 'Lose', events: 'ParcelLost', to: 'lost' },
]

const decide = (state: ParcelState, command: ParcelCommand): Result<readonly ParcelEvent[], ParcelError> => {
  if (!allowsCommand(parcelTable, { status: state.status, command: command.type })) {
    return err({ type: 'ParcelStateForbids', status: state.status, command: command.type })
  }
  return match(command)
    .returnType<Result<readonly ParcelEvent[], ParcelError>>()
    .with({ type: 'Dispatch' }, (parcel) => ok([{ ...parcel, type: 'ParcelDispatched' }]))
    .with({ type: 'Scan' }, ({ at }) => ok([{ type: 'ParcelScanned', at }]))
    .with({ type: 'Deliver' }, ({ at }) => ok([{ type: 'ParcelDelivered', at }]))
    .with({ type: 'Lose' }, ({ at }) => ok([{ type: 'ParcelLost', at }]))
    .exhaustive()
}

const evolve = (state: ParcelState, event: ParcelEvent): ParcelState => {
  if (event.type === 'ParcelDispatched') {
    const { type: _, ...facts } = event
    return { ...facts, status: 'shipped' }
  }
  if (state.status === 'absent') return state
  const { parcelId, orderId, accountId, merchantId, carrier, trackingNumber, lines, shippedAt } = state
  const facts = { parcelId, orderId, accountId, merchantId, carrier, trackingNumber, lines, shippedAt }
  switch (event.type) {
    case 'ParcelScanned':
      return { ...facts, status: 'inTransit', lastScanAt: event.at }
    case 'ParcelDelivered':
      return { ...facts, status: 'delivered', deliveredAt: event.at }
    case 'ParcelLost':
      return { ...facts, status: 'lost', lostAt: event.at }
  }
}

/** The life of a parcel. */
export const parcelMachine: Decider<ParcelState, ParcelCommand, ParcelEvent, ParcelError> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}
