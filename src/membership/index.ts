export { membershipAccess } from './access.js'
export { type GrantedPoints, grantPoints } from './grant-points.js'
export {
  guideLadder,
  type Ladder,
  type Level,
  type LevelActivity,
  type LevelStanding,
  type LevelWeights,
  levelOf,
  metricOf,
} from './level.js'
export { membershipMessages } from './messages.js'
export { pointsAccounts } from './points-account.collection.schema.js'
export {
  availablePoints,
  type ClawBackPolicy,
  type LotPart,
  type OpenPointsAccount,
  type PendingPoints,
  type PendingTerms,
  type PointsAccount,
  type PointsClaw,
  type PointsCommand,
  type PointsError,
  type PointsEvent,
  type PointsHold,
  type PointsLot,
  type PointsSource,
  type PointsSpend,
} from './points-account.js'
export { entryOf, type PointsEntry, type PointsPart, type PointsPlace, totalsAt } from './points-entry.js'
export { appendPoints, pointsEntries } from './points-entry.schema.js'
export { pointsExpiry, pointsMonths, restoredExpiry, restoreGraceDays } from './points-expiry.js'
export { type PointsState, pointsMachine, pointsTable } from './points-machine.js'
export { type PointsPage, pointsPage } from './points-page.js'
export type { GrantPointsInput, PointsPageInput } from './points-page.schema.js'
export type { EarnRule, SpendRule } from './points-rules.js'
export { type PointsSweepReport, pointsSweep } from './points-sweep.js'
