import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../shared/actor.js'
import { claim, release } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import { openValue, type Unreadable } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { counters, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { accounts, challenges } from './accounts.schema.js'
import { formerContacts } from './anomaly/former-contact.schema.js'
import { keepFormer } from './anomaly/keep-former.js'
import { challengeAttempts } from './budgets.js'
import type { ContactKind } from './identifier.js'
import { identifierSpace } from './identify.js'
import type { CodeInput } from './inputs.js'
import { parseCode } from './inputs.schema.js'
import { challengeAddressPlace } from './open-challenge.js'
import type { AccountsPorts } from './ports.js'
import { openProfile, parseText, sealIdentifier } from './profile.js'
import { type CodeRefused, redeemCode } from './redeem-code.js'
import { tellOfIdentifier } from './tell-of-identifier.js'
import { accountOf, changeAccount } from './write-account.js'

/** The address or number is the account's. */
export type IdentifierBinding = { readonly accountId: string; readonly kind: ContactKind }

type Outcome = ({ readonly kind: 'bound' } & { readonly bound: IdentifierBinding }) | { readonly kind: 'refused' }

const refusal: Outcome = { kind: 'refused' }

/**
 * Binds an address or a number by the code that went to it; only now it is claimed, by whoever proved it first. The one it
 * takes the place of is free again, and is told.
 *
 * @errors CodeRefused, Unreadable, CommandError
 */
export const confirmBinding = (
  ports: AccountsPorts,
  context: CommandContext,
  input: CodeInput,
): ResultAsync<IdentifierBinding, CodeRefused | Unreadable | CommandError> => {
  const typed = parseCode(input)
  const accountId = customerIdOf(context.actor)
  return runCommand(ports, context, input, {
    action: 'accounts.confirmBinding',
    parse: () => typed.map(({ challengeId }) => ({ challengeId })),
    plan: ({ input: { challengeId } }) => ({
      challenge: row(challenges, challengeId),
      left: counters(challengeAttempts, [challengeId]),
      account: row(accounts, accountId),
      key: row(subjectKeys, accountId),
      former: row(formerContacts, accountId),
    }),
    decide: ({ challenge, left, account, key, former }, { actor, now: at }) => {
      const refused = (changes: Decision<Outcome>['changes']) =>
        okAsync<Decision<Outcome>, Unreadable | CommandError>({ changes, answer: refusal })
      // A challenge of another account is as if absent; one of nobody is tried in vain, like one whose code is wrong.
      const asked =
        challenge?.state.accountId === undefined || challenge.state.accountId === accountId ? challenge : undefined
      const code = typed.match(
        (given) => given.code,
        () => '',
      )
      return redeemCode(ports, {
        challenge: asked,
        left,
        purpose: 'bind',
        code,
        action: 'accounts.confirmBinding',
        actor,
        at,
      }).andThen((verdict): ResultAsync<Decision<Outcome>, Unreadable | CommandError> => {
        if (verdict.kind === 'refused') return refused(verdict.changes)
        const owner = asked === undefined ? undefined : accountOf(asked.state, account)
        const state = asked?.state
        if (owner?.state.status !== 'active' || state?.status !== 'open' || key === undefined) return refused([])
        const { sentTo, address } = state
        if (sentTo === undefined || address === undefined) return refused([])
        const { kind, key: identifierKey } = sentTo
        const before = owner.state.identifiers[kind]
        const standing = owner.state
        return openValue(ports.sealer, key.state, challengeAddressPlace(state.challengeId), address, parseText)
          .andThen((value) => sealIdentifier(ports.sealer, key.state, accountId, { kind, value, key: identifierKey }))
          .andThen((identifier) =>
            openProfile(ports.sealer, key.state, standing).andThen((profile) =>
              tellOfIdentifier(ports, {
                cause: state.challengeId,
                account: standing,
                key: key.state,
                profile,
                kind,
                change: before === undefined ? 'added' : 'changed',
                at,
              }).andThen((notices) =>
                keepFormer(ports, {
                  accountId,
                  key: key.state,
                  former,
                  kind,
                  bound: before,
                  text: profile[kind],
                  at,
                }).map((kept) => ({ identifier, notices: [...notices, ...kept] })),
              ),
            ),
          )
          .map(
            ({ identifier, notices }): Decision<Outcome> =>
              changeAccount(owner, { type: 'Bind', kind, identifier: { ...identifier, boundAt: at } }).match(
                (change): Decision<Outcome> => ({
                  answer: { kind: 'bound', bound: { accountId, kind } },
                  changes: [
                    ...verdict.changes,
                    change,
                    claim({ space: identifierSpace, key: identifierKey, owner: accountId }),
                    ...(before === undefined
                      ? []
                      : [release({ space: identifierSpace, key: before.key, owner: accountId })]),
                    ...notices,
                  ],
                }),
                (): Decision<Outcome> => ({ changes: [], answer: refusal }),
              ),
          )
      })
    },
    claimed: (taken) => (taken.space === identifierSpace ? ok(refusal) : undefined),
  }).andThen((outcome) => (outcome.kind === 'bound' ? ok(outcome.bound) : err({ type: 'CodeRefused' as const })))
}
