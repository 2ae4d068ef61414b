// What the commands on orders take.
import { builder } from '../builder.ts';
import { LineItemIdentifierInput, LineItemInput } from '../line-item.ts';
import { NewOrderStatus, UpdateAction } from './enums.ts';

export const CreateOrderInput = builder.inputType('CreateOrderInput', {
  description: 'An order to be created.',
  fields: (t) => ({
    orderId: t.id({
      required: true,
      description:
        "The caller's order id, 1 to 128 characters, unique in the site for ever. It is also the key under which a repeat is recognised.",
    }),
    userId: t.id({ required: true, description: "The buyer's user id." }),
    lineItems: t.field({ type: [LineItemInput], required: true, description: '1 to 500 lines.' }),
    orderDate: t.field({
      type: 'DateTime',
      description: 'When it was placed; default now. Required when the program says so. At most five minutes ahead of now.',
    }),
    total: t.field({
      type: 'Decimal',
      description: 'The total to store and show; default the lines less discounts. Points and spend never use it.',
    }),
    discount: t.field({
      type: 'Decimal',
      defaultValue: '0',
      description: 'A discount on the order as a whole; it is spread over the lines by value.',
    }),
    coupons: t.stringList({ defaultValue: [], description: 'Coupons used, at most 100.' }),
    currencyCode: t.field({ type: 'CurrencyCode', description: "Refused with CURRENCY_MISMATCH unless it is the program's." }),
    storeId: t.string({ description: 'The shop.' }),
    source: t.string({ description: 'Where the order came from: till, web, app.' }),
    status: t.field({ type: NewOrderStatus, description: 'Default SHIPPED when program.shipOnCreate, else OPEN.' }),
    shippedAt: t.field({ type: 'DateTime', description: 'With SHIPPED: when it was shipped; default orderDate.' }),
    redeemPoints: t.field({
      type: 'Points',
      description:
        'Points to redeem with the order, debited together with it or not at all. At most what the credited member has available (INSUFFICIENT_POINTS), worth at most the lines less all discounts (REDEMPTION_EXCEEDS_TOTAL). What the order itself earns cannot pay for it.',
    }),
    attributes: t.field({ type: 'JSON', description: 'Data of your own, up to 16,000 characters of JSON; stored and given back.' }),
  }),
});

const LineItemSelection = builder.inputType('LineItemSelection', {
  description: 'A quantity of a line. The same line named twice is summed.',
  fields: (t) => ({
    lineItem: t.field({ type: LineItemIdentifierInput, required: true, description: 'The line.' }),
    quantity: t.int({ required: true, description: 'How many.' }),
  }),
});

export const UpdateOrderInput = builder.inputType('UpdateOrderInput', {
  description: 'A shipment, return or cancellation. Exactly one of lineItems and allLineItems.',
  fields: (t) => ({
    orderId: t.id({ required: true, description: "The caller's order id." }),
    action: t.field({ type: UpdateAction, required: true, description: 'What happens to the goods.' }),
    lineItems: t.field({ type: [LineItemSelection], description: 'Some quantities of some lines.' }),
    allLineItems: t.boolean({ required: true, defaultValue: false, description: 'Everything that the action can still take.' }),
    occurredAt: t.field({
      type: 'DateTime',
      description:
        'When it happened; default now. Not before the order, a return not before the shipment; at most five minutes ahead of now.',
    }),
    reason: t.string({ description: 'Why, for whoever reads the history.' }),
    idempotencyKey: t.id({
      required: true,
      description: 'Unique in the site. The same key with the same content is answered alike and done once.',
    }),
    expectedVersion: t.int({ description: 'Refused with VERSION_CONFLICT when the order is at another version.' }),
  }),
});

export const AddToOrderInput = builder.inputType('AddToOrderInput', {
  description: 'More quantity of a line, or more lines.',
  fields: (t) => ({
    orderId: t.id({ required: true, description: "The caller's order id." }),
    lineItems: t.field({
      type: [LineItemInput],
      required: true,
      description:
        'What is added. With a lineKey, the line of that key grows; without, the one line of that product and price. Anything else is a new line, under the rule of the date.',
    }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When it was added; default now. Not before the order, at most five minutes ahead of now.',
    }),
    disregardHoldPeriod: t.boolean({
      defaultValue: false,
      description: 'Whether the points of what is added skip the hold: they are available at once, shipped or not.',
    }),
    idempotencyKey: t.id({
      required: true,
      description: 'Unique in the site. The same key with the same content is answered alike and done once.',
    }),
    expectedVersion: t.int({ description: 'Refused with VERSION_CONFLICT when the order is at another version.' }),
  }),
});

const LineItemCorrection = builder.inputType('LineItemCorrection', {
  description: 'What a line should have been from the start: absolute values; what is left out stays.',
  fields: (t) => ({
    lineItem: t.field({ type: LineItemIdentifierInput, required: true, description: 'The line.' }),
    quantity: t.int({
      description:
        'Ordered. When nothing of the line is open and something was shipped, the shipped quantity moves with it unless that is given too.',
    }),
    shippedQuantity: t.int({ description: 'Shipped.' }),
    returnedQuantity: t.int({ description: 'Returned.' }),
    cancelledQuantity: t.int({ description: 'Cancelled.' }),
    unitPrice: t.field({ type: 'Decimal', description: 'Price of one.' }),
    discount: t.field({ type: 'Decimal', description: "The line's own discount." }),
    categoryId: t.id({ description: 'The category. The rule that was frozen with the line stays.' }),
    categoryName: t.string({ description: 'The name of the category.' }),
    name: t.string({ description: 'The name of the product.' }),
    description: t.string({ description: 'A description of the product.' }),
  }),
});

export const CorrectOrderInput = builder.inputType('CorrectOrderInput', {
  description: 'Corrections of lines of an order.',
  fields: (t) => ({
    orderId: t.id({ required: true, description: "The caller's order id." }),
    lineItems: t.field({ type: [LineItemCorrection], required: true, description: 'The lines to correct.' }),
    reason: t.string({ description: 'Why, for whoever reads the history.' }),
    idempotencyKey: t.id({
      required: true,
      description: 'Unique in the site. The same key with the same content is answered alike and done once.',
    }),
    expectedVersion: t.int({ description: 'Refused with VERSION_CONFLICT when the order is at another version.' }),
  }),
});
