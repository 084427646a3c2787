/** What a unit is written as in a search word, by every way in which it is written beside a number. */
export const unitOf = (word: string): string | undefined => units().get(word)

/** The unit with which Chinese text goes on behind a number, and how many characters it takes. */
export const hanUnitOf = (text: string): { readonly unit: string; readonly length: number } | undefined => {
  for (const length of [2, 1]) {
    const unit = text.length >= length ? units().get(text.slice(0, length)) : undefined
    if (unit !== undefined) return { unit, length }
  }
  return undefined
}

const written: Readonly<Record<string, string>> = {
  in: 'inch inches ins 寸 英寸 吋 "',
  ft: "feet foot 英尺 '",
  yd: 'yard yards',
  mm: 'millimeter millimeters millimetre millimetres 毫米',
  cm: 'centimeter centimeters centimetre centimetres 厘米 公分',
  m: 'meter meters metre metres mtr 米',
  km: '公里',
  ml: 'milliliter milliliters millilitre millilitres 毫升',
  l: 'liter liters litre litres ltr 升',
  gal: 'gallon gallons 加仑',
  oz: 'ounce ounces 盎司',
  qt: 'quart quarts',
  lb: 'lbs pound pounds 磅',
  g: 'gram grams 克',
  kg: 'kilogram kilograms kilo kilos kgs 千克 公斤',
  mg: 'milligram milligrams 毫克',
  w: 'watt watts 瓦',
  kw: 'kilowatt kilowatts 千瓦',
  v: 'volt volts 伏',
  a: 'amp amps ampere amperes 安',
  mah: '毫安',
  hp: 'horsepower 匹',
  gb: 'gigabyte gigabytes gig gigs',
  tb: 'terabyte terabytes',
  mb: 'megabyte megabytes',
  mp: 'megapixel megapixels',
  hz: 'hertz 赫兹',
  pack: 'packs pk',
  piece: 'pieces pc pcs',
  light: 'lights',
  sqft: '',
  btu: 'btus',
  ga: 'gauge',
  amp: '',
}

let byWriting: ReadonlyMap<string, string> | undefined

const units = (): ReadonlyMap<string, string> => {
  byWriting ??= new Map(
    Object.entries(written).flatMap(([unit, others]) =>
      [unit, ...others.split(' ')].filter((each) => each !== '').map((each) => [each, unit] as const),
    ),
  )
  return byWriting
}
