import { auditLog } from '../shared/audit.schema.js'
import { type PersonalRecord, personalEntries, personalRows } from '../shared/personal-record.js'
import { accounts, challenges, consentLog, credentials, sessions, signInGuards } from './accounts.schema.js'
import { formerContacts } from './anomaly/former-contact.schema.js'
import { surveyStandings } from './feedback/survey-standing.schema.js'
import { linkedIdentities } from './identity/linked-identity.schema.js'
import { passkeys } from './passkey/passkey.schema.js'
import { paymentPasswords } from './payment-proof/payment-password.schema.js'
import { accountsPersonalData } from './personal-data.js'
import { privacyRequests } from './privacy/privacy-request.schema.js'
import { realNameProofs } from './real-name/real-name.schema.js'
import { secondFactors } from './second-factor/second-factor.schema.js'

const fieldsOf = (name: string) => accountsPersonalData.filter(({ collection }) => collection === name)

/** What accounts keep of people, and what becomes of it with the account. */
export const accountsPersonalRecords: readonly PersonalRecord[] = [
  personalRows(accounts, {
    purpose: 'To know who one is, and that an id is never given to another person',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'anonymise' },
    fields: fieldsOf('account'),
    omitted: ['identifiers.email.key', 'identifiers.phone.key', 'identifiers.userName.key', 'installationKey'],
  }),
  personalRows(credentials, {
    purpose: 'To check a password; only a slow hash of it is kept',
    basis: 'contract',
    sensitivity: 'sensitive',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'erase' },
    omitted: ['phc', 'former'],
  }),
  personalRows(paymentPasswords, {
    purpose: 'To check a payment password; only a slow hash of it is kept',
    basis: 'contract',
    sensitivity: 'sensitive',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'erase' },
    omitted: ['phc'],
  }),
  personalRows(sessions, {
    purpose: 'To stay signed in',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'erase' },
    omitted: ['tokenDigest', 'replaced', 'generation', 'device'],
  }),
  personalRows(signInGuards, {
    purpose: 'To slow down whoever guesses a proof of the account, and to know its devices again',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'erase' },
  }),
  personalRows(secondFactors, {
    purpose: 'To ask for a second proof, as the person wished',
    basis: 'contract',
    sensitivity: 'sensitive',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'erase' },
    fields: fieldsOf('secondFactor'),
    omitted: ['recoveryDigests'],
  }),
  personalRows(passkeys, {
    purpose: 'To sign in by a passkey, as the person wished',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'erase' },
  }),
  personalRows(linkedIdentities, {
    purpose: 'To sign in by another service, as the person wished',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'erase' },
    fields: fieldsOf('linkedIdentities'),
    omitted: ['links.*.keys'],
  }),
  personalRows(challenges, {
    purpose: 'To check a code that was sent, for a month at most',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilDone' },
    onErasure: { verdict: 'erase' },
    fields: fieldsOf('challenge'),
    omitted: ['codeDigest', 'identifierKey', 'sentTo', 'pushedTo'],
  }),
  personalRows(privacyRequests, {
    purpose: 'To answer requests about personal data, and to prove it',
    basis: 'legalDuty',
    sensitivity: 'ordinary',
    retention: { kind: 'withoutEnd' },
    onErasure: { verdict: 'anonymise' },
  }),
  personalRows(formerContacts, {
    purpose: 'To undo a change of contacts or user name that was not the person’s own, for days',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilDone' },
    onErasure: { verdict: 'erase' },
    fields: fieldsOf('formerContacts'),
    omitted: ['contacts.*.key'],
  }),
  personalRows(realNameProofs, {
    purpose: 'To know that a real name was proven, and whether its person is a child',
    basis: 'consent',
    sensitivity: 'sensitive',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'erase' },
    fields: fieldsOf('realNameProof'),
  }),
  personalRows(surveyStandings, {
    purpose: 'To ask what one thinks of the shop once a period and no more; what was answered is not kept with it',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'erase' },
  }),
  personalEntries(auditLog, {
    purpose: 'To show who did what to an account, and to find out who should not have (Cybersecurity Law article 21)',
    basis: 'legalDuty',
    // By the id of the account, which leads to nobody once it is erased; entries are sealed, and none is ever changed.
    sensitivity: 'ordinary',
    retention: { kind: 'withoutEnd' },
    onErasure: { verdict: 'anonymise' },
    owner: 'subject',
    // Who of the staff it was and what they wrote is theirs.
    omitted: ['actor', 'purpose', 'origin.device', 'origin.network', 'digest'],
  }),
  personalEntries(consentLog, {
    purpose: 'To prove what was agreed to, and when it was withdrawn',
    basis: 'legalDuty',
    sensitivity: 'ordinary',
    // Each entry proves what the one before it no longer does, so all of them are kept for as long as the account stands.
    retention: { kind: 'withoutEnd' },
    onErasure: { verdict: 'restrict', law: 'PIPL 14', days: 1_096 },
  }),
]
