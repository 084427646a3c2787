import { hashOfText } from '../../shared/text-hash.js'
import type { Category } from '../category.js'
import { isEmptyText, type LocalText } from '../local-text.js'

/** A category of a row: the id made of its path, and its name. */
export type PathStep = {
  readonly categoryId: string
  /** The id that says less than the path does: one that was imported under it keeps it. */
  readonly plainId: string
  readonly name: LocalText
  readonly slug: string
}

const longestId = 200
const longestSlug = 60

/**
 * The categories of a path, from the top down. An id is the path in slugs; where slugs say less than the names (`C++`,
 * `C#`), or the path is longer than an id may be, it ends with a hash of the whole path. Undefined where a step has no name.
 */
export const pathOf = (names: readonly LocalText[]): readonly PathStep[] | undefined => {
  const path: PathStep[] = []
  let [key, plainKey, whole] = ['', '', '']
  for (const name of names) {
    if (isEmptyText(name)) return undefined
    const text = foldedName(name.en === '' ? name['zh-CN'] : name.en)
    const slug = slugOf(text)
    whole = `${whole}/${text.replaceAll('/', '//')}`
    key = keyOf(key === '' ? slug : `${key}/${slug}`, whole, saysWhole(slug, text))
    plainKey = plainKey === '' ? slug : `${plainKey}/${slug}`
    path.push({ categoryId: `cat_${key}`, plainId: cut(`cat_${plainKey}`, longestId), name, slug })
  }
  return path
}

/**
 * A path with the ids that its categories have: one that was stored under its plain id, in the same place and by the same
 * name, is meant by it.
 */
export const storedPath = (
  path: readonly PathStep[],
  stored: ReadonlyMap<string, { readonly state: Category }>,
): readonly PathStep[] => {
  const found: PathStep[] = []
  for (const step of path) {
    const plain = stored.get(step.plainId)?.state
    const parentId = found.at(-1)?.categoryId ?? null
    const isMeant = plain !== undefined && plain.parentId === parentId && hasSameName(plain.name, step.name)
    found.push(isMeant ? { ...step, categoryId: step.plainId } : step)
  }
  return found
}

const hasSameName = (left: LocalText, right: LocalText): boolean => {
  const isSame = (language: keyof LocalText): boolean =>
    left[language] !== '' && foldedName(left[language]) === foldedName(right[language])
  return isSame('en') || isSame('zh-CN')
}

const foldedName = (name: string): string => name.normalize('NFKC').toLowerCase().trim().replace(/\s+/gu, ' ')

const slugOf = (folded: string): string => {
  const slug = folded.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '')
  return slug === '' ? 'other' : cut(slug, longestSlug)
}

const saysWhole = (slug: string, folded: string): boolean => folded.replace(/[ -]+/g, '-') === slug

const keyOf = (key: string, whole: string, isWhole: boolean): string => {
  const room = longestId - 'cat_'.length
  if (isWhole && key.length <= room) return key
  const mark = `~${hashOfText(whole).toString(36)}`
  return cut(key, room - mark.length) + mark
}

/** The beginning of a text, no longer than so many units, and no half of a character at its end. */
const cut = (text: string, longest: number): string => text.slice(0, longest).replace(/[\uD800-\uDBFF]$/u, '')
