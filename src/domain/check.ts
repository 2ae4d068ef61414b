// Reads the values of an input one after the other and keeps the first fault, with its path.
import { type Decimal, parseDecimal } from './decimal.ts';
import { type Instant, parseInstant } from './instant.ts';
import { maximumOrderValueMinor, maximumUnitPriceMinor, toMinor } from './money.ts';
import { type InputPath, type Refusal, refuse, refuseQuantity } from './refusal.ts';

const idLength = 128;
const textLength = 4_000;
const attributesLength = 16_000;
/** How many levels of lists and objects attributes may have, so that nothing that walks them runs out of stack. */
export const attributesDepth = 100;
export const maximumQuantity = 1_000_000;

type Given<T> = T | null | undefined;

/**
 * Each reader returns the value it read, or a harmless stand-in after a fault; nothing may be done with the values
 * before `fault()` was seen to be null.
 */
export type Check = ReturnType<typeof startCheck>;

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
/** NUL and half characters cannot be stored or sent on. */
const isUnstorable = (text: string): boolean => text.includes('\u0000') || loneSurrogate.test(text);

const isDeeperThan = (value: unknown, levels: number): boolean =>
  typeof value === 'object' && value !== null && (levels === 0 || Object.values(value).some((item) => isDeeperThan(item, levels - 1)));

/** An id as it is compared: trimmed. Null when it is empty, too long, or holds a character that no id has. */
export function normaliseId(value: string): string | null {
  const trimmed = value.trim();
  return trimmed.length < 1 || trimmed.length > idLength || isUnstorable(trimmed) ? null : trimmed;
}

/** Starts to read an input that stands at `root`; `digits` are the decimals of the program's currency. */
export function startCheck(root: InputPath, digits: number) {
  let first: Refusal | null = null;
  const report = (refusal: Refusal): void => {
    first ??= refusal;
  };
  const at = (path: InputPath): InputPath => [...root, ...path];

  const id = (path: InputPath, value: Given<string>): string => {
    const normal = normaliseId(value ?? '');
    if (normal === null)
      report(refuse('INVALID_INPUT', at(path), `Expected 1 to ${idLength} characters, without NUL and half characters.`));
    return normal ?? '';
  };
  const text = (path: InputPath, value: Given<string>, length = textLength): string | null => {
    if (value === null || value === undefined) return null;
    if (value.length > length || isUnstorable(value))
      report(refuse('INVALID_INPUT', at(path), `Expected at most ${length} characters, without NUL and half characters.`));
    return value;
  };
  const instant = (path: InputPath, value: Given<string>): Instant | null => {
    if (value === null || value === undefined) return null;
    const parsed = parseInstant(value);
    if (parsed === null)
      report(refuse('INVALID_INPUT', at(path), 'Expected a date and time with an offset, such as "2026-11-24T09:30:00-08:00".'));
    return parsed;
  };
  const money = (
    path: InputPath,
    value: string,
    bounds: { most: number; least?: number; code?: 'INVALID_PRICE' | 'INVALID_INPUT' },
  ): number => {
    const { most, least = 0, code = 'INVALID_PRICE' } = bounds;
    const parsed: Decimal | null = parseDecimal(value);
    const minor = parsed && toMinor(parsed, digits);
    if (minor === 'SCALE') {
      report(refuse('INVALID_MONEY_SCALE', at(path), `Expected at most ${digits} decimals, which is what the currency has.`));
      return 0;
    }
    if (minor === null || minor < BigInt(least) || minor > BigInt(most)) {
      report(refuse(code, at(path), `Expected an amount from ${least} to ${most} minor units of the currency, such as "12".`));
      return 0;
    }
    return Number(minor);
  };

  return {
    fault: (): Refusal | null => first,
    report,
    at,
    id,
    optionalId: (path: InputPath, value: Given<string>): string | null => (value === null || value === undefined ? null : id(path, value)),
    text,
    attributes: (path: InputPath, value: unknown): string | null => {
      if (value === null || value === undefined) return null;
      if (isDeeperThan(value, attributesDepth)) {
        report(refuse('INVALID_INPUT', at(path), `Expected JSON of at most ${attributesDepth} levels of lists and objects.`));
        return null;
      }
      const json = JSON.stringify(value);
      // JSON.stringify escapes what cannot be stored, so the escapes are looked for.
      if (json.length > attributesLength || /(?<!\\)(\\\\)*\\u(0000|d[89a-f][0-9a-f]{2})/.test(json))
        report(
          refuse('INVALID_INPUT', at(path), `Expected JSON of at most ${attributesLength} characters, without NUL and half characters.`),
        );
      return json;
    },
    quantity: (path: InputPath, value: number): number => {
      if (value < 1 || value > maximumQuantity)
        report(refuseQuantity('INVALID_QUANTITY', at(path), { requested: value, minimum: 1, maximum: maximumQuantity }));
      return value;
    },
    instant,
    unitPrice: (path: InputPath, value: string): number => money(path, value, { most: maximumUnitPriceMinor }),
    orderMoney: (path: InputPath, value: Given<string>): number | null =>
      value === null || value === undefined ? null : money(path, value, { most: maximumOrderValueMinor }),
    positiveAmount: (path: InputPath, value: string): number =>
      money(path, value, { most: maximumOrderValueMinor, least: 1, code: 'INVALID_INPUT' }),
  };
}
