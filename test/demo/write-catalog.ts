import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atFileEnd } from '../support/at-file-end.js'

/** An empty folder that is gone after the test file. */
export const makeFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'demo-'))
  atFileEnd(() => rm(folder, { recursive: true }))
  return folder
}

/** Writes a file into a folder of its own. */
export const writeFileFor = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(await makeFolder(), name)
  await writeFile(path, content)
  return path
}

/** Writes rows as a catalog of JSON Lines. */
export const writeCatalog = (rows: readonly object[]): Promise<string> =>
  writeFileFor('catalog.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''))

const things: readonly (readonly [string, string, string, number])[] = [
  ['lamp', 'Brass reading lamp', '黄铜阅读灯', 12_990],
  ['kettle', 'Copper kettle', '紫铜水壶', 24_900],
  ['towel', 'Striped beach towel', '条纹沙滩毛巾', 6_650],
  ['coffee', 'Dark roast coffee', '深烘咖啡豆', 8_805],
  ['case', 'Cork phone case', '软木手机壳', 5_910],
  ['knife', 'Folding fruit knife', '折叠水果刀', 7_777],
  ['sofa', 'Three-seat sofa', '三人沙发', 389_900],
  ['pin', 'Safety pin', '别针', 10],
]

/** A shop of eight things in two languages, each in stock. */
export const smallCatalog: readonly object[] = things.map(([externalId, en, chinese, priceMinor]) => ({
  externalId,
  title: { en, 'zh-CN': chinese },
  brand: 'Tester',
  categoryPath: [{ en: 'Things', 'zh-CN': '东西' }],
  priceMinor,
  weightGrams: 300,
  stock: 40,
}))
