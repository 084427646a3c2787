/** Words of the trade that mean the same to a shopper; a line each, in the singular. */
const sameInEnglish = `
laptop notebook
headphone headset earphone earbud
phone smartphone cellphone mobile handset
tv television telly
pc computer
fridge refrigerator
freezer deepfreeze
hob cooktop
faucet tap
couch sofa settee
armchair recliner
cupboard cabinet
wardrobe closet armoire
rug carpet
curtain drape
trash garbage rubbish waste
flashlight torch
vacuum hoover
sweater pullover jumper
stove cooker
monitor display
kid child children
hairdryer blowdryer
sneaker trainer
pants trousers
purse handbag
backpack rucksack knapsack
suitcase luggage
diaper nappy
pram stroller pushchair buggy
bike bicycle
motorcycle motorbike
tire tyre
gray grey
color colour
aluminum aluminium
mower lawnmower
hose hosepipe
bulb lamp
wrench spanner
speaker loudspeaker
film movie
game videogame
eyeglass spectacle
perfume fragrance
cookie biscuit
soda pop
pot planter
grill barbecue bbq
`

const sameInChinese = `
耳机 耳麦
鼠标 滑鼠
屏幕 荧幕 萤幕
口红 唇膏
背包 书包
皮包 手袋
窗帘 帘子
地毯 地垫
墨镜 太阳镜
面霜 乳霜
`

/** What is called otherwise elsewhere, as most catalogs in simplified characters write it. */
const calledOtherwise = `
行动电源 充电宝
随身碟 u盘
优盘 u盘
印表机 打印机
影印机 复印机
碳粉匣 硒鼓
桌上型电脑 台式电脑
数位相机 数码相机
硬碟 硬盘
记忆体 内存
光碟 光盘
原子笔 圆珠笔
冷气机 空调
脚踏车 自行车
滑鼠垫 鼠标垫
电单车 电动车
优酪乳 酸奶
手提电话 手机
萤光笔 荧光笔
`

const linesOf = (text: string): readonly (readonly string[])[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split(' '))

/** Words that every shop's search knows to mean the same. */
export const retailWords = (): {
  readonly alike: readonly (readonly string[])[]
  readonly rewritten: readonly (readonly string[])[]
} => ({ alike: [...linesOf(sameInEnglish), ...linesOf(sameInChinese)], rewritten: linesOf(calledOtherwise) })
