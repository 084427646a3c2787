import { okAsync } from 'neverthrow'
import type {
  DisputeCase,
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
  readonly said: DisputeCase
  readonly openedAt: number
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
  /** What the payer says, and the number they leave; nothing unless told. */
  readonly statement?: string
  readonly phone?: string
  readonly delivery?: Delivery
}

/** What comes of the next evidence, or of accepting a dispute. */
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

  const tell = ({ evidence: _, said: __, openedAt: ___, ...snapshot }: SandboxDispute): DisputeSnapshot => snapshot
  const keep = (dispute: SandboxDispute, delivery?: Delivery): SandboxDispute => {
    disputes.set(dispute.disputeRef, dispute)
    notify(tell(dispute), delivery)
    return dispute
  }

  const submit = ({
    disputeRef,
    key,
    evidence,
    concludes,
  }: Parameters<NonNullable<DisputePort['submitEvidence']>>[0]): Outcome<DisputeSnapshot> => {
    const said = answers.get(key)
    if (said !== undefined) return { kind: 'ok', value: said }
    const script = scripts.shift() ?? { kind: 'take' }
    if (script.kind === 'decline') return decline(script.code)
    if (script.kind === 'timeout' && !script.taken) return { kind: 'unknown', cause: 'timeout' }
    const dispute = disputes.get(disputeRef)
    const isDue = dispute?.status === 'evidenceDue' || dispute?.status === 'inquiry' || dispute?.mayAppeal === true
    if (dispute === undefined || !isDue) return decline('Expired')
    const { mayAppeal: _, ...before } = dispute
    const asks = dispute.status === 'inquiry'
    if (!asks && now() > (dispute.evidenceDueAt ?? now())) return decline('Expired')
    const statement = { by: 'shop', text: evidence.explanation, at: now() } as const
    const taken = {
      ...before,
      lostMinor: null,
      evidence: [...dispute.evidence, evidence],
      said: { ...dispute.said, statements: [...dispute.said.statements, statement] },
      evidenceDueAt: null,
      at: now(),
    }
    // Who only asks has the last word, unless the shop has; a dispute that was contested is the bank's to decide.
    const status = !asks ? 'underReview' : concludes ? 'won' : 'inquiry'
    const told = tell(keep({ ...taken, status }))
    answers.set(key, told)
    return script.kind === 'timeout' ? { kind: 'unknown', cause: 'timeout' } : { kind: 'ok', value: told }
  }

  const accept = ({ disputeRef }: Parameters<NonNullable<DisputePort['accept']>>[0]): Outcome<DisputeSnapshot> => {
    const found = disputes.get(disputeRef)
    if (found?.status === 'lost') return { kind: 'ok', value: tell(found) }
    const script = scripts.shift() ?? { kind: 'take' }
    if (script.kind === 'decline') return decline(script.code)
    if (script.kind === 'timeout' && !script.taken) return { kind: 'unknown', cause: 'timeout' }
    // Of what no money is held for there is nothing to give.
    if (found?.status !== 'evidenceDue') return decline('Expired')
    const told = tell(keep({ ...found, status: 'lost', lostMinor: null, evidenceDueAt: null, at: now() }))
    return script.kind === 'timeout' ? { kind: 'unknown', cause: 'timeout' } : { kind: 'ok', value: told }
  }

  const port: DisputePort = {
    query: ({ disputeRef }) => {
      const found = disputes.get(disputeRef)
      return okAsync({ kind: 'ok', value: found === undefined ? 'notFound' : tell(found) })
    },
    submitEvidence: (request) => okAsync(submit(request)),
    accept: (request) => okAsync(accept(request)),
    mostCharacters: 5_000,
    files: {
      mediaTypes: ['image/jpeg', 'image/png', 'application/pdf'],
      mostFiles: 5,
      mostOfAKind: 5,
      mostBytes: 5_000_000,
      mostBytesTogether: 10_000_000,
    },
    read: ({ disputeRef }) => okAsync({ kind: 'ok', value: disputes.get(disputeRef)?.said ?? 'notFound' }),
    list: ({ since }) => {
      const begun = [...disputes.values()].filter(({ openedAt }) => openedAt >= since)
      return okAsync({ kind: 'ok', value: begun.map(({ disputeRef, attemptRef }) => ({ disputeRef, attemptRef })) })
    },
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
        statement,
        phone = null,
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
          said: { phone, statements: statement === undefined ? [] : [{ by: 'payer', text: statement, at: now() }] },
          openedAt: now(),
        },
        opened.delivery,
      )
      return disputeRef
    },
    goOn: (disputeRef: string, statement: string, delivery?: Delivery): boolean => {
      const dispute = disputes.get(disputeRef)
      if (dispute?.status !== 'inquiry') return false
      const statements = [...dispute.said.statements, { by: 'payer', text: statement, at: now() } as const]
      keep({ ...dispute, said: { ...dispute.said, statements }, evidenceDueAt: now() + weekMs, at: now() }, delivery)
      return true
    },
    move: (
      disputeRef: string,
      facts: Partial<Pick<SandboxDispute, 'status' | 'mayAppeal' | 'lostMinor' | 'feeMinor'>>,
      delivery?: Delivery,
    ): boolean => {
      const dispute = disputes.get(disputeRef)
      if (dispute === undefined) return false
      const { mayAppeal: _, ...before } = dispute
      const evidenceDueAt = facts.status === 'evidenceDue' || facts.status === undefined ? dispute.evidenceDueAt : null
      keep({ ...before, lostMinor: null, evidenceDueAt, ...facts, at: now() }, delivery)
      return true
    },
  }
}

const decline = (code: GatewayErrorCode): Outcome<never> => ({
  kind: 'declined',
  error: { code, gatewayCode: `sandbox.${code}` },
})
