// How values are printed: as the gateway prints them, so that all answer the same.

export const globalId = (type: 'Order' | 'LineItem' | 'Member', id: string): string => Buffer.from(`${type}:${id}`).toString('base64url');

/** The amount of minor units of a currency with two decimals. */
export function amountOf(minor: number): string {
  const cents = minor % 100;
  return `${(minor - cents) / 100}.${cents < 10 ? '0' : ''}${cents}`;
}

export const instantOf = (instant: number): string => new Date(instant).toISOString();

/** The status of an order is kept in the upper bits of its workflow. */
const statuses = ['OPEN', 'PARTIALLY_SHIPPED', 'SHIPPED', 'PARTIALLY_RETURNED', 'RETURNED', 'PARTIALLY_CANCELLED', 'CANCELLED'];
export const statusOf = (workflow: number): string => statuses[workflow >> 4] ?? '';
