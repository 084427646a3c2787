import type { Story } from '../story.js'

/** Says whether a book balances, and hands that on. */
export const verdict = ({ terminal, tell, tellRefused }: Story, balances: boolean): boolean => {
  const { green, red } = terminal
  if (balances) tell(green('balances: yes'), green('平衡：是'))
  else tellRefused(red('balances: no'), red('平衡：否'))
  return balances
}
