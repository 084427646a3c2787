type Mark = {
  readonly written: RegExp
  /** What it means where nothing tells otherwise. */
  readonly usual: string
  /** Other currencies that are written so; a mark that names its currency in full has none. */
  readonly others: readonly string[]
}

const dollars =
  'CAD AUD NZD HKD SGD TWD MXN ARS CLP COP UYU DOP BSD BBD BMD BZD BND KYD XCD FJD GYD JMD LRD NAD SBD SRD TTD'.split(
    ' ',
  )

const only = (written: RegExp, usual: string): Mark => ({ written, usual, others: [] })

const marks: readonly Mark[] = [
  only(/^us\$$/, 'USD'),
  only(/^(?:hk\$|hkd|港元|港币)$/, 'HKD'),
  only(/^(?:nt\$|twd|新台币)$/, 'TWD'),
  only(/^(?:a\$|aud)$/, 'AUD'),
  only(/^(?:c\$|cad)$/, 'CAD'),
  only(/^(?:nz\$|nzd)$/, 'NZD'),
  only(/^(?:s\$|sgd)$/, 'SGD'),
  only(/^(?:mx\$|mxn)$/, 'MXN'),
  only(/^(?:r\$|brl|reais)$/, 'BRL'),
  only(/^(?:円|日元|日圆|jpy|yen)$/, 'JPY'),
  { written: /^(?:\$|dollars?|bucks?)$/, usual: 'USD', others: dollars },
  { written: /^(?:usd|美元|美金)$/, usual: 'USD', others: [] },
  { written: /^(?:€|eur.*|欧元)$/, usual: 'EUR', others: [] },
  { written: /^£$/, usual: 'GBP', others: ['EGP', 'FKP', 'GIP', 'SHP'] },
  { written: /^(?:gbp|pounds?.*|quid|英镑)$/, usual: 'GBP', others: [] },
  { written: /^[¥￥]$/, usual: 'CNY', others: ['JPY'] },
  { written: /^(?:元钱?|块钱?|快钱)$/, usual: 'CNY', others: ['HKD', 'MOP', 'TWD'] },
]

/**
 * The currency that a mark beside an amount means: `$` is the dollar of a shop that sells in one dollar only.
 *
 * @param sole - the only currency of the shop; null where there are several, or none
 */
export const currencyOfMark = (mark: string, sole: string | null): string => {
  const known = marks.find(({ written }) => written.test(mark))
  if (known === undefined) return 'CNY'
  return sole !== null && known.others.includes(sole) ? sole : known.usual
}
