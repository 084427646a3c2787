/**
 * The exact text of a member of an object, as it stands in the text of the object: what a signature over it was made of.
 *
 * @returns null where there is no such member, more than one, or no object
 */
export const readMemberText = (text: string, name: string): string | null => {
  let place = skipSpace(text, 0)
  if (text.charAt(place) !== '{') return null
  let found: string | null = null
  place = skipSpace(text, place + 1)
  while (text.charAt(place) === '"') {
    const keyEnd = endOfString(text, place)
    const colon = keyEnd === null ? -1 : skipSpace(text, keyEnd)
    if (keyEnd === null || text.charAt(colon) !== ':') return null
    const from = skipSpace(text, colon + 1)
    const to = endOfValue(text, from)
    if (to === null) return null
    if (text.slice(place, keyEnd) === JSON.stringify(name)) {
      if (found !== null) return null
      found = text.slice(from, to)
    }
    place = skipSpace(text, to)
    if (text.charAt(place) === '}') return found
    if (text.charAt(place) !== ',') return null
    place = skipSpace(text, place + 1)
  }
  return null
}

const skipSpace = (text: string, from: number): number => {
  let place = from
  while (' \t\r\n'.includes(text.charAt(place)) && place < text.length) place += 1
  return place
}

/** Where a string that begins at `from` has ended; null where it does not. */
const endOfString = (text: string, from: number): number | null => {
  for (let place = from + 1; place < text.length; place += 1) {
    const character = text.charAt(place)
    if (character === '\\') place += 1
    else if (character === '"') return place + 1
  }
  return null
}

const endOfValue = (text: string, from: number): number | null => {
  let depth = 0
  for (let place = from; place < text.length; ) {
    const character = text.charAt(place)
    if (character === '"') {
      const end = endOfString(text, place)
      if (end === null) return null
      if (depth === 0) return end
      place = end
      continue
    }
    if (character === '{' || character === '[') depth += 1
    if (character === '}' || character === ']') {
      // A number or a word ends where what holds it ends.
      if (depth === 0) return place
      depth -= 1
      if (depth === 0) return place + 1
    }
    if (depth === 0 && character === ',') return place
    place += 1
  }
  return null
}
