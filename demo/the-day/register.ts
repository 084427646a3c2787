import { minutesMs } from '../durations.js'
import type { Story } from '../story.js'
import type { Wares } from './choose-wares.js'
import { type Guest, personOf, signIn } from './customer.js'
import { deliverEvents } from './deliver-events.js'
import { putIntoCart } from './put-into-cart.js'

/** Somebody registers on a phone, activates the account by the code in time, and puts a first thing into the cart. */
export const register = async (story: Story, { twice }: Wares): Promise<void> => {
  const { shop, must, mustRefuse, by, tell, note, mailbox, pass, locale, when } = story
  const { name, email, password } = personOf(story.seed)
  story.chapter('A customer registers, on the phone', '在手机上注册')
  const guest: Guest = { kind: 'guest', guestId: shop.ports.ids.next('guest') }
  const { challengeId, expiresAt } = must(
    'register',
    await shop.accounts.register(by(guest), { email, password, name: name[locale], locale }),
  )
  await deliverEvents(story)
  must('sendMessages', await shop.upkeep.sendMessages({ limit: 100 }))
  const letter = mailbox.filter(({ to }) => to === email).at(-1)
  const code = /\d{6,}/.exec(letter?.text ?? '')?.[0] ?? ''
  tell(`${name.en} registers as ${email}.`, `${name['zh-CN']}用 ${email} 注册。`)
  note(
    `a letter comes: “${letter?.subject}”, code ${code}, good until ${when(expiresAt)}`,
    `收到邮件：“${letter?.subject}”，验证码 ${code}，${when(expiresAt)} 前有效`,
  )
  pass(minutesMs)
  const wrong = mistyped(code)
  const refusal = mustRefuse('activate', await shop.accounts.activate(by(guest), { challengeId, code: wrong }))
  story.tellRefused(`Types ${wrong}. ${refusal}`, `输入 ${wrong}。${refusal}`)
  pass(minutesMs)
  must('activate', await shop.accounts.activate(by(guest), { challengeId, code }))
  tell(`Types ${code}: the account is active.`, `输入 ${code}，账号已激活。`)
  const customer = await signIn(story, guest)
  await putIntoCart(story, customer, twice)
  tell(
    `Signs in, and puts 1 × ${story.nameOf(twice.title)} into the cart.`,
    `登录，加入购物车：${story.nameOf(twice.title)} × 1。`,
  )
}

/** The code with its last two digits the wrong way round, or the last one missed where they are the same. */
const mistyped = (code: string): string => {
  const [last = '', before = ''] = [code.at(-1), code.at(-2)]
  return code.slice(0, -2) + (last === before ? before + String((Number(last) + 1) % 10) : last + before)
}
