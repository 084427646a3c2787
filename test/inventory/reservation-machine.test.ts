import fc from 'fast-check'
import { err } from 'neverthrow'
import type { ReservationCommand } from '../../src/inventory/reservation.js'
import {
  heldQuantity,
  outQuantity,
  type ReservationState,
  reservationMachine,
  reservationTable,
} from '../../src/inventory/reservation-machine.js'
import { machineLaws } from '../kit/machine-laws.js'

const at = 1_000
const line = (lineId: string, quantity: number, warehouse = 'main') => ({ lineId, sku: 'A', warehouse, quantity })
const reserve: Extract<ReservationCommand, { type: 'Reserve' }> = {
  type: 'Reserve',
  orderId: 'o1',
  accountId: 'ann',
  lines: [line('l1', 1), line('l1', 1, 'west'), line('l2', 1)],
  until: at + 100,
}
const some = fc.array(
  fc.record(
    {
      lineId: fc.constantFrom('l1', 'l2', 'l3'),
      quantity: fc.integer({ min: 1, max: 3 }),
      warehouse: fc.constantFrom('main', 'west', 'east'),
    },
    { requiredKeys: ['lineId', 'quantity'] },
  ),
  {
    minLength: 1,
    maxLength: 3,
  },
)

const more = [
  { lineId: 'l1', sku: 'A', warehouse: 'main', quantity: 1 },
  { lineId: 'l2', sku: 'B', warehouse: 'south', quantity: 1 },
]

const all = fc.constant([
  { lineId: 'l1', quantity: 2 },
  { lineId: 'l2', quantity: 1 },
])

// However often pieces are added, it is the same; here they are a few times.
const most = 4

const sizeOf = (state: ReservationState): number =>
  state.status === 'absent' ? 0 : state.lines.reduce((sum, { quantity }) => sum + quantity, 0)

const shortened: typeof reservationMachine = {
  ...reservationMachine,
  decide: (state, command) =>
    command.type === 'Extend' && sizeOf(state) >= most
      ? err({ type: 'ReservationStateForbids', status: state.status, command: command.type })
      : reservationMachine.decide(state, command),
}

machineLaws({
  name: 'reservation',
  decider: shortened,
  table: reservationTable,
  statuses: {
    absent: 'open',
    reserved: 'open',
    allocated: 'open',
    shipped: 'open',
    divided: 'final',
    // Lost pieces may be sent again; until then it is over.
    returned: 'mayEnd',
    released: 'open',
  },
  isOver: (state) => state.status === 'returned' && sizeOf(state) >= most,
  arbitraries: {
    Reserve: fc.constant(reserve),
    KeepLonger: fc
      .integer({ min: 1, max: 9 })
      .map((more) => ({ type: 'KeepLonger' as const, until: reserve.until + more, at })),
    Allocate: fc.constant({ type: 'Allocate', at }),
    Divide: fc.constant({ type: 'Divide', orderIds: ['o2', 'o3'], at }),
    Extend: fc.constant({ type: 'Extend', lines: more, at }),
    Ship: fc.oneof(some, all).map((lines) => ({ type: 'Ship' as const, lines, at })),
    Release: fc.oneof(
      fc.constant({ type: 'Release' as const, at }),
      some.map((lines) => ({ type: 'Release' as const, lines, at })),
    ),
    TakeBack: fc.oneof(some, all).map((lines) => ({ type: 'TakeBack' as const, lines, at })),
  },
  model: {
    Reserve: [reserve],
    KeepLonger: [{ type: 'KeepLonger', until: reserve.until + 5, at }],
    Allocate: [{ type: 'Allocate', at }],
    Divide: [{ type: 'Divide', orderIds: ['o2', 'o3'], at }],
    Extend: [{ type: 'Extend', lines: more.slice(0, 1), at }],
    Ship: [
      { type: 'Ship', lines: [{ lineId: 'l1', quantity: 1 }], at },
      { type: 'Ship', lines: [{ lineId: 'l2', quantity: 1 }], at },
    ],
    Release: [
      { type: 'Release', at },
      { type: 'Release', lines: [{ lineId: 'l1', quantity: 1 }], at },
      { type: 'Release', lines: [{ lineId: 'l2', quantity: 1 }], at },
    ],
    TakeBack: [
      { type: 'TakeBack', lines: [{ lineId: 'l1', quantity: 1 }], at },
      { type: 'TakeBack', lines: [{ lineId: 'l1', quantity: 1, warehouse: 'west' }], at },
      { type: 'TakeBack', lines: [{ lineId: 'l2', quantity: 1 }], at },
    ],
  },
  invariants: {
    'no line gives more than it holds': (state) =>
      state.status === 'absent' || state.lines.every((each) => heldQuantity(each) >= 0),
    'nothing leaves before it is the buyer’s': (state) =>
      state.status !== 'reserved' || state.lines.every((each) => each.shippedQuantity === 0),
    'an end holds nothing': (state) =>
      (state.status !== 'shipped' && state.status !== 'released' && state.status !== 'returned') ||
      state.lines.every((each) => heldQuantity(each) === 0),
    'nothing comes back that had not left': (state) =>
      state.status === 'absent' || state.lines.every((each) => outQuantity(each) >= 0 && each.returnedQuantity >= 0),
    'everything that left is back exactly when it says so': (state) =>
      state.status === 'absent' ||
      (state.status === 'returned') ===
        (state.lines.every((each) => heldQuantity(each) === 0 && outQuantity(each) === 0) &&
          state.lines.some((each) => each.shippedQuantity > 0)),
  },
})
