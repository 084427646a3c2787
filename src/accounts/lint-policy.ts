import type { PasswordPolicy } from './password-policy.js'

/** A standard that a password policy may be held to. */
export type PasswordStandard = 'NIST SP 800-63B-4' | 'OWASP ASVS 5.0' | 'guide'

/** What a policy does that a standard does not allow. */
export type PolicyFault =
  | 'tooShort'
  | 'maximumTooSmall'
  | 'asksForClasses'
  | 'lacksClasses'
  | 'forcesRotation'
  | 'neverReminds'
  | 'keepsCompromised'
  | 'allowsCommon'
  | 'allowsContextWords'
  | 'allowsBreached'

/** A clause that a policy breaks. */
export type BrokenClause = {
  readonly standard: PasswordStandard
  /** Number of the clause in the standard; the guide's rows have names. */
  readonly clause: string
  readonly level: 'shall' | 'shallNot' | 'should'
  readonly fault: PolicyFault
}

type Rule = BrokenClause & { readonly isBroken: (policy: PasswordPolicy) => boolean }

const guideClasses = ['upper', 'lower', 'digit', 'symbol'] as const

const asksForClasses = ({ classes, classesWaivedAtCodePoints: waivedAt, minCodePoints }: PasswordPolicy): boolean =>
  classes.length > 0 && (waivedAt === null || waivedAt > minCodePoints)

// Clauses of NIST SP 800-63B-4 for a password that is the only factor.
const nist = 'NIST SP 800-63B-4'
const asvs = 'OWASP ASVS 5.0'
const rules: readonly Rule[] = [
  { standard: nist, clause: '3.1.1.2', level: 'shall', fault: 'tooShort', isBroken: (p) => p.minCodePoints < 15 },
  {
    standard: nist,
    clause: '3.1.1.2',
    level: 'should',
    fault: 'maximumTooSmall',
    isBroken: (p) => p.maxCodePoints < 64,
  },
  { standard: nist, clause: '3.1.1.2', level: 'shallNot', fault: 'asksForClasses', isBroken: asksForClasses },
  {
    standard: nist,
    clause: '3.1.1.2',
    level: 'shallNot',
    fault: 'forcesRotation',
    isBroken: (p) => p.age?.afterwards === 'force',
  },
  {
    standard: nist,
    clause: '3.1.1.2',
    level: 'shall',
    fault: 'keepsCompromised',
    isBroken: (p) => !p.forceOnCompromise,
  },
  { standard: nist, clause: '3.1.1.2', level: 'shall', fault: 'allowsCommon', isBroken: (p) => !p.refuseCommon },
  { standard: asvs, clause: '6.2.1', level: 'shall', fault: 'tooShort', isBroken: (p) => p.minCodePoints < 8 },
  { standard: asvs, clause: '6.2.4', level: 'shall', fault: 'allowsCommon', isBroken: (p) => !p.refuseCommon },
  { standard: asvs, clause: '6.2.5', level: 'shallNot', fault: 'asksForClasses', isBroken: asksForClasses },
  { standard: asvs, clause: '6.2.9', level: 'shall', fault: 'maximumTooSmall', isBroken: (p) => p.maxCodePoints < 64 },
  {
    standard: asvs,
    clause: '6.2.10',
    level: 'shallNot',
    fault: 'forcesRotation',
    isBroken: (p) => p.age?.afterwards === 'force',
  },
  {
    standard: asvs,
    clause: '6.2.11',
    level: 'shall',
    fault: 'allowsContextWords',
    isBroken: (p) => !p.refuseContextWords,
  },
  {
    standard: asvs,
    clause: '6.2.12',
    level: 'shall',
    fault: 'allowsBreached',
    isBroken: (p) => p.breached === 'ignored',
  },
  { standard: 'guide', clause: 'length', level: 'shall', fault: 'tooShort', isBroken: (p) => p.minCodePoints < 8 },
  {
    standard: 'guide',
    clause: 'classes',
    level: 'shall',
    fault: 'lacksClasses',
    isBroken: (p) => p.classesWaivedAtCodePoints !== null || guideClasses.some((each) => !p.classes.includes(each)),
  },
  { standard: 'guide', clause: 'validity', level: 'should', fault: 'neverReminds', isBroken: (p) => p.age === null },
]

/**
 * Names the clauses that a password policy breaks, of every standard: no policy keeps them all, for the guide asks for
 * classes that the others forbid.
 *
 * @returns in a fixed order, those of NIST first
 * @source docs/password-policy.md
 */
export const lintPolicy = (policy: PasswordPolicy): readonly BrokenClause[] =>
  rules.filter(({ isBroken }) => isBroken(policy)).map(({ isBroken: _, ...clause }) => clause)
