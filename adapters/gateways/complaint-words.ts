import type { DisputeCase } from 'shopwright/payments'

/** Something that was said or done in a complaint. */
export type Statement = DisputeCase['statements'][number]

/** When the payer spoke last; when it began where they have said nothing since. */
export const lastAsked = (statements: readonly Statement[], begunAt: number): number =>
  statements.reduce((latest, { by, at }) => (by === 'payer' ? Math.max(latest, at) : latest), begunAt)

/** When something was last said or done. */
export const lastSaid = (statements: readonly Statement[], begunAt: number): number =>
  statements.reduce((latest, { at }) => Math.max(latest, at), begunAt)

/** Whether the shop has said these very words since the payer spoke: gateways keep no key, and so know a second try. */
export const isSaid = (statements: readonly Statement[], words: string): boolean => {
  const askedAt = lastAsked(statements, 0)
  return statements.some(({ by, text, at }) => by === 'shop' && text === words && at >= askedAt)
}
