import type { EpochPlace } from 'shopwright'
import { isStorable, type Statement } from '../sql.js'
import { createBinder } from './binder.js'
import type { SearchTables } from './tables.js'

type Unnamed = Omit<Statement, 'name'>

/** The newest epoch of a format that is ready. */
export const newestStatement = (
  { epoch }: SearchTables,
  { shop, format }: { readonly shop: string; readonly format: number },
): Unnamed => {
  const bind = createBinder()
  const text =
    `select epoch, format, from_at from ${epoch} ` +
    `where shop = ${bind.text(shop)} and ready and format = ${bind.int(format)} order by epoch desc limit 1`
  return { text, values: bind.values }
}

/** What processes keep of an epoch. */
export const knowledgeStatement = ({ epoch }: SearchTables, place: EpochPlace): Unnamed => {
  const bind = createBinder()
  const text = `select encode(knowledge, 'hex') as knowledge from ${epoch} where shop = ${bind.text(place.shop)} and epoch = ${bind.int(place.epoch)}`
  return { text, values: bind.values }
}

/** Where products stand in an epoch. */
export const placesStatement = (
  { document }: SearchTables,
  { shop, epoch, ids }: EpochPlace & { readonly ids: readonly string[] },
): Unnamed => {
  const bind = createBinder()
  const text =
    `select id, document, array_to_string("values", ',') as numbers from ${document} ` +
    `where shop = ${bind.text(shop)} and epoch = ${bind.int(epoch)} and id = any (${bind.texts(ids.filter(isStorable))})`
  return { text, values: bind.values }
}
