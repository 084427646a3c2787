import fc from 'fast-check'
import type { ParcelCommand } from '../../../src/orders/parcels/parcel.js'
import { isUncollected, parcelMachine, parcelTable } from '../../../src/orders/parcels/parcel-machine.js'
import { machineLaws } from '../../kit/machine-laws.js'
import { at } from '../order-samples.js'

const dispatch: Extract<ParcelCommand, { type: 'Dispatch' }> = {
  type: 'Dispatch',
  parcelId: 'b1',
  orderId: 'o1',
  accountId: 'ann',
  merchantId: null,
  carrier: 'sf-express',
  trackingNumber: 'SF1',
  lines: [{ lineId: 'l1', warehouse: 'main', quantity: 1 }],
  shippedAt: at,
  deliverBy: at + 3,
  scanWithinMs: 2,
}

machineLaws({
  name: 'parcel',
  decider: parcelMachine,
  table: parcelTable,
  statuses: {
    absent: 'open',
    shipped: 'open',
    inTransit: 'open',
    delivered: 'mayEnd',
    lost: 'mayEnd',
    cameBack: 'mayEnd',
  },
  isOver: (state) => !isUncollected(state),
  arbitraries: {
    Dispatch: fc.constantFrom(dispatch, { ...dispatch, collectMinor: 400 }),
    ComeBack: fc.constant({ type: 'ComeBack', at }),
    Collect: fc.constant({ type: 'Collect', at }),
    Scan: fc.record({ type: fc.constant('Scan'), at: fc.integer({ min: at, max: at + 3 }) }),
    MarkLate: fc.record({ type: fc.constant('MarkLate'), at: fc.integer({ min: at, max: at + 4 }) }),
    Correct: fc.record({
      type: fc.constant('Correct'),
      carrier: fc.constantFrom(dispatch.carrier, 'yto'),
      trackingNumber: fc.constantFrom(dispatch.trackingNumber, 'SF7'),
      at: fc.integer({ min: at, max: at + 3 }),
    }),
    EndWatch: fc.constant({ type: 'EndWatch', at }),
    Deliver: fc.constant({ type: 'Deliver', at }),
    Lose: fc.constant({ type: 'Lose', at }),
  },
  model: {
    Dispatch: [{ ...dispatch, collectMinor: 400 }],
    ComeBack: [{ type: 'ComeBack', at }],
    Collect: [{ type: 'Collect', at }],
    Scan: [{ type: 'Scan', at }],
    MarkLate: [
      { type: 'MarkLate', at },
      { type: 'MarkLate', at: at + 2 },
    ],
    Correct: [
      { type: 'Correct', carrier: dispatch.carrier, trackingNumber: dispatch.trackingNumber, at },
      { type: 'Correct', carrier: dispatch.carrier, trackingNumber: 'SF7', at },
    ],
    EndWatch: [{ type: 'EndWatch', at }],
    Deliver: [{ type: 'Deliver', at }],
    Lose: [{ type: 'Lose', at }],
  },
})
