import type { Outcome } from 'shopwright/payments'

/** A question that was refused says nothing of what was asked about; whatever hangs on it is not known. */
export const untold = (
  found: Exclude<Outcome<never>, { kind: 'ok' }>,
): Extract<Outcome<never>, { kind: 'pending' | 'unknown' }> =>
  found.kind === 'declined' ? { kind: 'unknown', cause: 'ambiguous' } : found
