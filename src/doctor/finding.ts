// How a violation reads: where it stands, what is wrong, and what was expected.

type Figure = number | bigint | string | null;

/** A line for each figure that is not what it should be: [what it is, what was expected]. */
export function* differences(where: string, figures: Readonly<Record<string, readonly [Figure, Figure]>>): Generator<string> {
  for (const [name, [actual, expected]] of Object.entries(figures))
    if (actual !== expected) yield `${where}: ${name} is ${actual}, expected ${expected}.`;
}

/** A line for each figure below zero. */
export function* negatives(where: string, figures: Readonly<Record<string, number>>): Generator<string> {
  for (const [name, value] of Object.entries(figures)) if (value < 0) yield `${where}: ${name} is ${value}, expected 0 or more.`;
}

/** A line where numbers do not run 1, 2, 3 ...: one for each gap, so that a single missing row makes a single line. */
export function* gaps(where: string, name: string, numbers: readonly number[]): Generator<string> {
  let last = 0;
  for (const number of numbers) {
    if (number !== last + 1) yield `${where}: ${name} ${number} follows ${last}, expected ${last + 1}.`;
    last = number;
  }
}

/** What a check finds; one that cannot go on, as on a row that cannot be read, has found something too. */
export function* guarded(where: string, check: () => Iterable<string>): Generator<string> {
  try {
    yield* check();
  } catch (error) {
    yield `${where}: could not be read: ${error instanceof Error ? error.message : String(error)}.`;
  }
}
