import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { runDemo } from '../../demo/run-demo.js'
import { buildScripts } from '../support/build-scripts.js'
import { makeFolder, smallCatalog, writeCatalog, writeFileFor } from './write-catalog.js'

const run = async (given: readonly string[], environment: Record<string, string> = {}) => {
  let out = ''
  let err = ''
  const code = await runDemo(given, {
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    environment,
  })
  return { code, out, err, sentence: err.split('\n')[0] ?? '' }
}

describe('bad arguments', () => {
  it.each([
    [['--storage', 'disk'], '--storage is memory, embedded or postgres, not “disk”.'],
    [['--storage'], '--storage needs a value.'],
    [['--storage='], '--storage needs a value.'],
    [['--seed', 'seven'], '--seed is a whole number of at most nine digits, not “seven”.'],
    [['--seed', '1.5'], '--seed is a whole number of at most nine digits, not “1.5”.'],
    [['--seed=-1'], '--seed is a whole number of at most nine digits, not “-1”.'],
    [['--locale', 'fr'], '--locale is zh-CN or en, not “fr”.'],
    [['--catalogue', 'x'], 'There is no option --catalogue.'],
    [['--__proto__', 'x'], 'There is no option --__proto__.'],
    [['-x'], 'There is no option -x.'],
    [['shop.jsonl'], '“shop.jsonl” is not expected here.'],
    [['--help=yes'], '--help takes no value.'],
  ])('%j are refused with a sentence and the page of help', async (given, sentence) => {
    const refused = await run(given)
    expect(refused).toMatchObject({ code: 1, out: '', sentence })
    expect(refused.err).toContain('npm run demo -- [options]')
  })

  it('are refused in Chinese where Chinese was asked for', async () => {
    const { code, sentence, err } = await run(['--locale', 'zh-CN', '--seed', 'x'])
    expect([code, sentence]).toEqual([1, '--seed 是最多九位的整数，不能是“x”。'])
    expect(err).toContain('在终端里看一家商店的一天')
  })

  it('are none where help was asked for', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, err: '' })
  })

  it('end the process with 1 and leave its output empty', async () => {
    const main = `${await buildScripts(['demo/main.ts'])}/main.mjs`
    const ended = promisify(execFile)(process.execPath, [main, '--seed', 'x'])
    await expect(ended).rejects.toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^--seed is/) })
  })
})

describe('a catalog that cannot be read', () => {
  const catalogs: Readonly<Record<string, readonly [() => Promise<string>, RegExp]>> = {
    missing: [async () => '/nowhere/catalog.jsonl', /^The catalog \/nowhere\/catalog\.jsonl does not exist\.$/],
    empty: [() => writeFileFor('empty.jsonl', ''), /is empty\.$/],
    blank: [() => writeFileFor('blank.csv', '\uFEFF \n\n  \n'), /is empty\.$/],
    'an empty .gz': [() => writeFileFor('empty.jsonl.gz', gzipSync('')), /is empty\.$/],
    'not packed': [
      () => writeFileFor('text.jsonl.gz', '{"externalId":"a"}\n'),
      /is not packed as its name \.gz says\.$/,
    ],
    'cut off': [
      () => writeFileFor('cut.jsonl.gz', gzipSync('{"externalId":"a"}\n').subarray(0, 20)),
      /is cut off in the middle\.$/,
    ],
    'no array after all': [() => writeFileFor('half.json', '[{"name": "A"'), /begins as a JSON array and is none\.$/],
    'a folder of other things': [makeFolder, /holds no \.jsonl, \.csv or \.json file\.$/],
  }

  it.each(Object.entries(catalogs))('is refused with a sentence: %s', async (_, [write, sentence]) => {
    const refused = await run(['--catalog', await write(), '--storage', 'memory'])
    expect([refused.code, refused.out]).toEqual([1, ''])
    expect(refused.err.trim()).toMatch(sentence)
  })

  it('is refused in Chinese too', async () => {
    const { sentence } = await run(['--catalog', '/nowhere/a.csv', '--locale', 'zh-CN'])
    expect(sentence).toBe('商品目录 /nowhere/a.csv 不存在。')
  })
})

describe('a database that is not there', () => {
  it('is refused with what is missing', async () => {
    const catalog = await writeCatalog(smallCatalog)
    const given = ['--catalog', catalog, '--storage', 'postgres']
    expect(await run(given)).toMatchObject({ code: 1, sentence: expect.stringMatching(/needs DATABASE_URL/) })
    const nowhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
    expect(await run(given, nowhere)).toMatchObject({
      code: 1,
      sentence: expect.stringMatching(/^The database cannot be reached: /),
    })
    expect(await run(given, { DATABASE_URL: 'no address' })).toMatchObject({ code: 1, out: '' })
  })
})

describe('the demo as it is started', () => {
  it('plays a day in memory and says so with its exit code', async () => {
    const { code, out, err } = await run(['--catalog', await writeCatalog(smallCatalog), '--storage', 'memory'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('The day is over. Every ledger balances: yes')
  })
})
