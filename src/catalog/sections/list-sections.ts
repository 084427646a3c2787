import { ok, type ResultAsync } from 'neverthrow'
import { book } from '../../shared/books.js'
import type { NoInput } from '../../shared/no-input.js'
import type { CorePorts } from '../../shared/ports.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { parseNothing } from '../../shared/stored.schema.js'
import { type Section, sectionsOf } from './section.js'
import { sectionBookId, sectionBooks } from './section.schema.js'

/** The sections of a shop, and which revision of them it is: what the next is published over. */
export type SectionList = { readonly revision: number; readonly sections: readonly Section[] }

/**
 * Lists the sections of the shop, those it declares first.
 *
 * @errors QueryError
 */
export const listSections = (
  ports: CorePorts,
  context: QueryContext,
  input: NoInput = {},
): ResultAsync<SectionList, QueryError> =>
  runQuery(ports, context, input, {
    action: 'catalog.listSections',
    parse: parseNothing,
    plan: ({ now }) => ({ declared: book(ports.books, sectionBooks, sectionBookId, now) }),
    answer: ({ declared }) => ok({ revision: declared?.version ?? 0, sections: sectionsOf(declared?.state) }),
  })
