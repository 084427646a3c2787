import type { Actor } from 'shopwright'
import { createChance } from '../chance.js'
import type { Story } from '../story.js'

/** Somebody without an account, or not signed in. */
export type Guest = Extract<Actor, { kind: 'guest' }>

/** Somebody who is signed in. */
export type Customer = Extract<Actor, { kind: 'customer' }>

/** Whose day it is. */
export type Person = {
  readonly name: { readonly en: string; readonly 'zh-CN': string }
  readonly email: string
  readonly password: string
}

const people = [
  { name: { en: 'Wang Xiaoming', 'zh-CN': '王小明' }, email: 'ming@example.com', password: 'Kx7-plum-Teahouse' },
  { name: { en: 'Li Na', 'zh-CN': '李娜' }, email: 'lina@example.com', password: 'Rain4-on-Cedar-roof' },
  { name: { en: 'Zhao Yun', 'zh-CN': '赵云' }, email: 'yun@example.com', password: 'Nine9-cranes-Wading' },
  { name: { en: 'Chen Jing', 'zh-CN': '陈静' }, email: 'jing@example.com', password: 'Slow-Barge-71-upriver' },
] as const satisfies readonly Person[]

/** The customer of a seed. */
export const personOf = (seed: number): Person => {
  const [person = people[0]] = createChance(seed + 4).shuffle<Person>(people)
  return person
}

/** Signs in by e-mail address and password. */
export const signIn = async ({ shop, must, by, seed }: Story, guest: Guest): Promise<Customer> => {
  const { email, password } = personOf(seed)
  const { token } = must('signIn', await shop.accounts.signIn(by(guest), { identifier: email, password }))
  return must('actorOf', await shop.accounts.actorOf(token)).actor
}

/** Where the customer lives, by the currency of the catalog. */
export const addressOf = (currency: string) =>
  currency === 'CNY'
    ? { region: 'CN-31', city: '上海', address: '世纪大道 1 号 2 楼', phone: '+86 138 0000 0000' }
    : { region: 'US-CA', city: 'Oakland', address: '12 Grand Avenue', phone: '+1 510 555 0100' }
