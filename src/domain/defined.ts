// What was left out of an input: kept apart from what was given.

type Defined<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> };

/** The values that are not undefined, under their names. */
export function withoutUndefined<Values extends object>(values: Values): Defined<Values> {
  // Entries keep their names and types; only undefined ones go.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<Values>;
}
