import { err, ok, okAsync, type Result, ResultAsync } from 'neverthrow'
import { admit, noteRefusal } from '../../shared/admit.js'
import { prepareCommit, put } from '../../shared/commit.js'
import type { StorageError } from '../../shared/decide-and-commit.js'
import { readFacts } from '../../shared/read-facts.js'
import { row } from '../../shared/read-plan.js'
import type { QueryContext, QueryError } from '../../shared/run-query.js'
import type { CatalogPorts } from '../ports.js'
import { isWithinMerchant } from '../save-product.js'
import { createCsvRowParser } from './csv-rows.js'
import type { ParsedRow, RowError, RowParser } from './import-row.js'
import { parseImportRow } from './import-row.schema.js'
import type { ImportCounts, ImportRun } from './import-run.js'
import { type ImportOptions, importRuns, parseImportOptions } from './import-run.schema.js'
import { createJsonLinesParser } from './parse-json-lines.js'
import { readRow } from './row-content.js'
import { type PendingRow, type RowOutcome, writeRows } from './write-rows.js'

/** A file in pieces of text of any size; for the format `rows`, the rows themselves. */
export type ImportSource = AsyncIterable<unknown> | Iterable<unknown>

/** How far an import has come. */
export type ImportProgress = { readonly lineDone: number; readonly counts: ImportCounts }

/** Pieces a file says are there, of a product that now stands. */
export type ImportedStock = {
  readonly productId: string
  readonly sku: string
  readonly quantity: number
  readonly outcome: 'created' | 'updated' | 'unchanged'
}

/** An import: its options, the file, and who wants to hear of it. */
export type ImportRequest = ImportOptions & {
  readonly source: ImportSource
  /** Told after each batch. */
  readonly onProgress?: (progress: ImportProgress) => void
  /** Told of each row that was not imported. */
  readonly onError?: (error: RowError) => void
  /**
   * Receives the stock of a batch before the batch counts as done; may be asked twice for a batch after a crash. Where it is
   * absent, stock that a file states is left, and the report says so.
   */
  readonly receiveStock?: (stock: readonly ImportedStock[]) => ResultAsync<unknown, { readonly type: string }>
}

/** What an import came to. */
export type ImportReport = ImportProgress & {
  readonly importId: string
  /** The first rows that failed in this run, at most `mostErrors`; `counts.failed` says how many there are. */
  readonly errors: readonly RowError[]
  /** How many SKUs the file stated stock of in this run that nobody received: no `receiveStock` was given. */
  readonly unreceivedStock: number
}

/** The file could not be read to its end, or a listener failed; what was imported stands, and the import can go on. */
export type ImportInterrupted = {
  readonly type: 'ImportInterrupted'
  readonly lineDone: number
  readonly detail: string
}

/** Another process goes on with the same import. */
export type ImportRunsElsewhere = { readonly type: 'ImportRunsElsewhere'; readonly importId: string }

/** The caller could not receive the stock of a batch. */
export type StockNotReceived = { readonly type: 'StockNotReceived'; readonly lineDone: number; readonly reason: string }

/** Why an import stopped. */
export type ImportError = QueryError | StorageError | ImportInterrupted | ImportRunsElsewhere | StockNotReceived

/** The most row errors one report holds. */
export const mostErrors = 1_000

/**
 * Imports a catalog file: JSON Lines, CSV with a header, or rows. A row that is wrong is reported with its line and the
 * rest is imported; a row that says what stands already writes nothing; an import that stopped goes on behind the last
 * batch that was done, when it is asked again under its id with the same file.
 *
 * @errors ImportError
 */
export const importProducts = (
  ports: CatalogPorts,
  context: QueryContext,
  request: ImportRequest,
): ResultAsync<ImportReport, ImportError> => {
  const stated = optionsIn(request)
  return admit(ports, context, 'catalog.importProducts')
    .andThen((scope) =>
      parseImportOptions(stated).asyncAndThen(
        (options): ResultAsync<ImportOptions, ImportError> =>
          isWithinMerchant(scope, options.merchantId)
            ? okAsync(options)
            : noteRefusal(ports, context, { type: 'Denied', action: 'catalog.importProducts' }),
      ),
    )
    .andThen((options) => openRun(ports, options).map((opened) => ({ options, opened })))
    .andThen(({ options, opened }): ResultAsync<ImportReport, ImportError> => {
      const { lineDone, counts, status } = opened.run
      if (status === 'done')
        return okAsync({ importId: options.importId, lineDone, counts, errors: [], unreceivedStock: 0 })
      return new ResultAsync(new Importer(ports, { ...request, ...options }, opened).run())
    })
}

