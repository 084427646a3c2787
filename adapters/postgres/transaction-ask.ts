import { rowsAfter } from './parts.js'
import type { QueryRows, Run } from './queryable.js'

/** A part of a statement, with its rows as JSON. */
export type AskedPart = {
  /** What tells its text from that of any other part. */
  readonly name: string
  /** Its SQL over the shop, `$1`, and an expression of its rows. */
  readonly text: (rows: string) => string
  /** Parts that share a list share its parameter. */
  readonly rows: readonly string[]
  /** The part before it by name, all of whose rows must have been answered, or this one does nothing. */
  readonly afterWhole?: string
}

/** A row of an answer. */
export type Row = Readonly<Record<string, unknown>>

/** Sends parts as one statement, each of which waits for the one before, and tells what each of them returned. */
export type Ask = (parts: readonly AskedPart[]) => Promise<readonly (readonly Row[])[]>

/** The shop of every part. */
export const partShop = '$1::text'

const listsOf = (parts: readonly AskedPart[]): readonly (readonly string[])[] => [
  ...new Set(parts.map(({ rows }) => rows)),
]

const textOf = (parts: readonly AskedPart[]): string => {
  const lists = listsOf(parts)
  const places = new Map(parts.map(({ name }, place) => [name, place]))
  const steps = parts.map(({ text, rows, afterWhole }, place) => {
    const list = `$${lists.indexOf(rows) + 2}::jsonb`
    const whole = afterWhole === undefined ? undefined : places.get(afterWhole)
    const given =
      whole === undefined
        ? rowsAfter(place === 0 ? undefined : `p${place - 1}`, list)
        : `(case when (select count(*) from p${whole}) = jsonb_array_length(${list}) then ${list} end)`
    return `p${place} as materialized (${text(given)})`
  })
  const answers = parts.map((_, place) => `(select json_agg(t)::text from p${place} t) as p${place}`)
  return `with ${steps.join(',\n')}\nselect ${answers.join(', ')}`
}

const answersOf = ({ rows: [row] }: QueryRows, parts: readonly AskedPart[]): readonly (readonly Row[])[] =>
  parts.map((_, place) => {
    const text = row?.[`p${place}`]
    // The text is what the server has made of the part's rows.
    return typeof text === 'string' ? (JSON.parse(text) as readonly Row[]) : []
  })

/** Sends the parts of one shop over a connection; texts are kept by the names of their parts. */
export const askOver = (
  run: Run,
  shop: string,
  given: {
    readonly textOfShape: (shape: string, make: () => string) => string
    readonly nameOf: (text: string) => string | undefined
  },
): Ask => {
  return async (parts) => {
    const sent = parts.filter(({ rows }) => rows.length > 0)
    if (sent.length === 0) return parts.map(() => [])
    const text = given.textOfShape(`&${sent.map(({ name }) => name).join('&')}`, () => textOf(sent))
    const name = given.nameOf(text)
    const values = [shop, ...listsOf(sent).map((rows) => `[${rows.join(',')}]`)]
    const answers = answersOf(await run({ ...(name === undefined ? {} : { name }), text, values }), sent)
    let place = 0
    return parts.map(({ rows }) => {
      if (rows.length === 0) return []
      place += 1
      return answers[place - 1] ?? []
    })
  }
}
