import type { SealedWords } from 'shopwright'
import { type Asking, entriesOf, type Step } from './steps.js'

const document = 'q.base + (q.e >> 8) as document'
const worth = '1 + ((q.worth * (q.e & 255)) >> 4)'

type Writing = SealedWords['writings'][number]

const writingsSql = ({ bind }: Asking, writings: readonly Writing[]): string =>
  `unnest(${bind.ints(writings.map(({ term }) => term))}, ${bind.ints(writings.map((each) => each.worth))}, ` +
  `${bind.bigints(writings.map(({ slot }) => 2 ** slot))}) w(term, worth, bit)`

/** Every product with every word that it has, and what that says of it. */
export const heardSql = (asking: Asking, { writings }: SealedWords): string =>
  `select ${document}, q.term, q.e & 255 as impact from ${entriesOf(asking, writingsSql(asking, writings), ['term'])}`

// Of several writings of a word the best counts; where there is one there is nothing to choose.
const hitsSql = (asking: Asking, { writings }: SealedWords): string => {
  const counts = new Map<number, number>()
  for (const { slot } of writings) counts.set(slot, (counts.get(slot) ?? 0) + 1)
  const [alone, several] = [
    writings.filter(({ slot }) => counts.get(slot) === 1),
    writings.filter(({ slot }) => counts.get(slot) !== 1),
  ]
  const hits = (some: readonly Writing[]): string =>
    `select ${document}, ${worth} as worth, q.bit from ${entriesOf(asking, writingsSql(asking, some), ['worth', 'bit'])}`
  const best = (some: readonly Writing[]): string =>
    `select h.document, max(h.worth) as worth, h.bit from (${hits(some)}) h group by h.document, h.bit`
  return [
    ...(several.length === 0 || alone.length > 0 ? [hits(alone)] : []),
    ...(several.length === 0 ? [] : [best(several)]),
  ].join(' union all ')
}

/**
 * What the words say of each product, how much of the query is enough, and what has enough of it. The words that a
 * product has are a mask, so that how much of the query they are is worked out once for each mask.
 */
export const wordSteps = (asking: Asking, words: SealedWords): readonly Step[] => {
  const { bind, tables, at, isAlive } = asking
  const { covers, total, shares, others, enough, code } = words
  const bits = bind.bigints(covers.map((_, slot) => 2 ** slot))
  const share = total === 0 ? '65' : `1 + least(64, m.covered * 64 / ${bind.int(total)})`
  const other = `unnest(${bind.ints(others.map(({ covered }) => covered))}, ${bind.ints(others.map(({ count }) => count))})`
  return [
    [
      'sums',
      `select c.document, c.sum, c.mask from (select h.document, sum(h.worth) as sum, bit_or(h.bit) as mask from (${hitsSql(asking, words)}) h group by h.document) c where ${isAlive('c')}`,
    ],
    [
      'masks',
      `select m.mask, m.products, m.covered, (${bind.ints(shares)})[${share}] as share from (` +
        'select s.mask, s.products, (select coalesce(sum(k.cover), 0) ' +
        `from unnest(${bits}, ${bind.ints(covers)}) k(bit, cover) where s.mask & k.bit <> 0)::int as covered ` +
        'from (select mask, count(*) as products from sums group by mask) s) m',
    ],
    [
      'covers',
      `select covered, products from masks union all select covered, products from ${other} o(covered, products)`,
    ],
    ['most', 'select coalesce(max(covered), 0)::float8 as most from covers'],
    [
      'bound',
      `select m.most * case when (select coalesce(sum(c.products), 0) from covers c where c.covered >= m.most * ${bind.number(enough.usual)}) >= ${bind.int(enough.products)} ` +
        `then ${bind.number(enough.usual)} else ${bind.number(enough.least)} end as least from most m`,
    ],
    ...(code === null
      ? []
      : [
          [
            'codes',
            `select k.document from ${tables.code} k where ${at('k')} and k.code = ${bind.bigint(code.code)}`,
          ] as const,
        ]),
    [
      'found',
      `select s.document, s.mask, s.sum * m.share / 1024${code === null ? '' : ` + case when k.document is null then 0 else ${bind.bigint(code.worth)} end`} as score ` +
        `from sums s join masks m on m.mask = s.mask cross join bound b${code === null ? '' : ' left join codes k on k.document = s.document'} ` +
        `where m.covered >= b.least${code === null ? '' : ' or k.document is not null'}`,
    ],
  ]
}
