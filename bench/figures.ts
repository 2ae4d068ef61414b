// What stands in the bench's database, by number: so that whoever builds it and whoever asks it agree without a list.

export const siteId = 'demo';
/** What is made by commands of the product; the rest are copies of it, under ids of their own. */
export const madeMembers = 500;
export const madeOrders = 5_000;
export const linesPerOrder = 3;
/** As many members place half of all orders, so that some have more than a page of them. */
const largeMembers = 50;

const day = 86_400_000;
export const enrolledAt = Date.parse('2024-01-01T00:00:00Z');
const firstOrderAt = Date.parse('2024-02-01T00:00:00Z');
const orderEveryMs = (2 * 365 * day) / madeOrders;

const padded = (number: number): string => String(number).padStart(4, '0');

/** The last four characters of every id are the number of the copy, in ids of rows as well. */
export const copyDigits = 4;
export const orderIdOf = (order: number, copy: number): string => `order-${padded(order)}-${padded(copy)}`;
export const userIdOf = (member: number, copy: number): string => `user-${padded(member)}-${padded(copy)}`;

/** Of three members, the first is the primary member of the others. */
export const primaryOf = (member: number): number | null => (member % 3 === 0 ? null : member - (member % 3));

export const buyerOf = (order: number): number => {
  const turn = Math.floor(order / 2);
  return order % 2 === 0 ? turn % largeMembers : largeMembers + (turn % (madeMembers - largeMembers));
};

/** A member with 50 orders or more. */
export const largeMemberOf = (number: number): number => number % largeMembers;

/** Even whole milliseconds, so that every engine and language prints them alike. */
export const orderedAt = (order: number): number => firstOrderAt + Math.floor(order * orderEveryMs);

export const productOf = (order: number, line: number): string => `product-${padded((order * 7 + line * 13) % 400)}`;

/** A line: two to four goods of whole dollars. */
export const lineOf = (order: number, line: number) => ({
  productId: productOf(order, line),
  name: `Product ${(order * 7 + line * 13) % 400}`,
  quantity: 2 + ((order + line) % 3),
  unitPrice: `${5 + ((order * 3 + line * 11) % 95)}.00`,
});

/** Numbers that go through all of 0 ... size - 1 with neighbours far apart, always in the same order. */
export const scattered = (index: number, size: number): number => (index * 7_919) % size;
