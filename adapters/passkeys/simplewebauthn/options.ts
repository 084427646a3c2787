/** Of which domain the passkeys of a shop are, and from where they are used. */
export type PasskeyOptions = {
  /** The domain (`shop.example`); passkeys are of it for good. */
  readonly rpId: string
  /** The shop, as authenticators show it. */
  readonly rpName: string
  /** The origins of the shop's pages (`https://www.shop.example`): https, or http on this machine. */
  readonly origins: readonly [string, ...string[]]
}

/** A verifier cannot be made of these options. */
export type PasskeyConfigInvalid = { readonly type: 'PasskeyConfigInvalid'; readonly option: keyof PasskeyOptions }

/** An optional package is not there. */
export type PackageMissing = {
  readonly type: 'PackageMissing'
  readonly package: string
  /** What to run. */
  readonly install: string
}
