import { daysMs, hoursMs, minutesMs, secondsMs } from '../shared/instant.js'
import type { StepUpPolicy } from '../shared/step-up.js'
import type { AnomalyPolicy } from './anomaly/anomaly.js'
import type { CodePolicy, WindowBudget } from './code-policy.js'
import type { PurposeRule } from './consent.js'
import { defaultSurveyPolicy, type SurveyPolicy } from './feedback/survey.js'
import { defaultIncidentPolicy, type IncidentPolicy } from './incidents/incident.js'
import type { PasswordPolicy } from './password-policy.js'
import { hybridPasswordPolicy } from './password-presets.js'
import type { PaymentPasswordPolicy } from './payment-proof/payment-password.js'
import type { PrivacyPolicy } from './privacy/privacy-request.js'
import type { RegistrationPolicy } from './registration-fields.js'
import type { SessionPolicy } from './session.js'
import { defaultGuardPolicy, type GuardPolicy } from './sign-in-guard.js'

/** How many failed sign-ins are looked at: one password tried at many accounts shows where it comes from, and in the sum. */
export type FailureBudgets = {
  /** Of one network, where the host names it; many people may share one. */
  readonly network: WindowBudget
  /** Of the whole shop, from wherever they come. */
  readonly shop: WindowBudget
}

/** Registrations from a device that the port `installations` vouches for. */
export type PushActivation = {
  /** How many accounts one installation registers in thirty days, activated or not. */
  readonly accountsPerInstallation: number
}

/** Everything a shop decides about its accounts. */
export type AccountsPolicy = {
  readonly password: PasswordPolicy
  /** Words that no password may be made of: the shop's name and the like. */
  readonly contextWords: readonly string[]
  readonly code: CodePolicy
  /** What is asked of who registers, beside how they are reached. */
  readonly registration: RegistrationPolicy
  /** Whether devices register by a user name, with a code by push; null where none does. */
  readonly activationByPush: PushActivation | null
  /** How long a registration waits to be activated. */
  readonly activationMs: number
  readonly guard: GuardPolicy
  readonly paymentPassword: PaymentPasswordPolicy
  /** Failed sign-ins, from devices that are not known, after which no more are looked at. */
  readonly failures: FailureBudgets
  readonly session: SessionPolicy
  /** What is unusual about a sign-in, and what is done about it. */
  readonly anomalies: AnomalyPolicy
  /** The name of the shop, as authenticator apps show it. */
  readonly issuer: string
  /** What a person has to prove anew to be who they are for, and for how long the proof counts. */
  readonly stepUp: StepUpPolicy
  readonly privacy: PrivacyPolicy
  /** Whom the shop tells within which time when data has leaked. */
  readonly incidents: IncidentPolicy
  /** What people are asked about the shop, and what is told of it. */
  readonly survey: SurveyPolicy
  /** What the shop asks consent for, by name; `marketing` decides which messages are sent. */
  readonly consents: Readonly<Record<string, PurposeRule>>
}

/** The policy of a shop that decides nothing of its own. */
export const defaultAccountsPolicy: AccountsPolicy = {
  password: hybridPasswordPolicy,
  contextWords: ['shopwright'],
  code: {
    digits: 6,
    ttlMs: 10 * minutesMs,
    attempts: 5,
    resendPauseMs: 60 * secondsMs,
    // Ten challenges of five tries a day: a guesser's chance against six digits is 5 in 100,000.
    perHour: 5,
    perDay: 10,
    account: { perHour: 10, perDay: 20 },
    device: { perHour: 10, perDay: 30 },
    network: { perHour: 60, perDay: 300 },
    shop: { perHour: 5_000, perDay: 50_000 },
    callingCodes: { home: ['86'], others: { perHour: 500, perDay: 5_000 } },
  },
  registration: { fields: {} },
  activationByPush: null,
  activationMs: daysMs,
  guard: defaultGuardPolicy,
  // Six digits as the trade has them, and few guesses: 20 in a row at one in 10,000 of the worst chosen are 0.2 %.
  paymentPassword: {
    digits: 6,
    guard: {
      failuresBeforeLock: 5,
      firstLockMs: 30 * minutesMs,
      longestLockMs: daysMs,
      forgetAfterMs: daysMs,
      failuresBeforeDisable: 20,
    },
  },
  failures: {
    network: { perHour: 200, perDay: 1_000 },
    shop: { perHour: 20_000, perDay: 200_000 },
  },
  session: {
    idleMs: 7 * daysMs,
    longestMs: 30 * daysMs,
    noteUseMs: 5 * minutesMs,
    graceMs: minutesMs,
    accountsOnDevice: 5,
  },
  anomalies: {
    newDevice: { response: 'allow' },
    impossibleTravel: { response: 'challenge', withinMs: 3 * hoursMs },
    failureBurst: { response: 'challenge', failures: 10, withinMs: hoursMs },
    notMe: { ttlMs: 7 * daysMs, url: null },
  },
  issuer: 'shopwright',
  consents: {
    marketing: { noticeVersion: null },
    personalisation: { noticeVersion: null },
    sharing: { noticeVersion: null },
  },
  survey: defaultSurveyPolicy,
  incidents: defaultIncidentPolicy,
  privacy: { answerWithinDays: 15, guardianBelowYears: 14 },
  stepUp: {
    actions: [
      'accounts.requestBinding',
      'accounts.unbind',
      'accounts.setUserName',
      'accounts.enrolTotp',
      'accounts.requestContactFactor',
      'accounts.renewRecoveryCodes',
      'accounts.removeFactor',
      'accounts.beginLinking',
      'accounts.unlinkIdentity',
      'accounts.beginPasskeyRegistration',
      'accounts.removePasskey',
      'accounts.setPaymentPassword',
      'accounts.requestPaymentPasswordReset',
      'accounts.proveRealName',
      'accounts.exportData',
    ],
    freshMs: 10 * minutesMs,
    afterResetMs: daysMs,
    payment: { asked: 'never', proofs: ['stepUp', 'paymentPassword', 'code'], freshMs: 5 * minutesMs },
  },
}

/** The addresses that a policy gives out, by the name of the setting. */
export const addressesOf = ({ anomalies }: AccountsPolicy): Readonly<Record<string, string>> =>
  anomalies.notMe.url === null ? {} : { 'anomalies.notMe.url': anomalies.notMe.url }
