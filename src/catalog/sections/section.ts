import { daysMs, type Instant } from '../../shared/instant.js'
import type { LocalText } from '../local-text.js'
import type { ProductFilter } from '../product-filter.js'
import { trendFloor } from '../recent-sales.js'
import type { SearchSort } from '../search/query/catalog-query.js'
import type { WithinPart } from '../search/query/filter-documents.js'
import type { GoodsPromotion } from './goods-promotions.js'

/** What puts a product into a section. */
export type SectionRule =
  /** Launched within so many days. */
  | { readonly kind: 'new'; readonly withinDays: number }
  /** So many pieces sold lately, each counting half as much with every week: lifetime sales alone make nothing hot. */
  | { readonly kind: 'hot'; readonly leastSold: number }
  /** A promotion or a sale price holds for it at the moment that it is looked at. */
  | { readonly kind: 'promotion' }
  /** Its recommendation grade is so high at least, 1 to 5. */
  | { readonly kind: 'recommended'; readonly leastGrade: number }
  /** Its filter alone. */
  | { readonly kind: 'filter' }

/** How a section is ordered. */
export type SectionSort = Exclude<SearchSort, 'relevance'>

/** A section of the shop: a named query over the catalog, with products of the shop's own choice. */
export type Section = {
  /** Unique in the shop: a part of a link. */
  readonly sectionId: string
  readonly title: LocalText
  readonly rule: SectionRule
  /** What its products must meet besides. */
  readonly filter?: ProductFilter
  /** As its rule suggests when absent. */
  readonly sort?: SectionSort
  /** Ids of products that come first, in this order, whether the rule holds for them or not. */
  readonly pinned?: readonly string[]
  /** Ids of products that are left out. */
  readonly leftOut?: readonly string[]
}

/** All sections that a shop declares, at one revision: the version of the stored row. */
export type SectionBook = { readonly bookId: string; readonly sections: readonly Section[] }

/** The sections of a shop that declares none: new for 30 days, hot from three pieces on, promotion, recommended from grade 4 on. */
export const defaultSections: readonly Section[] = [
  { sectionId: 'hot', title: { en: 'Hot', 'zh-CN': '热销' }, rule: { kind: 'hot', leastSold: 3 } },
  { sectionId: 'new', title: { en: 'New', 'zh-CN': '新品' }, rule: { kind: 'new', withinDays: 30 } },
  { sectionId: 'promotion', title: { en: 'On promotion', 'zh-CN': '促销' }, rule: { kind: 'promotion' } },
  {
    sectionId: 'recommended',
    title: { en: 'Recommended', 'zh-CN': '推荐' },
    rule: { kind: 'recommended', leastGrade: 4 },
  },
]

/** The sections of a shop: those it declares in their order, then those of the defaults that it says nothing of. */
export const sectionsOf = (declared: SectionBook | undefined): readonly Section[] => {
  const own = declared?.sections ?? []
  return [...own, ...defaultSections.filter(({ sectionId }) => own.every((each) => each.sectionId !== sectionId))]
}

/** How the products of a section are ordered. */
export const sortOf = ({ sort, rule }: Section): SectionSort => sort ?? sortOfRule[rule.kind]

const sortOfRule: Readonly<Record<SectionRule['kind'], SectionSort>> = {
  new: 'launched',
  hot: 'hot',
  promotion: 'hot',
  recommended: 'rating',
  filter: 'hot',
}

/** What the rule of a section asks of an index; of promotions a little more may be found than they speak of. */
export const partsOfRule = (
  rule: SectionRule,
  promotions: readonly GoodsPromotion[],
  now: Instant,
): readonly WithinPart[] => {
  switch (rule.kind) {
    case 'new':
      return [{ kind: 'atLeast', column: 'launchedAt', least: now - rule.withinDays * daysMs }]
    case 'hot':
      return [{ kind: 'atLeast', column: 'trend', least: trendFloor(rule.leastSold, now) }]
    case 'promotion':
      return [{ kind: 'anyOf', choices: promotions.map(({ goods }) => partsOfGoods(goods)) }]
    case 'recommended': {
      const grades = [1, 2, 3, 4, 5].filter((grade) => grade >= rule.leastGrade)
      return [{ kind: 'facet', facet: 'grade', values: new Set(grades.map(String)) }]
    }
    case 'filter':
      return []
  }
}

const partsOfGoods = ({
  merchantId,
  productIds,
  categoryIds,
  brands,
}: GoodsPromotion['goods']): readonly WithinPart[] => {
  const facet = (name: string, values: readonly string[] | undefined): readonly WithinPart[] =>
    values === undefined ? [] : [{ kind: 'facet', facet: name, values: new Set(values) }]
  return [
    ...facet('merchant', merchantId === undefined ? undefined : [merchantId]),
    ...facet('category', categoryIds),
    ...facet('brand', brands),
    ...(productIds === undefined ? [] : [{ kind: 'products', ids: productIds } as const]),
  ]
}
