// The mutations on one order: create, update, add, correct.
import { builder } from '../builder.ts';
import { Member } from '../member/type.ts';
import { pointsText } from '../money.ts';
import { UserError } from '../user-error.ts';
import { type OrderAnswer, runOrderCommand } from './command.ts';
import { AddToOrderInput, CorrectOrderInput, CreateOrderInput, UpdateOrderInput } from './inputs.ts';
import { Order } from './type.ts';
import { addWork, correctWork, createWork, updateWork } from './works.ts';

const payload = (name: string) => {
  const ref = builder.objectRef<OrderAnswer>(name);
  ref.implement({
    description: `The answer to ${name.charAt(0).toLowerCase()}${name.slice(1, -'Payload'.length)}. Everything in it shows the state after the command.`,
    fields: (t) => ({
      order: t.field({
        type: Order,
        nullable: true,
        description: 'The order after the command; null when it was refused.',
        resolve: ({ order }) => order,
      }),
      member: t.field({
        type: Member,
        nullable: true,
        description: 'Whose balance moved, after the command; null when it was refused.',
        resolve: ({ member }) => member,
      }),
      replayed: t.boolean({
        description: 'Whether this repeats what was done before: nothing was written.',
        resolve: ({ replayed }) => replayed,
      }),
      userErrors: t.field({
        type: [UserError],
        description: 'Why it was refused; empty when it was done.',
        resolve: ({ userErrors }) => userErrors,
      }),
    }),
  });
  return ref;
};

const CreateOrderPayload = payload('CreateOrderPayload');
const UpdateOrderPayload = payload('UpdateOrderPayload');
const AddToOrderPayload = payload('AddToOrderPayload');
const CorrectOrderPayload = payload('CorrectOrderPayload');

for (const type of [AddToOrderPayload, CorrectOrderPayload])
  builder.objectField(type, 'pointsAwarded', (t) =>
    t.field({
      type: 'Points',
      description: 'Points that the command awarded; 0 when refused.',
      resolve: ({ pointsAwarded }, _, context) => pointsText(context, pointsAwarded),
    }),
  );
for (const type of [UpdateOrderPayload, CorrectOrderPayload])
  builder.objectField(type, 'pointsRemoved', (t) =>
    t.field({
      type: 'Points',
      description: 'Points that the command took back, nominal; 0 when refused.',
      resolve: ({ pointsRemoved }, _, context) => pointsText(context, pointsRemoved),
    }),
  );

const dryRunDescription = 'Answer the same, with throw-away ids, and write nothing.';

builder.mutationField('createOrder', (t) =>
  t.field({
    type: CreateOrderPayload,
    description:
      'Creates an order and awards its points. The same content under the same orderId again answers the stored order; other content is ORDER_ID_CONFLICT. Mirrors POST /orders.',
    args: {
      input: t.arg({ type: CreateOrderInput, required: true, description: 'The order.' }),
      dryRun: t.arg.boolean({ required: true, defaultValue: false, description: dryRunDescription }),
    },
    resolve: (_, { input, dryRun }, context) => runOrderCommand(context, createWork(context, input, ['input']), dryRun),
  }),
);

builder.mutationField('updateOrder', (t) =>
  t.field({
    type: UpdateOrderPayload,
    description: 'Ships, returns or cancels goods of an order. Mirrors PATCH /orders/{orderId}.',
    args: {
      input: t.arg({ type: UpdateOrderInput, required: true, description: 'What happened to the goods.' }),
      dryRun: t.arg.boolean({ required: true, defaultValue: false, description: dryRunDescription }),
    },
    resolve: (_, { input, dryRun }, context) => runOrderCommand(context, updateWork(context, input, ['input']), dryRun),
  }),
);

builder.mutationField('addToOrder', (t) =>
  t.field({
    type: AddToOrderPayload,
    description: 'Adds quantity or products to an order. Mirrors PATCH /orders/{orderId} with status=add.',
    args: {
      input: t.arg({ type: AddToOrderInput, required: true, description: 'What is added.' }),
      dryRun: t.arg.boolean({ required: true, defaultValue: false, description: dryRunDescription }),
    },
    resolve: (_, { input, dryRun }, context) => runOrderCommand(context, addWork(context, input, ['input']), dryRun),
  }),
);

builder.mutationField('correctOrder', (t) =>
  t.field({
    type: CorrectOrderPayload,
    description:
      'Corrects quantities, price, discount and product details of lines, as if they had been so from the start. Mirrors one row of PATCH /bulkpatchorder.',
    args: {
      input: t.arg({ type: CorrectOrderInput, required: true, description: 'The corrections.' }),
      dryRun: t.arg.boolean({ required: true, defaultValue: false, description: dryRunDescription }),
    },
    resolve: (_, { input, dryRun }, context) => runOrderCommand(context, correctWork(context, input, ['input']), dryRun),
  }),
);
