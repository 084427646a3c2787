import { err, type Result } from 'neverthrow'
import { messagePreferences } from '../../notify/preference.schema.js'
import { type Change, expectRow } from '../../shared/commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { SubjectKey } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { type Entry, entries, type Facts, row, type Stored } from '../../shared/read-plan.js'
import { isStanding } from '../account-machine.js'
import { accounts, consentLog } from '../accounts.schema.js'
import { linesLeft, realNameLines } from '../budgets.js'
import type { ConsentEntry } from '../consent.js'
import type { AccountsPorts } from '../ports.js'
import { standingConsents } from '../privacy/show-consents.js'
import { isChild } from '../register-account.js'
import { type ConsentRequired, type RealNameKind, type RealNameNotOffered, realNamePurposes } from './real-name.js'
import { realNameProofs } from './real-name.schema.js'
import type { ProveRealNameInput } from './real-name-inputs.js'
import { type IdNumberMalformed, type ResidentId, readResidentId } from './resident-id.js'

/** What has to be known of a person before a verifier is asked, and again before its verdict is kept. */
export const claimPlan = (accountId: string, kind: RealNameKind, now: Instant) => ({
  account: row(accounts, accountId),
  key: row(subjectKeys, accountId),
  preference: row(messagePreferences, accountId),
  proof: row(realNameProofs, accountId),
  consents: entries(consentLog, newestOf(accountId, realNamePurposes[kind], 100)),
  guardian: guardianWordOf(accountId),
  left: linesLeft(realNameLines(accountId, now)),
})

export type ClaimFacts = Facts<ReturnType<typeof claimPlan>>

/** A claim that a verifier may be asked about. */
type ClearedClaim = {
  readonly card: ResidentId
  readonly key: Stored<SubjectKey>
  /** Of a child whose guardian has not agreed, or no longer agrees. */
  readonly lacksGuardian: boolean
  /** What a commit that relies on it expects: the account, its consents. */
  readonly relied: readonly Change[]
}

/** The refusal of a kind that the shop asks nobody about; undefined where it does. */
export const notOffered = (
  { realNames }: AccountsPorts,
  { kind }: Pick<ProveRealNameInput, 'kind'>,
): RealNameNotOffered | undefined =>
  realNames?.kinds.includes(kind) === true ? undefined : { type: 'RealNameNotOffered', kind }

/** Whether a verifier may be asked: the account stands, its person has agreed, the number is one. */
export const checkClaim = (
  ports: AccountsPorts,
  accountId: string,
  { kind, idNumber }: ProveRealNameInput,
  { account, key, preference, consents, guardian }: ClaimFacts,
  at: Instant,
): Result<ClearedClaim, RealNameNotOffered | NotFound | ConsentRequired | IdNumberMalformed> => {
  const unoffered = notOffered(ports, { kind })
  if (unoffered !== undefined) return err(unoffered)
  if (account === undefined || !isStanding(account.state) || key === undefined) {
    return err({ type: 'NotFound', entity: 'account', id: accountId })
  }
  const purpose = realNamePurposes[kind]
  // Every consent that is set writes the preferences too: expecting them notices one that is withdrawn meanwhile.
  if (preference === undefined || !stands(ports, purpose, consents)) return err({ type: 'ConsentRequired', purpose })
  // Checked here and not at the door: whoever has not agreed is told that first.
  return readResidentId(idNumber, at).map((card) => ({
    card,
    key,
    lacksGuardian: isChild(card.birthDate, ports.accountsPolicy.privacy.guardianBelowYears, at) && !isGuarded(guardian),
    relied: [expectRow(accounts, account), expectRow(messagePreferences, preference)],
  }))
}

const newestOf = (accountId: string, purpose: string, limit: number) => ({
  where: [
    { field: 'accountId', is: 'eq', value: accountId },
    { field: 'purpose', is: 'eq', value: purpose },
  ] as const,
  orderBy: { field: 'at', direction: 'descending' } as const,
  limit,
})

const stands = (
  { accountsPolicy: { consents } }: AccountsPorts,
  purpose: string,
  ledger: readonly Entry<ConsentEntry>[],
): boolean =>
  // Of one moment the entry that was written last comes first.
  standingConsents(
    consents,
    [...ledger].reverse().map(({ body }) => body),
  ).some((each) => each.purpose === purpose && each.standing === 'given')

/** Asks for what a guardian of an account said last. */
export const guardianWordOf = (accountId: string) => entries(consentLog, newestOf(accountId, 'guardian', 1))

/** Whether a guardian agrees: what a child says of itself is no guardian's word, and one that was withdrawn counts no more. */
export const isGuarded = ([newest]: readonly Entry<ConsentEntry>[]): boolean =>
  newest?.body.decision === 'given' && newest.body.by === 'guardian'
