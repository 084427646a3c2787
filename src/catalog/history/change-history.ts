import { okAsync, type Result, type ResultAsync } from 'neverthrow'
import { messagePreferences } from '../../notify/preference.schema.js'
import { customerIdOf } from '../../shared/actor.js'
import { type Change, expectRow, put, removeRow } from '../../shared/commit.js'
import type { InvalidInput } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { type SubjectKey, sealValue } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { endOf, gatherItems, type HistoryItem, type SealedMarks } from './browsing-history.js'
import { browsingHistories } from './browsing-history.schema.js'
import { askQuery, type CountedQuery, type QueryRead } from './count-query.js'
import type { SeenCounted } from './count-seen.js'
import { marksNow } from './counted-marks.js'
import { askHistory, type HistoryPorts, type HistoryRead, isAgreed, itemsPlace, openItems } from './read-history.js'

/** What became of a step of a history. */
export type HistoryStanding = {
  /** Whether anything is recorded: not without consent, and not while it is paused. */
  readonly records: boolean
  /** Why not; null where it is. */
  readonly because: 'noConsent' | 'paused' | null
  /** How many items it holds. */
  readonly items: number
}

/** A history before or after a step. */
export type HistoryState = { readonly paused: boolean; readonly items: readonly HistoryItem[] }

/**
 * Runs a step on the actor's own history: one read, one commit. Nothing is added without consent, or while it is paused.
 *
 * @errors CommandError
 */
export const changeHistory = <Input>(
  ports: HistoryPorts,
  context: CommandContext,
  input: unknown,
  spec: {
    readonly action: string
    readonly parse: (input: unknown) => Result<Input, InvalidInput>
    /** Whether it adds anything, which needs consent. */
    readonly adds: boolean
    readonly step: (before: HistoryState, input: Input, now: Instant) => HistoryState
    /** What is counted with it of all people, where the history is written; nothing when absent. */
    readonly counted?: {
      readonly query: CountedQuery | undefined
      readonly count: (
        read: QueryRead & HistoryRead,
        who: { readonly accountId: string; readonly key: SubjectKey },
        before: HistoryState,
        input: Input,
        now: Instant,
      ) => ResultAsync<SeenCounted, CryptoUnavailable>
    }
  },
): ResultAsync<HistoryStanding, CommandError> =>
  runCommand(ports, context, input, {
    action: spec.action,
    parse: spec.parse,
    plan: ({ actor }) => ({
      ...askHistory(customerIdOf(actor)),
      ...askQuery(spec.counted?.query),
      // Written with every word on a consent: nothing is added after one that was withdrawn meanwhile.
      preference: row(messagePreferences, customerIdOf(actor)),
    }),
    decide: (read, { input: asked, actor, now }) => {
      const accountId = customerIdOf(actor)
      const agreed = isAgreed(ports, read)
      return openItems(ports, read).andThen((items) => {
        const before: HistoryState = {
          paused: read.history?.state.paused ?? false,
          items: gatherItems(items, now),
        }
        const isKept = spec.adds && (!agreed || before.paused)
        const after = isKept ? before : spec.step(before, asked, now)
        const gathered = { paused: after.paused, items: gatherItems(after.items, now) }
        const answer: HistoryStanding = {
          records: agreed && !gathered.paused,
          because: agreed ? (gathered.paused ? 'paused' : null) : 'noConsent',
          items: gathered.items.length,
        }
        if (isKept) return okAsync({ changes: [] as readonly Change[], answer })
        const key = read.historyKey?.state
        const counting =
          spec.counted === undefined || key === undefined
            ? okAsync<SeenCounted, CryptoUnavailable>({ changes: [], counted: marksNow(read.history?.state, now) })
            : spec.counted.count(read, { accountId, key }, before, asked, now)
        return counting.andThen(({ changes: tallies, counted }) =>
          writeHistory(ports, read, accountId, { ...gathered, counted }).map((changes) => ({
            changes: [
              ...changes,
              ...tallies,
              ...(spec.adds && read.preference !== undefined ? [expectRow(messagePreferences, read.preference)] : []),
            ],
            answer,
          })),
        )
      })
    },
  })

/**
 * Writes a history as it stands, sealed with its person's key; who has no key any more has none. One that says nothing any
 * more goes.
 */
export const writeHistory = (
  { sealer }: Pick<HistoryPorts, 'sealer'>,
  { history, historyKey }: Pick<HistoryRead, 'history' | 'historyKey'>,
  accountId: string,
  { paused, items, counted }: HistoryState & { readonly counted: SealedMarks | undefined },
): ResultAsync<readonly Change[], CryptoUnavailable> => {
  if (historyKey === undefined) return okAsync([])
  if (items.length === 0 && !paused && counted === undefined)
    return okAsync(history === undefined ? [] : [removeRow(browsingHistories, history)])
  const sealed =
    items.length === 0
      ? okAsync<null, CryptoUnavailable>(null)
      : sealValue(sealer, historyKey.state, itemsPlace(accountId), [...items])
  return sealed.map((kept) => [
    put(browsingHistories, {
      id: accountId,
      version: history?.version ?? 0,
      state: {
        accountId,
        paused,
        items: kept,
        ...(counted === undefined ? {} : { counted }),
        endsAt: endOf(items, counted),
      },
    }),
    expectRow(subjectKeys, historyKey),
  ])
}
