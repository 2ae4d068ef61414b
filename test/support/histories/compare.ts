// Compares what the server answered with what the oracle expects, field by field of the expectation.

export type Difference = { readonly path: string; readonly expected: unknown; readonly actual: unknown };

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Ratios are decimals without a fixed number of decimals: "1.50" is "1.5". */
const plainDecimal = (value: unknown): unknown => (typeof value === 'string' && value.includes('.') ? value.replace(/\.?0+$/, '') : value);

function leavesDiffer(name: string, expected: unknown, actual: unknown): boolean {
  return name === 'ratio' ? plainDecimal(expected) !== plainDecimal(actual) : expected !== actual;
}

/** The first difference; what the expectation does not name is not compared. */
export function firstDifference(expected: unknown, actual: unknown, path: readonly string[] = []): Difference | null {
  const differs = { path: path.join('.'), expected, actual };
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return differs;
    return firstOf(expected.map((value, index) => () => firstDifference(value, actual[index], [...path, String(index)])));
  }
  if (isRecord(expected)) {
    if (!isRecord(actual)) return differs;
    return firstOf(
      Object.entries(expected).map(
        ([name, value]) =>
          () =>
            firstDifference(value, actual[name], [...path, name]),
      ),
    );
  }
  return leavesDiffer(path.at(-1) ?? '', expected, actual) ? differs : null;
}

function firstOf(comparisons: readonly (() => Difference | null)[]): Difference | null {
  for (const compare of comparisons) {
    const difference = compare();
    if (difference !== null) return difference;
  }
  return null;
}

const nodesOf = (order: Readonly<Record<string, unknown>>, connection: string): readonly Readonly<Record<string, unknown>>[] => {
  const list = order[connection];
  return isRecord(list) && Array.isArray(list['nodes']) ? list['nodes'].filter(isRecord) : [];
};

/** The ids of an order's lines by position: opaque, but the same wherever the order is read. */
export const lineIdsOf = (order: Readonly<Record<string, unknown>>): string[] =>
  nodesOf(order, 'lineItems').map((line) => String(line['id']));

/** Entries name their line by its opaque id; the oracle names it by its position. */
export function withPositions(order: unknown): unknown {
  if (!isRecord(order)) return order;
  const ids = lineIdsOf(order);
  const nodes = nodesOf(order, 'pointsEntries').map((entry) => {
    const { lineItem } = entry;
    return { ...entry, line: isRecord(lineItem) ? ids.indexOf(String(lineItem['id'])) : null };
  });
  const entries = order['pointsEntries'];
  return { ...order, pointsEntries: isRecord(entries) ? { ...entries, nodes } : entries };
}
