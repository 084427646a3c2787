import { err, ok, type Result, ResultAsync } from 'neverthrow'
import { challengeAttempts, rateBudgets } from './accounts/budgets.js'
import { sweepIncidents } from './accounts/incidents/sweep-incidents.js'
import type { AccountsPorts } from './accounts/ports.js'
import { eraseAgain } from './accounts/privacy/erase-again.js'
import { listErased } from './accounts/privacy/list-erased.js'
import { sweepAccounts } from './accounts/sweep-accounts.js'
import { closeUnsentReturns } from './aftersales/close-unsent-returns.js'
import { forgetDescriptions } from './aftersales/forget-descriptions.js'
import type { CartPorts } from './cart/ports.js'
import { remindOfCarts } from './cart/remind-of-carts.js'
import { sweepHistories } from './catalog/history/sweep-histories.js'
import type { CatalogPorts } from './catalog/ports.js'
import { rankProducts } from './catalog/rank-products.js'
import { countViews } from './catalog/recommend/count-views.js'
import { type SealReport as CatalogSealReport, sealCatalog } from './catalog/search/sealed/seal-catalog.js'
import { settleCategories } from './catalog/settle-categories.js'
import { pointsSweep } from './membership/points-sweep.js'
import { sweepBirthdays } from './membership/sweep-birthdays.js'
import { sweepMembers } from './membership/sweep-members.js'
import { tellExpiringPoints } from './membership/tell-expiring-points.js'
import type { NotifyPorts } from './notify/ports.js'
import { type SendReport, sendDueMessages } from './notify/send-due-messages.js'
import { sweepMessages } from './notify/sweep-messages.js'
import { settleDisputes } from './orders/disputes/settle-disputes.js'
import { forgetRecipients } from './orders/forget-recipients.js'
import type { MoneyPorts } from './orders/ports.js'
import type { SettlementPorts } from './orders/settlement/release-shares.js'
import { releaseShares } from './orders/settlement/release-shares.js'
import { splitShares } from './orders/settlement/split-shares.js'
import type { PayoutPorts } from './orders/settlement/tell-payout.js'
import { settlePayouts } from './orders/settlement/tell-payout.js'
import { sparing } from './orders/spare-gateways.js'
import {
  advanceOrders,
  closeUnpaidOrders,
  markLateParcels,
  settlePayments,
  settleRefunds,
} from './orders/sweep-orders.js'
import { endHolds } from './orders/watch/end-holds.js'
import { couponSweep } from './promotions/coupon-sweep.js'
import { remindOfCoupons } from './promotions/remind-of-coupons.js'
import { checkHealth } from './shared/check-health.js'
import { canonicalJson, type JsonObject } from './shared/json.js'
import { wholeLimit } from './shared/limit.js'
import { pruneRecords } from './shared/prune-records.js'
import type { Reaction } from './shared/reaction.js'
import { type RelayOptions, type RelayReport, runRelay } from './shared/relay.js'
import { type ReplayOptions, runReplay } from './shared/replay.js'
import { sealAudit } from './shared/seal-audit.js'
import { verifyAudit } from './shared/verify-audit.js'

type UpkeepPorts = AccountsPorts & CartPorts & CatalogPorts & NotifyPorts & MoneyPorts & PayoutPorts & SettlementPorts

const endingCounters = [challengeAttempts, rateBudgets]

// A question to a verifier that broke off has proved nothing, and its key holds a digest of a number of an identity card.
const beginAnew = ['accounts.proveRealName']

/** Binds a workflow to the ports of a shop. */
type Bind = <Rest extends readonly unknown[], Answer>(
  workflow: (world: UpkeepPorts, ...rest: Rest) => Answer,
) => (...rest: Rest) => Answer

/** The most rows of a turn, where nobody says how many. */
const mostOfTurn = 500

// A limit that is not said, or is no number, is that of a turn.
const limitOf = (limit: unknown): number =>
  typeof limit !== 'number' || Number.isNaN(limit) ? mostOfTurn : wholeLimit(limit)

// A caller without types may say nothing by null as well.
const said = <Options extends object>(options: Options | null | undefined): Partial<Options> => options ?? {}

const limited =
  <Others extends object, Report>(sweep: (options: { readonly limit: number } & Others) => Report) =>
  (options?: Others & { readonly limit?: number }): Report =>
    // Whoever asks for nothing has no other options to say either.
    sweep({ ...(said(options) as Others), limit: limitOf(said(options).limit) })

