/** A payment as Stripe's package is asked for it. */
export type StripeIntentParams = {
  amount: number
  currency: string
  capture_method: 'automatic' | 'manual'
  payment_method_types: string[]
  metadata: Record<string, string>
  expand: string[]
  payment_method?: string
  confirm?: boolean
  return_url?: string
  transfer_group?: string
}

/** A transfer to a payee's account as Stripe's package is asked for it. */
export type StripeTransferParams = {
  amount: number
  currency: string
  destination: string
  source_transaction: string
  transfer_group: string
  metadata: Record<string, string>
}

/** Which page of a list Stripe's package is asked for. */
export type StripePage = { limit: number; starting_after?: string }

/** What is sent beside the parameters. */
export type StripeRequestOptions = { readonly idempotencyKey?: string }

/** The part of a client of the `stripe` package that is used. */
export type StripeClient = {
  readonly paymentIntents: {
    create(params: StripeIntentParams, options?: StripeRequestOptions): Promise<unknown>
    retrieve(id: string, params: { expand: string[] }): Promise<unknown>
    capture(
      id: string,
      params: { amount_to_capture: number; expand: string[] },
      options?: StripeRequestOptions,
    ): Promise<unknown>
    cancel(id: string): Promise<unknown>
    update(id: string, params: { metadata: Record<string, string> }): Promise<unknown>
    list(params: StripePage): Promise<unknown>
    search(params: { query: string; expand: string[] }): Promise<unknown>
  }
  readonly refunds: {
    create(
      params: { payment_intent: string; amount: number; metadata: Record<string, string>; expand: string[] },
      options?: StripeRequestOptions,
    ): Promise<unknown>
    retrieve(id: string, params: { expand: string[] }): Promise<unknown>
    list(params: StripePage & { payment_intent: string; expand: string[] }): Promise<unknown>
  }
  readonly balanceTransactions: {
    list(params: StripePage & { created: { gte: number; lt: number }; expand: string[] }): Promise<unknown>
  }
  readonly transfers: {
    create(params: StripeTransferParams, options?: StripeRequestOptions): Promise<unknown>
    list(params: StripePage & { transfer_group: string }): Promise<unknown>
    createReversal(
      id: string,
      params: { amount: number; metadata: Record<string, string> },
      options?: StripeRequestOptions,
    ): Promise<unknown>
    listReversals(id: string, params: StripePage): Promise<unknown>
  }
  readonly disputes: {
    retrieve(id: string): Promise<unknown>
    list(params: StripePage & { created: { gte: number }; expand: string[] }): Promise<unknown>
    close(id: string, params: Record<string, never>, options?: StripeRequestOptions): Promise<unknown>
    update(
      id: string,
      params: { evidence: Record<string, string>; submit: boolean },
      options?: StripeRequestOptions,
    ): Promise<unknown>
  }
  readonly files: {
    create(
      params: {
        file: { readonly data: Uint8Array; readonly name: string; readonly type: string }
        purpose: 'dispute_evidence'
      },
      options?: StripeRequestOptions,
    ): Promise<unknown>
  }
  readonly webhooks: {
    constructEventAsync(body: Uint8Array, signature: string, secret: string, tolerance: number): Promise<unknown>
  }
}

/** The part of the `stripe` package that is used: what makes a client. */
export type StripePackage = (
  secretKey: string,
  config: {
    readonly host: string
    readonly port: number
    readonly protocol: 'http' | 'https'
    readonly timeout: number
    readonly maxNetworkRetries: number
    readonly telemetry: boolean
  },
) => StripeClient

/** An optional package is not there. */
export type PackageMissing = {
  readonly type: 'PackageMissing'
  readonly package: string
  /** What to run. */
  readonly install: string
}

/** Loads the package by its name. */
export const loadPackage = async (): Promise<StripePackage> => {
  const { Stripe } = await import('stripe')
  return (secretKey, config) => new Stripe(secretKey, config)
}
