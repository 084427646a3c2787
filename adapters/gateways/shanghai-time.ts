const eightHoursMs = 8 * 3_600_000

/** A moment as Alipay writes it: by the clock of Beijing, to the second. */
export const inShanghai = (at: number): string =>
  new Date(at + eightHoursMs).toISOString().slice(0, 19).replace('T', ' ')

/** Reads a moment as Alipay writes it; null where it is none. */
export const readShanghai = (text: string): number | null => {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,3})?$/.test(text)) return null
  const at = Date.parse(`${text.replace(' ', 'T')}+08:00`)
  return Number.isNaN(at) ? null : at
}