// A caller without types may hand over anything; what is no object is left to the check of the options.
const optionsIn = (request: ImportRequest): unknown => {
  if (typeof request !== 'object' || request === null) return request
  const { source: _, onProgress: __, onError: ___, receiveStock: ____, ...stated } = request
  return stated
}

type OpenedRun = { readonly id: string; readonly version: number; readonly run: ImportRun }

const openRun = (ports: CatalogPorts, options: ImportOptions): ResultAsync<OpenedRun, ImportError> => {
  const { importId, merchantId } = options
  const id = `${merchantId}/${importId}`
  const at = ports.clock.now()
  return readFacts(ports.storage, {
    shop: ports.shop,
    scope: { kind: 'all' },
    at,
    plan: { run: row(importRuns, id) },
  }).map(({ run }): OpenedRun => {
    if (run !== undefined) return { id, version: run.version, run: run.state }
    const counts = { created: 0, updated: 0, unchanged: 0, failed: 0 }
    const state: ImportRun = {
      status: 'running',
      importId,
      merchantId,
      lineDone: 0,
      counts,
      startedAt: at,
      updatedAt: at,
    }
    return { id, version: 0, run: state }
  })
}

/** One run over a file: rows gather to batches, and each batch is written before more of the file is read. */
class Importer {
  readonly #ports: CatalogPorts
  readonly #request: ImportRequest
  readonly #id: string
  readonly #skipTo: number
  readonly #firstLines = new Map<string, number>()
  readonly #errors: RowError[] = []
  #version: number
  #run: ImportRun
  #batch: PendingRow[] = []
  #failed: RowError[] = []
  #lineRead: number
  #unreceived = 0

  constructor(ports: CatalogPorts, request: ImportRequest, opened: OpenedRun) {
    this.#ports = ports
    this.#request = request
    this.#id = opened.id
    this.#version = opened.version
    this.#run = opened.run
    this.#skipTo = opened.run.lineDone
    this.#lineRead = opened.run.lineDone
  }

