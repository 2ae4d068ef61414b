// Fields whose values stand in the columns of their row.
import type { Cells } from '../store/statement.ts';
import { amountText, idText, instantText, pointsText, quoted } from './json-text.ts';
import { objectOf } from './object-text.ts';
import type { Compiling, PlannedField, Running } from './plan.ts';
import { Unplanned } from './selection.ts';

/** A field that is written from one column; null where the column is. */
const fromColumn =
  (column: string, text: (value: never, running: Running) => string): PlannedField =>
  ({ level }) => {
    const index = level.at(column);
    return (row, running) => {
      const value = row[index];
      return value === null ? 'null' : text(value as never, running); // The column holds what the field is written from.
    };
  };

export const text = (column: string): PlannedField => fromColumn(column, quoted);
/** A word of the schema's, which holds nothing to be escaped. */
export const choice = (column: string): PlannedField => fromColumn(column, (word: string) => `"${word}"`);
export const count = (column: string): PlannedField => fromColumn(column, (value: number) => String(value));
export const flag = (column: string): PlannedField => fromColumn(column, (value: boolean) => String(value));
export const instant = (column: string): PlannedField => fromColumn(column, instantText);
export const points = (column: string): PlannedField =>
  fromColumn(column, (units: number, { program }) => pointsText(units, program.pointsScale));
export const nodeId = (typename: string, column = 'id'): PlannedField => fromColumn(column, (id: string) => idText(typename, id));

type RowOf<Column extends string> = Readonly<Record<Column, never>>;

/** Takes some columns of a row out, by name, as the domain takes them. */
function picked<Column extends string>({ level }: Compiling, columns: readonly Column[]): (row: Cells) => RowOf<Column> {
  const indexes = columns.map((column) => [column, level.at(column)] as const);
  return (row) => {
    const picked: Partial<Record<Column, unknown>> = {};
    for (const [column, index] of indexes) picked[column] = row[index];
    return picked as RowOf<Column>; // Every column was just put there.
  };
}

/** A field that the domain works out from some columns. */
export const derived =
  <Column extends string>(columns: readonly Column[], write: (row: RowOf<Column>) => string): PlannedField =>
  (compiling) => {
    const pick = picked(compiling, columns);
    return (row) => write(pick(row));
  };

/** What is written from one whole number of few values is kept, so that it is worked out once. */
export const ofFew = (column: string, write: (value: number) => string): PlannedField => {
  const known = new Map<number, string>();
  return fromColumn(column, (value: number) => {
    const text = known.get(value) ?? write(value);
    known.set(value, text);
    return text;
  });
};

/** Writes an amount of money as it was selected. */
const moneyWriter = ({ under }: Compiling): ((minor: number, running: Running) => string) =>
  objectOf<number>(under('Money'), ({ name }) => {
    if (name === 'amount') return (minor, { program }) => `"${amountText(minor, program.currencyDigits)}"`;
    if (name === 'currencyCode') return (_, { program }) => `"${program.currencyCode}"`;
    if (name === '__typename') return () => '"Money"';
    throw new Unplanned();
  });

/** Minor units in a column, as an amount of money. */
export const money =
  (column: string): PlannedField =>
  (compiling) => {
    const index = compiling.level.at(column);
    const write = moneyWriter(compiling);
    return (row, running) => write(row[index] as number, running); // Columns of minor units are never null.
  };

/** Minor units that the domain works out from some columns. */
export const derivedMoney =
  <Column extends string>(columns: readonly Column[], minor: (row: RowOf<Column>, running: Running) => number): PlannedField =>
  (compiling) => {
    const pick = picked(compiling, columns);
    const write = moneyWriter(compiling);
    return (row, running) => write(minor(pick(row), running), running);
  };
