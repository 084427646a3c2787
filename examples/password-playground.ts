import {
  contextWordsOf,
  guidePasswordPolicy,
  hybridPasswordPolicy,
  letterClassNames,
  lintPolicy,
  nistPasswordPolicy,
  type PasswordReason,
  passwordReasonMessages,
  policyFaultMessages,
  strengthOf,
} from 'shopwright'

// What a form shows while somebody types: how strong, and what is still lacking. It runs in a browser as it is.
// #region typing
const context = contextWordsOf({ email: 'li.na@example.com', name: '李娜', shopWords: ['Blue Teapot'] })

const tell = (reason: PasswordReason): string => {
  const facts =
    reason.type === 'ClassesMissing'
      ? { ...reason, classes: reason.classes.map((each) => letterClassNames[each].en).join(', ') }
      : reason
  const text: string = passwordReasonMessages[reason.type].en
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(Object.entries(facts).find(([key]) => key === name)?.[1] ?? whole),
  )
}

const show = (typed: string): void => {
  const { score, accepted, reasons } = strengthOf(hybridPasswordPolicy, typed, context)
  const bar = '#'.repeat(score).padEnd(4, '.')
  console.log(`${bar} ${accepted ? 'accepted' : 'not yet '} ${typed}`)
  for (const reason of reasons) console.log(`       ${tell(reason)}`)
}

for (const typed of ['Tr7', 'Tr7!mqLz', 'Zhangwei520!', 'BlueTeap0t!', 'a quiet river under seven hills']) show(typed)
// #endregion

// Which clauses of which standard each preset breaks, and how.
// #region lint
for (const policy of [guidePasswordPolicy, nistPasswordPolicy, hybridPasswordPolicy]) {
  console.log(`policy ${policy.name}:`)
  for (const { standard, clause, level, fault } of lintPolicy(policy)) {
    console.log(`       ${standard} ${clause} (${level}): ${policyFaultMessages[fault].en}`)
  }
}
// #endregion
console.log(`hybrid breaks ${lintPolicy(hybridPasswordPolicy).length} clauses, knowingly`)
