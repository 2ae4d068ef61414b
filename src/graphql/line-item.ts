// Line items: type and inputs.
import {
  keptQuantity,
  type LineItem as LineItemRow,
  lineCurrentTotal,
  lineTotal,
  openQuantity,
  returnableQuantity,
  statusOf,
} from '../domain/line-item.ts';
import type { LineSelector } from '../domain/line-selection.ts';
import { explainEarning } from '../domain/points.ts';
import { builder } from './builder.ts';
import { connectionType, type ListCursor } from './connection.ts';
import { Earning } from './earning.ts';
import { idOfType, numberedId, parseNumberedId } from './global-id.ts';
import { Money, money, pointsText } from './money.ts';
import { OrderStatus } from './order/enums.ts';
import { Order } from './order/type.ts';

export const LineItem = builder.objectRef<LineItemRow>('LineItem');

builder.node(LineItem, {
  description:
    'A line of an order: some quantity of one product. Its quantities are the truth; status, totals and points follow from them.',
  id: { resolve: ({ orderId, position }) => numberedId(orderId, position) },
  loadWithoutCache: (id, { loaders }) => loaders.line().load(id),
  fields: (t) => ({
    order: t.field({
      type: Order,
      description: 'The order it belongs to.',
      resolve: ({ orderId }, _, { loaders }) => present(loaders.order().load(orderId)),
    }),
    productId: t.exposeID('productId', { description: 'The product; may repeat within an order.' }),
    lineKey: t.exposeID('lineKey', {
      nullable: true,
      description: "The caller's key for the line, unique in the order (the REST API's secondarykey).",
    }),
    status: t.field({ type: OrderStatus, description: 'Where the line stands, from its quantities.', resolve: statusOf }),
    quantity: t.exposeInt('quantity', { description: 'Ordered.' }),
    shippedQuantity: t.int({ description: 'Shipped so far.', resolve: ({ shipped }) => shipped }),
    returnedQuantity: t.int({ description: 'Returned, of what was shipped.', resolve: ({ returned }) => returned }),
    cancelledQuantity: t.int({ description: 'Cancelled before they were shipped.', resolve: ({ cancelled }) => cancelled }),
    shippableQuantity: t.int({ description: 'What SHIP may still take.', resolve: openQuantity }),
    returnableQuantity: t.int({ description: 'What RETURN may still take.', resolve: returnableQuantity }),
    cancellableQuantity: t.int({ description: 'What CANCEL may still take.', resolve: openQuantity }),
    unitPrice: t.field({ type: Money, description: 'Price of one.', resolve: ({ unitPriceMinor }) => money(unitPriceMinor) }),
    discount: t.field({
      type: Money,
      description: "The line's own discount; its share of the order's is not in it.",
      resolve: ({ discountMinor }) => money(discountMinor),
    }),
    total: t.field({
      type: Money,
      description: "Unit price × quantity, less the line's discount and its share of the order's.",
      resolve: (line) => money(lineTotal(line)),
    }),
    currentTotal: t.field({
      type: Money,
      description: 'What the kept quantity (ordered less cancelled and returned) retains of the total.',
      resolve: (line) => money(lineCurrentTotal(line)),
    }),
    categoryId: t.exposeID('categoryId', { nullable: true, description: "The product's category, by which category rules apply." }),
    categoryName: t.exposeString('categoryName', { nullable: true, description: 'The name of the category.' }),
    name: t.exposeString('name', { nullable: true, description: 'The name of the product.' }),
    description: t.exposeString('description', { nullable: true, description: 'A description of the product.' }),
    url: t.exposeString('url', { nullable: true, description: "The product's page." }),
    imageUrl: t.exposeString('imageUrl', { nullable: true, description: "The product's picture." }),
    coupon: t.exposeString('coupon', { nullable: true, description: 'A coupon used for the line.' }),
    autoDelivery: t.exposeBoolean('autoDelivery', { description: 'Whether it is delivered on a subscription.' }),
    estimatedShipDate: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is expected to ship.',
      resolve: ({ estimatedShipDate }) => estimatedShipDate,
    }),
    shippedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When goods of the line were last shipped.',
      resolve: ({ lastShippedAt }) => lastShippedAt,
    }),
    pointsAwarded: t.field({
      type: 'Points',
      description: "Points ever awarded for the line, before the order's cap.",
      resolve: ({ pointsAwarded }, _, context) => pointsText(context, pointsAwarded),
    }),
    pointsRemoved: t.field({
      type: 'Points',
      description: "Points taken back for the line, before the order's cap.",
      resolve: ({ pointsRemoved }, _, context) => pointsText(context, pointsRemoved),
    }),
    earning: t.field({
      type: Earning,
      description: 'The rule frozen when the line was accepted, explained for the ordered quantity.',
      resolve: explainEarning,
    }),
    keptQuantity: t.int({ description: 'Ordered less cancelled and returned: what points and totals rest on.', resolve: keptQuantity }),
  }),
});

