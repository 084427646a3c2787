import type { GatewayAnswer, Outcome } from 'shopwright/payments'

/** What a gateway told, which always comes. */
export const told = async <Value>(answer: GatewayAnswer<Value>): Promise<Outcome<Value>> =>
  (await answer)._unsafeUnwrap()
