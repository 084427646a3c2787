/** The row is not there, or not within the actor's reach; the two are never told apart. */
export type NotFound = {
  readonly type: 'NotFound'
  /** What was looked for (`order`). */
  readonly entity: string
  readonly id: string
}

/** The input is not of the command's shape. */
export type InvalidInput = {
  readonly type: 'InvalidInput'
  readonly issues: readonly {
    /** Dotted path of the field; empty for the input as a whole. */
    readonly path: string
    /** What is wrong: the code of the check that failed (`too_big`, `unrecognized_keys`, `ill_formed_text` …). */
    readonly code: string
    /** The check in English, without the value. */
    readonly message: string
  }[]
}

/** Too many others write the same rows; nothing was done, and the same command may be sent again. */
export type Busy = {
  readonly type: 'Busy'
  readonly retryAfterMs: number
  /** What was in the way each time where that was no row: a claim that stays taken, or a counter at its floor. */
  readonly heldBy?: 'claim' | 'floor'
}

/** The command key was used before with other input. */
export type IdempotencyKeyReused = { readonly type: 'IdempotencyKeyReused'; readonly command: string }

/** The command was done before, and its answer held a secret that is not kept; ask for a new one. */
export type AlreadyDone = { readonly type: 'AlreadyDone'; readonly command: string }

/** The storage cannot be reached or answered with a fault of its own; whether a write happened may be unknown. */
export type StorageUnavailable = {
  readonly type: 'StorageUnavailable'
  /** What the storage said, for the log; holds no data of the shop. */
  readonly detail: string
}
