/** How much of something may be done, in an hour of the clock and in a day of UTC. */
export type WindowBudget = { readonly perHour: number; readonly perDay: number }

/** How codes are sent and tried. */
export type CodePolicy = {
  /** Decimal digits of a code; at least 6. */
  readonly digits: number
  readonly ttlMs: number
  /** Tries that one challenge allows, over all its resends. */
  readonly attempts: number
  /** The pause before another code may be sent. */
  readonly resendPauseMs: number
  /** The most codes for one identifier, known or not, in an hour of the clock. */
  readonly perHour: number
  /** The same in a day of UTC. */
  readonly perDay: number
  /** The same for one account that asks while signed in; and again over all the devices that it knows. */
  readonly account: WindowBudget
  /** The same for one device, where the host names it. */
  readonly device: WindowBudget
  /** The same for one network, where the host names it; many people may share one. */
  readonly network: WindowBudget
  /**
   * The same for the whole shop: what a flood of text messages may cost at most. Codes that owners ask for at devices which
   * their accounts know are counted apart, with as much again.
   */
  readonly shop: WindowBudget
  /**
   * The same for all numbers of one calling code together. Those of `home` (`86`) are bounded by the shop's sum alone; of the
   * others none takes what is left for the rest, where strangers have codes sent to numbers that they earn by. Codes that
   * owners ask for at devices which their accounts know are counted apart, with as much again.
   */
  readonly callingCodes: { readonly home: readonly string[]; readonly others: WindowBudget }
}
