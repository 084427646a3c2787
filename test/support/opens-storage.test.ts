import { describe, expect, it } from 'vitest'
import { opensStorage } from './opens-storage.js'

const opened = (files: Readonly<Record<string, string>>) =>
  opensStorage(
    Object.keys(files).filter((path) => path.endsWith('.test.ts')),
    (path) => files[path],
  )

describe('a test that opens a storage', () => {
  const shop = { 'test/a/open-shop.ts': "import { openStorage } from '../support/storages.js'" }

  it('is found by what it imports, whatever that is called, and over as many files as it takes', () => {
    const files = {
      ...shop,
      'test/a/disputed.ts': "import {\n  openShop,\n} from './open-shop.js'",
      'test/a/again.ts': "export { openPaid } from './disputed.js'",
      'test/b/itself.test.ts': "import { openStorage } from '../support/storages.js'",
      'test/b/by-another.test.ts': "import { openPaid } from '../a/again.js'",
      'test/b/pure.test.ts': "import { pure } from '../../src/pure.js'",
    }
    expect(opened(files)).toEqual(['test/b/itself.test.ts', 'test/b/by-another.test.ts'])
  })

  it('is not one that takes its types from there alone, nor one whose shop asks no storage', () => {
    const files = {
      ...shop,
      'test/shop/unasked-shop.ts': "import { openShop } from '../a/open-shop.js'",
      'test/b/types.test.ts': "import type { TestShop } from '../a/open-shop.js'",
      'test/shop/hostile.test.ts': "import { unaskedShop } from './unasked-shop.js'",
    }
    expect(opened(files)).toEqual([])
  })

  it('goes round no circle', () => {
    const files = {
      'test/a/one.ts': "import { two } from './two.js'",
      'test/a/two.ts': "import { one } from './one.js'",
      'test/b/circle.test.ts': "import { one } from '../a/one.js'",
    }
    expect(opened(files)).toEqual([])
  })
})
