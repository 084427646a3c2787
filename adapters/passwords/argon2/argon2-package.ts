/** The cost of a hash. */
export type Argon2Parameters = {
  /** KiB. */
  readonly memoryCost: number
  /** Passes. */
  readonly timeCost: number
  readonly parallelism: number
}

/** The part of `@node-rs/argon2` that is used. */
export type Argon2Package = {
  readonly hash: (password: string, options: Argon2Parameters) => Promise<string>
  readonly verify: (hashed: string, password: string) => Promise<boolean>
}
