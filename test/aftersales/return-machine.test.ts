import fc from 'fast-check'
import { returnMachine, returnTable } from '../../src/aftersales/return-machine.js'
import type { ReturnCommand } from '../../src/aftersales/return-request.js'
import { machineLaws } from '../kit/machine-laws.js'

const at = 1_000
const request = (kind: 'refundOnly' | 'returnAndRefund'): Extract<ReturnCommand, { type: 'Request' }> => ({
  type: 'Request',
  returnId: 'x1',
  orderId: 'o1',
  accountId: 'ann',
  merchantId: null,
  kind,
  reason: 'quality',
  lines: [{ lineId: 'l1', quantity: 2 }],
  freightPayer: 'merchant',
  service: 'standard',
  requestedAt: at,
})
const inspect = (received: number, accepted: number, restock: number): Extract<ReturnCommand, { type: 'Inspect' }> => ({
  type: 'Inspect',
  lines: [{ lineId: 'l1', receivedQuantity: received, acceptedQuantity: accepted, restockQuantity: restock }],
  refundBy: at + 7,
  at,
})
const cancel = (by: 'buyer' | 'clock', at: number) => ({ type: 'Cancel', by, at }) as const
const count = fc.integer({ min: -1, max: 3 })
const approve = { type: 'Approve', by: 'staff', refundBy: at + 7, sendBy: at + 15, at } as const
const refuse = { type: 'Refuse', ground: 'conditionNotMet', at } as const

machineLaws({
  name: 'return-request',
  decider: returnMachine,
  table: returnTable,
  statuses: {
    absent: 'open',
    requested: 'open',
    approved: 'open',
    refused: 'final',
    received: 'open',
    inspected: 'open',
    refunded: 'final',
    closed: 'final',
    cancelled: 'final',
  },
  arbitraries: {
    Request: fc.constantFrom(request('refundOnly'), request('returnAndRefund')),
    Approve: fc.constant(approve),
    Refuse: fc.constant(refuse),
    Receive: fc.constant({ type: 'Receive', at }),
    Inspect: fc.tuple(count, count, count).map(([received, accepted, restock]) => inspect(received, accepted, restock)),
    Refund: fc.constant({ type: 'Refund', refundId: 'r1', at }),
    Close: fc.constant({ type: 'Close', at }),
    Cancel: fc.constantFrom(cancel('buyer', at), cancel('clock', at + 14), cancel('clock', at + 15)),
  },
  model: {
    Request: [request('refundOnly'), request('returnAndRefund')],
    Approve: [approve],
    Refuse: [refuse],
    Receive: [{ type: 'Receive', at }],
    Inspect: [inspect(2, 2, 1), inspect(1, 1, 0), inspect(2, 0, 0), inspect(2, 1, 2), inspect(3, 3, 3)],
    Refund: [{ type: 'Refund', refundId: 'r1', at }],
    Close: [{ type: 'Close', at }],
    Cancel: [cancel('buyer', at), cancel('clock', at + 14), cancel('clock', at + 15)],
  },
  invariants: {
    'no more is accepted than came, and no more came than was asked for': (state) =>
      !('inspected' in state) ||
      state.inspected.every(
        (line) =>
          (state.kind === 'refundOnly' || line.acceptedQuantity <= line.receivedQuantity) &&
          line.acceptedQuantity <= 2 &&
          line.restockQuantity <= line.acceptedQuantity,
      ),
    'what is refunded was accepted': (state) =>
      state.status !== 'refunded' || state.inspected.some((line) => line.acceptedQuantity > 0),
  },
})
