import { err, ok, type Result, type ResultAsync } from 'neverthrow'

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
