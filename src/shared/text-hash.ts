/** A whole number of 53 bits for a text: the same everywhere and for ever. Two texts out of millions hardly ever share one. */
export const hashOfText = (text: string): number => {
  let low = 0x811c9dc5
  let high = 0x9e3779b1
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ unit, 0x85ebca6b) ^ (high >>> 13)
  }
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0)
}
