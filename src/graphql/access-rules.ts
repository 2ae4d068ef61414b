// Who may use which field: every field of the schema is declared here, and a schema that has others is not built.
import { defaultFieldResolver, type GraphQLField, type GraphQLObjectType, type GraphQLSchema, isObjectType } from 'graphql';
import { includesRole, type Role, roles } from '../access/actor.ts';
import { refuse } from '../domain/refusal.ts';
import type { GatewayContext } from './context.ts';
import { refusalError } from './refusal-error.ts';

/**
 * SEEN: whoever sees the object. EDGE: leads to an object that is judged for itself, and is null to who may not see it.
 * ACCOUNT: stands in a member's account; to other members it is null where it can be, else FORBIDDEN.
 * ACCOUNT_LIST: the same of a list: empty to other members. A role: of a root field, the least that may use it.
 */
export type AccessRule = 'SEEN' | 'EDGE' | 'ACCOUNT' | 'ACCOUNT_LIST' | Role;

type TypeRules = { readonly [Rule in AccessRule]?: string };

const payload = 'order member replayed userErrors';
const userError = { SEEN: 'code message path retryable' };
const connection = { SEEN: 'edges nodes pageInfo totalCount' };
const edge = { SEEN: 'cursor node' };
const connections = ['LineItem', 'Member', 'Order', 'OrderEvent', 'PointsEntry', 'PointsLot', 'ProgramVersion', 'SpendAdjustment'];

const typeRules: Readonly<Record<string, TypeRules>> = {
  Query: {
    member: 'node nodes program order orders member members orderDetails secondaryMemberOrders cartPoints now',
    admin: 'programVersions',
  },
  Mutation: {
    service: 'createOrder bulkCreateOrders bulkUpdateOrders updateOrder addToOrder correctOrder',
    admin: 'adjustSpend enrollMember updateMember linkSecondaryMember unlinkSecondaryMember updateProgram advanceClock',
  },
  Order: {
    SEEN: `id orderId siteId status allowedActions version member orderDate total currentTotal spend discount coupons storeId source attributes
      lineItems pointsAwarded pointsRemoved pointsHeld pointsReleaseAt pointsRedeemed redeemedPointsReturned spendAdjustments events createdAt updatedAt`,
    EDGE: 'creditedTo',
    ACCOUNT_LIST: 'pointsEntries',
  },
  LineItem: {
    SEEN: `id order productId lineKey status quantity shippedQuantity returnedQuantity cancelledQuantity keptQuantity shippableQuantity
      returnableQuantity cancellableQuantity unitPrice discount total currentTotal categoryId categoryName name description url imageUrl coupon
      autoDelivery estimatedShipDate shippedAt pointsAwarded pointsRemoved earning`,
  },
  Earning: { SEEN: 'tier ratio steps zeroReason' },
  EarningStep: { SEEN: 'kind label factor points' },
  OrderEvent: { SEEN: 'id sequence type actor reason occurredAt recordedAt lines', ACCOUNT_LIST: 'pointsEntries' },
  OrderEventLine: { SEEN: 'lineItem quantity' },
  Member: {
    SEEN: 'id userId firstName lastName status optedIn orders createdAt updatedAt',
    EDGE: 'primaryMember',
    ACCOUNT: 'email tier points totalSpend',
    ACCOUNT_LIST: 'secondaryMembers pointsEntries lots spendAdjustments',
  },
  MemberTier: { SEEN: 'name ratio periodSpend next spendToNext' },
  PointsBalance: { SEEN: 'id available held used expired lifetime debt value expiring' },
  ExpiryBucket: { SEEN: 'withinDays points nextExpiryAt' },
  PointsLot: { SEEN: 'id order remaining availableAt expiresAt' },
  PointsEntry: {
    SEEN: `id type actionId points available held debt uncollected availableAfter heldAfter debtAfter member order lineItem spendAdjustment
      actor reason expiresAt occurredAt recordedAt`,
  },
  SpendAdjustment: {
    SEEN: 'id order type amount reason adjustedBy points createdAt',
    EDGE: 'member',
    ACCOUNT: 'tierBefore tierAfter',
  },
  Program: {
    SEEN: `siteId version name currencyCode timeZone pointsScale rounding purchaseConfigured baseRatio pointsBase maximumPointsPerOrder pointValue
      hold holdDays expiryDays debtPolicy tierPeriod tiers orderDateRequired lineKeyRequired shipOnCreate secondaryEarnsForPrimary`,
  },
  ProgramTier: { SEEN: 'name minimumSpend ratio' },
  ProgramVersion: { SEEN: 'version effectiveFrom actor createdAt file previousFile' },
  CartPoints: {
    SEEN: 'points lineItems pointsValue redeemPoints availableAt',
    ACCOUNT: 'member availableAfterOrder heldAfterOrder valueAfterOrder maximumRedeemable',
  },
  CartLinePoints: { SEEN: 'productId lineKey quantity unitPrice points earning' },
  CartPointsPayload: { SEEN: 'cart userErrors' },
  Money: { SEEN: 'amount currencyCode' },
  PageInfo: { SEEN: 'hasNextPage hasPreviousPage startCursor endCursor' },
  CreateOrderPayload: { SEEN: payload },
  UpdateOrderPayload: { SEEN: `${payload} pointsRemoved` },
  AddToOrderPayload: { SEEN: `${payload} pointsAwarded` },
  CorrectOrderPayload: { SEEN: `${payload} pointsAwarded pointsRemoved` },
  AdjustSpendPayload: { SEEN: `${payload} spendAdjustment` },
  BulkOrdersPayload: { SEEN: 'rows created updated unchanged failed skipped userErrors' },
  BulkRow: { SEEN: 'index orderId status order userErrors' },
  MemberPayload: { SEEN: 'member userErrors' },
  UpdateProgramPayload: { SEEN: 'program added userErrors' },
  InputError: userError,
  TransitionError: { SEEN: `${userError.SEEN} status attempted allowedActions` },
  QuantityError: { SEEN: `${userError.SEEN} requested minimum maximum` },
  ConflictError: { SEEN: `${userError.SEEN} currentVersion order` },
  ...Object.fromEntries(connections.map((name) => [`${name}Connection`, connection])),
  ...Object.fromEntries(connections.map((name) => [`${name}Edge`, edge])),
};

