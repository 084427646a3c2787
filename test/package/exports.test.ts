import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('../../', import.meta.url)
const manifest: {
  exports: Record<string, string | { types: string; default: string }>
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
} = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

const listPages = (folder: string): string[] =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((path) => path === 'index.ts' || path.endsWith('/index.ts'))
    .map((path) => `${folder}/${path}`.replace(/\/index\.ts$/, ''))

/** The subpath a user writes for a folder with an `index.ts`. */
const subpathOf = (folder: string) => `.${folder.replace(/^src/, '').replace(/^adapters/, '/adapters')}`

describe('exports of package.json', () => {
  const folders = [...listPages('src'), ...listPages('adapters')]
  const listed = Object.keys(manifest.exports).filter((subpath) => subpath !== './package.json')

  it('has a subpath for every folder with an index.ts, and none without', () => {
    expect(listed.sort()).toEqual(folders.map(subpathOf).sort())
  })

  it.each(folders.map((folder) => [subpathOf(folder), folder]))('points %s at the build of %s', (subpath, folder) => {
    expect(manifest.exports[subpath]).toEqual({
      types: `./dist/${folder}/index.d.ts`,
      default: `./dist/${folder}/index.js`,
    })
  })

  it('lists each subpath by name', () => {
    expect(listed.filter((subpath) => subpath.includes('*'))).toEqual([])
  })
})

describe('dependencies of package.json', () => {
  it('are the six run-time packages', () => {
    expect(Object.keys(manifest.dependencies).sort()).toEqual(
      ['decimal.js', 'mitt', 'nanoid', 'neverthrow', 'ts-pattern', 'zod'].sort(),
    )
  })

  it('pin every development tool exactly', () => {
    // One that is there under another name is pinned as well.
    const exact = /^(npm:[\w@/.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/
    const loose = Object.entries(manifest.devDependencies).filter(([, range]) => !exact.test(range))
    expect(loose).toEqual([])
  })
})
