import { errAsync, okAsync } from 'neverthrow'
import type { RealNameClaim, RealNameVerdict, RealNameVerifier } from 'shopwright'

/** A verifier that says what the test scripted, `matched` when nothing is, and notes what it was asked. */
export const createScriptedRealNames = (kinds: RealNameVerifier['kinds'] = ['idCard', 'face']) => {
  const asked: RealNameClaim[] = []
  const script: (RealNameVerdict['outcome'] | 'down')[] = []
  const verifier: RealNameVerifier = {
    kinds,
    verify: (claim) => {
      asked.push(claim)
      const next = script.shift() ?? 'matched'
      return next === 'down'
        ? errAsync({ type: 'RealNameUnavailable', detail: 'scripted' })
        : okAsync({ outcome: next, reference: `reference of ${claim.requestId}` })
    },
  }
  return { verifier, asked, script }
}
