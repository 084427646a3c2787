import type { AttributeDefinition } from './attribute-definition.js'

/** Attributes that most goods have, for a shop to put in its categories. */
export const readyAttributes: readonly AttributeDefinition[] = [
  { name: 'function', title: { en: 'Function', 'zh-CN': '功能' }, kind: 'text' },
  { name: 'material', title: { en: 'Material', 'zh-CN': '材质' }, kind: 'text' },
  { name: 'length', title: { en: 'Length', 'zh-CN': '长' }, kind: 'number', unit: 'cm', min: 0 },
  { name: 'width', title: { en: 'Width', 'zh-CN': '宽' }, kind: 'number', unit: 'cm', min: 0 },
  { name: 'height', title: { en: 'Height', 'zh-CN': '高' }, kind: 'number', unit: 'cm', min: 0 },
  { name: 'weight', title: { en: 'Weight', 'zh-CN': '重量' }, kind: 'number', unit: 'g', min: 0 },
  { name: 'scene', title: { en: 'For use in', 'zh-CN': '适用场景' }, kind: 'text' },
  { name: 'origin', title: { en: 'Origin', 'zh-CN': '产地' }, kind: 'text' },
  { name: 'model', title: { en: 'Model', 'zh-CN': '型号' }, kind: 'text' },
  { name: 'launchDate', title: { en: 'On the market since', 'zh-CN': '上市日期' }, kind: 'date' },
]
