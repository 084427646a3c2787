import { err, errAsync, okAsync, type Result, ResultAsync } from 'neverthrow'
import type { SearchHealth } from '../../shared/check-health.js'
import type { StoredDataInvalid } from '../../shared/collection.js'
import { type CatalogSource, type FollowError, sourceOfEach } from './catalog-source.js'
import { catchUp, type FollowPorts, type ProductKeeper, type Told, toldNothing } from './follow-products.js'
import { type CatalogIndex, emptyIndex, indexOver, updateIndex } from './index/catalog-index.js'
import { searchIndex } from './query/search-index.js'
import type { SealedIndex } from './sealed/sealed-index.js'
import { createSealedKeeper } from './sealed/sealed-keeper.js'

/**
 * A shop's products on sale, to be searched. It follows the storage: before it answers it reads what was saved since,
 * whoever saved it.
 */
export type CatalogShelf = {
  /** The products on sale, each as it is committed. */
  readonly follow: (ports: FollowPorts) => ResultAsync<CatalogSource, FollowError>
  /** A shelf that begins with what this one has, and goes its own way. */
  readonly fork: () => CatalogShelf
  /** Products that could not be read when they were last looked at, and are not searched; some of them, where they are many. */
  readonly unreadable: () => readonly StoredDataInvalid[]
  /** From what searches were answered when products were last looked at. */
  readonly standing: () => SearchHealth
}

/** An empty shelf, whose products are kept in an index in process. */
export const createCatalogShelf = (): CatalogShelf => shelfWith(indexKeeper, { status: 'inProcess' })

/** A shelf whose products are looked up elsewhere; in process there is only what changed since they were written there. */
export const createSealedShelf = (index: SealedIndex): CatalogShelf =>
  shelfWith(createSealedKeeper(index), { status: 'unasked' })

// Those who wait share one look: a port that rejects against its contract would be everybody's answer from then on.
const withoutRejections = <Answer>(look: () => ResultAsync<Answer, FollowError>): ResultAsync<Answer, FollowError> => {
  const guarded = async (): Promise<Result<Answer, FollowError>> => {
    try {
      return await look()
    } catch {
      return err({ type: 'StorageUnavailable', detail: 'the storage rejected' })
    }
  }
  return new ResultAsync(guarded())
}

const indexKeeper: ProductKeeper<CatalogIndex> = {
  begin: () => okAsync({ held: emptyIndex(), from: null }),
  isOver: () => false,
  tell: (_, index, changes) => okAsync(updateIndex(index, changes)),
  apart: ({ vocabulary, segments }) => indexOver(vocabulary.apart(), segments),
  figuresOf: (index) => index,
  standingOf: () => ({ status: 'inProcess' }),
  ask: (_, index, queries, words) => okAsync(queries.map((query) => searchIndex(index, query, words))),
}

/** Goes apart when it is told something, for until then all that was made of what it holds is as good. */
const keeperApart = <Held extends object>(keeper: ProductKeeper<Held>): ProductKeeper<Held> => {
  const own = new WeakSet<Held>()
  return {
    ...keeper,
    tell: (ports, held, changes) =>
      keeper.tell(ports, own.has(held) ? held : keeper.apart(held), changes).map((told) => {
        own.add(told)
        return told
      }),
  }
}

const shelfWith = <Held extends object>(
  keeper: ProductKeeper<Held>,
  unasked: SearchHealth,
  first?: Told<Held>,
): CatalogShelf => {
  let told = first
  let running: ResultAsync<CatalogSource, FollowError> | undefined
  let next: ResultAsync<CatalogSource, FollowError> | undefined
  let renewing: ResultAsync<Held, FollowError> | undefined
  const begin = (ports: FollowPorts): ResultAsync<Told<Held>, FollowError> =>
    told !== undefined && !keeper.isOver(told.held)
      ? okAsync(told)
      : keeper.begin(ports).map(({ held, from }) => toldNothing(held, from))
  const lookUp = (ports: FollowPorts): ResultAsync<Held, FollowError> =>
    withoutRejections(() =>
      begin(ports)
        .andThen((begun) => catchUp(ports, keeper, begun))
        .map((now) => {
          told = now
          return now.held
        }),
    )
  // Many may ask at once what is no more; one look is enough for all.
  const renew = (ports: FollowPorts, failed: Held): ResultAsync<Held, FollowError> => {
    if (told !== undefined && told.held !== failed && !keeper.isOver(told.held)) return okAsync(told.held)
    if (renewing !== undefined) return renewing
    const begun = lookUp(ports)
      .map((held) => {
        renewing = undefined
        return held
      })
      .mapErr((error) => {
        renewing = undefined
        return error
      })
    renewing = begun
    return begun
  }
  const sourceOf = (ports: FollowPorts, held: Held): CatalogSource =>
    sourceOfEach(keeper.figuresOf(held), (queries, words) =>
      keeper
        .ask(ports, held, queries, words)
        .andThen((answers) =>
          answers === null
            ? renew(ports, held).andThen((anew) => keeper.ask(ports, anew, queries, words))
            : okAsync(answers),
        )
        .andThen((answers) =>
          answers === null
            ? errAsync({ type: 'StorageUnavailable' as const, detail: 'the index is replaced again and again' })
            : okAsync(answers),
        ),
    )
  const start = (ports: FollowPorts): ResultAsync<CatalogSource, FollowError> => {
    const begun = lookUp(ports)
      .map((held) => {
        running = undefined
        return sourceOf(ports, held)
      })
      .mapErr((error) => {
        running = undefined
        return error
      })
    running = begun
    return begun
  }
  return {
    // Who comes while one looks shares the next look: the present one may have begun before what they saved.
    follow: (ports) => {
      if (running === undefined) return start(ports)
      if (next === undefined) {
        const go = (): ResultAsync<CatalogSource, FollowError> => {
          next = undefined
          return start(ports)
        }
        // However the present look ends; an older catalog is no answer to who has saved since.
        next = running
          .map(() => null)
          .orElse(() => okAsync(null))
          .andThen(go)
      }
      return next
    },
    fork: () => shelfWith(keeperApart(keeper), unasked, told),
    standing: () => (told === undefined ? unasked : keeper.standingOf(told.held)),
    unreadable: () => [...(told?.unreadable.values() ?? [])],
  }
}
