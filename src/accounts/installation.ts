import { err, ok, okAsync, type Result, ResultAsync } from 'neverthrow'
import { isWellFormed } from '../shared/json.js'
import type { CryptoUnavailable, KeyedDigest } from '../shared/ports.js'

/** An application on a device, as the host knows it. */
export type Installation = {
  /** The same for one device as long as can be told, whatever is installed anew; 1 to 500 characters. */
  readonly installationId: string
  /** Where pushes reach it: what the notifier is given; 1 to 4,096 characters. It is the host's word, never the client's. */
  readonly pushAddress: string
}

/** The evidence is of no installation of the shop's application, or was shown before. */
export type InstallationRefused = { readonly type: 'InstallationRefused' }

/** Nobody can say now; the text is for the log and holds nothing of the evidence. */
export type InstallationsUnavailable = { readonly type: 'InstallationsUnavailable'; readonly detail: string }

/** The shop takes nothing from a device alone. */
export type ActivationByPushNotOffered = { readonly type: 'ActivationByPushNotOffered' }

/** Vouches for installations: an attestation of the device's maker, or the host's own register. */
export type Installations = {
  /**
   * Judges what a device shows of itself. Evidence is to be good once and for a short time: whoever holds it registers.
   *
   * @errors InstallationRefused, InstallationsUnavailable
   */
  readonly verify: (evidence: string) => ResultAsync<Installation, InstallationRefused | InstallationsUnavailable>
}

/** An installation as it is counted by. */
export type KnownInstallation = {
  /** Keyed digest of its id. */
  readonly key: string
  readonly pushAddress: string
}

/** Why an installation is not taken. */
export type InstallationError = InstallationRefused | InstallationsUnavailable | ActivationByPushNotOffered

/** Asks the host, before anything is read; what comes of it is told by the command itself. */
export const findInstallation = (
  ports: { readonly installations?: Installations; readonly digests: KeyedDigest },
  evidence: string,
): ResultAsync<Result<KnownInstallation, InstallationError>, CryptoUnavailable> => {
  const { installations, digests } = ports
  if (installations === undefined) return okAsync(notOffered)
  return new ResultAsync<Result<Installation, InstallationError>, never>(
    ask(installations, evidence).then((answer) => ok(answer)),
  ).andThen((answer) =>
    answer.match(
      ({ installationId, pushAddress }) =>
        digests
          .digest('installation', installationId)
          .map((key): Result<KnownInstallation, InstallationError> => ok({ key, pushAddress })),
      (error) => okAsync(err(error)),
    ),
  )
}

/** Nobody was asked about the installation, for the answer is no whatever it is. */
export const refusedInstallation = err<KnownInstallation, InstallationError>({ type: 'InstallationRefused' })

/** No installation is asked about. */
export const notOffered = err<KnownInstallation, InstallationError>({ type: 'ActivationByPushNotOffered' })

// The host's own code may throw, reject, or answer something else: nobody is vouched for then.
const ask = async (
  installations: Installations,
  evidence: string,
): Promise<Result<Installation, InstallationError>> => {
  try {
    const answer = await installations.verify(evidence)
    return answer.andThen((found) => (isInstallation(found) ? ok(found) : err(unavailable('answered no installation'))))
  } catch {
    // What was thrown may hold the evidence.
    return err(unavailable('threw'))
  }
}

const unavailable = (what: string): InstallationsUnavailable => ({
  type: 'InstallationsUnavailable',
  detail: `The register of installations ${what}`,
})

const isInstallation = (found: Installation): boolean =>
  isTextOf(found.installationId, 500) && isTextOf(found.pushAddress, 4_096)

const isTextOf = (text: unknown, longest: number): boolean =>
  typeof text === 'string' && text.length > 0 && text.length <= longest && isWellFormed(text)
