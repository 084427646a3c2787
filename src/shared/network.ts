/**
 * The network that an address belongs to: the first 24 bits of an IPv4 address, the first 64 of an IPv6 one, which is
 * what one household or one machine rented by the hour is given. Undefined for what is no address.
 */
export const networkOf = (address: string): string | undefined => {
  if (address.length > 60) return undefined
  const text = address.trim().toLowerCase().split('%')[0] ?? ''
  const mapped = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (mapped !== null) {
    const bytes = mapped.slice(1).map(Number)
    return bytes.every((byte) => byte <= 255) ? `${bytes.slice(0, 3).join('.')}.0/24` : undefined
  }
  const groups = groupsOf(text)
  return groups === undefined ? undefined : `${groups.slice(0, 4).join(':')}::/64`
}

const groupsOf = (text: string): readonly string[] | undefined => {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const given = head.length + tail.length
  if (halves.length === 2 ? given > 7 : given !== 8) return undefined
  const groups = [...head, ...Array.from({ length: 8 - given }, () => '0'), ...tail]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return undefined
  return groups.map((group) => Number.parseInt(group, 16).toString(16))
}
