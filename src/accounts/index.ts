export { networkOf } from '../shared/network.js'
export { accountsAccess } from './access.js'
export type {
  Account,
  AccountCommand,
  AccountError,
  AccountEvent,
  AccountFacts,
  AccountTold,
  BanReason,
  BoundIdentifier,
  Identifiers,
  LiftReason,
  PersonFacts,
} from './account.js'
export {
  type AccountState,
  type AccountStatus,
  accountMachine,
  accountTable,
  type StandingAccount,
} from './account-machine.js'
export { accounts, challenges, consentLog, credentials, sessions, signInGuards } from './accounts.schema.js'
export {
  type AccountsPolicy,
  defaultAccountsPolicy,
  type FailureBudgets,
  type PushActivation,
} from './accounts-policy.js'
export { type Activated, activateAccount } from './activate-account.js'
export { type ActorOfError, actorOf, type SessionActor, type SessionRefused } from './actor-of.js'
export type {
  Anomaly,
  AnomalyPolicy,
  AnomalyResponse,
  AnomalyRule,
  SignInAnomalous,
  SignInTrace,
} from './anomaly/anomaly.js'
export { type DisownSignInError, disownSignIn, type SignInDisowned } from './anomaly/disown-sign-in.js'
export type { FormerContact, FormerContacts } from './anomaly/former-contact.js'
export { formerContacts } from './anomaly/former-contact.schema.js'
export { judgeSignIn } from './anomaly/judge-sign-in.js'
export { judgeTrail } from './anomaly/judge-trail.js'
export { reportSecurity, type SecurityReport } from './anomaly/security-report.js'
export { type BanAnswer, banAccount, liftBan } from './ban-account.js'
export type { SignedIn, SignInRefused } from './begin-session.js'
export { challengeAttempts, rateBudgets, type TooManyCodes, type TooManyNames } from './budgets.js'
export type {
  Challenge,
  ChallengeCommand,
  ChallengeError,
  ChallengeEvent,
  ChallengeFacts,
  ChallengePurpose,
  ChallengeTold,
  CodeContact,
} from './challenge.js'
export { type ChallengeState, type ChallengeStatus, challengeMachine, challengeTable } from './challenge-machine.js'
export type { CodePolicy, WindowBudget } from './code-policy.js'
export { confirmBinding, type IdentifierBinding } from './confirm-binding.js'
export type {
  ConsentEntry,
  ConsentEvent,
  ConsentPurpose,
  GuardianRequired,
  NoticeOutdated,
  PurposeRule,
  PurposeUnknown,
} from './consent.js'
export { type CorrectContactError, correctContact } from './correct-contact.js'
export type { Credential, CredentialEvent, PasswordRisk, Rest } from './credential.js'
export type { JoinDeviceInput, LeaveDeviceInput, ShowDeviceInput, SwitchAccountInput } from './device/device-inputs.js'
export { type DeviceFull, type DeviceJoined, type JoinDeviceError, joinDevice } from './device/join-device.js'
export { type DeviceLeft, leaveDevice } from './device/leave-device.js'
export { type DeviceAccount, type DeviceAccounts, showDevice } from './device/show-device.js'
export { type AccountSwitched, type SwitchAccountError, switchAccount } from './device/switch-account.js'
export { canonicalEmail, type EmailMalformed } from './email-address.js'
export type { SecondFactorRequired } from './enter-account.js'
export {
  type Erased,
  type EraseError,
  eraseAccount,
  type PasswordNotProven,
  type PlanChanged,
} from './erase-account.js'
export { type AnswerSurveyError, answerSurvey, type SurveyAnswered } from './feedback/answer-survey.js'
export type { AnswerSurveyInput, MonthsInput, ShowSurveyInput } from './feedback/feedback-inputs.js'
export { feedbackTallies, type SignUpStep } from './feedback/feedback-tally.js'
export { openSignUp, type SignUpOpened } from './feedback/open-sign-up.js'
export { type SurveyShown, showSurvey } from './feedback/show-survey.js'
export { reportSignUps, type SignUpMonth, type SignUpStepReport } from './feedback/sign-up-report.js'
export {
  defaultSurveyPolicy,
  type SurveyAnswerReason,
  type SurveyAnswerRefused,
  type SurveyAnswers,
  type SurveyNotDue,
  type SurveyPolicy,
  type SurveyQuestion,
  type SurveyStage,
  type SurveyStanding,
} from './feedback/survey.js'
export { type SurveyMonth, surveyResults } from './feedback/survey-results.js'
export { surveyStandings } from './feedback/survey-standing.schema.js'
export { commonPasswordFilter } from './frequent-passwords.js'
export {
  type ContactKind,
  type IdentifierKind,
  type IdentifierMalformed,
  kindOfIdentifier,
} from './identifier.js'
export { type BeginLinkingError, beginLinking } from './identity/begin-linking.js'
export { type BeginIdentityError, beginProviderSignIn } from './identity/begin-provider-sign-in.js'
export type { LinkFirst } from './identity/enter-by-identity.js'
export {
  finishLinking,
  type IdentityLinked,
  type IdentityTaken,
  type LinkError,
  type TooManyLinks,
} from './identity/finish-linking.js'
export {
  finishProviderSignIn,
  type ProviderSignInError,
  type RegistrationUnfinished,
} from './identity/finish-provider-sign-in.js'
export type {
  IdentityAnswer,
  IdentityProvider,
  IdentityProviders,
  IdentityRefused,
  IdentityRequest,
  IdentityUnavailable,
  IssuedSubject,
  ProviderUnknown,
  VerifiedIdentity,
} from './identity/identity-provider.js'
export type {
  LastWayIn,
  LinkedIdentities,
  LinkedIdentity,
  LinkedIdentityEvent,
} from './identity/linked-identity.js'
export { linkedIdentities } from './identity/linked-identity.schema.js'
export type { WayToProvider } from './identity/open-identity-challenge.js'
export type { ProveIdentityError } from './identity/prove-identity.js'
export { type RegisterByProviderError, registerByProvider } from './identity/register-by-provider.js'
export { type IdentityUnlinked, type UnlinkError, unlinkIdentity } from './identity/unlink-identity.js'
export { amendIncident } from './incidents/amend-incident.js'
export type { IncidentStanding, IncidentStepError } from './incidents/change-incident.js'
export { closeIncident } from './incidents/close-incident.js'
export {
  type AffectedAccounts,
  type AuthorityReport,
  type DeadlineStanding,
  defaultIncidentPolicy,
  type Incident,
  type IncidentCause,
  type IncidentDeadline,
  type IncidentEvent,
  type IncidentForbids,
  type IncidentNotice,
  type IncidentPolicy,
  type IncidentTelling,
  type RecordUnknown,
} from './incidents/incident.js'
export { incidents } from './incidents/incident.schema.js'
export type {
  AmendIncidentInput,
  IncidentInput,
  IncidentsInput,
  NoteIncidentReportInput,
  RecordIncidentInput,
} from './incidents/incident-inputs.js'
export { type IncidentReport, renderIncidentReport, reportIncident } from './incidents/incident-report.js'
export { type IncidentPage, listIncidents } from './incidents/list-incidents.js'
export { noteIncidentReport } from './incidents/note-incident-report.js'
export { type IncidentRecorded, recordIncident } from './incidents/record-incident.js'
export { type IncidentsSweepReport, sweepIncidents } from './incidents/sweep-incidents.js'
export { tellAffected } from './incidents/tell-affected.js'
export type * from './inputs.js'
export type {
  ActivationByPushNotOffered,
  Installation,
  InstallationError,
  InstallationRefused,
  Installations,
  InstallationsUnavailable,
} from './installation.js'
export { type HasherLimits, limitHasher } from './limit-hasher.js'
export { type BrokenClause, lintPolicy, type PasswordStandard, type PolicyFault } from './lint-policy.js'
export { type AccountsError, accountsMessages, paymentPasswordReasonMessages } from './messages.js'
export { type AccountView, myAccount } from './my-account.js'
export { mySessions, type SessionView } from './my-sessions.js'
export type { CodeSent } from './open-challenge.js'
export {
  type BeginPasskeyError,
  beginPasskeyRegistration,
  type PasskeyInvitation,
} from './passkey/begin-passkey-registration.js'
export { type AskPasskeyError, beginPasskeySignIn, type PasskeyQuestion } from './passkey/begin-passkey-sign-in.js'
export { type BeginPasskeyStepUpError, beginPasskeyStepUp } from './passkey/begin-passkey-step-up.js'
export {
  type AddPasskeyError,
  finishPasskeyRegistration,
  type PasskeyAdded,
  type TooManyPasskeys,
} from './passkey/finish-passkey-registration.js'
export { finishPasskeySignIn, type PasskeySignInError } from './passkey/finish-passkey-sign-in.js'
export { type Passkey, type PasskeyDoubt, type PasskeyEvent, type Passkeys, usePasskey } from './passkey/passkey.js'
export { passkeys } from './passkey/passkey.schema.js'
export type { PasskeyCreationOptions, PasskeyDescriptor, PasskeyRequestOptions } from './passkey/passkey-options.js'
export type {
  AuthenticatorFacts,
  PasskeyAssertion,
  PasskeyAttestation,
  PasskeyInvalid,
  PasskeyKey,
  PasskeyVerifier,
} from './passkey/passkey-verifier.js'
export type { PasskeyRefused, PasskeysNotOffered } from './passkey/prove-passkey.js'
export { type PasskeyRemoved, type RemovePasskeyError, removePasskey } from './passkey/remove-passkey.js'
export { buildPasswordFilter, filteredBreaches, isListed, type PasswordFilter } from './password-filter.js'
export { letterClassNames, passwordReasonMessages, policyFaultMessages } from './password-messages.js'
export {
  type BreachRule,
  type ContextWord,
  canonicalPassword,
  judgePassword,
  type LetterClass,
  type PasswordAge,
  type PasswordPolicy,
  type PasswordReason,
  type PasswordRefused,
} from './password-policy.js'
export {
  asvsPasswordPolicy,
  guidePasswordPolicy,
  hybridPasswordPolicy,
  nistPasswordPolicy,
} from './password-presets.js'
export { type PasswordRiskReport, reportPasswordRisks } from './password-risks.js'
export { contextWordsOf, type PasswordStrength, strengthOf } from './password-strength.js'
export { type ChangePaymentPasswordError, changePaymentPassword } from './payment-proof/change-payment-password.js'
export type {
  ChangePaymentPasswordInput,
  ProvePaymentInput,
  RequestPaymentCodeInput,
  ResetPaymentPasswordInput,
  SetPaymentPasswordInput,
} from './payment-proof/inputs.js'
export { judgePaymentPassword } from './payment-proof/judge-payment-password.js'
export type {
  PaymentPassword,
  PaymentPasswordEvent,
  PaymentPasswordNotProven,
  PaymentPasswordPolicy,
  PaymentPasswordReason,
  PaymentPasswordRefused,
  PaymentPasswordStands,
  ProofNotTaken,
} from './payment-proof/payment-password.js'
export { paymentPasswords } from './payment-proof/payment-password.schema.js'
export { type ProvenForPayment, type ProvePaymentError, provePayment } from './payment-proof/prove-payment.js'
export {
  type RequestPaymentCodeError,
  requestPaymentCode,
} from './payment-proof/request-payment-code.js'
export { requestPaymentPasswordReset } from './payment-proof/request-payment-password-reset.js'
export { type ResetPaymentPasswordError, resetPaymentPassword } from './payment-proof/reset-payment-password.js'
export {
  type PaymentPasswordSet,
  type SetPaymentPasswordError,
  setPaymentPassword,
} from './payment-proof/set-payment-password.js'
export { accountsPersonalData } from './personal-data.js'
export { accountsPersonalRecords } from './personal-records.js'
export { longestTypedPhone, mainlandPhones, type PhoneMalformed, type PhoneNumbers } from './phone-number.js'
export type {
  AccountsPorts,
  BreachedPasswords,
  BreachListUnavailable,
  HasherError,
  HasherUnavailable,
  HashingPlace,
  PasswordHasher,
} from './ports.js'
export { type AnswerPrivacyRequestError, answerPrivacyRequest } from './privacy/answer-privacy-request.js'
export { type CorrectProfileError, correctProfile } from './privacy/correct-profile.js'
export { type ErasedAgain, eraseAgain } from './privacy/erase-again.js'
export { eraseRecords } from './privacy/erase-records.js'
export { type DataExportPage, type ExportedField, exportData } from './privacy/export-data.js'
export type { HeldKey } from './privacy/held-key.js'
export { heldKeys } from './privacy/held-key.schema.js'
export { type ErasedPeople, type ErasedPerson, listErased } from './privacy/list-erased.js'
export { listPrivacyRequests, type PrivacyRequestPage } from './privacy/list-privacy-requests.js'
export type { PurposeMissing } from './privacy/on-request.js'
export type { OpenedRow } from './privacy/open-record.js'
export type { PassingRecord } from './privacy/passing-records.js'
export {
  type BusinessOpen,
  type ErasureFacts,
  type ErasurePlan,
  planErasure,
} from './privacy/plan-erasure.js'
export type {
  AnswerPrivacyRequestInput,
  CorrectProfileInput,
  EraseAgainInput,
  ErasurePlanInput,
  ExportCursor,
  ExportDataInput,
  OnRequest,
  PrivacyRequestsInput,
  ReadHeldInput,
  RequestPrivacyInput,
} from './privacy/privacy-inputs.js'
export type {
  PrivacyAsker,
  PrivacyPolicy,
  PrivacyRefusal,
  PrivacyRequest,
  PrivacyRequestAnsweredBefore,
  PrivacyRequestEvent,
  PrivacyRequestFacts,
  PrivacyRequestKind,
  PrivacyRequestOpen,
  RequestNotCarriedOut,
} from './privacy/privacy-request.js'
export { privacyRequests } from './privacy/privacy-request.schema.js'
export { readHeld } from './privacy/read-held.js'
export type { RecordVerdict } from './privacy/record-verdict.js'
export { type PrivacyRequestTaken, requestPrivacy } from './privacy/request-privacy.js'
export { type ConsentStanding, showConsents, standingConsents } from './privacy/show-consents.js'
export { type ShownErasurePlan, showErasurePlan } from './privacy/show-erasure-plan.js'
export type { Profile, ProfileField } from './profile.js'
export { forgetRealName } from './real-name/forget-real-name.js'
export {
  type ProveRealNameError,
  proveRealName,
  type RealNameProven,
} from './real-name/prove-real-name.js'
export type {
  ConsentRequired,
  RealNameClaim,
  RealNameEvent,
  RealNameKind,
  RealNameNotOffered,
  RealNameProof,
  RealNameProvenBefore,
  RealNameRefused,
  RealNameUnavailable,
  RealNameVerdict,
  RealNameVerifier,
} from './real-name/real-name.js'
export { realNameProofs } from './real-name/real-name.schema.js'
export type { ProveRealNameInput } from './real-name/real-name-inputs.js'
export {
  type AgeClass,
  type IdNumberMalformed,
  type ResidentId,
  readResidentId,
  residentIdCheck,
} from './real-name/resident-id.js'
export { createRecipientBook } from './recipients.js'
export type { CodeRefused } from './redeem-code.js'
export type { PasswordChangeRequired } from './refresh-credential.js'
export { type RegisterError, type Registered, registerAccount, type SecondContact } from './register-account.js'
export { type RegisterOnDeviceError, registerOnDevice } from './register-on-device.js'
export {
  type AskedIdentifier,
  checkDetails,
  type DetailReason,
  type DetailsRefused,
  type PersonDetails,
  type RegistrationField,
  type RegistrationPolicy,
} from './registration-fields.js'
export { type RemindOfUserNameError, remindOfUserName, type UserNameReminded } from './remind-of-user-name.js'
export { type AlreadyBound, type RequestBindingError, requestBinding } from './request-binding.js'
export { type RequestCodeError, requestReset, requestSignInCode } from './request-code.js'
export { requestResetOnDevice } from './request-reset-on-device.js'
export { requirePasswordChange } from './require-password-change.js'
export { type CodeTooSoon, type ResendError, resendCode } from './resend-code.js'
export { type PasswordReset, type ResetError, resetPassword, type StayingWay } from './reset-password.js'
export { revokeSession } from './revoke-session.js'
export { revokeSessions, type SessionsRevoked } from './revoke-sessions.js'
export type { GuessingScore } from './score-guessing.js'
export { confirmContactFactor } from './second-factor/confirm-contact-factor.js'
export { type ConfirmSignInError, confirmSignIn } from './second-factor/confirm-sign-in.js'
export { confirmTotp } from './second-factor/confirm-totp.js'
export { enrolTotp, type FactorEnrolment } from './second-factor/enrol-totp.js'
export type { FactorError, RecoveryCodes } from './second-factor/own-factor.js'
export { removeFactor } from './second-factor/remove-factor.js'
export { renewRecoveryCodes } from './second-factor/renew-recovery-codes.js'
export { type RequestContactFactorError, requestContactFactor } from './second-factor/request-contact-factor.js'
export { type RequestFactorCodeError, requestFactorCode } from './second-factor/request-factor-code.js'
export { type RequestStepUpCodeError, requestStepUpCode } from './second-factor/request-step-up-code.js'
export type {
  AuthenticatorApp,
  FactorKind,
  FactorMoments,
  FactorWay,
  SecondFactor,
  SecondFactorCommand,
  SecondFactorError,
  SecondFactorEvent,
  SecondFactorFacts,
  SecondFactorTold,
} from './second-factor/second-factor.js'
export { secondFactors } from './second-factor/second-factor.schema.js'
export {
  type SecondFactorState,
  type SecondFactorStatus,
  secondFactorMachine,
  secondFactorTable,
} from './second-factor/second-factor-machine.js'
export type { SecondProof } from './second-factor/second-proofs.js'
export type { OwnCodeKind } from './second-factor/try-factor.js'
export type { SendOwnCodeError } from './send-own-code.js'
export type {
  ReplacedToken,
  Session,
  SessionEvent,
  SessionPolicy,
  ShownInSession,
  TokenGeneration,
} from './session.js'
export { type ConsentSet, type SetConsentError, setConsent } from './set-consent.js'
export { type SetUserNameError, setUserName, type UserNameTaken } from './set-user-name.js'
export { type CustomerView, showCustomer } from './show-customer.js'
export { type SignInError, signIn } from './sign-in.js'
export { type SignInByCodeError, signInByCode } from './sign-in-by-code.js'
export {
  askGuard,
  defaultGuardPolicy,
  type GuardedProof,
  type GuardPolicy,
  type GuardVerdict,
  recordFailure,
  type SignInGuard,
  type SignInGuardEvent,
} from './sign-in-guard.js'
export { signOut } from './sign-out.js'
export { type AskedField, type SignUpProgress, showSignUpProgress } from './sign-up-progress.js'
export { type FactorProofRequired, type SteppedUp, type StepUpError, type StepUpWaits, stepUp } from './step-up.js'
export { type AccountsSweepReport, sweepAccounts } from './sweep-accounts.js'
export { type ContactInUse, type UnbindError, unbindIdentifier } from './unbind-identifier.js'
export { canonicalUserName, type UserNameMalformed } from './user-name.js'
