import { err, ok, type Result } from 'neverthrow'

/** The address is not one e-mail address of plain letters. */
export type EmailMalformed = {
  readonly type: 'EmailMalformed'
  readonly reason: 'notOneAddress' | 'tooLong' | 'otherLetters'
}

/**
 * The one form of all spellings of an e-mail address: NFKC, lower case, ASCII only, so that look-alike letters cannot
 * stand for others.
 *
 * @param typed - as it was typed; white space around it is dropped
 * @errors EmailMalformed
 */
export const canonicalEmail = (typed: string): Result<string, EmailMalformed> => {
  if (typed.length > 400) return refuse('tooLong')
  const text = typed.normalize('NFKC').toLowerCase().trim()
  if (text.length > 254) return refuse('tooLong')
  if (!isPrintableAscii(text)) return refuse(/[\s\p{Cc}\p{Cf}]/u.test(text) ? 'notOneAddress' : 'otherLetters')
  const [local = '', domain = '', ...more] = text.split('@')
  if (more.length > 0 || !isLocalPart(local) || !isDomain(domain)) return refuse('notOneAddress')
  return ok(text)
}

const refuse = (reason: EmailMalformed['reason']): Result<never, EmailMalformed> =>
  err({ type: 'EmailMalformed', reason })

const isPrintableAscii = (text: string): boolean => /^[\x21-\x7e]*$/.test(text)

const isLocalPart = (local: string): boolean =>
  local.length <= 64 && local.split('.').every((atom) => /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+$/.test(atom))

const isDomain = (domain: string): boolean => {
  const labels = domain.split('.')
  return labels.length >= 2 && labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label))
}