// What time alone makes due, in the order of a turn: money, orders, what hangs on them, people, then what nobody waits for.
const bindSweeps = (bind: Bind) => ({
  settlePayments: limited(bind(sparing(settlePayments))),
  settleRefunds: limited(bind(sparing(settleRefunds))),
  settleDisputes: limited(bind(sparing(settleDisputes))),
  closeUnpaidOrders: limited(bind(sparing(closeUnpaidOrders))),
  endHolds: limited(bind(endHolds)),
  markLateParcels: limited(bind(markLateParcels)),
  advanceOrders: limited(bind(advanceOrders)),
  closeUnsentReturns: limited(bind(closeUnsentReturns)),
  releaseShares: limited(bind(releaseShares)),
  splitShares: limited(bind(sparing(splitShares))),
  settlePayouts: limited(bind(sparing(settlePayouts))),
  sweepCoupons: limited(bind(couponSweep)),
  sweepPoints: limited(bind(pointsSweep)),
  sweepMembers: limited(bind(sweepMembers)),
  sweepBirthdays: limited(bind(sweepBirthdays)),
  sweepAccounts: limited(bind(sweepAccounts)),
  sweepIncidents: limited(bind(sweepIncidents)),
  sweepHistories: limited(bind(sweepHistories)),
  forgetRecipients: limited(bind(forgetRecipients)),
  forgetDescriptions: limited(bind(forgetDescriptions)),
  sweepMessages: limited(bind(sweepMessages)),
  remindOfCoupons: limited(bind(remindOfCoupons)),
  remindOfCarts: limited(bind(remindOfCarts)),
  tellExpiringPoints: limited(bind(tellExpiringPoints)),
  countViews: limited(bind(countViews)),
  rankProducts: limited(bind(rankProducts)),
  settleCategories: limited(bind(settleCategories)),
  sealAudit: limited(bind(sealAudit)),
  prune: limited(
    bind((ports, turn: { readonly limit: number }) => pruneRecords(ports, endingCounters, { ...turn, beginAnew })),
  ),
})

type Sweeps = ReturnType<typeof bindSweeps>

/** One turn of all upkeep. */
export type UpkeepOptions = {
  /** Unique among the processes that run it, and the same from turn to turn; a name drawn for this shop object when absent. */
  readonly worker?: string
  /** The most rows that each task moves in the turn; 500 when absent. */
  readonly limit?: number
  /** In whose hours messages write moments; those of UTC when absent. */
  readonly utcOffsetMinutes?: number
}

/** What one turn of all upkeep came to. */
export type UpkeepReport = {
  /** What each task that ran has answered, by its name. */
  readonly done: UpkeepDone
  /** Tasks that could not run this time, and why: they stop none of the others, and what they were to do stays due. */
  readonly failed: readonly { readonly task: keyof UpkeepDone; readonly reason: string }[]
  /** Whatever a person should know of, in one list: what a host writes to its log. */
  readonly troubles: readonly UpkeepTrouble[]
}

/** A task that could not run, a row that it could not do this time, or an event that was set aside. */
export type UpkeepTrouble = {
  readonly task: keyof UpkeepDone
  /** Of the row, message or event; null where the whole task did not run. */
  readonly id: string | null
  readonly reason: string
}

type ReportOf<Task extends (...given: never) => unknown> = Task extends (
  ...given: never
) => ResultAsync<infer Report, unknown>
  ? Report
  : never

/** Reports of tasks by their names. */
export type UpkeepDone = { readonly [Task in keyof Sweeps]?: ReportOf<Sweeps[Task]> } & {
  readonly relay?: RelayReport
  readonly sealCatalog?: CatalogSealReport
  readonly sendMessages?: SendReport
}

type Task = readonly [name: keyof UpkeepDone, run: () => ResultAsync<unknown, { readonly type: string }>]

// As much of an epoch as a turn writes while others wait, and what each process may keep beside one before it is made anew.
const epochPart = { limit: 5_000, leastChanged: 500 }

// A port of the host may throw or reject; that stops no other task.
const runGuarded = async (run: Task[1]): Promise<Result<unknown, { readonly type: string }>> => {
  try {
    return await run()
  } catch {
    return err({ type: 'TaskThrew' })
  }
}

const runInTurn = async (tasks: readonly Task[]): Promise<UpkeepReport> => {
  const done: Partial<Record<keyof UpkeepDone, unknown>> = {}
  const failed: UpkeepReport['failed'][number][] = []
  for (const [task, run] of tasks) {
    const answer = await runGuarded(run)
    if (answer.isErr()) failed.push({ task, reason: answer.error.type })
    else done[task] = task in done ? bothReports(done[task], answer.value) : answer.value
  }
  const troubles = [
    ...failed.map((each): UpkeepTrouble => ({ ...each, id: null })),
    ...Object.entries(done).flatMap(([task, report]) => troublesIn(task as keyof UpkeepDone, report)),
  ]
  // Each report stands under the name of the task that gave it.
  return { done: done as UpkeepDone, failed: eachOnce(failed), troubles: eachOnce(troubles) }
}

