// The ways into the schema by mutations: which role each takes, and commands that reach every kind of answer without writing anything.
import { markOf } from './marks.ts';
import type { Variables } from './routes.ts';
import type { Viewer } from './viewers.ts';

/** The least role that may use a mutation. */
export const commandRoles: Readonly<Record<string, 'service' | 'admin'>> = {
  createOrder: 'service',
  bulkCreateOrders: 'service',
  bulkUpdateOrders: 'service',
  updateOrder: 'service',
  addToOrder: 'service',
  correctOrder: 'service',
  adjustSpend: 'admin',
  enrollMember: 'admin',
  updateMember: 'admin',
  linkSecondaryMember: 'admin',
  unlinkSecondaryMember: 'admin',
  updateProgram: 'admin',
};

export const mayCommand = ({ role }: Viewer, command: string): boolean => {
  const needed = commandRoles[command];
  if (needed === undefined) throw new Error(`There is no role for the mutation ${command}.`);
  return role === 'admin' || (role === 'service' && needed === 'service');
};

type Command = { readonly name: string; readonly variables: Variables; readonly answer: string };

const goods = { productId: 'goods', quantity: 1, unitPrice: '10' };
const firstLine = (siteId: string, orderId: string) => ({
  lineItem: { lineKey: markOf({ siteId, kind: 'order', subject: orderId }, 'line-1') },
});

/** Commands on a site, with the type of the first refusal that each gets; "" for one that is accepted, as a dry run or a repeat. */
export function commandsOn(siteId: string, primary: string, secondary: string): readonly Command[] {
  const onOrder = { orderId: 'primary-1', idempotencyKey: 'matrix' };
  const line = firstLine(siteId, 'primary-1');
  const dryRun = true;
  const created = { orderId: 'matrix', userId: 'pat', lineItems: [goods] };
  const adjustment = { ...onOrder, type: 'CREDIT', amount: '10', reason: 'Goodwill', adjustedBy: 'office' };
  const add = { ...onOrder, lineItems: [goods] };
  const update = { ...onOrder, action: 'RETURN', lineItems: [{ ...line, quantity: 1 }] };
  return [
    { name: 'createOrder', variables: { input: created, dryRun }, answer: '' },
    { name: 'createOrder', variables: { input: { ...created, orderId: 'primary-1' }, dryRun }, answer: 'ConflictError' },
    { name: 'createOrder', variables: { input: { ...created, userId: 'unknown-user' }, dryRun }, answer: 'InputError' },
    { name: 'updateOrder', variables: { input: update, dryRun }, answer: '' },
    {
      name: 'updateOrder',
      variables: { input: { ...update, orderId: 'primary-redeems', action: 'SHIP', lineItems: undefined, allLineItems: true }, dryRun },
      answer: 'TransitionError',
    },
    { name: 'updateOrder', variables: { input: { ...update, lineItems: [{ ...line, quantity: 99 }] }, dryRun }, answer: 'QuantityError' },
    { name: 'addToOrder', variables: { input: add, dryRun }, answer: '' },
    { name: 'correctOrder', variables: { input: { ...onOrder, lineItems: [{ ...line, unitPrice: '90' }] }, dryRun }, answer: '' },
    { name: 'adjustSpend', variables: { input: adjustment, dryRun }, answer: '' },
    { name: 'bulkCreateOrders', variables: { input: { orders: [created] }, dryRun }, answer: '' },
    { name: 'bulkCreateOrders', variables: { input: { orders: [] }, dryRun }, answer: 'InputError' },
    {
      name: 'bulkUpdateOrders',
      variables: { input: { updates: [{ update }, { add: { ...add, idempotencyKey: 'matrix-2' } }] }, dryRun },
      answer: '',
    },
    { name: 'enrollMember', variables: { input: { userId: 'pat' } }, answer: 'InputError' },
    { name: 'updateMember', variables: { input: { userId: 'unknown-user' } }, answer: 'InputError' },
    { name: 'linkSecondaryMember', variables: { input: { primaryUserId: primary, secondaryUserId: secondary } }, answer: '' },
    { name: 'unlinkSecondaryMember', variables: { secondaryUserId: primary }, answer: 'InputError' },
    { name: 'updateProgram', variables: { input: { file: {} } }, answer: 'InputError' },
  ];
}
