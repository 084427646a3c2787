// Loaded before attw: it asks some hundred thousand times whether a folder is in the package, and looks through all files
// each time. What is packed does not change, so every folder is looked for once; of a check of two minutes it saves one.
import { Package } from '@arethetypeswrong/core'

const known = new WeakMap<Package, Map<string, boolean>>()
const lookThroughFiles = Package.prototype.directoryExists

Package.prototype.directoryExists = function (path) {
  const folders = known.get(this) ?? new Map<string, boolean>()
  known.set(this, folders)
  const exists = folders.get(path) ?? lookThroughFiles.call(this, path)
  folders.set(path, exists)
  return exists
}
