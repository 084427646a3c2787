import type { PersonalField } from '../shared/personal-data-registry.js'

/** What accounts keep of people. */
export const accountsPersonalData: readonly PersonalField[] = [
  {
    collection: 'account',
    path: 'identifiers.email.value',
    purpose: 'To sign in, to prove that an account is one’s own, and to be told of one’s orders',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
  },
  {
    collection: 'account',
    path: 'identifiers.phone.value',
    purpose: 'To sign in, to prove that an account is one’s own, and to be told of one’s orders',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
  },
  {
    collection: 'account',
    path: 'identifiers.userName.value',
    purpose: 'To sign in; chosen freely',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
  },
  {
    collection: 'challenge',
    path: 'address',
    purpose: 'The address or number that a code was sent to, until it is bound to the account',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilDone' },
  },
  {
    collection: 'account',
    path: 'name',
    purpose: 'To be called by a name; given freely',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
  },
  {
    collection: 'secondFactor',
    path: 'secret',
    purpose: 'To check the codes of an authenticator app, which a person asked to be asked for',
    basis: 'contract',
    sensitivity: 'sensitive',
    retention: { kind: 'untilErased' },
  },
  {
    collection: 'linkedIdentities',
    path: 'links.*.subject',
    purpose: 'To be signed in by another service, and to be paid for through it where it asks who pays',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
  },
]
