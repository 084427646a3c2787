import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImportSource } from 'shopwright'
import { Refusal } from '../refusal.js'
import { readArray, readMarked, readTitled } from './foreign-rows.js'
import { readText } from './read-text.js'
import { parseRecord } from './records.js'

/** A catalog file, ready to be imported. */
export type CatalogFile = {
  readonly name: string
  /** Together with `source`, what `importProducts` takes. */
  readonly format: 'jsonl' | 'csv' | 'rows'
  readonly source: ImportSource
  /** Of rows that state none. */
  readonly currency: string
  /** What is made up where the file does not say it; a product whose price is carries the attribute `made up`. */
  readonly madeUp: readonly ('price' | 'stock')[]
}

/** The folder of our own products. */
export const ownCatalog = fileURLToPath(new URL('../catalog', import.meta.url))

const catalogName = /\.(?:jsonl|ndjson|csv|json)(?:\.gz)?$/

/**
 * Opens a catalog: one file, plain or `.gz`, whose shape is found out from its beginning, or a folder of such files.
 *
 * @throws Refusal where there is nothing to read
 */
export const openCatalog = async (path: string): Promise<readonly CatalogFile[]> => {
  try {
    if (!(await stat(path)).isDirectory()) return [await openFile(path)]
    const names = (await readdir(path)).filter((name) => catalogName.test(name)).sort()
    if (names.length === 0) {
      throw refuse(path, 'holds no .jsonl, .csv or .json file', '中没有 .jsonl、.csv 或 .json 文件')
    }
    return await Promise.all(names.map((name) => openFile(join(path, name))))
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw refuse(path, ...(reasonOf(error) ?? ['cannot be read', '无法读取']))
  }
}

const openFile = async (path: string): Promise<CatalogFile> => {
  const name = basename(path)
  const head = await readHead(path)
  if (head === '') throw refuse(path, 'is empty', '是空文件')
  if (head.startsWith('[')) {
    const source = [...readArray(await readJsonArray(path))]
    return { name, format: 'rows', source, currency: 'USD', madeUp: ['stock'] }
  }
  if (!head.startsWith('{')) return { name, format: 'csv', source: readText(path), currency: 'CNY', madeUp: [] }
  const first = parseRecord(head.split('\n')[0] ?? '') ?? {}
  const isForeign = !('externalId' in first) && 'id' in first && 'title' in first
  if (!isForeign) return { name, format: 'jsonl', source: readText(path), currency: 'CNY', madeUp: [] }
  const madeUp = ['price', 'stock'] as const
  return 'ents' in first
    ? { name, format: 'jsonl', source: readMarked(path), currency: 'CNY', madeUp }
    : { name, format: 'jsonl', source: readTitled(path), currency: 'USD', madeUp }
}

/** The first line that holds something, and perhaps more. */
const readHead = async (path: string): Promise<string> => {
  let head = ''
  for await (const chunk of readText(path)) {
    head = (head + chunk).replace(/^\uFEFF?\s*/, '')
    if (head.length > 65_536 || head.includes('\n')) break
  }
  return head
}

const readJsonArray = async (path: string): Promise<readonly unknown[]> => {
  let text = ''
  for await (const chunk of readText(path)) text += chunk
  try {
    const records: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    if (Array.isArray(records)) return records
  } catch {
    // Said below.
  }
  throw refuse(path, 'begins as a JSON array and is none', '开头像 JSON 数组，但不是有效的 JSON')
}

const refuse = (path: string, en: string, chinese: string): Refusal =>
  new Refusal({ en: `The catalog ${path} ${en}.`, 'zh-CN': `商品目录 ${path} ${chinese}。` })

const reasons: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['does not exist', '不存在'],
  EACCES: ['may not be read by this user', '当前用户无权读取'],
  EPERM: ['may not be read by this user', '当前用户无权读取'],
  Z_DATA_ERROR: ['is not packed as its name .gz says', '不是有效的 .gz 文件'],
  Z_BUF_ERROR: ['is cut off in the middle', '文件不完整'],
}

const reasonOf = (error: unknown): readonly [string, string] | undefined => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons[code]
}
