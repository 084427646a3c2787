/**
 * The network that an address belongs to: the first 24 bits of an IPv4 address, the first 64 of an IPv6 one, which is
 * what one household or one machine rented by the hour is given. An IPv4 address that is written as an IPv6 one is the
 * IPv4 address, and a port behind an address is none of it. Undefined for what is no address.
 */
export const networkOf = (address: string): string | undefined => {
  if (address.length > 60) return undefined
  const text = withoutPort(address.trim().toLowerCase()).split('%')[0] ?? ''
  const dotted = /^(.*:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (dotted !== null) {
    const [, before = '', ...digits] = dotted
    const bytes = digits.map(Number)
    if (!bytes.every((byte) => byte <= 255)) return undefined
    if (before === '') return networkOfBytes(bytes)
    const [a = 0, b = 0, c = 0, d = 0] = bytes
    return networkOfGroups(`${before}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`)
  }
  return networkOfGroups(text)
}

// As proxies and sockets write it: `203.0.113.7:5678`, `[2001:db8::1]:5678`.
const withoutPort = (text: string): string =>
  /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text

const networkOfBytes = (bytes: readonly number[]): string => `${bytes.slice(0, 3).join('.')}.0/24`

const networkOfGroups = (text: string): string | undefined => {
  const groups = groupsOf(text)
  if (groups === undefined) return undefined
  const isMapped = groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff'
  if (!isMapped) return `${groups.slice(0, 4).join(':')}::/64`
  return networkOfBytes(
    groups.slice(6).flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
  )
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
