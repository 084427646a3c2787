// Words that people choose first, in plain form: of the keyboard, of the trade, of Chinese and English everyday speech.
const commonWords: readonly string[] = `
password passwort passw pass word admin administrator root user guest login welcome letmein master secret default
changeme test testing demo hello iloveyou loveyou love lover sunshine princess dragon monkey shadow superman batman
football baseball basketball soccer hockey freedom whatever trustno michael jordan charlie thomas ashley daniel
computer internet server system oracle mysql manager office company service account access security private
qwerty qwertyuiop qwert qwer asdf asdfgh asdfghjkl asdfjkl zxcv zxcvbn zxcvbnm qazwsx qazwsxedc qaz wsx edc
aa aaaa bbbb aabb abcd abcde abcdef abcdefg abc xyz aaa zzz
spring summer autumn winter monday friday january december happy lucky forever angel baby summertime
shop store shopping order market mall buy sale taobao tmall jingdong jd pinduoduo alibaba alipay zhifubao
wechat weixin tencent qq baidu weibo douyin huawei xiaomi oppo vivo apple iphone android google facebook amazon
woaini aini woaiwojia woaizhongguo nihao nizhidao zhongguo china beijing shanghai guangzhou shenzhen hangzhou
chengdu chongqing wuhan nanjing tianjin suzhou xian taiwan hongkong
mima wodemima mimashi denglu zhanghao yonghu guanliyuan gongsi xuexiao laoshi xuesheng
baobao baobei laopo laogong mama baba gege jiejie didi meimei airen qinaide
wang wangwei wangfang wangli zhang zhangwei zhangli zhangmin li lina liwei liqiang liu liuyang liuwei chen chenjie
chenwei yang yangyang zhao zhaolei huang huangwei zhou wu xu sun ma zhu hu guo lin he gao luo zheng liang xie song tang
xiaoming xiaohong xiaoli xiaolong longlong feifei tingting yueyue
shengri kuaile xinnian facai gongxi jixiang ruyi shunli pingan
`
  .trim()
  .split(/\s+/)

// What each look-alike stands for, so that `p@ssw0rd` is `password`; `l` and `i` share so many that they are one.
const lookAlikes: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  l: 'i',
  '|': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/** A text without its disguise: NFKC, lower case, look-alikes undone, letters only. */
export const plainForm = (text: string): string =>
  [...text.normalize('NFKC').toLowerCase()]
    .map((letter) => lookAlikes[letter] ?? letter)
    .filter((letter) => /\p{L}/u.test(letter))
    .join('')

const common: ReadonlySet<string> = new Set(commonWords.map(plainForm))

/**
 * Whether a password is one of those that are tried first: a common word with digits and symbols around it, one word
 * said twice, one letter or a run of neighbours over and over.
 *
 * @param password - at most some hundred letters
 */
export const isCommonPassword = (password: string): boolean => {
  const folded = password.normalize('NFKC').toLowerCase()
  if (isRun(folded) || isRepetition(folded)) return true
  const letters = [...folded].filter((letter) => /\p{L}/u.test(letter)).join('')
  const trimmed = folded.replace(/^[^\p{L}@$]+|[^\p{L}@$]+$/gu, '')
  return (
    [plainForm(letters), plainForm(trimmed), plainForm(folded)].some((form) => isCommonWord(form)) &&
    isShortAround(folded)
  )
}

const isCommonWord = (form: string): boolean => {
  if (common.has(form)) return true
  const half = form.slice(0, form.length / 2)
  return form.length % 2 === 0 && form === half + half && common.has(half)
}

// A common word with much beside it is not a common password.
const isShortAround = (folded: string): boolean => [...folded].length < 20

const isRepetition = (text: string): boolean => {
  const letters = [...text]
  return letters.length > 0 && new Set(letters).size <= Math.max(1, Math.floor(letters.length / 6))
}

const rows = ['01234567890', '9876543210', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm']

const isRun = (text: string): boolean =>
  text.length >= 3 && rows.some((row) => row.includes(text) || [...row].reverse().join('').includes(text))
