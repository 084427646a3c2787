import { describe, expect, it } from 'vitest'
import { countedText } from '../../../src/catalog/history/popular-query.js'

describe('a searched text', () => {
  it.each(['138.0013.8000', '(138) 0013-8000', '+86 138/0013/8000', '138·0013·8000', 'call 13800138000', 'a@b.cn'])(
    'is not counted where it may be somebody’s number or address: %s',
    (text) => {
      expect(countedText(text)).toBeUndefined()
    },
  )

  it.each(['kettle 1.5 l', 'usb 3.2', '36 x 80 door', 'iphone 15', '2 person tent 2026'])('is counted: %s', (text) => {
    expect(countedText(text)).toBe(text)
  })
})
