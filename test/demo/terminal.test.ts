import { describe, expect, it } from 'vitest'
import { openTerminal } from '../../demo/terminal.js'

const written = (isTTY: boolean, environment: Record<string, string>): string => {
  let text = ''
  const terminal = openTerminal(
    {
      isTTY,
      write: (piece) => {
        text += piece
      },
    },
    environment,
  )
  terminal.progress('half')
  terminal.progress('')
  terminal.print(terminal.green('done'))
  return text
}

describe('the terminal', () => {
  it('has colours and progress where it is one', () => {
    expect(written(true, { TERM: 'xterm' })).toBe('\r\u001b[2Khalf\r\u001b[2K\u001b[32mdone\u001b[0m\n')
  })

  it('has no colours where NO_COLOR says so, and still progress', () => {
    expect(written(true, { NO_COLOR: '1' })).toBe('\r\u001b[2Khalf\r\u001b[2Kdone\n')
    expect(written(true, { NO_COLOR: '' })).toContain('\u001b[32m')
  })

  it('gets nothing but text where it is a file or cannot do more', () => {
    expect(written(false, {})).toBe('done\n')
    expect(written(true, { TERM: 'dumb' })).toBe('done\n')
  })
})
