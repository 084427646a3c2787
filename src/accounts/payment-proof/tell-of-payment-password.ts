import { queueMessage } from '../../notify/queue-message.js'
import type { Change } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import type { StandingAccount } from '../account-machine.js'
import { noticeChannel } from '../profile.js'

/** Tells the owner that the payment password is another from now on. */
export const tellOfPaymentPassword = (
  { accountId, identifiers }: StandingAccount,
  cause: string,
  at: Instant,
): Change =>
  queueMessage({
    cause: `${accountId}:paymentPassword:${cause}`,
    accountId,
    channel: noticeChannel(identifiers),
    template: 'paymentPasswordChanged',
    facts: { at: { at } },
    at,
  })

/** Tells the owner that there is no payment password any more, for it was set after a sign-in that was not theirs. */
export const tellOfRemovedPaymentPassword = ({ accountId, identifiers }: StandingAccount, at: Instant): Change =>
  queueMessage({
    cause: `${accountId}:paymentPassword:removed:${at}`,
    accountId,
    channel: noticeChannel(identifiers),
    template: 'paymentPasswordRemoved',
    at,
  })
