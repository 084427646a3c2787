import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/** A test that an attack fails, by its file and the beginning of its title. */
type Proof = readonly [file: string, title: string]

/**
 * What is tried against accounts, in the numbers that test titles and issues name, and where each is shown to fail. Those of
 * `full-attacks` are made in their full number by `npm run test:long`, and otherwise in the largest that takes two seconds.
 */
const attacks: Readonly<Record<number, { readonly attack: string; readonly proofs: readonly Proof[] }>> = {
  1: {
    attack: 'finding out who has an account by what is answered',
    proofs: [
      ['accounts/finding-accounts', 'fails at every door'],
      ['accounts/finding-accounts', 'fails at the doors behind a code too'],
      ['accounts/finding-by-other-names', 'by number, fails at every door'],
      ['accounts/finding-by-other-names', 'by user name, fails at every door'],
      ['accounts/right-proofs', 'by a password, with the same work'],
      ['accounts/right-proofs', 'by a code that was sent before'],
      ['accounts/right-proofs', 'by a passkey, signed before the ban or after it'],
      ['accounts/right-proofs', 'by the second proof, where the ban came after the first'],
      ['accounts/second-factor', 'answers alike where there is no account'],
      ['accounts/user-name-reminder', 'answers alike whether there is an account'],
      ['accounts/identifiers', 'fails: a code of another is worth nothing, and asking'],
    ],
  },
  2: {
    attack: 'finding out who has an account by how long the answer takes',
    proofs: [
      ['accounts/finding-accounts', 'fails: every door does the same slow work'],
      ['accounts/finding-by-other-names', 'by number, fails at every door'],
      ['accounts/finding-by-other-names', 'by user name, fails at every door'],
      ['accounts/finding-accounts', 'fails: a sign-in reads and checks as much of who has no account'],
      ['accounts/user-name-reminder', 'seals and opens as much for an address that nobody has'],
    ],
  },
  3: {
    attack: 'guessing the password of one account',
    proofs: [
      ['accounts/full-attacks', 'gets a hundred guesses looked at'],
      ['accounts/attacks', 'gets no more than five guesses looked at when 64 come at once'],
      ['accounts/identifiers', 'share one guard'],
      ['accounts/guessing-is-told', 'is told at each lock and when the password counts no more'],
    ],
  },
  4: {
    attack: 'one password at many accounts, from many networks',
    proofs: [
      ['accounts/full-attacks', 'uses up what a network and the shop allow'],
      ['accounts/known-device', 'fails from one network'],
      ['accounts/known-device', 'fails from many networks too'],
      ['accounts/anomaly/unusual-sign-in', 'after a burst of failures is found'],
      ['accounts/guessing-is-told', 'is told once an hour of each network'],
    ],
  },
  5: {
    attack: 'guessing a code over many that are sent anew',
    proofs: [
      ['accounts/attacks', 'fails: fifty tries a day are looked at'],
      ['accounts/contact-factor', 'fails: sends are few'],
      ['accounts/registration', 'keeps spent tries spent when another code is sent'],
    ],
  },
  6: {
    attack: 'having text messages sent at somebody else’s cost',
    proofs: [
      ['accounts/identifiers', 'fails: one a minute, five an hour and ten a day to one number'],
      ['accounts/identifiers', 'fails: a device, a network and the shop have budgets'],
      ['accounts/guessing-is-told', 'fails: of all the locks of a day the owner is told once'],
      ['accounts/identifiers', 'fails: numbers of one calling code abroad use up what is theirs'],
      ['accounts/calling-code-budgets', 'fails: what owners have sent to their own numbers counts by calling code'],
      ['accounts/calling-code-budgets', 'fails: codes that are sent anew count too'],
      ['accounts/calling-code-budgets', 'fails: whichever challenge a text is of, another goes a minute later'],
      ['accounts/calling-code-budgets', 'fails: reminders and codes together'],
      ['accounts/calling-code-budgets', 'fails: of eight that are asked for at once'],
      ['accounts/calling-code-budgets', 'fails: the texts that its owner asks for lie a minute apart too'],
      ['accounts/calling-code-budgets', 'fails: thirty codes asked for one number at once'],
    ],
  },
  7: {
    attack: 'using a code again',
    proofs: [
      ['accounts/attacks', 'fails: one code opens once'],
      ['accounts/second-factor', 'fails: in another sign-in, for a step-up, after a newer one'],
      ['accounts/contact-factor', 'fails when 32 come with one code at once'],
    ],
  },
  8: {
    attack: 'reusing and mixing reset codes, and going round the second factor',
    proofs: [
      ['accounts/attacks', 'fails: a code is of one use, one purpose and one person'],
      ['accounts/attacks', 'fails after the password was changed by another code'],
      ['accounts/attacks', 'fails when 64 use one code at once'],
      ['accounts/attacks', 'fails by a code that went to an address which is the account’s no more'],
      ['accounts/second-factor', 'fails: a reset signs nobody in'],
      ['accounts/contact-factor', 'fails by a reset too'],
    ],
  },
  9: {
    attack: 'planting a session',
    proofs: [
      ['accounts/attacks', 'fails: every sign-in makes a token of its own'],
      ['accounts/step-up', 'fails after its grace'],
      ['accounts/step-up', 'fails within its grace'],
      ['accounts/privacy', 'holds no secret and nothing personal in readable form'],
    ],
  },
  10: {
    attack: 'racing for a code',
    proofs: [
      ['accounts/full-attacks', 'fails: of 64 who give the right code at once exactly one has it'],
      ['accounts/full-attacks', 'fails: of 64 guesses at once five are looked at'],
    ],
  },
  11: {
    attack: 'locking the owner out',
    proofs: [
      ['accounts/known-device', 'fails: at a known device the owner gets in at any moment'],
      ['accounts/contact-factor', 'keep no second proof and no code of a session from the owner'],
      ['accounts/known-device', 'fails: at a known device codes to reset and to sign in come'],
      ['accounts/second-factor', 'lets the owner in while failures at the password have locked it'],
      ['accounts/factor-lanes', 'fails: at a known device codes are looked at at any moment'],
      ['accounts/factor-lanes', 'fails: a reset lets codes be tried again'],
    ],
  },
  12: {
    attack: 'giving fields that are not one’s to give',
    proofs: [
      ['accounts/hostile-input', 'fails at registration whatever is added'],
      ['accounts/hostile-input', 'fails at every change of what one is, whatever is added'],
    ],
  },
  13: {
    attack: 'identifiers that look alike',
    proofs: [
      ['accounts/hostile-input', 'makes one account of all spellings'],
      ['accounts/hostile-input', 'takes a password as it was given'],
      ['accounts/identifiers', 'is one account, whichever of the spellings'],
    ],
  },
  14: {
    attack: 'getting into an account before or beside its owner',
    proofs: [
      ['accounts/identifiers', 'fails: a pending change, a registration and a session of a stranger'],
      ['accounts/identity/third-party-sign-in', 'fails: an address alone joins no two accounts'],
      ['accounts/identity/third-party-sign-in', 'fails: who registers the owner’s address by a password'],
      ['accounts/identity/third-party-sign-in', 'cannot be undone where nothing else leads in'],
      ['accounts/identity/third-party-sign-in', 'counts no provider that the shop has given up'],
    ],
  },
  15: {
    attack: 'an answer of a provider that is not of this request',
    proofs: [
      ['accounts/identity/answer-of-another-request', 'fails: used again, late, twice at once'],
      ['adapters/identity/oidc', 'fails: 3, an answer of another issuer'],
      ['adapters/identity/oidc', 'fails: 4, the challenge of PKCE taken out'],
      ['adapters/identity/oidc', 'fails: 5, a code that was used'],
    ],
  },
  16: {
    attack: 'hostile input',
    proofs: [
      ['accounts/hostile-input', 'is refused unread'],
      ['accounts/hostile-input', 'in an address never becomes a second receiver'],
      ['adapters/channel-notifiers', 'attack 16: fails to make a receiver'],
    ],
  },
  17: {
    attack: 'keeping the shop busy with hashes',
    proofs: [
      ['accounts/limit-hasher', 'keeps 200 sign-ins at once from piling up'],
      ['accounts/full-attacks', 'leave the loop responsive'],
      ['accounts/limit-hasher', 'has one network wait in a quarter of it'],
      ['accounts/limit-hasher', 'is the same to whoever asks'],
      ['accounts/sessions', 'answers Busy, not refused'],
    ],
  },
  18: {
    attack: 'using a stolen or replaced token',
    proofs: [
      ['accounts/step-up', 'fails after its grace'],
      ['accounts/step-up', 'fails within its grace'],
      ['accounts/step-up', 'fails after several: each token has the grace of its own'],
      ['accounts/step-up', 'fails when two step up at once'],
      ['accounts/step-up', 'fails when the owner resets at the same moment'],
    ],
  },
  19: {
    attack: 'staff who look, or act, for somebody else',
    proofs: [
      ['shop/staff-sight', 'is masked, field by field'],
      ['shop/staff-sight', 'stands in the audit log with its purpose'],
      ['shop/staff-sight', 'is nothing that signs in'],
    ],
  },
  20: {
    attack: 'changing what the audit log says',
    proofs: [
      ['shared/audit', 'names a row that was changed, removed, moved or slipped in'],
      ['shared/audit', 'names two rows that changed places'],
      ['accounts/anomaly/unusual-sign-in', 'say from where they came'],
    ],
  },
  21: {
    attack: 'finding somebody who was erased',
    proofs: [
      ['shop/erasure', 'leaves no trace'],
      ['shop/erasure', 'has a verdict for every record'],
      ['shop/erasure', 'gives a page of every record of the catalogue'],
      ['shop/erasure', 'gives in the open whatever is sealed of them'],
    ],
  },
  22: {
    attack: 'using data without a consent',
    proofs: [
      ['accounts/privacy', 'is off unless given, kept in a ledger, and followed by the next message'],
      ['accounts/consents', 'to marketing count no more under another notice'],
      ['accounts/consents', 'registers with a guardian alone'],
    ],
  },
  23: {
    attack: 'the moment at which something ends',
    proofs: [
      ['accounts/hostile-input', 'a session ends exactly when it says'],
      ['accounts/hostile-input', 'a ban for a while ends exactly when it says'],
      ['accounts/hostile-input', 'of the door of %s is the one it says, whatever the clock did before'],
      ['accounts/registration', 'takes the code until the last moment, and not at it'],
      ['accounts/password-life', 'ends it where a policy says so, to the millisecond'],
      ['accounts/sign-in-guard', 'locks no longer than the policy says, and looks again at the end of the lock'],
    ],
  },
}

/** The titles of the tests of a file that run. */
const titlesOf = (file: string): readonly string[] => {
  const text = readFileSync(new URL(`../${file}.test.ts`, import.meta.url), 'utf8')
  return [...text.matchAll(/^\s*it(?:\.each(?:<[^>]*>)?\([\s\S]*?\))?\(\s*'([^']*)'/gm)].map(([, title = '']) => title)
}

describe('the attacks on accounts', () => {
  it('are twenty-three', () => {
    expect(Object.keys(attacks).map(Number)).toEqual(Array.from({ length: 23 }, (_, index) => index + 1))
  })

  it.each(Object.entries(attacks))('%s fails where the list says', (_, { proofs }) => {
    for (const [file, title] of proofs) {
      expect(titlesOf(file).filter((each) => each.startsWith(title))).toHaveLength(1)
    }
  })
})
