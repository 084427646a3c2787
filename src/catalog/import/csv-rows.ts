import { mostVariants, type ParsedRow, type RowIssue, type RowParser } from './import-row.js'
import { type CsvRecord, createCsvParser } from './parse-csv.js'

/** Which of our columns each column of a file is, by the name in its header; a column that is not named keeps its own. */
export type ColumnMapping = Readonly<Record<string, string>>

/**
 * The columns a catalog CSV may have. `title`, `description` take a language as `title.zh-CN`; `attribute.NAME` and
 * `option.NAME` may stand any number of times.
 */
export const csvColumns = [
  'externalId',
  'title',
  'title.en',
  'title.zh-CN',
  'description',
  'description.en',
  'description.zh-CN',
  'brand',
  'category',
  'sku',
  'price',
  'priceMinor',
  'currency',
  'weightGrams',
  'taxClass',
  'discountable',
  'stock',
  'image',
  'tag',
  'perPersonLimit',
  'status',
] as const

/**
 * A parser of catalog CSV with a header. Records that follow one another with the same `externalId` are the variants of
 * one product, whose other columns are those of the first. `category` is a path such as `Audio > Headphones`, `image`
 * takes several links between spaces, and `tag` several words between commas. A column that is left out leaves what a product
 * has; an empty cell says that it has none (no brand, no limit), or nothing where there must be one (category, weight, tax).
 */
export const createCsvRowParser = (mapping: ColumnMapping = {}): RowParser => {
  const parser = createCsvParser()
  let header: readonly string[] | undefined
  let group: Group | undefined

  const flush = (): readonly ParsedRow[] => {
    const done = group
    group = undefined
    return done === undefined ? [] : [rowOf(done)]
  }
  const takeRecord = (record: CsvRecord): readonly ParsedRow[] => {
    if (record.kind === 'unreadable') {
      return [...flush(), unreadable(record.line, '', record.reason, 'The record breaks the rules of CSV')]
    }
    if (header === undefined) {
      header = record.cells.map((name) => (Object.hasOwn(mapping, name) ? (mapping[name] ?? name) : name).trim())
      return []
    }
    if (record.cells.length !== header.length) {
      const message = `The record has ${record.cells.length} cells, the header ${header.length}`
      return [...flush(), unreadable(record.line, '', 'cell_count', message)]
    }
    const cells = new Map(header.map((name, index) => [name, record.cells[index] ?? '']))
    const externalId = cells.get('externalId') ?? ''
    if (group !== undefined && group.externalId === externalId && externalId !== '') {
      // One too many is refused with the row; what follows it need not be kept.
      if (group.records.length <= mostVariants) group.records.push({ line: record.line, cells })
      return []
    }
    const before = flush()
    group = { externalId, records: [{ line: record.line, cells }] }
    return before
  }
  return {
    push: (chunk) => parser.push(chunk).flatMap(takeRecord),
    end: () => [...parser.end().flatMap(takeRecord), ...flush()],
  }
}

type Cells = ReadonlyMap<string, string>
type Group = { readonly externalId: string; readonly records: { readonly line: number; readonly cells: Cells }[] }

const rowOf = ({ externalId, records }: Group): ParsedRow => {
  const first = records[0]
  const line = first?.line ?? 0
  const issues: RowIssue[] = []
  const unknown = [...(first?.cells.keys() ?? [])].find((name) => !isColumn(name))
  if (unknown !== undefined) {
    issues.push({ path: unknown.slice(0, 200), code: 'unknown_column', message: 'No such column' })
  }
  const variants = records.map(({ cells }) => variantOf(cells, issues))
  const issue = issues[0]
  if (issue !== undefined) return { kind: 'unreadable', line, issue }
  const cells = first?.cells ?? new Map<string, string>()
  const category = cells.get('category') ?? ''
  const limit = numberOf(cells, 'perPersonLimit', issues)
  return {
    kind: 'row',
    line,
    value: withoutEmpty({
      externalId,
      title: textOf(cells, 'title'),
      description: textOf(cells, 'description'),
      brand: cells.get('brand'),
      categoryPath: category === '' ? undefined : category.split('>').map((name) => name.trim()),
      currency: cells.get('currency') || undefined,
      attributes: prefixed(cells, 'attribute.'),
      images: wordsOf(cells.get('image'), /\s+/),
      tags: wordsOf(cells.get('tag'), /[,，、;；]/),
      perPersonLimit: limit ?? (cells.has('perPersonLimit') ? null : undefined),
      status: cells.get('status') || undefined,
      variants,
    }),
  }
}

const variantOf = (cells: Cells, issues: RowIssue[]): object =>
  withoutEmpty({
    sku: cells.get('sku') || undefined,
    options: prefixed(cells, 'option.'),
    price: cells.get('price')?.trim() || undefined,
    priceMinor: numberOf(cells, 'priceMinor', issues),
    weightGrams: numberOf(cells, 'weightGrams', issues),
    taxClass: cells.get('taxClass') || undefined,
    discountable: flagOf(cells, 'discountable', issues),
    stock: numberOf(cells, 'stock', issues),
  })

const isColumn = (name: string): boolean =>
  /^(?:attribute|option)\../.test(name) || csvColumns.some((column) => column === name)

const textOf = (cells: Cells, name: string): unknown => {
  const en = cells.get(`${name}.en`)
  const zh = cells.get(`${name}.zh-CN`)
  if (en === undefined && zh === undefined) return cells.get(name)
  return withoutEmpty({ en: en ?? cells.get(name), 'zh-CN': zh })
}

/** What a cell lists; nothing of a column that is not there, which is not an empty list. */
const wordsOf = (cell: string | undefined, between: RegExp): readonly string[] | undefined =>
  cell
    ?.split(between)
    .map((word) => word.trim())
    .filter((word) => word !== '')

const prefixed = (cells: Cells, prefix: string): object | undefined => {
  const found = [...cells].filter(([name]) => name.startsWith(prefix))
  return found.length === 0
    ? undefined
    : Object.fromEntries(
        found.flatMap(([name, value]) => (value.trim() === '' ? [] : [[name.slice(prefix.length), value.trim()]])),
      )
}

const numberOf = (cells: Cells, name: string, issues: RowIssue[]): number | undefined => {
  const text = (cells.get(name) ?? '').trim()
  if (text === '') return undefined
  if (/^\d{1,15}$/.test(text)) return Number(text)
  issues.push({ path: name, code: 'not_a_whole_number', message: 'Expected a whole number' })
  return undefined
}

const flagOf = (cells: Cells, name: string, issues: RowIssue[]): boolean | undefined => {
  const text = (cells.get(name) ?? '').trim().toLowerCase()
  if (text === '') return undefined
  if (text === 'true' || text === 'yes' || text === '1') return true
  if (text === 'false' || text === 'no' || text === '0') return false
  issues.push({ path: name, code: 'not_a_flag', message: 'Expected true or false' })
  return undefined
}

const withoutEmpty = (members: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

const unreadable = (line: number, path: string, code: string, message: string): ParsedRow => ({
  kind: 'unreadable',
  line,
  issue: { path, code, message },
})
