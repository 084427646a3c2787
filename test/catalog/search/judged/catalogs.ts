import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { SearchDocument } from '../../../../src/catalog/search/index/search-document.js'

/** A query with what each product is worth for it, judged by hand: 1 what is asked for, 0.5 what is near to it. */
type JudgedQuery = { readonly text: string; readonly gains: ReadonlyMap<string, number> }

/** A small catalog of our own, with judged queries. */
export type JudgedCatalog = { readonly documents: readonly SearchDocument[]; readonly queries: readonly JudgedQuery[] }

/** Reads products (`id|title|brand|category`), a line `=`, and queries (`text => sure finds ; near ones`). */
export const readCatalog = (name: 'english' | 'chinese'): JudgedCatalog => {
  const path = fileURLToPath(new URL(`./${name}.txt`, import.meta.url))
  const [goods = '', asked = ''] = readFileSync(path, 'utf8').split('\n=\n')
  return { documents: linesOf(goods).map(documentOf), queries: linesOf(asked).map(queryOf) }
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '')

const documentOf = (line: string): SearchDocument => {
  const [id = '', title = '', brand = '', category = ''] = line.split('|')
  const facet = (name: string, value: string) => ({ facet: name, value, label: value })
  return {
    id,
    texts: { title: [title], brand: [brand], category: [category], codes: [], attributes: [], description: [] },
    facets: [facet('brand', brand), facet('category', category)],
    priceMinor: null,
    createdAt: 0,
  }
}

const queryOf = (line: string): JudgedQuery => {
  const [text = '', judged = ''] = line.split(' => ')
  const [sure = '', near = ''] = judged.split(';')
  const idsOf = (list: string): readonly string[] => list.split(' ').filter((id) => id !== '')
  return {
    text,
    gains: new Map([...idsOf(near).map((id) => [id, 0.5] as const), ...idsOf(sure).map((id) => [id, 1] as const)]),
  }
}
