import type { Check } from './check.js'
export const checkAlipay = (_folder: string): readonly Check[] => []
