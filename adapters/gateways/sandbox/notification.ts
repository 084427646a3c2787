import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import { type NotificationRejected, parseSnapshots, type VerifiedNotification } from 'shopwright/payments'

/** Reads what a notification says, once its signature was found to be the sandbox's. */
export const readBody = (body: Uint8Array): ResultAsync<VerifiedNotification, NotificationRejected> => {
  const malformed = errAsync<VerifiedNotification, NotificationRejected>({
    type: 'NotificationRejected',
    reason: 'malformed',
  })
  const content = parseJson(new TextDecoder().decode(body))
  if (content === null || typeof content !== 'object' || !('eventId' in content) || !('facts' in content))
    return malformed
  const { eventId, facts } = content
  const snapshots = parseSnapshots(facts)
  return typeof eventId === 'string' && snapshots.isOk() ? okAsync({ eventId, facts: snapshots.value }) : malformed
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
