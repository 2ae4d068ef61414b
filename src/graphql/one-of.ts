// Checks again what @oneOf promises, because an executor may not enforce it on variables.
import { refusalError } from './refusal-error.ts';

/** Tells whether exactly one key of an input has a value. */
export const hasExactlyOne = (input: object): boolean =>
  Object.values(input).filter((value) => value !== null && value !== undefined).length === 1;

/** Throws INVALID_INPUT unless exactly one key of an input has a value. */
export function exactlyOne(input: object, path: readonly string[]): void {
  if (!hasExactlyOne(input))
    throw refusalError('INVALID_INPUT', path, `Expected exactly one of ${Object.keys(input).join(', ') || 'its keys'} to have a value.`);
}
