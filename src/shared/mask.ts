const first = (text: string, count: number): string => [...text].slice(0, count).join('')

/** A name of which the first character stays (`王**`). */
export const maskName = (name: string): string => `${first(name, 1)}**`

/** A telephone number of which the last four digits stay, and no more (`*******0000`). */
export const maskPhone = (phone: string): string => {
  const digits = phone.replace(/\D/g, '')
  return digits.length < 8 ? '****' : `*******${digits.slice(-4)}`
}

/** An e-mail address of which the first character and the domain stay (`a***@example.com`). */
export const maskEmail = (email: string): string => {
  const [local = '', domain = ''] = email.split('@')
  return domain === '' ? '***' : `${first(local, 1)}***@${domain}`
}

/** A text of which nothing stays but that there is one. */
export const maskedText = '***'