// A task that ran twice in a turn may have met the same twice.
const eachOnce = <Told extends JsonObject>(told: readonly Told[]): readonly Told[] => [
  ...new Map(told.map((each) => [canonicalJson(each), each])).values(),
]

// What a task that ran twice in a turn came to together: counts are added, lists are one list, of anything else the later.
const bothReports = (first: unknown, second: unknown): unknown => {
  if (typeof first === 'number' && typeof second === 'number') return first + second
  if (Array.isArray(first) && Array.isArray(second)) return [...first, ...second]
  if (typeof first !== 'object' || typeof second !== 'object' || first === null || second === null) return second
  return Object.fromEntries(
    Object.entries(second).map(([name, value]) => [name, bothReports(Reflect.get(first, name), value)]),
  )
}

// Reports differ in what they count; what went wrong in them is always a list of ids with reasons. What an event waits for
// comes again by itself.
const troublesIn = (task: keyof UpkeepDone, report: unknown): readonly UpkeepTrouble[] =>
  typeof report !== 'object' || report === null
    ? []
    : Object.entries(report)
        .filter(([name]) => name !== 'postponed')
        .flatMap(([, value]): readonly unknown[] => (Array.isArray(value) ? value : [value]))
        .flatMap((each): readonly UpkeepTrouble[] => {
          if (typeof each !== 'object' || each === null) return []
          const reason: unknown = Reflect.get(each, 'reason')
          const id: unknown = Reflect.get(each, 'id') ?? Reflect.get(each, 'eventId') ?? Reflect.get(each, 'messageId')
          if (typeof reason === 'string') return [{ task, id: typeof id === 'string' ? id : null, reason }]
          return troublesIn(task, each)
        })

/** Binds the work that somebody has to start now and then; each is safe to run twice and on many machines. */
export const bindUpkeep = <Ports extends UpkeepPorts>(
  bind: Bind,
  ports: Ports,
  reactions: readonly Reaction<Ports>[],
  addresses: Parameters<typeof checkHealth>[1],
) => {
  const sweeps = bindSweeps(bind)
  let drawn: string | undefined
  const ownName = (): string => {
    drawn ??= ports.ids.next('worker')
    return drawn
  }
  const relay = (options?: Partial<RelayOptions>) => {
    const { worker = ownName(), limit, ...others } = said(options)
    return runRelay(ports, reactions, { ...others, worker, ...(limit === undefined ? {} : { limit: limitOf(limit) }) })
  }
  const sendMessages = limited(bind(sendDueMessages))
  const seal = bind(sealCatalog)
  return {
    /**
     * Runs all of it: what a host that has no wishes of its own starts every minute. Messages go first, for people wait for
     * codes, and once more at the end, so that what the turn has to say goes out with it; every other task runs once. A
     * gateway that answers nothing is asked three times by each, and named (`GatewayNotAnswering`).
     */
    runAll: (options?: UpkeepOptions): ResultAsync<UpkeepReport, never> => {
      const { worker = ownName(), limit: given, utcOffsetMinutes = 0 } = said(options)
      const limit = limitOf(given)
      const tell: readonly Task[] = [
        ['relay', () => relay({ worker, limit })],
        ['sendMessages', () => sendMessages({ limit, utcOffsetMinutes })],
      ]
      const due = Object.entries(sweeps).map(
        ([name, sweep]): Task => [
          // The names are those of the object.
          name as keyof Sweeps,
          () => sweep({ limit }),
        ],
      )
      return new ResultAsync(
        runInTurn([...tell, ...due, ['sealCatalog', () => seal(epochPart)], ...tell]).then((report) => ok(report)),
      )
    },
    ...sweeps,
    /** Delivers waiting events to the reactions. */
    relay,
    /** Tells one reaction what happened before it listened, a turn at a time. */
    replay: (reaction: Reaction<Ports>, options?: ReplayOptions) => runReplay(ports, reaction, options),
    /** Has events that were set aside delivered once more, by the next turn of the relay; how many. */
    retrySetAside: (options?: { readonly limit?: number }) =>
      ports.storage.reopen({ shop: ports.shop, limit: limitOf(said(options).limit) }).map((reopened) => ({ reopened })),
    /** Who was erased, to be kept apart from the storage and its backups. */
    erasedPeople: limited(bind(listErased)),
    /** Erases them again, after a backup brought them back. */
    eraseAgain: bind(eraseAgain),
    sealCatalog: seal,
    sendMessages,
    /** Proves the whole audit log, by a root kept elsewhere where one is given; it reads all of it. */
    verifyAudit: bind(verifyAudit),
    /** How the shop's surroundings stand: its storage, the link to it, the addresses it gives out, what searches go by. */
    health: () =>
      checkHealth(ports, addresses, { unreadable: ports.shelf.unreadable(), search: ports.shelf.standing() }),
  }
}
