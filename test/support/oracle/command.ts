// The commands as clients send them: the GraphQL inputs of the public contract, one kind per operation.

export type Amount = string | number;
export type OrderAction = 'SHIP' | 'RETURN' | 'CANCEL' | 'ADD' | 'CORRECT' | 'ADJUST_SPEND';
export type UpdateAction = 'SHIP' | 'RETURN' | 'CANCEL';
type Sent<T> = T | null | undefined;

export type LineItemInput = {
  readonly productId: string;
  readonly lineKey?: Sent<string>;
  readonly quantity: number;
  readonly unitPrice: Amount;
  readonly discount?: Sent<Amount>;
  readonly categoryId?: Sent<string>;
  readonly name?: Sent<string>;
  readonly coupon?: Sent<string>;
  readonly autoDelivery?: Sent<boolean>;
};
export type CreateOrderInput = {
  readonly orderId: string;
  readonly userId: string;
  readonly lineItems: readonly LineItemInput[];
  readonly orderDate?: Sent<string>;
  readonly total?: Sent<Amount>;
  readonly discount?: Sent<Amount>;
  readonly coupons?: Sent<readonly string[] | string>;
  readonly currencyCode?: Sent<string>;
  readonly storeId?: Sent<string>;
  readonly source?: Sent<string>;
  readonly status?: Sent<'OPEN' | 'SHIPPED'>;
  readonly shippedAt?: Sent<string>;
  readonly redeemPoints?: Sent<Amount>;
  readonly attributes?: unknown;
};
export type LineIdentifier = { readonly id: string } | { readonly lineKey: string } | { readonly productId: string };
export type LineItemSelection = { readonly lineItem: LineIdentifier; readonly quantity: number };
type Keyed = { readonly orderId: string; readonly idempotencyKey: string; readonly expectedVersion?: Sent<number> };
export type UpdateOrderInput = Keyed & {
  readonly action: UpdateAction;
  readonly lineItems?: Sent<readonly LineItemSelection[]>;
  readonly allLineItems?: boolean;
  readonly occurredAt?: Sent<string>;
  readonly reason?: Sent<string>;
};
export type AddToOrderInput = Keyed & {
  readonly lineItems: readonly LineItemInput[];
  readonly occurredAt?: Sent<string>;
  readonly disregardHoldPeriod?: Sent<boolean>;
};
export type LineItemCorrection = {
  readonly lineItem: LineIdentifier;
  readonly quantity?: Sent<number>;
  readonly shippedQuantity?: Sent<number>;
  readonly returnedQuantity?: Sent<number>;
  readonly cancelledQuantity?: Sent<number>;
  readonly unitPrice?: Sent<Amount>;
  readonly discount?: Sent<Amount>;
  readonly categoryId?: Sent<string>;
  readonly name?: Sent<string>;
};
export type CorrectOrderInput = Keyed & { readonly lineItems: readonly LineItemCorrection[]; readonly reason?: Sent<string> };
export type AdjustSpendInput = Keyed & {
  readonly type: 'CREDIT' | 'DEBIT';
  readonly amount: Amount;
  readonly reason: string;
  readonly adjustedBy: string;
};
type BulkErrorPolicy = 'REJECT_ALL' | 'REJECT_FAILED';
export type BulkOrderUpdate =
  | { readonly update: UpdateOrderInput }
  | { readonly add: AddToOrderInput }
  | { readonly correct: CorrectOrderInput };
export type CartLineInput = {
  readonly productId: string;
  readonly lineKey?: Sent<string>;
  readonly quantity: number;
  readonly unitPrice: Amount;
  readonly discount?: Sent<Amount>;
  readonly categoryId?: Sent<string>;
};
export type CartPointsInput = {
  readonly userId: string;
  readonly lineItems: readonly CartLineInput[];
  readonly discount?: Sent<Amount>;
  readonly redeemPoints?: Sent<Amount>;
  readonly storeId?: Sent<string>;
  readonly coupons?: Sent<readonly string[] | string>;
};
type EnrollMemberInput = { readonly userId: string; readonly optedIn?: Sent<boolean>; readonly primaryUserId?: Sent<string> };
type UpdateMemberInput = { readonly userId: string; readonly optedIn?: boolean; readonly status?: 'ACTIVE' | 'BLOCKED' };
type LinkInput = { readonly primaryUserId: string; readonly secondaryUserId: string };

/** A command on one order: what a single mutation and a bulk row have in common. */
export type OrderCommand =
  | { readonly kind: 'createOrder'; readonly input: CreateOrderInput }
  | { readonly kind: 'updateOrder'; readonly input: UpdateOrderInput }
  | { readonly kind: 'addToOrder'; readonly input: AddToOrderInput }
  | { readonly kind: 'correctOrder'; readonly input: CorrectOrderInput }
  | { readonly kind: 'adjustSpend'; readonly input: AdjustSpendInput };
export type BulkCommand =
  | {
      readonly kind: 'bulkCreateOrders';
      readonly input: { readonly orders: readonly CreateOrderInput[]; readonly errorPolicy?: BulkErrorPolicy };
    }
  | {
      readonly kind: 'bulkUpdateOrders';
      readonly input: { readonly updates: readonly BulkOrderUpdate[]; readonly errorPolicy?: BulkErrorPolicy };
    };
export type MemberCommand =
  | { readonly kind: 'enrollMember'; readonly input: EnrollMemberInput }
  | { readonly kind: 'updateMember'; readonly input: UpdateMemberInput }
  | { readonly kind: 'linkSecondaryMember'; readonly input: LinkInput }
  | { readonly kind: 'unlinkSecondaryMember'; readonly input: { readonly secondaryUserId: string } };
export type Command =
  | ((OrderCommand | BulkCommand) & { readonly dryRun?: boolean })
  | MemberCommand
  | { readonly kind: 'cartPoints'; readonly input: CartPointsInput };
