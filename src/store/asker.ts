// For whom the store works: said when it is called, and kept by what it does later. AsyncLocalStorage would carry the same without a
// word, but it makes every promise of the process dearer, about 0.3 ms for a request.

/** Whoever asks: the statements that are run for them are counted. */
export type Asker = { statements: number };

let current: Asker | null = null;

/** Calls the store for somebody. All that is begun in the call is done for them. */
export function askedBy<Result>(asker: Asker | null, call: () => Result): Result {
  const before = current;
  current = asker;
  try {
    return call();
  } finally {
    current = before;
  }
}

/** The same action for a later time, done for whoever asks now. */
export function forAsker<Given extends readonly unknown[], Result>(action: (...given: Given) => Result): (...given: Given) => Result {
  const asker = current;
  return (...given) => askedBy(asker, () => action(...given));
}

/** Counts a statement for whoever asks now. */
export function countStatement(): void {
  if (current) current.statements += 1;
}
