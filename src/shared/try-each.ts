import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'

/**
 * Does something with each of some things, one after the other: one that fails keeps no other from its turn.
 *
 * @returns what came of each, null where it failed; where all of them did, the first failure
 */
export const tryEach = <Item, Answer, Failure>(
  items: readonly Item[],
  move: (item: Item) => ResultAsync<Answer, Failure>,
): ResultAsync<readonly (Answer | null)[], Failure> =>
  items
    .reduce<ResultAsync<readonly Result<Answer, Failure>[], never>>(
      (sofar, item) =>
        sofar.andThen((before) =>
          move(item)
            .map((answer) => [...before, ok<Answer, Failure>(answer)])
            .orElse((failure) => okAsync([...before, err<Answer, Failure>(failure)])),
        ),
      okAsync([]),
    )
    .andThen((answers): Result<readonly (Answer | null)[], Failure> => {
      const [first] = answers
      const isAnyDone = answers.some((answer) => answer.isOk())
      return first?.isErr() === true && !isAnyDone
        ? err(first.error)
        : ok(answers.map((answer) => (answer.isOk() ? answer.value : null)))
    })
