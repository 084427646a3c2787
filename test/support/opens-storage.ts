import { posix } from 'node:path'

// What is imported for its types alone is not there when a test runs.
const imported = /^(?:import|export)\s(?!type\b)[^'"]*?from '(\.[^']+)\.js'/gms

const storages = 'test/support/storages.ts'

// Its shop is for input that no storage is asked about: that says nothing of a storage, and runs on one.
const unasked = 'test/shop/unasked-shop.ts'

/**
 * Which tests open a storage, themselves or by what they import, and so run on every storage; but those whose shop asks
 * none.
 *
 * @param tests - paths from the project's root
 * @param read - the text of a file of that path; undefined where there is none
 */
export const opensStorage = (
  tests: readonly string[],
  read: (path: string) => string | undefined,
): readonly string[] => {
  const importsOf = new Map<string, readonly string[]>()
  const imports = (path: string): readonly string[] => {
    const known = importsOf.get(path)
    if (known !== undefined) return known
    const found = [...(read(path) ?? '').matchAll(imported)]
      .map(([, from]) => `${posix.join(posix.dirname(path), from ?? '')}.ts`)
      .filter((each) => each.startsWith('test/'))
    importsOf.set(path, found)
    return found
  }
  const reached = (path: string, seen = new Set<string>()): ReadonlySet<string> => {
    if (!seen.has(path)) {
      seen.add(path)
      for (const each of imports(path)) reached(each, seen)
    }
    return seen
  }
  return tests.filter((path) => {
    const all = reached(path)
    return all.has(storages) && !all.has(unasked)
  })
}