  async run(): Promise<Result<ImportReport, ImportError>> {
    try {
      for await (const rows of readRows(this.#request)) {
        for (const parsed of rows) {
          this.#take(parsed)
          if (this.#batch.length + this.#failed.length < (this.#request.batchSize ?? 500)) continue
          const written = await this.#writeBatch('running')
          if (written.isErr()) return err(written.error)
        }
      }
      const last = await this.#writeBatch('done')
      if (last.isErr()) return err(last.error)
      const { lineDone, counts } = this.#run
      return ok({
        importId: this.#request.importId,
        lineDone,
        counts,
        errors: this.#errors,
        unreceivedStock: this.#unreceived,
      })
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : 'unknown'
      return err({ type: 'ImportInterrupted', lineDone: this.#run.lineDone, detail })
    }
  }

  #take(parsed: ParsedRow): void {
    const { line } = parsed
    const externalId = parsed.kind === 'row' ? externalIdOf(parsed.value) : null
    const firstLine = externalId === null ? undefined : this.#firstLines.get(externalId)
    if (externalId !== null && firstLine === undefined) this.#firstLines.set(externalId, line)
    if (line <= this.#skipTo) return
    this.#lineRead = line
    if (parsed.kind === 'unreadable') {
      this.#failed.push({ line, externalId: null, issues: [parsed.issue] })
      return
    }
    if (firstLine !== undefined) {
      const message = `The row of line ${firstLine} has the same id`
      this.#failed.push({ line, externalId, issues: [{ path: 'externalId', code: 'duplicate_row', message }] })
      return
    }
    const defaults = { currency: this.#request.currency, taxClass: this.#request.taxClass ?? 'standard' }
    parseImportRow(parsed.value)
      .mapErr(({ issues }) => issues)
      .andThen((checked) => readRow(checked, defaults))
      .match(
        (understood) => {
          this.#batch.push({ line, row: understood })
        },
        (issues) => {
          this.#failed.push({ line, externalId, issues })
        },
      )
  }

  async #writeBatch(status: ImportRun['status']): Promise<Result<void, ImportError>> {
    const written = await writeRows(this.#ports, this.#run.merchantId, this.#batch)
    if (written.isErr()) return err(written.error)
    const stock = await this.#handStock(written.value)
    if (stock.isErr()) return err(stock.error)
    const failed = [...this.#failed, ...written.value.flatMap(errorsOf)].sort((a, b) => a.line - b.line)
    const marked = await this.#markDone(status, this.#countAfter(written.value, failed.length))
    if (marked.isErr()) return err(marked.error)
    this.#batch = []
    this.#failed = []
    for (const each of failed) {
      if (this.#errors.length < mostErrors) this.#errors.push(each)
      this.#request.onError?.(each)
    }
    this.#request.onProgress?.({ lineDone: this.#run.lineDone, counts: this.#run.counts })
    return ok(undefined)
  }

  async #handStock(outcomes: readonly RowOutcome[]): Promise<Result<void, ImportError>> {
    const stock = outcomes.flatMap(stockOfOutcome)
    if (stock.length === 0) return ok(undefined)
    if (this.#request.receiveStock === undefined) {
      this.#unreceived += stock.length
      return ok(undefined)
    }
    const received = await this.#request.receiveStock(stock)
    if (received.isOk()) return ok(undefined)
    return err({ type: 'StockNotReceived', lineDone: this.#run.lineDone, reason: received.error.type })
  }

  #countAfter(outcomes: readonly RowOutcome[], failed: number): ImportCounts {
    const before = this.#run.counts
    const count = (kind: RowOutcome['kind']): number => outcomes.filter((outcome) => outcome.kind === kind).length
    return {
      created: before.created + count('created'),
      updated: before.updated + count('updated'),
      unchanged: before.unchanged + count('unchanged'),
      failed: before.failed + failed,
    }
  }

  async #markDone(status: ImportRun['status'], counts: ImportCounts): Promise<Result<void, ImportError>> {
    const at = this.#ports.clock.now()
    const state: ImportRun = { ...this.#run, status, counts, lineDone: this.#lineRead, updatedAt: at }
    const changes = [put(importRuns, { id: this.#id, version: this.#version, state })]
    const committed = await prepareCommit({ shop: this.#ports.shop, at, changes }).asyncAndThen((prepared) =>
      this.#ports.storage.commit(prepared),
    )
    if (committed.isErr()) {
      const { error } = committed
      if (error.type === 'StorageUnavailable' || error.type === 'MalformedCommit') return err(error)
      return err({ type: 'ImportRunsElsewhere', importId: this.#run.importId })
    }
    this.#version += 1
    this.#run = state
    return ok(undefined)
  }
}

async function* readRows(request: ImportRequest): AsyncGenerator<readonly ParsedRow[]> {
  const parser = parserOf(request)
  let line = 0
  for await (const piece of request.source) {
    if (parser === undefined) {
      line += 1
      yield [{ kind: 'row', line, value: piece }]
    } else {
      yield parser.push(String(piece))
    }
  }
  yield parser?.end() ?? []
}

const parserOf = ({ format, mapping }: ImportRequest): RowParser | undefined => {
  switch (format) {
    case 'jsonl':
      return createJsonLinesParser()
    case 'csv':
      return createCsvRowParser(mapping)
    case 'rows':
      return undefined
  }
}

const externalIdOf = (value: unknown): string | null => {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'externalId')) return null
  const id: unknown = Reflect.get(value, 'externalId')
  return typeof id === 'string' ? id.slice(0, 120) : null
}

const errorsOf = (outcome: RowOutcome): readonly RowError[] =>
  outcome.kind === 'failed'
    ? [{ line: outcome.pending.line, externalId: outcome.pending.row.externalId, issues: outcome.issues }]
    : []

const stockOfOutcome = (outcome: RowOutcome): readonly ImportedStock[] => {
  if (outcome.kind === 'failed') return []
  const { kind, productId } = outcome
  return outcome.pending.row.stock.map(({ sku, quantity }) => ({ productId, sku, quantity, outcome: kind }))
}