/** A row that a foreign key promises. */
export async function present<Row>(row: Promise<Row | null>): Promise<Row> {
  const found = await row;
  if (found === null) throw new Error('A row that a foreign key promises is missing.');
  return found;
}

export const LineItemConnection = connectionType(LineItem, 'LineItem', 'line items');
export const lineCursor: ListCursor<LineItemRow> = { name: 'lineItems', valueOf: ({ position }) => [position, position], most: 500 };

export const LineItemIdentifierInput = builder.inputType('LineItemIdentifierInput', {
  description: 'Names a line of the order by exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: "The line's opaque id." }),
    lineKey: t.id({ description: "The caller's key for the line." }),
    productId: t.id({ description: 'The product, while only one line of the order holds it.' }),
  }),
});

/** The selector that an identifier makes; NONE unless exactly one key has a value, whatever let it through. */
export function selectorOf({ id, lineKey, productId }: typeof LineItemIdentifierInput.$inferInput): LineSelector {
  const given = [id, lineKey, productId].filter((value) => value !== null && value !== undefined);
  if (given.length !== 1) return { kind: 'NONE' };
  if (lineKey !== null && lineKey !== undefined) return { kind: 'KEY', lineKey };
  if (productId !== null && productId !== undefined) return { kind: 'PRODUCT', productId };
  const number = parseNumberedId(idOfType('LineItem', id ?? '') ?? '');
  return { kind: 'ID', orderId: number?.parentId ?? '', position: number?.number ?? 0 };
}

export const LineItemInput = builder.inputType('LineItemInput', {
  description: 'A line of an order to be created or added to.',
  fields: (t) => ({
    productId: t.id({ required: true, description: 'The product, 1 to 128 characters.' }),
    lineKey: t.id({ description: "The caller's key for the line, unique in the order; required when the program says so." }),
    quantity: t.int({ required: true, description: 'How many, 1 to 1,000,000.' }),
    unitPrice: t.field({ type: 'Decimal', required: true, description: "Price of one in the program's currency; 0 earns 0." }),
    discount: t.field({ type: 'Decimal', defaultValue: '0', description: "The line's discount, at most its value." }),
    categoryId: t.id({ description: "The product's category." }),
    categoryName: t.string({ description: 'The name of the category.' }),
    name: t.string({ description: 'The name of the product.' }),
    description: t.string({ description: 'A description of the product.' }),
    url: t.string({ description: "The product's page." }),
    imageUrl: t.string({ description: "The product's picture." }),
    coupon: t.string({ description: 'A coupon used for the line.' }),
    autoDelivery: t.boolean({ defaultValue: false, description: 'Whether it is delivered on a subscription.' }),
    estimatedShipDate: t.field({ type: 'DateTime', description: 'When it is expected to ship.' }),
  }),
});
