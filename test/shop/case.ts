import type { IdName } from './world.js'

/** Gives an id of the owner, or one that does not exist. */
type IdOf = (name: IdName) => string

/** How a verb is reached, and what it is asked. */
export type Case = {
  /**
   * What the verb is about:
   * - `row`: a row named by its id; a stranger's answer must not tell whether it is there
   * - `own`: whatever the actor has; a stranger's answer must hold nothing of the owner's
   * - `public`: facts that everybody is told alike
   * - `shop`: the work of staff, of which no stranger is granted anything
   */
  readonly about: 'row' | 'own' | 'public' | 'shop'
  /** Input of the verb's shape. */
  readonly input: (id: IdOf) => unknown
  /** Which of the owner's own actors reaches the row; staff where it is not the owner. */
  readonly reachedBy?: 'owner' | 'staff'
  /** The answer is the same whether the row is there or not, for the owner too: it is in nobody's hands, or names none. */
  readonly tellsNobody?: true
  /** How a row that is absent, or not the asker's, is refused, or `ok` where nothing is found; `NotFound` when not said. */
  readonly absentIs?: string
}

export const row = (input: Case['input'], absentIs?: string): Case => ({
  about: 'row',
  input,
  reachedBy: 'owner',
  ...(absentIs === undefined ? {} : { absentIs }),
})
export const staffRow = (input: Case['input'], absentIs?: string): Case => ({
  about: 'row',
  input,
  reachedBy: 'staff',
  ...(absentIs === undefined ? {} : { absentIs }),
})
export const doorRow = (input: Case['input']): Case => ({ about: 'row', input, tellsNobody: true })
export const own = (input: Case['input'] = () => ({})): Case => ({ about: 'own', input })
export const shown = (input: Case['input']): Case => ({ about: 'public', input })
export const shopWork = (input: Case['input']): Case => ({ about: 'shop', input })
