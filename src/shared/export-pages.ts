import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import type { UnreadableRows } from './list-page.js'
import type { Locale, Messages } from './messages.js'

/**
 * Exports every page of a list as text, piece by piece, so that an export of any size needs the memory of one page.
 *
 * @param ask - the list's question, from a cursor on; undefined is the beginning
 * @param render - the text of a page, and for the first one whatever stands above the rows
 * @returns pieces of text in order; the last is the refusal, if the list refuses on the way
 */
export async function* exportPages<Page extends { readonly next: Cursor | null }, Cursor, Failure>(
  ask: (after: Cursor | undefined) => ResultAsync<Page, Failure>,
  render: (page: Page, isFirst: boolean) => string,
): AsyncGenerator<Result<string, Failure>, void> {
  let after: Cursor | undefined
  for (let isFirst = true; ; isFirst = false) {
    const page = await ask(after)
    if (page.isErr()) {
      yield err(page.error)
      return
    }
    yield ok(render(page.value, isFirst))
    if (page.value.next === null) return
    after = page.value.next
  }
}

/** Rows as JSON Lines: one object a line. */
export const jsonLines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

/** A page of a list as an export takes it: what it cannot show may be left out where there is none. */
export type ExportedPage<Page extends UnreadableRows, Rows extends keyof Page> = Pick<Page, Rows> &
  Partial<UnreadableRows>

const unreadableNames: Messages<'unreadable'> = { unreadable: { 'zh-CN': '无法读取', en: 'Not readable' } }

/** Rows that stand in a file for those that cannot be read, so that nobody takes it for whole: the id, and that it is so. */
export const unreadableCells = (
  { unreadable = [] }: Partial<UnreadableRows>,
  { columns, locale }: { readonly columns: number; readonly locale: Locale },
): readonly (readonly string[])[] =>
  unreadable.map((id) => [id, unreadableNames.unreadable[locale], ...Array.from({ length: columns - 2 }, () => '')])
