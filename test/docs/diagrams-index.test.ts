import { existsSync, readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readPage, root, rowsUnder } from './page-tables.js'

it('the index of state machines lists each drawn page once, with a table that is there', () => {
  const drawn = readdirSync(`${root}docs/diagrams`).filter((file) => file !== 'README.md')
  const rows = rowsUnder(readPage('docs/diagrams/README.md'), 'machine')
  expect(rows.map(([page = '']) => page)).toEqual(
    drawn.map((file) => `[${file.replace('.md', '')}](${file})`).sort((a, b) => (a < b ? -1 : 1)),
  )
  const sources = rows.map(([, , source = '']) => source.replaceAll('`', ''))
  expect(sources.filter((source) => !existsSync(`${root}${source}`))).toEqual([])
})
