/** How a mail server is reached, and who the mail is from. */
export type SmtpOptions = {
  readonly host: string
  /** 465 for TLS from the first byte, else STARTTLS is asked for; 465 when absent. */
  readonly port?: number
  readonly user?: string
  readonly password?: string
  readonly from: { readonly name: string; readonly address: string }
  /** How long each step is waited for, milliseconds; 15 s when absent. */
  readonly timeoutMs?: number
}

/** A notifier cannot be made of these options. */
export type SmtpConfigInvalid = { readonly type: 'SmtpConfigInvalid'; readonly option: keyof SmtpOptions }

/** An optional package is not there. */
export type PackageMissing = {
  readonly type: 'PackageMissing'
  readonly package: string
  /** What to run. */
  readonly install: string
}
