import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold } from '../../../src/catalog/search/analysis/fold.js'
import { readNumber } from '../../../src/catalog/search/understanding/amounts.js'
import { priceInText } from '../../../src/catalog/search/understanding/price-in-text.js'

const read = (text: string) => {
  const price = priceInText(fold(text))
  return price === null ? null : [price.from, price.to, price.currency]
}

describe('the price that a text speaks of', () => {
  it.each([
    ['500元以内', null, 500, 'CNY'],
    ['耳机 500以内', null, 500, null],
    ['两千到三千元的平板', 2_000, 3_000, 'CNY'],
    ['两到三千元的平板', 2_000, 3_000, 'CNY'],
    ['1000到2000元的降噪耳机', 1_000, 2_000, 'CNY'],
    ['3000-5000的笔记本', 3_000, 5_000, null],
    ['手机3000至4000块', 3_000, 4_000, 'CNY'],
    ['一千五以内的手机', null, 1_500, null],
    ['一千五百元以下手机', null, 1_500, 'CNY'],
    ['两百块以下的耳机', null, 200, 'CNY'],
    ['不超过300元的礼物', null, 300, 'CNY'],
    ['低于1千元的手表', null, 1_000, 'CNY'],
    ['1.5万以下二手车', null, 15_000, null],
    ['一百二十元以内的键盘', null, 120, 'CNY'],
    ['100元以上的口红', 100, null, 'CNY'],
    ['超过两千元的相机', 2_000, null, 'CNY'],
    ['预算800元的手机', 640, 960, 'CNY'],
    ['300元左右的礼物', 240, 360, 'CNY'],
    ['两百块钱上下的鞋', 160, 240, 'CNY'],
    ['小米手机5G价格2000元', 1_600, 2_400, 'CNY'],
    ['100元折叠琴', 80, 120, 'CNY'],
    ['￥200以内 水杯', null, 200, 'CNY'],
    ['价格100-200的台灯', 100, 200, null],
    ['价格200元以内', null, 200, 'CNY'],
    ['五十块钱以内的玩具', null, 50, 'CNY'],
    ['３００元以下的风扇', null, 300, 'CNY'],
    ['1,500元以内显示器', null, 1_500, 'CNY'],
    ['2到4元零食', 2, 4, 'CNY'],
    ['从100到300元的包', 100, 300, 'CNY'],
    ['二万左右的相机', 16_000, 24_000, null],
    ['headphones under $50', null, 50, 'USD'],
    ['red shoes below 80 dollars', null, 80, 'USD'],
    ['laptop less than $1,000', null, 1_000, 'USD'],
    ['lamp between $20 and $40', 20, 40, 'USD'],
    ['lamp $20-$40', 20, 40, 'USD'],
    ['lamp $20 to $40', 20, 40, 'USD'],
    ['camera over $300', 300, null, 'USD'],
    ['camera more than 300 usd', 300, null, 'USD'],
    ['watch at least €200', 200, null, 'EUR'],
    ['jacket up to £75.50', null, 75.5, 'GBP'],
    ['desk max $150', null, 150, 'USD'],
    ['desk $150 or less', null, 150, 'USD'],
    ['tv around $500', 400, 600, 'USD'],
    ['gift about 25 dollars', 20, 30, 'USD'],
    ['cabinet $100', 80, 120, 'USD'],
    ['tent from 120 euros', 120, null, 'EUR'],
    ['phone under 200', null, 200, null],
    ['tênis under R$ 300', null, 300, 'BRL'],
    ['tea under HK$80', null, 80, 'HKD'],
    ['tea under us$80', null, 80, 'USD'],
    ['lamp a$20 to a$40', 20, 40, 'AUD'],
    ['3000円以下', null, 3_000, 'JPY'],
    ['500港币以内的茶', null, 500, 'HKD'],
    ['5000日元以内', null, 5_000, 'JPY'],
    ['cup under 900 yen', null, 900, 'JPY'],
    ['phone between 200 and 300', 200, 300, null],
    ['price under 90 jacket', null, 90, null],
    ['sofa not over $2k', null, 2_000, 'USD'],
    ['books between $8 and $12', 8, 12, 'USD'],
    ['price between 8 and 12', 8, 12, null],
    ['phone between 150 and 250', 150, 250, null],
    ['office chair up to 500', null, 500, null],
    ['scale up to $300 500 lbs', null, 300, 'USD'],
    ['jacket up to 300 pounds sterling', null, 300, 'GBP'],
    ['flashlight over $1000 lumens', 1_000, null, 'USD'],
    ['jordans from $2019', 2_019, null, 'USD'],
    ['tv price from 2000', 2_000, null, null],
    ['tv over 2,000', 2_000, null, null],
    ['tv over 2500', 2_500, null, null],
    ['lego under 200 star wars', null, 200, null],
    ['socks under 100 pack of 6', null, 100, null],
    ['sweater under 100 v neck', null, 100, null],
    ['手机不超过3000', null, 3_000, null],
  ])('%s: %s to %s %s', (text, from, to, currency) => {
    expect(read(text)).toEqual([from, to, currency])
  })

  it.each([
    '10元话费充值',
    '三元催化器',
    '张一元 茉莉花茶',
    '元宝枫',
    '2022元旦视频',
    '儿童羊奶粉7岁以上',
    '方口多肉盆10公分左右',
    '155/65轮胎价格',
    '奥运10元纪念钞',
    'l500xl900上下床',
    '加肥加大男衣薄款280斤以上',
    '得物100元无门槛卷',
    '20以内加减法口算题',
    '电煮锅3到4人大容量',
    '二次元书架',
    'cx1100-0002',
    'max232芯片',
    '304圆芯砧板架',
    'iphone 15 case',
    'wh-1000xm4',
    '7 to 12 years lego',
    '2x4 lumber under deck',
    'usb 3.0 hub over ear',
    '4 to 6 inch pipe',
    'office chair up to 500 lbs',
    'office chair up to 500lbs',
    'office chair up to 300 pounds',
    'flashlight over 1000 lumens',
    'over 1000-piece puzzle',
    'power bank about 10000 mah',
    'rug under 100 sq ft',
    'sheets over 1000 thread count',
    'cotton over 100%',
    'headset with more than 500 reviews',
    'jordans from 2019',
    'coins from 1900 to 2000',
    'vinyl between 1990 and 2005',
    'cars over 2000',
    'books for kids between 8 and 12 years',
    'books for kids between 8 and 12',
    'novel between 100 and 250 pages',
    '电脑椅最多500斤',
    '手电超过1000流明',
  ])('%s speaks of none', (text) => {
    expect(read(text)).toBeNull()
  })

  it.each([
    ['tent under $50', 'CAD', 'CAD'],
    ['tent under $50', 'HKD', 'HKD'],
    ['tent under 50 dollars', 'AUD', 'AUD'],
    ['tent between $50 and $80', 'NZD', 'NZD'],
    ['tent under 50 usd', 'CAD', 'USD'],
    ['us$50以下', 'CAD', 'USD'],
    ['tent under $50', 'EUR', 'USD'],
    ['tent under $50', null, 'USD'],
    ['¥5000以下', 'JPY', 'JPY'],
    ['￥5000以下', 'JPY', 'JPY'],
    ['5000元以下', 'JPY', 'CNY'],
    ['500元以下', 'TWD', 'TWD'],
    ['¥5000以下', 'USD', 'CNY'],
    ['tent under £50', 'GIP', 'GIP'],
    ['tent under 500', 'CAD', null],
    ['tent under 50 pounds', 'GBP', 'GBP'],
    ['tent between 50 and 80 pounds', 'GBP', 'GBP'],
    ['tent about 50 quid', 'GBP', 'GBP'],
    ['us$50以下', 'HKD', 'USD'],
    ['hk$50以下', 'USD', 'HKD'],
  ])('%s, where all is sold in %s, is in %s', (text, sole, currency) => {
    expect(priceInText(fold(text), sole)?.currency).toBe(currency)
  })

  it.each([
    ['barbell up to 50 lbs', 'GBP'],
    ['barbell up to 50 pounds', 'USD'],
    ['poundland under 5', 'GBP'],
    ['纪念币 500以内', 'CNY'],
  ])('%s, where all is sold in %s, speaks of none', (text, sole) => {
    expect(priceInText(fold(text), sole)).toBeNull()
  })

  it('has bounds in order, above nothing, at a place within the text', () => {
    const piece = fc.constantFrom(
      '500',
      '一千',
      '元',
      '块钱',
      '以内',
      '以上',
      '到',
      '-',
      '$',
      'under ',
      ' to ',
      '左右',
      '价格',
      '耳机',
      '1,0',
      '.',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 8 }).map((all) => all.join('')),
          fc.string(),
        ),
        (text) => {
          const folded = fold(text)
          const price = priceInText(folded)
          if (price === null) return
          expect(price.from ?? price.to).not.toBeNull()
          if (price.from !== null) expect(price.from).toBeGreaterThan(0)
          if (price.to !== null) expect(price.to).toBeGreaterThanOrEqual(price.from ?? 0)
          expect(price.start).toBeLessThan(price.end)
          expect(price.end).toBeLessThanOrEqual(folded.length)
        },
      ),
      { numRuns: 500 },
    )
  })

  it.each([
    ['十', 10],
    ['十五', 15],
    ['两千三', 2_300],
    ['一千零五', 1_005],
    ['一百二', 120],
    ['三万五', 35_000],
    ['十二万', 120_000],
    ['2.5万', 25_000],
    ['3千', 3_000],
    ['五五', undefined],
    ['零', undefined],
  ])('reads %s as %s', (written, value) => {
    expect(readNumber(written)).toBe(value)
  })
})
