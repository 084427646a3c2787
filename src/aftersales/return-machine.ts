import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider, type TransitionTable } from '../shared/decider.js'
import type { InspectedLine, ReturnCommand, ReturnError, ReturnEvent, ReturnRequest } from './return-request.js'

/** A return, or the moment before there is one. */
export type ReturnState = ReturnRequest | { readonly status: 'absent' }

/** Which command leads a return where. */
export const returnTable: TransitionTable<ReturnState['status'], ReturnCommand['type'], ReturnEvent['type']> = [
  { from: 'absent', command: 'Request', events: 'ReturnRequested', to: 'requested' },
  { from: 'requested', command: 'Approve', events: 'ReturnApproved', to: 'approved', guard: 'goods are to come back' },
  {
    from: 'requested',
    command: 'Approve',
    events: 'ReturnApproved',
    to: 'inspected',
    guard: 'no goods are to come back',
  },
  { from: 'requested', command: 'Refuse', events: 'ReturnRefused', to: 'refused' },
  { from: 'requested', command: 'Cancel', events: 'ReturnCancelled', to: 'cancelled' },
  { from: 'approved', command: 'Receive', events: 'ReturnReceived', to: 'received' },
  { from: 'approved', command: 'Cancel', events: 'ReturnCancelled', to: 'cancelled' },
  { from: 'received', command: 'Inspect', events: 'ReturnInspected', to: 'inspected', guard: 'pieces are accepted' },
  {
    from: 'received',
    command: 'Inspect',
    events: ['ReturnInspected', 'ReturnClosed'],
    to: 'closed',
    guard: 'no piece is accepted',
  },
  { from: 'inspected', command: 'Refund', events: 'ReturnRefunded', to: 'refunded' },
  { from: 'inspected', command: 'Close', events: 'ReturnClosed', to: 'closed' },
]

/** The pieces that are refunded. */
export const acceptedLines = (
  state: Extract<ReturnRequest, { inspected: readonly InspectedLine[] }>,
): readonly { readonly lineId: string; readonly quantity: number }[] =>
  state.inspected
    .map((line) => ({ lineId: line.lineId, quantity: line.acceptedQuantity }))
    .filter((line) => line.quantity > 0)

/** Whether a return is settled, one way or another. */
export const isReturnSettled = ({ status }: Pick<ReturnState, 'status'>): boolean =>
  status === 'refused' || status === 'refunded' || status === 'closed' || status === 'cancelled'

type Decision = Result<readonly ReturnEvent[], ReturnError>

const decide = (state: ReturnState, command: ReturnCommand): Decision => {
  if (!allowsCommand(returnTable, { status: state.status, command: command.type })) {
    return err({ type: 'ReturnStateForbids', status: state.status, command: command.type })
  }
  return match(command)
    .returnType<Decision>()
    .with({ type: 'Request' }, (request) => ok([{ ...request, type: 'ReturnRequested' }]))
    .with({ type: 'Approve' }, ({ type: _, ...given }) => ok([{ type: 'ReturnApproved', ...given }]))
    .with({ type: 'Refuse' }, ({ ground, at }) => ok([{ type: 'ReturnRefused', ground, at }]))
    .with({ type: 'Receive' }, ({ at }) => ok([{ type: 'ReturnReceived', at }]))
    .with({ type: 'Inspect' }, (inspection) => inspect(state, inspection))
    .with({ type: 'Refund' }, ({ refundId, at }) => ok([{ type: 'ReturnRefunded', refundId, at }]))
    .with({ type: 'Close' }, ({ at }) => ok([{ type: 'ReturnClosed', at }]))
    .with({ type: 'Cancel' }, (given) => cancel(state, given))
    .exhaustive()
}

const cancel = (state: ReturnState, { by, at }: Extract<ReturnCommand, { type: 'Cancel' }>): Decision => {
  const isLate = state.status === 'approved' && at >= state.sendBy
  if (by === 'clock' && !isLate) return err({ type: 'ReturnStateForbids', status: state.status, command: 'Cancel' })
  return ok([{ type: 'ReturnCancelled', by, at }])
}

