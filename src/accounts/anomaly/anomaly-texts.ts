import type { Locale } from '../../shared/messages.js'
import type { Anomaly, AnomalyRule } from './anomaly.js'

const texts: Readonly<Record<AnomalyRule, Readonly<Record<Locale, string>>>> = {
  newDevice: { 'zh-CN': '使用了新设备', en: 'at a device not used before' },
  impossibleTravel: {
    'zh-CN': '短时间内从另一个国家或地区登录',
    en: 'from another country shortly after the one before',
  },
  failureBurst: { 'zh-CN': '此前多次登录失败', en: 'after many failures' },
}

/** What was unusual about a sign-in, in words. */
export const anomalyTexts = (anomalies: readonly Anomaly[]): Readonly<Record<Locale, string>> => ({
  'zh-CN': anomalies.map(({ rule }) => texts[rule]['zh-CN']).join('、'),
  en: anomalies.map(({ rule }) => texts[rule].en).join(', '),
})
