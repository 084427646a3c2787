import { type Instant, minutesMs } from '../shared/instant.js'
import type { PaymentGateway } from './ports.js'

// A request takes its time to arrive, and two clocks differ.
const marginMs = 5 * minutesMs

/**
 * Whether a gateway takes a request that is sent now for the one that was first sent under the same key at `since`. Where
 * it may have forgotten the key, the same request is another one: it has to be asked what it knows first.
 */
export const remembersKey = (
  { capabilities }: Pick<PaymentGateway, 'capabilities'>,
  since: Instant,
  now: Instant,
): boolean => {
  const { windowMs } = capabilities.idempotency
  // Of a moment to come nobody knows how long ago it was.
  return windowMs === null || (since <= now + marginMs && now - since < windowMs - marginMs)
}
