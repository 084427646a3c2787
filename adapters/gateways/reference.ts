/**
 * Writes a reference of ours in letters, digits and single underscores, the most that every gateway takes. References as
 * the shop makes them stay as they are; in others, what does not fit is written `__` and two hexadecimal digits a byte.
 *
 * @returns null where the text would be longer than the gateway takes
 */
export const writeReference = (reference: string, maxLength: number): string | null => {
  const written = reference.replace(/[^0-9A-Za-z]/gu, (character, place: number) => {
    const stands = character === '_' && /^[0-9A-Za-z]_[0-9A-Za-z]$/.test(reference.slice(place - 1, place + 2))
    return stands && place > 0 ? '_' : escapeBytes(character)
  })
  return reference !== '' && written.length <= maxLength ? written : null
}

const escapeBytes = (character: string): string =>
  Array.from(
    new TextEncoder().encode(character),
    (byte) => `__${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('')

/** Reads what `writeReference` wrote; a reference that it cannot have written is returned as it is. */
export const readReference = (written: string): string => {
  const bytes: number[] = []
  for (let place = 0; place < written.length; ) {
    const escaped = /^__([0-9A-F]{2})/.exec(written.slice(place, place + 4))?.[1]
    if (escaped === undefined) {
      bytes.push(...new TextEncoder().encode(written.charAt(place)))
      place += 1
    } else {
      bytes.push(Number.parseInt(escaped, 16))
      place += 4
    }
  }
  const read = new TextDecoder().decode(Uint8Array.from(bytes))
  return writeReference(read, written.length) === written ? read : written
}
