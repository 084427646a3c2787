import { activateAccount } from './activate-account.js'
import { actorOf } from './actor-of.js'
import { disownSignIn } from './anomaly/disown-sign-in.js'
import { reportSecurity } from './anomaly/security-report.js'
import { banAccount, liftBan } from './ban-account.js'
import { confirmBinding } from './confirm-binding.js'
import { correctContact } from './correct-contact.js'
import { joinDevice } from './device/join-device.js'
import { leaveDevice } from './device/leave-device.js'
import { showDevice } from './device/show-device.js'
import { switchAccount } from './device/switch-account.js'
import { eraseAccount } from './erase-account.js'
import { answerSurvey } from './feedback/answer-survey.js'
import { openSignUp } from './feedback/open-sign-up.js'
import { showSurvey } from './feedback/show-survey.js'
import { reportSignUps } from './feedback/sign-up-report.js'
import { surveyResults } from './feedback/survey-results.js'
import { beginLinking } from './identity/begin-linking.js'
import { beginProviderSignIn } from './identity/begin-provider-sign-in.js'
import { finishLinking } from './identity/finish-linking.js'
import { finishProviderSignIn } from './identity/finish-provider-sign-in.js'
import { registerByProvider } from './identity/register-by-provider.js'
import { unlinkIdentity } from './identity/unlink-identity.js'
import { amendIncident } from './incidents/amend-incident.js'
import { closeIncident } from './incidents/close-incident.js'
import { reportIncident } from './incidents/incident-report.js'
import { listIncidents } from './incidents/list-incidents.js'
import { noteIncidentReport } from './incidents/note-incident-report.js'
import { recordIncident } from './incidents/record-incident.js'
import { tellAffected } from './incidents/tell-affected.js'
import { myAccount } from './my-account.js'
import { mySessions } from './my-sessions.js'
import { beginPasskeyRegistration } from './passkey/begin-passkey-registration.js'
import { beginPasskeySignIn } from './passkey/begin-passkey-sign-in.js'
import { beginPasskeyStepUp } from './passkey/begin-passkey-step-up.js'
import { finishPasskeyRegistration } from './passkey/finish-passkey-registration.js'
import { finishPasskeySignIn } from './passkey/finish-passkey-sign-in.js'
import { removePasskey } from './passkey/remove-passkey.js'
import { reportPasswordRisks } from './password-risks.js'
import { changePaymentPassword } from './payment-proof/change-payment-password.js'
import { provePayment } from './payment-proof/prove-payment.js'
import { requestPaymentCode } from './payment-proof/request-payment-code.js'
import { requestPaymentPasswordReset } from './payment-proof/request-payment-password-reset.js'
import { resetPaymentPassword } from './payment-proof/reset-payment-password.js'
import { setPaymentPassword } from './payment-proof/set-payment-password.js'
import type { AccountsPorts } from './ports.js'
import { answerPrivacyRequest } from './privacy/answer-privacy-request.js'
import { correctProfile } from './privacy/correct-profile.js'
import { exportData } from './privacy/export-data.js'
import { listPrivacyRequests } from './privacy/list-privacy-requests.js'
import { readHeld } from './privacy/read-held.js'
import { requestPrivacy } from './privacy/request-privacy.js'
import { showConsents } from './privacy/show-consents.js'
import { showErasurePlan } from './privacy/show-erasure-plan.js'
import { proveRealName } from './real-name/prove-real-name.js'
import { registerAccount } from './register-account.js'
import { registerOnDevice } from './register-on-device.js'
import { remindOfUserName } from './remind-of-user-name.js'
import { requestBinding } from './request-binding.js'
import { requestReset, requestSignInCode } from './request-code.js'
import { requestResetOnDevice } from './request-reset-on-device.js'
import { requirePasswordChange } from './require-password-change.js'
import { resendCode } from './resend-code.js'
import { resetPassword } from './reset-password.js'
import { revokeSession } from './revoke-session.js'
import { revokeSessions } from './revoke-sessions.js'
import { confirmContactFactor } from './second-factor/confirm-contact-factor.js'
import { confirmSignIn } from './second-factor/confirm-sign-in.js'
import { confirmTotp } from './second-factor/confirm-totp.js'
import { enrolTotp } from './second-factor/enrol-totp.js'
import { removeFactor } from './second-factor/remove-factor.js'
import { renewRecoveryCodes } from './second-factor/renew-recovery-codes.js'
import { requestContactFactor } from './second-factor/request-contact-factor.js'
import { requestFactorCode } from './second-factor/request-factor-code.js'
import { requestStepUpCode } from './second-factor/request-step-up-code.js'
import { setConsent } from './set-consent.js'
import { setUserName } from './set-user-name.js'
import { showCustomer } from './show-customer.js'
import { signIn } from './sign-in.js'
import { signInByCode } from './sign-in-by-code.js'
import { signOut } from './sign-out.js'
import { showSignUpProgress } from './sign-up-progress.js'
import { stepUp } from './step-up.js'
import { unbindIdentifier } from './unbind-identifier.js'