const inspect = (
  state: ReturnState,
  { lines, refundBy, at }: Extract<ReturnCommand, { type: 'Inspect' }>,
): Decision => {
  const requested = state.status === 'absent' ? [] : state.lines
  const named = new Set(lines.map((line) => line.lineId))
  for (const line of lines) {
    const wanted = requested.find((each) => each.lineId === line.lineId)?.quantity ?? 0
    const { quarantineQuantity = 0 } = line
    const counts = [line.receivedQuantity, line.acceptedQuantity, line.restockQuantity, quarantineQuantity]
    const fits =
      counts.every((count) => Number.isSafeInteger(count) && count >= 0) &&
      line.receivedQuantity <= wanted &&
      line.acceptedQuantity <= line.receivedQuantity &&
      line.restockQuantity + quarantineQuantity <= line.acceptedQuantity
    if (!fits || lines.length !== named.size) {
      return err({ type: 'InspectionDiffers', lineId: line.lineId, asked: Math.max(...counts), requested: wanted })
    }
  }
  const forgotten = requested.find((line) => !named.has(line.lineId))
  if (forgotten !== undefined) {
    return err({ type: 'InspectionDiffers', lineId: forgotten.lineId, asked: 0, requested: forgotten.quantity })
  }
  const inspected: ReturnEvent = { type: 'ReturnInspected', lines, refundBy, at }
  return ok(lines.some((line) => line.acceptedQuantity > 0) ? [inspected] : [inspected, { type: 'ReturnClosed', at }])
}

const evolve = (state: ReturnState, event: ReturnEvent): ReturnState => {
  if (event.type === 'ReturnRequested') {
    const { type: _, ...facts } = event
    return { ...facts, status: 'requested' }
  }
  if (state.status === 'absent') return state
  const facts = factsOf(state)
  switch (event.type) {
    case 'ReturnApproved': {
      const approved = { ...facts, approvedAt: event.at, approvedBy: event.by }
      if (state.kind === 'returnAndRefund') return { ...approved, status: 'approved', sendBy: event.sendBy }
      const inspected = state.lines.map(({ lineId, quantity }) => ({
        lineId,
        receivedQuantity: 0,
        acceptedQuantity: quantity,
        restockQuantity: 0,
      }))
      return { ...approved, status: 'inspected', inspected, inspectedAt: event.at, refundBy: event.refundBy }
    }
    case 'ReturnRefused':
      return { ...facts, status: 'refused', ground: event.ground, refusedAt: event.at }
    case 'ReturnReceived':
      return 'approvedAt' in state
        ? { ...facts, ...approvalOf(state), status: 'received', receivedAt: event.at }
        : state
    case 'ReturnInspected':
      return 'approvedAt' in state
        ? {
            ...facts,
            ...approvalOf(state),
            status: 'inspected',
            inspected: event.lines,
            inspectedAt: event.at,
            refundBy: event.refundBy,
          }
        : state
    case 'ReturnRefunded':
      return state.status === 'inspected'
        ? {
            ...facts,
            ...approvalOf(state),
            status: 'refunded',
            inspected: state.inspected,
            refundId: event.refundId,
            refundedAt: event.at,
          }
        : state
    case 'ReturnClosed':
      return state.status === 'inspected'
        ? { ...facts, ...approvalOf(state), status: 'closed', inspected: state.inspected, closedAt: event.at }
        : state
    case 'ReturnCancelled':
      return { ...facts, status: 'cancelled', cancelledBy: event.by, cancelledAt: event.at }
  }
}

const factsOf = (state: ReturnRequest) => ({
  returnId: state.returnId,
  orderId: state.orderId,
  accountId: state.accountId,
  merchantId: state.merchantId,
  kind: state.kind,
  reason: state.reason,
  lines: state.lines,
  freightPayer: state.freightPayer,
  service: state.service,
  requestedAt: state.requestedAt,
})

const approvalOf = (state: Extract<ReturnRequest, { approvedAt: number }>) => ({
  approvedAt: state.approvedAt,
  approvedBy: state.approvedBy,
})

/** The life of a return. */
export const returnMachine: Decider<ReturnState, ReturnCommand, ReturnEvent, ReturnError> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}
