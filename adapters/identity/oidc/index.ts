import type { ResultAsync } from 'neverthrow'
import type { IdentityProvider } from 'shopwright'
import type { IdentityConfigInvalid } from '../config.js'
import type { OidcOptions, PackageMissing } from './options.js'
import { openOidcProvider } from './provider.js'

export type { IdentityConfigInvalid } from '../config.js'
export type { OidcFetch, OidcOptions, PackageMissing } from './options.js'

/**
 * Any issuer of OpenID Connect, by `oauth4webapi`, an optional peer: authorization code with PKCE (S256), state and nonce;
 * the ID token's signature, issuer, audience, nonce and times are checked, and the issuer of the answer where the issuer
 * says that it names itself (RFC 9207).
 *
 * @errors PackageMissing, which says what to install; IdentityConfigInvalid
 */
export const createOidcProvider = (
  options: OidcOptions,
): ResultAsync<IdentityProvider, PackageMissing | IdentityConfigInvalid> =>
  openOidcProvider(options, () => import('oauth4webapi'))