/** Binds a workflow of accounts to the ports of a shop. */
type Bind = <Rest extends readonly unknown[], Answer>(
  workflow: (world: AccountsPorts, ...rest: Rest) => Answer,
) => (...rest: Rest) => Answer

/** The workflows of accounts, bound to a shop. */
export const bindAccounts = (bind: Bind) => ({
  register: bind(registerAccount),
  /** Registers by a user name alone, where a device that the host vouches for is sent the code by push. */
  registerOnDevice: bind(registerOnDevice),
  activate: bind(activateAccount),
  resendCode: bind(resendCode),
  correctContact: bind(correctContact),
  signUpProgress: bind(showSignUpProgress),
  /** Counts that the form was opened; how long it took is counted by `register`. */
  openSignUp: bind(openSignUp),
  survey: bind(showSurvey),
  answerSurvey: bind(answerSurvey),
  surveyResults: bind(surveyResults),
  signUpReport: bind(reportSignUps),
  requestReset: bind(requestReset),
  /** The same where there is no contact, at the device that the account was registered from. */
  requestResetOnDevice: bind(requestResetOnDevice),
  resetPassword: bind(resetPassword),
  remindOfUserName: bind(remindOfUserName),
  signIn: bind(signIn),
  requestSignInCode: bind(requestSignInCode),
  signInByCode: bind(signInByCode),
  /** The second step of a sign-in that was answered by `SecondFactorRequired`. */
  confirmSignIn: bind(confirmSignIn),
  /** Sends the code of that second step to a contact. */
  requestFactorCode: bind(requestFactorCode),
  /** The one step of an owner who was told of a sign-in that was not theirs. */
  disownSignIn: bind(disownSignIn),
  beginProviderSignIn: bind(beginProviderSignIn),
  finishProviderSignIn: bind(finishProviderSignIn),
  /** Goes on where that was answered by `RegistrationUnfinished`. */
  registerByProvider: bind(registerByProvider),
  beginLinking: bind(beginLinking),
  finishLinking: bind(finishLinking),
  unlinkIdentity: bind(unlinkIdentity),
  beginPasskeyRegistration: bind(beginPasskeyRegistration),
  finishPasskeyRegistration: bind(finishPasskeyRegistration),
  beginPasskeySignIn: bind(beginPasskeySignIn),
  finishPasskeySignIn: bind(finishPasskeySignIn),
  beginPasskeyStepUp: bind(beginPasskeyStepUp),
  removePasskey: bind(removePasskey),
  /** Who a session token speaks for; what a host asks before every other call. */
  actorOf: bind(actorOf),
  signOut: bind(signOut),
  /** Puts a sign-in to the others that a device holds; its wallet is one text for one cookie. */
  joinDevice: bind(joinDevice),
  showDevice: bind(showDevice),
  switchAccount: bind(switchAccount),
  leaveDevice: bind(leaveDevice),
  /** Proves once more who one is; what the step-up policy names asks for it. */
  stepUp: bind(stepUp),
  requestStepUpCode: bind(requestStepUpCode),
  enrolTotp: bind(enrolTotp),
  confirmTotp: bind(confirmTotp),
  requestContactFactor: bind(requestContactFactor),
  confirmContactFactor: bind(confirmContactFactor),
  renewRecoveryCodes: bind(renewRecoveryCodes),
  removeFactor: bind(removeFactor),
  setPaymentPassword: bind(setPaymentPassword),
  changePaymentPassword: bind(changePaymentPassword),
  requestPaymentPasswordReset: bind(requestPaymentPasswordReset),
  resetPaymentPassword: bind(resetPaymentPassword),
  requestPaymentCode: bind(requestPaymentCode),
  /** Shows that it is its owner who pays, where `orders.pay` was answered by `StepUpRequired`. */
  provePayment: bind(provePayment),
  requestBinding: bind(requestBinding),
  confirmBinding: bind(confirmBinding),
  unbind: bind(unbindIdentifier),
  setUserName: bind(setUserName),
  proveRealName: bind(proveRealName),
  myAccount: bind(myAccount),
  mySessions: bind(mySessions),
  revokeSession: bind(revokeSession),
  revokeSessions: bind(revokeSessions),
  setConsent: bind(setConsent),
  myConsents: bind(showConsents),
  erase: bind(eraseAccount),
  ban: bind(banAccount),
  liftBan: bind(liftBan),
  requirePasswordChange: bind(requirePasswordChange),
  passwordRisks: bind(reportPasswordRisks),
  securityReport: bind(reportSecurity),
  recordIncident: bind(recordIncident),
  amendIncident: bind(amendIncident),
  /** Has everybody told whose data it is; `upkeep.sweepIncidents` does it. */
  tellAffected: bind(tellAffected),
  noteIncidentReport: bind(noteIncidentReport),
  closeIncident: bind(closeIncident),
  incidents: bind(listIncidents),
  incidentReport: bind(reportIncident),
  exportData: bind(exportData),
  correctProfile: bind(correctProfile),
  erasurePlan: bind(showErasurePlan),
  readHeld: bind(readHeld),
  customer: bind(showCustomer),
  requestPrivacy: bind(requestPrivacy),
  answerPrivacyRequest: bind(answerPrivacyRequest),
  privacyRequests: bind(listPrivacyRequests),
})

/** Those of them that a host may have within a transaction of its own. What staff look at is not: that they did must stand in any case. */
export const accountsWithin = [
  'register',
  'resendCode',
  'correctContact',
  'signUpProgress',
  'openSignUp',
  'survey',
  'answerSurvey',
  'signUpReport',
  'requestReset',
  'setConsent',
  'signOut',
  'joinDevice',
  'showDevice',
  'leaveDevice',
  'revokeSession',
  'revokeSessions',
  'requestBinding',
  'unbind',
  'setUserName',
  'requestSignInCode',
  'enrolTotp',
  'requestContactFactor',
  'requestFactorCode',
  'requestStepUpCode',
  'renewRecoveryCodes',
  'removeFactor',
  'unlinkIdentity',
  'removePasskey',
  'remindOfUserName',
  'setPaymentPassword',
  'requestPaymentPasswordReset',
  'requestPaymentCode',
  'myAccount',
  'mySessions',
  'ban',
  'liftBan',
  'requirePasswordChange',
  'passwordRisks',
  'requestPrivacy',
  'answerPrivacyRequest',
  'correctProfile',
  'recordIncident',
  'amendIncident',
  'tellAffected',
  'noteIncidentReport',
  'closeIncident',
  'myConsents',
] as const
