export { accountsAccess } from './access.js'
export type {
  Account,
  AccountCommand,
  AccountError,
  AccountEvent,
  AccountFacts,
  BanReason,
  PersonFacts,
} from './account.js'
export {
  type AccountState,
  type AccountStatus,
  accountMachine,
  accountTable,
  isStanding,
  maySignIn,
  type StandingAccount,
} from './account-machine.js'
export { accounts, challenges, consentLog, credentials, sessions, signInGuards } from './accounts.schema.js'
export { type AccountsPolicy, type CodePolicy, defaultAccountsPolicy } from './accounts-policy.js'
export { type Activated, activateAccount } from './activate-account.js'
export { type ActorOfError, actorOf, type SessionActor, type SessionRefused } from './actor-of.js'
export { type BanAnswer, banAccount, liftBan } from './ban-account.js'
export { challengeAttempts, rateBudgets, type TooManyCodes } from './budgets.js'
export type {
  Challenge,
  ChallengeCommand,
  ChallengeError,
  ChallengeEvent,
  ChallengeFacts,
  ChallengePurpose,
} from './challenge.js'
export { type ChallengeState, type ChallengeStatus, challengeMachine, challengeTable } from './challenge-machine.js'
export type { ConsentEntry, ConsentEvent, ConsentPurpose } from './consent.js'
export type { Credential, CredentialEvent } from './credential.js'
export { type Erased, eraseAccount, type PasswordNotProven } from './erase-account.js'
export { canonicalEmail, type EmailMalformed } from './identifier.js'
export type {
  BanAccountInput,
  CodeInput,
  EraseAccountInput,
  LiftBanInput,
  RegisterInput,
  RequestResetInput,
  ResendInput,
  ResetPasswordInput,
  RevokeSessionInput,
  SetConsentInput,
  SignInInput,
} from './inputs.js'
export { type HasherLimits, limitHasher } from './limit-hasher.js'
export { type AccountsError, accountsMessages, letterClassNames, passwordReasonMessages } from './messages.js'
export { type AccountView, myAccount } from './my-account.js'
export { mySessions, type SessionView } from './my-sessions.js'
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
} from './password-policy.js'
export { contextWordsOf, type PasswordStrength, strengthOf } from './password-strength.js'
export { accountsPersonalData } from './personal-data.js'
export type { AccountsPorts, HasherError, HasherUnavailable, PasswordHasher } from './ports.js'
export { createRecipientBook } from './recipients.js'
export type { CodeRefused } from './redeem-code.js'
export { type CodeSent, type RegisterError, type Registered, registerAccount } from './register-account.js'
export { requestReset } from './request-reset.js'
export { type CodeTooSoon, type ResendError, resendCode } from './resend-code.js'
export { type PasswordReset, type ResetError, resetPassword } from './reset-password.js'
export { revokeSession } from './revoke-session.js'
export type { Session, SessionEvent, SessionPolicy } from './session.js'
export { type ConsentSet, setConsent } from './set-consent.js'
export { type SignedIn, type SignInError, type SignInRefused, signIn } from './sign-in.js'
export {
  askGuard,
  defaultGuardPolicy,
  type GuardPolicy,
  type GuardVerdict,
  recordFailure,
  type SignInGuard,
} from './sign-in-guard.js'
export { signOut } from './sign-out.js'
export { type AccountsSweepReport, sweepAccounts } from './sweep-accounts.js'
