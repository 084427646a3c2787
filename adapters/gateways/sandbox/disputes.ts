import { okAsync } from 'neverthrow'
import type {
  DisputeEvidence,
  DisputePort,
  DisputeReason,
  DisputeSnapshot,
  GatewayErrorCode,
  Outcome,
} from 'shopwright/payments'
import type { Delivery } from './script.js'

/** A dispute as the sandbox keeps it. */
export type SandboxDispute = DisputeSnapshot & {
  readonly feeMinor: number
  readonly evidence: readonly DisputeEvidence[]
}

/** What a payer disputes. */
export type OpenedDispute = {
  /** All that was taken unless told. */
  readonly amountMinor?: number
  /** `notReceived` unless told. */
  readonly reason?: DisputeReason
  /** How it begins; `evidenceDue` unless told. */
  readonly status?: 'inquiry' | 'evidenceDue' | 'underReview'
  /** A week unless told. */
  readonly evidenceWithinMs?: number
  /** What the sandbox keeps for it; nothing unless told. */
  readonly feeMinor?: number
  readonly delivery?: Delivery
}

/** What the next evidence comes to. */
export type EvidenceScript =
  | { readonly kind: 'take' }
  | { readonly kind: 'decline'; readonly code: GatewayErrorCode }
  /** The answer is lost; behind it the evidence was taken, or never arrived. */
  | { readonly kind: 'timeout'; readonly taken: boolean }

const weekMs = 604_800_000

/** Disputes of a sandbox: what payers do, what banks decide, and the port that the shop speaks to. */
export const createDisputes = (world: {
  readonly now: () => number
  readonly find: (attemptRef: string) => { readonly capturedMinor: number; readonly currency: string } | undefined
  readonly notify: (fact: DisputeSnapshot, delivery?: Delivery) => void
}) => {
  const { now, find, notify } = world
  const disputes = new Map<string, SandboxDispute>()
  const answers = new Map<string, DisputeSnapshot>()
  const scripts: EvidenceScript[] = []

  const tell = ({ evidence: _, ...snapshot }: SandboxDispute): DisputeSnapshot => snapshot
  const keep = (dispute: SandboxDispute, delivery?: Delivery): SandboxDispute => {
    disputes.set(dispute.disputeRef, dispute)
    notify(tell(dispute), delivery)
    return dispute
  }

  const submit = (
    { disputeRef, key }: { readonly disputeRef: string; readonly key: string },
    evidence: DisputeEvidence,
  ): Outcome<DisputeSnapshot> => {
    const before = answers.get(key)
    if (before !== undefined) return { kind: 'ok', value: before }
    const script = scripts.shift() ?? { kind: 'take' }
    if (script.kind === 'decline') return decline(script.code)
    if (script.kind === 'timeout' && !script.taken) return { kind: 'unknown', cause: 'timeout' }
    const dispute = disputes.get(disputeRef)
    const isDue = dispute?.status === 'evidenceDue' || dispute?.status === 'inquiry'
    if (dispute === undefined || !isDue || now() > (dispute.evidenceDueAt ?? now())) return decline('Expired')
    const taken = { ...dispute, evidence: [...dispute.evidence, evidence], at: now() }
    // A question of the bank stays one; a dispute that was contested is the bank's to decide.
    const told = tell(
      keep(dispute.status === 'inquiry' ? taken : { ...taken, status: 'underReview', evidenceDueAt: null }),
    )
    answers.set(key, told)
    return script.kind === 'timeout' ? { kind: 'unknown', cause: 'timeout' } : { kind: 'ok', value: told }
  }

  const port: DisputePort = {
    query: ({ disputeRef }) => {
      const found = disputes.get(disputeRef)
      return okAsync({ kind: 'ok', value: found === undefined ? 'notFound' : tell(found) })
    },
    submitEvidence: ({ evidence, ...reference }) => okAsync(submit(reference, evidence)),
  }

  return {
    port,
    all: (): readonly SandboxDispute[] => [...disputes.values()],
    script: (...more: readonly EvidenceScript[]): void => {
      scripts.push(...more)
    },
    open: (attemptRef: string, opened: OpenedDispute = {}): string | null => {
      const payment = find(attemptRef)
      if (payment === undefined || payment.capturedMinor <= 0) return null
      const {
        amountMinor = payment.capturedMinor,
        reason = 'notReceived',
        status = 'evidenceDue',
        feeMinor = 0,
      } = opened
      const disputeRef = `sbx_dispute_${disputes.size + 1}`
      const evidenceDueAt = status === 'underReview' ? null : now() + (opened.evidenceWithinMs ?? weekMs)
      keep(
        {
          kind: 'dispute',
          disputeRef,
          attemptRef,
          status,
          reason,
          amount: { minor: amountMinor, currency: payment.currency },
          lostMinor: null,
          feeMinor,
          evidenceDueAt,
          at: now(),
          evidence: [],
        },
        opened.delivery,
      )
      return disputeRef
    },
    move: (
      disputeRef: string,
      facts: Partial<Pick<SandboxDispute, 'status' | 'lostMinor' | 'feeMinor'>>,
      delivery?: Delivery,
    ): boolean => {
      const dispute = disputes.get(disputeRef)
      if (dispute === undefined) return false
      const evidenceDueAt = facts.status === 'evidenceDue' || facts.status === undefined ? dispute.evidenceDueAt : null
      keep({ ...dispute, lostMinor: null, evidenceDueAt, ...facts, at: now() }, delivery)
      return true
    },
  }
}

const decline = (code: GatewayErrorCode): Outcome<never> => ({
  kind: 'declined',
  error: { code, gatewayCode: `sandbox.${code}` },
})
