// The content of a command, normalised: what decides whether a key was used for the same thing again.
import type { OrderCommand } from './command.ts';
import { printFraction, readDecimal } from './fraction.ts';

const decimals = new Set(['unitPrice', 'discount', 'total', 'amount', 'redeemPoints']);
const ids = new Set(['orderId', 'userId', 'productId', 'lineKey', 'categoryId', 'idempotencyKey', 'id']);

function normalisedValue(name: string, value: unknown): unknown {
  if (decimals.has(name) && (typeof value === 'string' || typeof value === 'number')) {
    const read = readDecimal(value);
    return read === null ? value : printFraction(read);
  }
  if (ids.has(name) && typeof value === 'string') return value.trim();
  if (name === 'coupons' && typeof value === 'string') return [value];
  if (name === 'attributes') return sorted(value);
  return value;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}

/** Removes nulls and schema defaults, sorts keys and normalises values. */
function normalised(input: object, defaults: Readonly<Record<string, unknown>>): object {
  const known = Object.entries(input)
    .filter(([name, value]) => value !== null && value !== undefined && name !== 'expectedVersion')
    .map(([name, value]): [string, unknown] => [name, normalisedValue(name, value)])
    .filter(([name, value]) => !(name in defaults) || JSON.stringify(value) !== JSON.stringify(defaults[name]));
  return Object.fromEntries(known.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const lineDefaults = { discount: '0', autoDelivery: false };
const lines = (input: readonly object[], defaults: Readonly<Record<string, unknown>>) => ({
  lineItems: input.map((line) => normalised(line, defaults)),
});

/** Corrections and selections hold a nested identifier, whose ids are normalised as well. */
const identified = (input: readonly { readonly lineItem: object }[]) => ({
  lineItems: input.map((line) => normalised({ ...line, lineItem: normalised(line.lineItem, {}) }, {})),
});

export function contentOf(command: OrderCommand): string {
  const { kind, input } = command;
  const content = () => {
    switch (command.kind) {
      case 'createOrder':
        return { ...normalised(input, { discount: '0', coupons: [], redeemPoints: '0' }), ...lines(command.input.lineItems, lineDefaults) };
      case 'addToOrder':
        return { ...normalised(input, { disregardHoldPeriod: false }), ...lines(command.input.lineItems, lineDefaults) };
      case 'updateOrder': {
        const selections = command.input.lineItems;
        const rest = normalised(input, { allLineItems: false });
        return selections === null || selections === undefined ? rest : { ...rest, ...identified(selections) };
      }
      case 'correctOrder':
        return { ...normalised(input, {}), ...identified(command.input.lineItems) };
      case 'adjustSpend':
        return normalised(input, {});
    }
  };
  return JSON.stringify([kind, content()]);
}
