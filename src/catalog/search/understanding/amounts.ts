/** An amount as a text writes it, in major units of a currency that the text may name. */
export type WrittenAmount = {
  readonly amount: number
  /** `CNY`, `USD`, `EUR` or `GBP`; null where only a number is written. */
  readonly currency: string | null
}

/** A number in digits (1,000 or 2.5) or Chinese (两千三, 一百二十, 3千, 2.5万), as part of a pattern. */
export const numberPattern =
  '(?:\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?)(?:[十百千万]|k(?![a-z0-9]))?|[一二两三四五六七八九十百千万零]+'

/** Reads what `numberPattern` found; undefined where it is no number. */
export const readNumber = (written: string): number | undefined => {
  const [, digits, power] = /^([\d,.]+)([十百千万k]?)$/.exec(written) ?? []
  if (digits === undefined) return readChinese(written)
  const value = Number(digits.replaceAll(',', ''))
  return Number.isFinite(value) ? value * (powers.get(power ?? '') ?? 1) : undefined
}

const powers: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ['十', 10],
  ['百', 100],
  ['千', 1_000],
  ['k', 1_000],
  ['万', 10_000],
])

const digitsOf = '零一二三四五六七八九'

// 一千五 is 1,500 as it is spoken, and 一千零五 is 1,005.
const readChinese = (written: string): number | undefined => {
  let whole = 0
  let section = 0
  let digit: number | undefined
  let lastPower = 1
  for (const character of written) {
    const power = powers.get(character)
    const value = character === '两' ? 2 : digitsOf.indexOf(character)
    if (power === undefined) {
      if (value < 0 || (digit !== undefined && digit !== 0)) return undefined
      digit = value
      if (value === 0) lastPower = 1
      continue
    }
    if (digit === undefined && !(power === 10 && section === 0) && power !== 10_000) return undefined
    if (power === 10_000) {
      whole = (section + (digit ?? 0)) * power
      section = 0
    } else section += (digit ?? 1) * power
    digit = undefined
    lastPower = power
  }
  if (digit !== undefined) section += lastPower > 10 ? (digit * lastPower) / 10 : digit
  const total = whole + section
  return total > 0 ? total : undefined
}
