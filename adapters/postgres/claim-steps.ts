import { rowsAfter } from './parts.js'
import type { SharedParts } from './shared-tables.js'

/** The claims and releases of a commit, as SQL expressions of jsonb lists. */
export type ClaimLists = {
  readonly shop: string
  readonly at: string
  readonly claims: string | undefined
  readonly releases: string | undefined
  /** Whether they are more than one, so that their order matters. */
  readonly several: boolean
}

/** Common table expressions that take and release, one after another, and what of it failed: index, kind, owner. */
export type ClaimSteps = {
  readonly steps: readonly string[]
  readonly last: string | undefined
  readonly failures: string | undefined
}

const keyType = '(i int, space text, "key" text)'
const same = (other: string): string => `${other}.space = r.space and ${other}."key" = r."key"`

/**
 * One claim waits for whoever holds it. Several are locked in order, then those that ended are taken over, then absent
 * ones inserted, which waits for no lock, and releases come last: so no two commits ever wait for each other. A claim
 * that appeared after the locking is neither taken nor judged: the commit is to be tried again.
 */
export const claimSteps = (shared: SharedParts, lists: ClaimLists, before: string | undefined): ClaimSteps => {
  const { shop, at, claims, releases } = lists
  const steps: string[] = []
  let last = before
  const step = (name: string, rows: string, part: (rows: string) => string, kept = ''): void => {
    steps.push(`${name} as ${kept}(${part(rowsAfter(last, rows))})`)
    last = name
  }
  const release = (): void => {
    if (releases !== undefined) step('cr', releases, (rows) => shared.releaseClaims({ shop, rows }))
  }
  if (!lists.several) {
    release()
    if (claims === undefined) return { steps, last, failures: undefined }
    step('ct', claims, (rows) => shared.takeClaims({ shop, rows, at }))
    const failures = `select r.i, 'A', c.owner from jsonb_to_recordset(${claims}) as r${keyType} join ct c on ${same('c')} where not c.taken`
    return { steps, last, failures }
  }
  const both = [releases, claims].filter((each) => each !== undefined).join(' || ')
  step('cl', `(${both})`, (rows) => shared.lockClaims({ shop, rows }), 'materialized ')
  if (claims !== undefined) {
    // Where none has ended, which is nearly always, the table is not looked at.
    const whenEnded = `exists (select from cl l where l.expires_at <= ${at})`
    step('cu', claims, (rows) => shared.takeOverClaims({ shop, rows, at, whenEnded }))
    step('ci', claims, (rows) => shared.insertClaims({ shop, rows }))
  }
  release()
  const failures =
    claims === undefined
      ? undefined
      : `select r.i, case when l.owner is null then 'S' else 'A' end, l.owner from jsonb_to_recordset(${claims}) as r${keyType} ` +
        `left join cl l on ${same('l')} where not exists (select from cu u where ${same('u')}) ` +
        `and not exists (select from ci n where ${same('n')})`
  return { steps, last, failures }
}
