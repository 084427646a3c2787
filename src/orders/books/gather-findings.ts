import { type BillFinding, mostFindings, type ReconciliationRow } from '../../payments/reconciliation.js'
import type { Instant } from '../../shared/instant.js'
import type { Found } from './bill-findings.js'

type Stored = Pick<ReconciliationRow, 'findings' | 'resolutions'>

/**
 * Gathers what is found in a bill. What was found in it before is known since then, and what a person has resolved stays
 * so; neither takes up the room of what is open.
 *
 * @param before - what the bill came to when it was last read; undefined where it was not
 */
export const gatherFindings = (before: Stored | undefined, now: Instant) => {
  const since = new Map(before?.findings.map(({ findingId, foundAt }) => [findingId, foundAt]))
  const resolved = new Set(before?.resolutions.map(({ findingId }) => findingId))
  const times = new Map<string, number>()
  const findings: Stored['findings'][number][] = []
  const kept = { open: 0, resolved: 0 }
  let findingCount = 0
  let unkeptCount = 0
  return {
    note: (found: Found): BillFinding => {
      const name = nameOf(found)
      const nth = (times.get(name) ?? 0) + 1
      times.set(name, nth)
      // A bill may say the same twice, and each is a finding.
      const finding = { findingId: nth === 1 ? name : `${name}#${nth}`, ...found }
      const kind = resolved.has(finding.findingId) ? 'resolved' : 'open'
      findingCount += 1
      if (kept[kind] < mostFindings) {
        kept[kind] += 1
        findings.push({ ...finding, foundAt: since.get(finding.findingId) ?? now })
      } else if (kind === 'open') unkeptCount += 1
      return finding
    },
    /** What was gathered; `unkeptCount` is how many are open beside those that are kept. */
    gathered: () => ({ findings, findingCount, unkeptCount }),
  }
}

/** What is open of findings once persons have said what they have: how many, and since when. */
export const openAmong = (
  { findings, resolutions, reconciledAt }: Stored & Pick<ReconciliationRow, 'reconciledAt'>,
  unkeptCount: number,
): Pick<ReconciliationRow, 'openCount' | 'openSince'> => {
  const resolved = new Set(resolutions.map(({ findingId }) => findingId))
  const open = findings.filter(({ findingId }) => !resolved.has(findingId))
  const moments = [...open.map(({ foundAt }) => foundAt), ...(unkeptCount > 0 ? [reconciledAt] : [])]
  return { openCount: open.length + unkeptCount, openSince: moments.length === 0 ? null : Math.min(...moments) }
}

// Nothing in it is what the bill itself teaches (a fee, that money came), or what was found would be another the next time.
const nameOf = (found: Found): string => {
  const { kind, reference, ours, theirs } = found
  return `${kind}/${(ours ?? theirs)?.kind ?? ''}/${substanceOf(found)}/${reference}`
}

const substanceOf = ({ kind, detail, ours, theirs }: Found): string => {
  switch (kind) {
    case 'missingInBill':
      return amountOf(ours)
    case 'missingInLedger':
    case 'duplicate':
      return amountOf(theirs)
    case 'amountDiff':
      return `${amountOf(ours)} ${amountOf(theirs)}`
    case 'feeDiff':
      return `${ours?.feeMinor ?? ''} ${theirs?.fee?.value ?? ''}e-${theirs?.fee?.scale ?? ''}`
    case 'statusDiff':
      return `${ours?.status ?? ''} ${theirs?.status ?? ''}`
    case 'orderDiff':
    case 'notLearned':
      return detail ?? ''
  }
}

const amountOf = (side: Found['ours'] | Found['theirs']): string =>
  side === null ? '' : `${side.currency} ${side.amountMinor}`
