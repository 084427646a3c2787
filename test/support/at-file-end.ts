// Modules are loaded once for all files that a worker runs, so what a module registers with the test runner belongs to
// the first file alone. What has to end with each file is named here instead.
const pending: (() => Promise<void>)[] = []

/** Has something done when the test file that now runs is over. */
export const atFileEnd = (work: () => Promise<void>): void => {
  pending.push(work)
}

/** Does all of it; called after each file by the set-up of the tests. */
export const endFile = async (): Promise<void> => {
  for (const work of pending.splice(0)) await work()
}
