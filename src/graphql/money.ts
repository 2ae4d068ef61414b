// Money and points as they are printed: with the currency and the scale of the site's program.
import { decimalOf, formatDecimal } from '../domain/decimal.ts';
import { builder } from './builder.ts';
import type { GatewayContext } from './context.ts';

/** Minor units of the program's currency, printed with its decimals. */
const amountText = ({ program }: GatewayContext, minor: number): string =>
  formatDecimal({ units: BigInt(minor), scale: program.currencyDigits }, program.currencyDigits);

/** Units of the program's points scale, as an exact decimal. */
export const pointsText = ({ program }: GatewayContext, units: number): string => formatDecimal(decimalOf(units, program.pointsScale));

/** An amount in minor units. */
export type MoneyRow = { readonly minor: number };
export const money = (minor: number): MoneyRow => ({ minor });

export const Money = builder.objectRef<MoneyRow>('Money').implement({
  description: "An amount of money in the program's currency.",
  fields: (t) => ({
    amount: t.field({
      type: 'Decimal',
      description: 'The amount with the decimals of the currency, "12.34".',
      resolve: ({ minor }, _, context) => amountText(context, minor),
    }),
    currencyCode: t.field({
      type: 'CurrencyCode',
      description: 'The currency, ISO 4217.',
      resolve: (_, __, { program }) => program.currencyCode,
    }),
  }),
});