const ruleNames: readonly AccessRule[] = ['SEEN', 'EDGE', 'ACCOUNT', 'ACCOUNT_LIST', ...roles];

/** The rule of each declared field, by type and field. */
export const accessRules: ReadonlyMap<string, ReadonlyMap<string, AccessRule>> = new Map(
  Object.entries(typeRules).map(([type, rules]) => [
    type,
    new Map(ruleNames.flatMap((rule) => (rules[rule] ?? '').split(/\s+/).flatMap((field) => (field ? [[field, rule] as const] : [])))),
  ]),
);

/** Fields of a schema's objects that no rule is declared for, as "Type.field". */
export function undeclaredFields(schema: GraphQLSchema): readonly string[] {
  return objectsOf(schema).flatMap((type) =>
    Object.keys(type.getFields()).flatMap((field) => (accessRules.get(type.name)?.has(field) ? [] : [`${type.name}.${field}`])),
  );
}

const objectsOf = (schema: GraphQLSchema): readonly GraphQLObjectType[] =>
  Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__')) as GraphQLObjectType[]; // Only objects pass the filter.

/** The parts of every payload, for a command that was refused before anything of it was looked at. */
const denied = (needed: Role) => ({
  ...{ order: null, member: null, program: null, adjustmentId: null, rows: [] },
  ...{ pointsAwarded: 0, pointsRemoved: 0, replayed: false, added: false },
  userErrors: [refuse('FORBIDDEN', [], `This takes a token of the role ${needed}.`)],
});

/** Puts the roles before the root fields, and refuses a schema with a field for which nothing is declared. */
export function guardSchema(schema: GraphQLSchema): GraphQLSchema {
  const undeclared = undeclaredFields(schema);
  if (undeclared.length > 0) throw new Error(`No access rule is declared for ${undeclared.join(', ')}.`);
  for (const root of [schema.getQueryType(), schema.getMutationType()])
    for (const field of Object.values(root?.getFields() ?? {})) guardRootField(root?.name ?? '', field);
  return schema;
}

type RootField = GraphQLField<unknown, GatewayContext>;

/** Puts the role that a root field takes before it: nothing of its input is looked at for somebody who may not use it. */
export function guardRootField(root: string, field: RootField): void {
  const needed = roles.find((role) => role === accessRules.get(root)?.get(field.name));
  if (!needed) throw new Error(`The root field ${field.name} must say which role it takes.`);
  const resolve = field.resolve ?? defaultFieldResolver;
  const answersErrors = field.type.toString().endsWith('Payload!');
  field.resolve = (source, args, context, info) => {
    if (includesRole(context.role, needed)) return resolve(source, args, context, info);
    if (answersErrors) return denied(needed);
    throw refusalError('FORBIDDEN', [], `This takes a token of the role ${needed}.`);
  };
}
