// shared

// accounts
export { accountsAccess } from './accounts/access.js'
export type { Account, AccountCommand, AccountError, AccountEvent, BanReason } from './accounts/account.js'
export { type AccountState, accountMachine, accountTable, isStanding, maySignIn } from './accounts/account-machine.js'
export { accounts, challenges, consentLog, credentials, sessions, signInGuards } from './accounts/accounts.schema.js'
export { type AccountsPolicy, type CodePolicy, defaultAccountsPolicy } from './accounts/accounts-policy.js'
export { type Activated, activateAccount } from './accounts/activate-account.js'
export { type ActorOfError, actorOf, type SessionActor, type SessionRefused } from './accounts/actor-of.js'
export { type BanAnswer, banAccount, liftBan } from './accounts/ban-account.js'
export { challengeAttempts, rateBudgets, type TooManyCodes } from './accounts/budgets.js'
export type {
  Challenge,
  ChallengeCommand,
  ChallengeError,
  ChallengeEvent,
  ChallengePurpose,
} from './accounts/challenge.js'
export { type ChallengeState, challengeMachine, challengeTable } from './accounts/challenge-machine.js'
export type { ConsentEntry, ConsentEvent, ConsentPurpose } from './accounts/consent.js'
export type { Credential, CredentialEvent } from './accounts/credential.js'
export { type Erased, eraseAccount, type PasswordNotProven } from './accounts/erase-account.js'
export { canonicalEmail, type EmailMalformed } from './accounts/identifier.js'
export type {
  BanAccountInput,
  CodeInput,
  EmptyInput,
  EraseAccountInput,
  LiftBanInput,
  RegisterInput,
  RequestResetInput,
  ResendInput,
  ResetPasswordInput,
  RevokeSessionInput,
  SetConsentInput,
  SignInInput,
} from './accounts/inputs.js'
export { type HasherLimits, limitHasher } from './accounts/limit-hasher.js'
export { type AccountsError, accountsMessages, letterClassNames, passwordReasonMessages } from './accounts/messages.js'
export { type AccountView, myAccount } from './accounts/my-account.js'
export { mySessions, type SessionView } from './accounts/my-sessions.js'
export {
  type ContextWord,
  canonicalPassword,
  guidePasswordPolicy,
  hybridPasswordPolicy,
  judgePassword,
  type LetterClass,
  nistPasswordPolicy,
  type PasswordPolicy,
  type PasswordReason,
  type PasswordRefused,
} from './accounts/password-policy.js'
export { contextWordsOf, type PasswordStrength, strengthOf } from './accounts/password-strength.js'
export { accountsPersonalData } from './accounts/personal-data.js'
export type { AccountsPorts, HasherError, HasherUnavailable, PasswordHasher } from './accounts/ports.js'
export { createRecipientBook } from './accounts/recipients.js'
export type { CodeRefused } from './accounts/redeem-code.js'
export { type CodeSent, type RegisterError, type Registered, registerAccount } from './accounts/register-account.js'
export { requestReset } from './accounts/request-reset.js'
export { type CodeTooSoon, type ResendError, resendCode } from './accounts/resend-code.js'
export { type PasswordReset, type ResetError, resetPassword } from './accounts/reset-password.js'
export { revokeSession } from './accounts/revoke-session.js'
export type { Session, SessionEvent, SessionPolicy } from './accounts/session.js'
export { type ConsentSet, setConsent } from './accounts/set-consent.js'
export { type SignedIn, type SignInError, type SignInRefused, signIn } from './accounts/sign-in.js'
export {
  askGuard,
  defaultGuardPolicy,
  type GuardPolicy,
  type GuardVerdict,
  recordFailure,
  type SignInGuard,
} from './accounts/sign-in-guard.js'
export { signOut } from './accounts/sign-out.js'
export { type AccountsSweepReport, sweepAccounts } from './accounts/sweep-accounts.js'
// notify
export type {
  Channel,
  FailureReason,
  MessageCommand,
  MessageError,
  MessageEvent,
  MessageFacts,
  MessageRecord,
  SuppressionReason,
} from './notify/message.js'
export { messages } from './notify/message.schema.js'
export { type MessageState, messageMachine, messageTable } from './notify/message-machine.js'
export { type NotifyError, notifyMessages } from './notify/messages.js'
export { notifyPersonalData } from './notify/personal-data.js'
export type {
  Notifier,
  NotifyFailed,
  NotifyPorts,
  OutgoingMessage,
  RecipientAddress,
  RecipientBook,
} from './notify/ports.js'
export { type MessagePreference, mayReceive } from './notify/preference.js'
export { messagePreferences } from './notify/preference.schema.js'
export { type MessageRequest, messageIdOf, messageSecretPlace, queueMessage } from './notify/queue-message.js'
export {
  longestWaitMs,
  retryDelayMs,
  type SendOptions,
  type SendReport,
  sendDueMessages,
  sendingMs,
} from './notify/send-due-messages.js'
export {
  type MessageFact,
  needsConsent,
  type Template,
  type TemplateName,
  templateNames,
  templates,
  writeMessage,
} from './notify/templates.js'
export type {
  AccessPolicy,
  Actor,
  Authorizer,
  Denied,
  Grant,
  Reach,
  Scope,
} from './shared/actor.js'
export { actorName, createTableAuthorizer } from './shared/actor.js'
export type { CommitView, WriteSet } from './shared/apply-commit.js'
export { applyCommit } from './shared/apply-commit.js'
export type { AuditEntry, AuditSeal } from './shared/audit.js'
export { auditLog, auditSeals } from './shared/audit.schema.js'
export { auditEntry } from './shared/audit-entry.js'
export type { BookShelf } from './shared/books.js'
export { book, bookAgeMs, createBookShelf } from './shared/books.js'
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
export type {
  AlreadyClaimed,
  Change,
  Commit,
  CommitError,
  Committed,
  FloorReached,
  MalformedCommit,
  PreparedCommit,
  VersionConflict,
} from './shared/commit.js'
export { adjust, append, claim, expectRow, prepareCommit, put, release, removeRow } from './shared/commit.js'
export type { Decision, DecisionSpec, Moment, StorageError } from './shared/decide-and-commit.js'
export { decideAndCommit } from './shared/decide-and-commit.js'
export type {
  AlreadyDone,
  Busy,
  IdempotencyKeyReused,
  InvalidInput,
  NotFound,
  StorageUnavailable,
} from './shared/errors.js'
export type { OutboxEvent, RowKey, StoredEvent } from './shared/events.js'
export { eventId, partitionCount, partitionOf } from './shared/events.js'
export type { IdSource } from './shared/ids.js'
export { createIds } from './shared/ids.js'
export type { Clock, Instant } from './shared/instant.js'
export type { Json, JsonObject } from './shared/json.js'
export { canonicalJson, compareCodePoints, valuesAt } from './shared/json.js'
export type { Locale, Message, Messages } from './shared/messages.js'
export { fillMessage } from './shared/messages.js'
export type { Operation } from './shared/operation.js'
export { operations } from './shared/operation.schema.js'
export type { Place, Sealed, Sealer, SubjectKey, Unreadable } from './shared/personal-data.js'
export { openValue, placeName, sealValue } from './shared/personal-data.js'
export { subjectKeys } from './shared/personal-data.schema.js'
export type { LegalBasis, PersonalField, Retention, UnregisteredField } from './shared/personal-data-registry.js'
export { findUnregistered, sealedPaths } from './shared/personal-data-registry.js'
export type { CorePorts, CryptoUnavailable, KeyedDigest } from './shared/ports.js'
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
} from './shared/read-plan.js'
export { claims, counters, entries, find, row, rows } from './shared/read-plan.js'
export type { RelayOptions, RelayReport } from './shared/relay.js'
export { runRelay } from './shared/relay.js'
export type { CommandContext, CommandError, CommandMoment, CommandSpec, Progress } from './shared/run-command.js'
export { completeCommand, runCommand, startCommand } from './shared/run-command.js'
export type { QueryContext, QueryError, QuerySpec } from './shared/run-query.js'
export { runQuery } from './shared/run-query.js'
export { type SealReport, sealAudit } from './shared/seal-audit.js'
export type { Acknowledgement, LeasedEvent, LeaseRequest, Storage } from './shared/storage.js'
export { commitChanges } from './shared/storage.js'
export { type AuditAnchor, type AuditFault, type AuditVerdict, verifyAudit } from './shared/verify-audit.js'
