import { sessionIdOf } from '../session-token.js'

/** The session tokens that one device holds, one of an id, and which of the sessions is in use. */
export type DeviceWallet = {
  readonly tokens: readonly string[]
  /** Nobody acts on the device before one is chosen when null. */
  readonly currentId: string | null
}

/** The most tokens that are looked at, whoever put the text together. */
const mostTokens = 20
const longestText = 4_000
const separator = '~'
const currentMark = '*'

/** The tokens in a text that a device kept; whatever is no token in it is left out. */
export const parseWallet = (text: string): DeviceWallet => {
  if (text.length > longestText) return { tokens: [], currentId: null }
  const tokens = new Map<string, string>()
  let currentId: string | null = null
  for (const part of text.split(separator)) {
    const isCurrent = part.startsWith(currentMark)
    const token = isCurrent ? part.slice(currentMark.length) : part
    const sessionId = sessionIdOf(token)
    if (sessionId === undefined || tokens.has(sessionId) || tokens.size === mostTokens) continue
    tokens.set(sessionId, token)
    if (isCurrent && currentId === null) currentId = sessionId
  }
  return { tokens: [...tokens.values()], currentId }
}

/** The text that a device keeps, of characters that a cookie takes as they are. */
export const formatWallet = ({ tokens, currentId }: DeviceWallet): string =>
  tokens.map((token) => (sessionIdOf(token) === currentId ? `${currentMark}${token}` : token)).join(separator)

/** Leaves out the tokens of all but some sessions; nobody takes the place of the one in use. */
export const keepSessions = ({ tokens, currentId }: DeviceWallet, isKept: (id: string) => boolean): DeviceWallet => ({
  tokens: tokens.filter((token) => isKept(sessionIdOf(token) ?? '')),
  currentId: currentId !== null && isKept(currentId) ? currentId : null,
})
