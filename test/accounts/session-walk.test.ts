import { describe, expect, it } from 'vitest'
import {
  asTokenShows,
  isOpen,
  letIn,
  noteUse,
  rotate,
  type Session,
  type SessionPolicy,
  standingOfToken,
  type TokenStanding,
} from '../../src/accounts/session.js'

// Small numbers, so that every limit is met within a few steps.
const policy: SessionPolicy = { idleMs: 5, longestMs: 11, noteUseMs: 2, graceMs: 2, accountsOnDevice: 1 }
const waits = [0, 1, 2, 5] as const
const deepest = 5

const begun: Session = {
  sessionId: 's',
  accountId: 'a',
  tokenDigest: 'token-0',
  epoch: 0,
  startedAt: 0,
  lastSeenAt: 0,
  idleUntil: policy.idleMs,
  endsAt: policy.longestMs,
}

/** What a person remembers of a session: when each of its tokens was made, and when its use was last noted. */
type Memory = { readonly madeAt: readonly number[]; readonly notedAt: number }

/** The first token that each was made with, within the grace of it; the token of the sign-in is alone. */
const generations = (madeAt: readonly number[]): readonly number[] => {
  const firsts: number[] = []
  for (const [token, at] of madeAt.entries()) {
    const first = firsts[token - 1] ?? 0
    firsts.push(first > 0 && at - (madeAt[first] ?? 0) < policy.graceMs ? first : token)
  }
  return firsts
}

const standingByHand = ({ madeAt }: Memory, token: number, now: number): TokenStanding => {
  const firsts = generations(madeAt)
  const next = firsts.find((first) => first > (firsts[token] ?? 0))
  if (next === undefined) return 'current'
  return now - (madeAt[next] ?? 0) < policy.graceMs ? 'replaced' : 'reused'
}

/** When its person had last proved, as far as a token tells: of one that was replaced, before the proof that replaced it. */
const provenByHand = ({ madeAt }: Memory, token: number): number | undefined => {
  const firsts = generations(madeAt)
  const next = firsts.find((first) => first > (firsts[token] ?? 0))
  const last = next === undefined ? madeAt.length - 1 : next - 1
  return last === 0 ? undefined : madeAt[last]
}

/** Goes every way from a session that stands, and calls `look` at each place it comes to. */
const walk = (
  session: Session,
  memory: Memory,
  now: number,
  depth: number,
  look: (session: Session, memory: Memory, now: number) => void,
): void => {
  for (const wait of waits) {
    const at = now + wait
    look(session, memory, at)
    if (depth === deepest || !isOpen(session, at)) continue
    const used = noteUse(session, at, policy)
    const noted = used === undefined ? memory : { ...memory, notedAt: at }
    walk(used ?? session, noted, at, depth + 1, look)
    const tokenDigest = `token-${memory.madeAt.length}`
    const next = { madeAt: [...memory.madeAt, at], notedAt: at }
    walk(rotate(session, { tokenDigest, now: at, policy }), next, at, depth + 1, look)
  }
}

describe('every way that a session can go in five steps', () => {
  it('has the tokens of one moment that open it, those before them for a grace and lifted by nothing since, and ends by rest and by age when it should', () => {
    let places = 0
    const reached = new Set<string>()
    const wrong: string[] = []
    walk(begun, { madeAt: [0], notedAt: 0 }, 0, 0, (session, memory, now) => {
      places += 1
      const shouldBeOpen = now < policy.longestMs && now < memory.notedAt + policy.idleMs
      if (isOpen(session, now) !== shouldBeOpen) wrong.push(`open at ${now}: ${JSON.stringify(session)}`)
      if (session.endsAt !== policy.longestMs) wrong.push(`ends otherwise: ${JSON.stringify(session)}`)
      for (const [token] of memory.madeAt.entries()) {
        const standing = standingOfToken(session, `token-${token}`, now)
        reached.add(standing)
        if (standing !== standingByHand(memory, token, now)) wrong.push(`token ${token} at ${now} is ${standing}`)
        const shown = asTokenShows(session, `token-${token}`)
        const proven = provenByHand(memory, token)
        if (shown.provenAt !== proven || shown.paymentProof?.at !== proven) wrong.push(`token ${token} is lifted`)
      }
      if (standingOfToken(session, 'token-x', now) !== 'none') wrong.push('a token of nobody opens it')
    })
    expect(wrong.slice(0, 3)).toEqual([])
    expect(places).toBeGreaterThan(10_000)
    expect([...reached].sort()).toEqual(['current', 'replaced', 'reused'])
  })

  it('knows again the last sixteen tokens that were replaced, and none before them', () => {
    const made = Array.from({ length: 40 }, (_, index) => index)
    const last = made
      .slice(1)
      .reduce((session, now) => rotate(session, { tokenDigest: `token-${now}`, now: now * 2, policy }), begun)
    expect(last.replaced).toHaveLength(16)
    const standings = made.map((token) => standingOfToken(last, `token-${token}`, 90))
    expect(standings.slice(0, 23)).toEqual(made.slice(0, 23).map(() => 'none'))
    expect(standings.slice(23)).toEqual([...made.slice(23, 39).map(() => 'reused'), 'current'])
  })

  it('is doubted for who brings a token from before it was proved, and for everybody once it is doubted anew', () => {
    const doubted: Session = { ...begun, mustProve: true }
    for (const renewSession of [rotate, letIn]) {
      const renewed = renewSession(doubted, { tokenDigest: 'token-1', now: 1, policy })
      expect(asTokenShows(renewed, 'token-1').mustProve).toBeUndefined()
      expect(asTokenShows(renewed, 'token-0').mustProve).toBe(true)
      const sound = renewSession(begun, { tokenDigest: 'token-1', now: 1, policy })
      for (const token of ['token-0', 'token-1']) {
        expect(asTokenShows(sound, token).mustProve).toBeUndefined()
        expect(asTokenShows({ ...sound, mustProve: true }, token).mustProve).toBe(true)
      }
    }
  })

  it('is lifted by a proof with no token that was let in merely', () => {
    const renewal = (tokenDigest: string, now: number) => ({ tokenDigest, now, policy })
    const entered = letIn(begun, renewal('entry', 0))
    const together = letIn(entered, renewal('entry-2', 1))
    expect(standingOfToken(together, 'entry', 90)).toBe('current')
    const proven = rotate(together, renewal('proof', 1))
    for (const token of ['entry', 'entry-2']) expect(standingOfToken(proven, token, 1 + policy.graceMs)).toBe('reused')
  })
})
