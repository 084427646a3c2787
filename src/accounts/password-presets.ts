import type { PasswordPolicy } from './password-policy.js'

const fourClasses = ['upper', 'lower', 'digit', 'symbol'] as const
const remindQuarterly = { days: 90, remindDaysBefore: 14, afterwards: 'remind' } as const

/**
 * The trade's guide: 8 letters of four classes, the last five not again, reminders to change. Asking for classes breaks
 * NIST SP 800-63B-4 3.1.1.2 and OWASP ASVS 5.0 6.2.5, knowingly; `lintPolicy` says so.
 */
export const guidePasswordPolicy: PasswordPolicy = {
  name: 'guide',
  minCodePoints: 8,
  maxCodePoints: 128,
  classes: fourClasses,
  classesWaivedAtCodePoints: null,
  refuseCommon: true,
  refuseContextWords: true,
  breached: 'failOpen',
  history: 5,
  age: remindQuarterly,
  forceOnCompromise: true,
}

/** NIST SP 800-63B-4 for a password that is the only factor: 15 letters, no classes, no age. */
export const nistPasswordPolicy: PasswordPolicy = {
  name: 'nist',
  minCodePoints: 15,
  maxCodePoints: 128,
  classes: [],
  classesWaivedAtCodePoints: null,
  refuseCommon: true,
  refuseContextWords: true,
  breached: 'failOpen',
  history: 0,
  age: null,
  forceOnCompromise: true,
}

/** OWASP ASVS 5.0, level 2: 8 letters of any kind, none that has leaked. */
export const asvsPasswordPolicy: PasswordPolicy = {
  name: 'asvs',
  minCodePoints: 8,
  maxCodePoints: 128,
  classes: [],
  classesWaivedAtCodePoints: null,
  refuseCommon: true,
  refuseContextWords: true,
  breached: 'failOpen',
  history: 0,
  age: null,
  forceOnCompromise: true,
}

/** Both: four classes below 15 letters, as the guide asks; none from there on, as NIST asks. */
export const hybridPasswordPolicy: PasswordPolicy = {
  name: 'hybrid',
  minCodePoints: 8,
  maxCodePoints: 128,
  classes: fourClasses,
  classesWaivedAtCodePoints: 15,
  refuseCommon: true,
  refuseContextWords: true,
  breached: 'failOpen',
  history: 5,
  age: remindQuarterly,
  forceOnCompromise: true,
}
