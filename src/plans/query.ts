// The root fields that plans reach.
import { idOfType } from '../graphql/global-id.ts';
import { exactlyOne } from '../graphql/one-of.ts';
import type { OrderFilterInput } from '../graphql/order/filter.ts';
import type { Asking, Cells } from '../store/statement.ts';
import type { Store } from '../store/store.ts';
import { orders } from './order.ts';
import { createLevel, type PlannedField, type PlannedFields } from './plan.ts';

type By = { readonly id?: string | null } & Readonly<Record<string, string | null | undefined>>;
type ByKey = (siteId: string, keys: readonly string[]) => Asking<readonly Cells[]>;

/** One row, by its opaque id or by the caller's; null when there is none. */
const single =
  (
    type: string,
    ownKey: string,
    prepare: (chosen: Store['chosen'], columns: readonly string[]) => { id: ByKey; own: ByKey },
  ): PlannedField =>
  ({ store, args, object, keep }) => {
    const to = createLevel();
    to.at('id');
    const write = object(type, to);
    const reader = prepare(store.chosen, to.columns);
    const place = keep((place) => ({
      to,
      *read(_, running) {
        const { by } = args(running) as { readonly by: By }; // As the schema declares it.
        exactlyOne(by, ['by']);
        const isOwn = by.id === null || by.id === undefined;
        const key = isOwn ? (by[ownKey]?.trim() ?? '') : idOfType(type, by.id);
        const found = key === null ? [] : yield* reader[isOwn ? 'own' : 'id'](running.siteId, [key]);
        running.found[place] = found[0];
        return found;
      },
    }));
    return (_, running) => {
      const row = running.found[place] as Cells | undefined; // Kept above.
      return row ? write(row, running) : 'null';
    };
  };

export const queryFields: PlannedFields = {
  order: single('Order', 'orderId', (chosen, columns) => ({ id: chosen.ordersById(columns), own: chosen.ordersByOrderId(columns) })),
  member: single('Member', 'userId', (chosen, columns) => ({ id: chosen.membersById(columns), own: chosen.membersByUserId(columns) })),
  orders: orders(({ filter }) => filter as OrderFilterInput | null | undefined), // As the schema declares it.
};
