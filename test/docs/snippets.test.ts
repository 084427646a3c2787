import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

// A snippet is a file of examples/, or a region of one, so that it is compiled and run with it.
const snippet = /(?:<!-- from (examples\/[\w./-]+?)(?:#([\w-]+))? -->\n)?```[jt]s\n([\s\S]*?)```/g

const pages = [
  'README.md',
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

const sourceOf = (file: string, region: string | undefined): string => {
  const text = readFileSync(`${root}${file}`, 'utf8')
  if (region === undefined) return text
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.trim() === `// #region ${region}`)
  const end = lines.findIndex((line, index) => index > start && line.trim() === '// #endregion')
  return start < 0 || end < 0 ? '' : `${lines.slice(start + 1, end).join('\n')}\n`
}

describe('snippets of the docs', () => {
  for (const page of pages) {
    it(`of ${page} stand in examples/, word for word`, () => {
      const text = readFileSync(`${root}${page}`, 'utf8')
      for (const [, file, region, code] of text.matchAll(snippet)) {
        expect(file, `a block without its source:\n${code}`).toBeDefined()
        if (file === undefined) continue
        expect(existsSync(`${root}${file}`), file).toBe(true)
        expect(code).toBe(sourceOf(file, region))
      }
    })

    it(`links of ${page} lead somewhere`, () => {
      const text = readFileSync(`${root}${page}`, 'utf8')
      const folder = page.startsWith('docs/') ? 'docs/' : ''
      for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)) {
        expect(existsSync(`${root}${folder}${target}`), `${page} -> ${target}`).toBe(true)
      }
    })
  }
})
