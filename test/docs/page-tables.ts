import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of the project. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** A page of the docs, by its path from the folder of the project. */
export const readPage = (path: string): string => readFileSync(`${root}${path}`, 'utf8')

/** A table of a page: its cells by row, the heading apart. */
type PageTable = { readonly heading: readonly string[]; readonly rows: readonly (readonly string[])[] }

/** Every table of a page, in order. */
export const tablesOf = (page: string): readonly PageTable[] =>
  [...page.matchAll(/(?:^\|.*\|\n)+/gm)].map(([text]) => {
    const [heading = [], , ...rows] = text
      .trim()
      .split('\n')
      .map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      )
    return { heading, rows }
  })

/** The rows of the table whose first heading is this; none where the page has no such table. */
export const rowsUnder = (page: string, firstHeading: string): readonly (readonly string[])[] =>
  tablesOf(page).find(({ heading }) => heading[0] === firstHeading)?.rows ?? []

/** The names of all events that the page on them lists; a test holds the page to what there is. */
export const eventsOnThePage = (): readonly string[] =>
  rowsUnder(readPage('docs/events.md'), 'collection').flatMap(([collection = '', , types = '']) =>
    types.split(', ').map((type) => `${collection}/${type}`.replaceAll('`', '')),
  )
