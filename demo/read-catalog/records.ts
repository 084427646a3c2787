/** What a file of somebody else holds: members of any kind, looked at one by one. */
export type JsonRecord = Readonly<Record<string, unknown>>

/** A value as a record, where it is one. */
export const asRecord = (value: unknown): JsonRecord | undefined =>
  // What a file holds is not known before it is looked at, member by member.
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined

/** A line of JSON as a record, where it is one. */
export const parseRecord = (line: string): JsonRecord | undefined => {
  try {
    return asRecord(JSON.parse(line))
  } catch {
    return undefined
  }
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
}

/** A member as text, a number written out; empty where it is neither. */
export const textAt = (record: JsonRecord, name: string, most: number): string => {
  const value = record[name]
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
  return cut(text.replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => entities[entity] ?? entity).trim(), most)
}

/** A member that is a list of texts; empty where it is not. */
export const textsAt = (record: JsonRecord, name: string): readonly string[] => {
  const value = record[name]
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string' && each !== '') : []
}

/** A member that holds attributes: texts, numbers, yes and no; whatever else stands there is left out. */
export const attributesAt = (record: JsonRecord, name: string): Record<string, string | number | boolean> => {
  const kept: Record<string, string | number | boolean> = {}
  for (const [key, value] of Object.entries(asRecord(record[name]) ?? {}).slice(0, 110)) {
    if (key === '' || key.length > 80) continue
    if (typeof value === 'string') kept[key] = cut(value, 500)
    else if (typeof value === 'number' || typeof value === 'boolean') kept[key] = value
  }
  return kept
}

/** At most so many characters, no pair of surrogates cut in two. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/, '')
