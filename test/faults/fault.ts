// What a fault is: one line of the source made wrong, and the tests that are expected to see it.

export type Fault = {
  /** What is wrong with the faulted program, in its own words. */
  readonly name: string;
  /** The file, from the root of the project. */
  readonly file: string;
  /** A part of one line that stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The test files that are run first; when they stay green, the whole suite is. */
  readonly tests: readonly string[];
};

export const histories = ['test/histories.test.ts', 'test/histories-expiry.test.ts'] as const;
