// shared

export * from './accounts/index.js'
export * from './aftersales/index.js'
export * from './cart/index.js'
export * from './catalog/index.js'
export * from './inventory/index.js'
export * from './membership/index.js'
// modules, in their order; each page is written by hand
export * from './notify/index.js'
export * from './orders/index.js'
export * from './payments/index.js'
export * from './pricing/index.js'
export * from './promotions/index.js'
export type {
  AccessPolicy,
  Actor,
  ActorSession,
  Authorizer,
  Denied,
  Grant,
  PaymentProof,
  ProvenPayment,
  Reach,
  Scope,
  StepUpRequired,
} from './shared/actor.js'
export { actorName, createTableAuthorizer, groupsOf, guestOwnerId } from './shared/actor.js'
export { allocate } from './shared/allocate.js'
export type { CommitView, WriteSet } from './shared/apply-commit.js'
export { applyCommit } from './shared/apply-commit.js'
export { apportionByDivisor } from './shared/apportion.js'
export type { AuditEntry, AuditOrigin, AuditSeal, KeptAuditEntry } from './shared/audit.js'
export { auditLog, auditSeals } from './shared/audit.schema.js'
export { auditEntry } from './shared/audit-entry.js'
export type { BookShelf } from './shared/books.js'
export { book, bookAgeMs, createBookShelf } from './shared/books.js'
export { checkHealth, type SearchHealth, type ShopHealth } from './shared/check-health.js'
export type {
  Collection,
  CounterFamily,
  Field,
  FieldType,
  Log,
  Ownership,
  Part,
  StoredDataInvalid,
} from './shared/collection.js'
export { ownerFields } from './shared/collection.js'
export type {
  AlreadyClaimed,
  AuditNote,
  Change,
  Commit,
  CommitError,
  Committed,
  DecidedChange,
  FloorReached,
  MalformedCommit,
  PreparedCommit,
  VersionConflict,
} from './shared/commit.js'
export {
  adjust,
  append,
  claim,
  expectRow,
  type IndexedChange,
  prepareCommit,
  put,
  release,
  removeRow,
} from './shared/commit.js'
export { type CookieInput, type CookieInvalid, clearCookieHeader, cookieHeader, readCookie } from './shared/cookie.js'
export type { CsvOptions } from './shared/csv.js'
export { type Currency, currencyExponent, listCurrencies, type UnknownCurrency } from './shared/currency.js'
export type { Decision, DecisionSpec, Moment, StorageError } from './shared/decide-and-commit.js'
export { decideAndCommit } from './shared/decide-and-commit.js'
export {
  allowedCommands,
  allowsCommand,
  type Decided,
  type Decider,
  decideNext,
  foldEvents,
  type Transition,
  type TransitionTable,
} from './shared/decider.js'
export { type InvalidAmount, parseDecimalText, type TooManyDecimals, toDecimalText } from './shared/decimal-money.js'
export { type ErasedSubject, erasedSubjects } from './shared/erased-subject.schema.js'
export type {
  AlreadyDone,
  Busy,
  IdempotencyKeyReused,
  InvalidInput,
  NotFound,
  StorageUnavailable,
} from './shared/errors.js'
export type { EventPlace, OutboxEvent, RowKey, StoredEvent } from './shared/events.js'
export { eventId, partitionCount, partitionOf } from './shared/events.js'
export { convertMoney, type Exchange } from './shared/exchange.js'
export { type ExportedPage, exportPages, jsonLines } from './shared/export-pages.js'
export { formatMoney } from './shared/format-money.js'
export type { Grants } from './shared/grants.js'
export type { IdSource } from './shared/ids.js'
export { createIds } from './shared/ids.js'
export type { Clock, Instant } from './shared/instant.js'
export type { Json, JsonObject } from './shared/json.js'
export { canonicalJson, compareCodePoints, valuesAt } from './shared/json.js'
export { wholeLimit } from './shared/limit.js'
export type { UnreadableRows, WholeOrNot } from './shared/list-page.js'
export type { Listener, Listeners } from './shared/listeners.js'
export { endOfLocalDay, type LocalDay, localDayOf } from './shared/local-day.js'
export type { Locale, Message, Messages } from './shared/messages.js'
export { fillMessage } from './shared/messages.js'
export {
  type AmountOverflow,
  addMoney,
  type CurrencyMismatch,
  compareMoney,
  type Money,
  multiplyMoney,
  type NotSafeInteger,
  negateMoney,
  subtractMoney,
  sumMoney,
  toMoney,
  zeroMoney,
} from './shared/money.js'
export { moneySchema } from './shared/money.schema.js'
export type { NoInput } from './shared/no-input.js'
export type { CurrencyDisplay, InvalidLocale } from './shared/number-format.js'
export type { Operation } from './shared/operation.js'
export { operations } from './shared/operation.schema.js'
export type { Origin } from './shared/origin.js'
export { type ParseMoneyError, parseMoney } from './shared/parse-money.js'
export type { Period } from './shared/period.js'
export type { Place, Sealed, Sealer, SubjectKey, SubjectKeyStore, Unreadable } from './shared/personal-data.js'
export { openValue, placeName, sealValue } from './shared/personal-data.js'
export { subjectKeys } from './shared/personal-data.schema.js'
export type {
  LegalBasis,
  PersonalField,
  Retention,
  Sensitivity,
  UnregisteredField,
} from './shared/personal-data-registry.js'
export { findUnregistered, isSealed, sealedPaths } from './shared/personal-data-registry.js'
export {
  type AboutPersons,
  type EntryRule,
  type ErasureRule,
  type PersonalRecord,
  type PersonalRow,
  personalEntries,
  personalRows,
  type RetentionLaw,
} from './shared/personal-record.js'
export type { CorePorts, CountryLookup, CountryUnavailable, CryptoUnavailable, KeyedDigest } from './shared/ports.js'
export type { PruneReport } from './shared/prune-records.js'
export { applyRate, type InvalidRate, percentOf } from './shared/rate.js'
export type { Reaction, ReactionError } from './shared/reaction.js'
export { reactOnce } from './shared/reaction.js'
export { readFacts } from './shared/read-facts.js'
export type {
  Asked,
  Condition,
  Entry,
  Facts,
  Ids,
  IdsFrom,
  PageEnd,
  Query,
  RawAnswers,
  RawRow,
  ReadPlan,
  ReadRequest,
  Search,
  Stored,
  TimedPageEnd,
} from './shared/read-plan.js'
export { claims, counters, entries, find, row, rows, rowsUpwards } from './shared/read-plan.js'
export type { RelayOptions, RelayReport } from './shared/relay.js'
export { runRelay } from './shared/relay.js'
export type { ReplayOptions, ReplayReport } from './shared/replay.js'
export { runReplay } from './shared/replay.js'
export type { Role, RolePolicy } from './shared/roles.js'
export { isShownClear, withRoles } from './shared/roles.js'
export { type DivisionByZero, divideRounded, type RoundingRule } from './shared/rounding.js'
export type {
  CommandContext,
  CommandError,
  CommandMoment,
  CommandSpec,
  Progress,
} from './shared/run-command.js'
export {
  completeCommand,
  type FirstStepSpec,
  type LastStepSpec,
  runCommand,
  startCommand,
} from './shared/run-command.js'
export type { QueryContext, QueryError, QuerySpec } from './shared/run-query.js'
export { runQuery } from './shared/run-query.js'
export { schemaOf } from './shared/schema-of.js'
export { type SealReport, sealAudit } from './shared/seal-audit.js'
export { isSecureAddress } from './shared/secure-address.js'
export { type SharedError, sharedMessages } from './shared/shared-messages.js'
export { type ShownBook, showBook } from './shared/show-book.js'
export { signAudit } from './shared/sign-audit.js'
export type { CapsTooSmall, InvalidSplit, WeightsAllZero } from './shared/split.js'
export {
  askPaymentProof,
  isSteppedUp,
  type PaymentProofPolicy,
  type StepUpPolicy,
  withStepUp,
} from './shared/step-up.js'
export type {
  Acknowledgement,
  Backlog,
  BacklogRequest,
  EventsRequest,
  LeasedEvent,
  LeaseRequest,
  PruneRequest,
  ReopenRequest,
  Storage,
  StorageLink,
  TransactionalStorage,
} from './shared/storage.js'
export { commitChanges, longestLeadMs } from './shared/storage.js'
export { parseInput, parseStored } from './shared/stored.schema.js'
export { type SweepPlace, sweepPlaces } from './shared/sweep-place.schema.js'
export type { Tender, TenderKind } from './shared/tender.js'
export { createTurns, type Turns } from './shared/turns.js'
export { type AuditAnchor, type AuditFault, type AuditVerdict, verifyAudit } from './shared/verify-audit.js'
export type { Without } from './shared/without.js'
export { addWorkingDays, type CalendarNotCovered, isWorkingDay, type WorkCalendar } from './shared/work-calendar.js'
export { createShop, type HostTransactions, type ShopWithin } from './shop.js'
export { shopAccess } from './shop-access.js'
// the facade
export type { Shop } from './shop-binding.js'
export type { HostReaction, ListenToShop, ShopEvent, ShopEventName, ShopEvents } from './shop-events.js'
export { describeError, type ErrorTag, shopMessages } from './shop-messages.js'
export type { ShopPorts } from './shop-ports.js'
export type { UpkeepDone, UpkeepOptions, UpkeepReport, UpkeepTrouble } from './shop-upkeep.js'
export * from './storefront/index.js'
