import { okAsync, ResultAsync } from 'neverthrow'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import type { CatalogPorts } from '../ports.js'
import { usedFacet } from '../search/facet-order.js'
import type { HistorySubject } from './browsing-history.js'
import { parseRecordHistory, type RecordHistoryInput } from './browsing-history.schema.js'
import { changeHistory, type HistoryStanding } from './change-history.js'
import type { CountedQuery } from './count-query.js'
import { countSeen } from './count-seen.js'
import { countedText, queryPurpose } from './popular-query.js'
import type { HistoryPorts } from './read-history.js'

/** What recording a step of a history needs of the world. */
export type RecordPorts = HistoryPorts & Pick<CatalogPorts, 'shelf'>

/**
 * Records what a customer looks at or looks for, where they have agreed to personalisation (`accounts.setConsent`) and have
 * not paused it; else it is forgotten at once, and the answer says why. An item is kept for 90 days. With it is counted, without
 * a word of who, what is looked at together and what is searched for.
 *
 * @errors CommandError
 */
export const recordHistory = (
  ports: RecordPorts,
  context: CommandContext,
  input: RecordHistoryInput,
): ResultAsync<HistoryStanding, CommandError> =>
  ResultAsync.combine([queryIn(ports, input), facetsIn(ports, input)]).andThen(([query, facets]) =>
    changeHistory(ports, context, input, {
      action: 'history.record',
      parse: parseRecordHistory,
      adds: true,
      step: ({ paused, items }, seen, now) => ({
        paused,
        items: [...items, { ...subjectIn(seen), itemId: ports.ids.next('seen'), at: now }],
      }),
      counted: {
        query,
        count: (read, who, { items }, seen, now) =>
          countSeen(ports, read, who, { before: items, seen, query, facets, now }),
      },
    }),
  )

const subjectIn = (seen: RecordHistoryInput): HistorySubject =>
  seen.kind === 'product' ? seen : { kind: 'search', text: seen.text }

/** The searched text that would be counted, under its digest: which must be known before anything is read. */
const queryIn = ({ digests }: HistoryPorts, input: unknown) => {
  const seen = parseRecordHistory(input)
  const text = seen.isOk() && seen.value.kind === 'search' ? countedText(seen.value.text) : undefined
  return text === undefined
    ? okAsync<CountedQuery | undefined, never>(undefined)
    : digests.digest(queryPurpose, text).map((queryId): CountedQuery | undefined => ({ queryId, text }))
}

/**
 * The facets that would be counted, each once: those that searches have, and attributes that something was sold with. A name that
 * somebody thought of would be counted for ever.
 */
const facetsIn = (ports: RecordPorts, input: unknown): ResultAsync<readonly string[], never> => {
  const seen = parseRecordHistory(input)
  const filters = seen.isOk() && seen.value.kind === 'search' ? (seen.value.filters ?? []) : []
  const facets = [...new Set(filters.map(usedFacet))]
  const plain = facets.filter((facet) => !facet.startsWith(attributeMark))
  if (plain.length === facets.length) return okAsync(plain)
  return ports.shelf
    .follow(ports)
    .map(({ figures }) =>
      facets.filter((facet) => plain.includes(facet) || figures.vocabulary.facets.find(facet) !== undefined),
    )
    .orElse(() => okAsync(plain))
}

const attributeMark = 'attribute:'
