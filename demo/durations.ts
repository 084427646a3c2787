export const minutesMs = 60_000
export const hoursMs = 60 * minutesMs
export const daysMs = 24 * hoursMs
