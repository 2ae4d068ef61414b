// Where an order stands, and what can be done with it.
import { builder } from '../builder.ts';

export const OrderStatus = builder.enumType('OrderStatus', {
  description: 'Where an order or line stands. It follows from the quantities; it is never set.',
  values: {
    OPEN: { description: 'Nothing is shipped, cancelled or returned yet.' },
    PARTIALLY_SHIPPED: { description: 'Some are shipped, some are open.' },
    SHIPPED: { description: 'Everything that was not cancelled is shipped.' },
    PARTIALLY_RETURNED: { description: 'Some came back.' },
    RETURNED: { description: 'Everything that was shipped came back, and nothing is open.' },
    PARTIALLY_CANCELLED: { description: 'Some were cancelled, none is shipped.' },
    CANCELLED: { description: 'Everything was cancelled.' },
  } as const,
});

export const OrderAction = builder.enumType('OrderAction', {
  description: 'What can be done with an order.',
  values: {
    SHIP: { description: 'Ship what is open, by updateOrder.' },
    RETURN: { description: 'Take back what was shipped, by updateOrder.' },
    CANCEL: { description: 'Cancel what is open, by updateOrder.' },
    ADD: { description: 'Add quantities or products, by addToOrder.' },
    CORRECT: { description: 'Correct values of lines, by correctOrder.' },
    ADJUST_SPEND: { description: 'Credit or debit spend, by adjustSpend.' },
  } as const,
});

export const UpdateAction = builder.enumType('UpdateAction', {
  description: 'What updateOrder does with the goods.',
  values: {
    SHIP: { description: 'Ship open goods.' },
    RETURN: { description: 'Take back shipped goods, and the points they earned.' },
    CANCEL: { description: 'Cancel open goods, and the points they earned.' },
  } as const,
});

export const NewOrderStatus = builder.enumType('NewOrderStatus', {
  description: 'Whether the goods of a new order have left.',
  values: { OPEN: { description: 'Nothing is shipped yet.' }, SHIPPED: { description: 'Everything is shipped with the order.' } } as const,
});

export const OrderSort = builder.enumType('OrderSort', {
  description: 'The order of a list of orders. Equal values are told apart by id.',
  values: {
    ORDER_DATE_DESC: { description: 'Latest order date first.' },
    ORDER_DATE_ASC: { description: 'Earliest order date first.' },
    UPDATED_AT_DESC: { description: 'Last changed first.' },
    UPDATED_AT_ASC: { description: 'Longest unchanged first.' },
    TOTAL_DESC: { description: 'Largest total first.' },
    TOTAL_ASC: { description: 'Smallest total first.' },
  } as const,
});
