// Custom scalars. Input is kept as text, exactly as sent; what it means is judged by the domain, with a path and a code.
import { GraphQLError, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import { formatInstant } from '../domain/instant.ts';
import { builder } from './builder.ts';

const maximumLength = 64;

/** The text of a string or number of up to 64 characters; anything else is no value of the scalar. */
function textOf(name: string, value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  if (text !== null && text.length <= maximumLength) return text;
  throw new GraphQLError(`${name} takes a string or number of up to ${maximumLength} characters.`);
}

/** The text of a literal, digit by digit, so that no number passes through a float. */
function literalText(name: string, node: ValueNode): string {
  const isText = node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT;
  return textOf(name, isText ? node.value : null);
}

const textInput = (name: string) => ({
  parseValue: (value: unknown): string => textOf(name, value),
  parseLiteral: (node: ValueNode): string => literalText(name, node),
});

builder.scalarType('DateTime', {
  description:
    'An RFC 3339 date and time with an offset, "2026-11-24T09:30:00-08:00"; one without is refused. Printed in UTC with milliseconds.',
  ...textInput('DateTime'),
  serialize: (instant) => formatInstant(instant),
});

builder.scalarType('Decimal', {
  description:
    'An exact decimal, sent as a string or number. Amounts of money are printed as strings with the decimals of their currency, "12.34".',
  ...textInput('Decimal'),
  serialize: (text) => text,
});

builder.scalarType('Points', {
  description: 'Points, a JSON number with at most `Program.pointsScale` decimals. Worked out in whole units, never in floats.',
  ...textInput('Points'),
  // Up to 15 digits the nearest double prints as the decimal itself; beyond them a JSON number cannot be exact.
  serialize: (text) => Number(text),
});

builder.scalarType('CurrencyCode', {
  description: 'A currency by its ISO 4217 code, "USD".',
  ...textInput('CurrencyCode'),
  serialize: (code) => code,
});

builder.scalarType('JSON', {
  description: 'Any JSON value. It is stored and given back as it came, and never looked into.',
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
  serialize: (value) => value,
});
