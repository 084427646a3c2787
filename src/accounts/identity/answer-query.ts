/** The longest query that a browser may bring back, characters. */
export const longestQuery = 8_000

/**
 * The state that an answer brings with it; undefined where there is none, or more than one: an answer with two is made
 * by somebody who hopes that two readers look at different ones.
 */
export const stateOf = (query: string): string | undefined => {
  const found = query
    .replace(/^\?/, '')
    .split('&')
    .map((pair) => pair.split('='))
    .filter(([name = '']) => decoded(name) === 'state')
  const [only] = found
  return found.length === 1 ? decoded(only?.slice(1).join('=') ?? '') : undefined
}

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/** The challenge that a state says it is of, and the secret beside it; undefined for what cannot be a state. */
export const readState = (state: string): { readonly challengeId: string; readonly secret: string } | undefined => {
  const [, challengeId, secret] = /^([0-9A-Za-z_]{1,100})\.([0-9A-Za-z]{1,100})$/.exec(state) ?? []
  return challengeId === undefined || secret === undefined ? undefined : { challengeId, secret }
}
