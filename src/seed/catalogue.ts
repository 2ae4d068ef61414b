// What the shop of the demo sells, by the purse that buys it.
import type { LineItemInput } from '../domain/new-lines.ts';
import type { Purse } from './members.ts';

type Product = Pick<LineItemInput, 'productId' | 'name' | 'categoryId' | 'categoryName' | 'unitPrice'>;

const product = (productId: string, name: string, category: string, unitPrice: string): Product => ({
  productId,
  name,
  categoryId: category.toLowerCase(),
  categoryName: category,
  unitPrice,
});

export const catalogue: Readonly<Record<Purse, readonly Product[]>> = {
  SMALL: [
    product('socks', 'Wool socks', 'Clothing', '9.50'),
    product('cap', 'Sun cap', 'Clothing', '18.90'),
    product('water-bottle', 'Water bottle', 'Equipment', '14.95'),
    product('mug', 'Enamel mug', 'Equipment', '12.50'),
    product('gift-card', 'Gift card', 'Gifts', '25.00'),
  ],
  MEDIUM: [
    product('trail-runner', 'Trail runner', 'Shoes', '89.90'),
    product('headlamp', 'Headlamp', 'Equipment', '39.50'),
    product('stove', 'Camping stove', 'Equipment', '63.95'),
    product('fleece', 'Fleece', 'Clothing', '75.25'),
    product('mug', 'Enamel mug', 'Equipment', '12.50'),
  ],
  LARGE: [
    product('hiking-boot', 'Hiking boot', 'Shoes', '159.90'),
    product('tent', 'Two-person tent', 'Equipment', '310.00'),
    product('down-jacket', 'Down jacket', 'Clothing', '228.50'),
    product('sleeping-bag', 'Sleeping bag', 'Equipment', '185.50'),
    product('gift-card', 'Gift card', 'Gifts', '25.00'),
  ],
};

/** What is added to an order later: sold to nobody else, so that a product stands once in an order. */
export const lateProduct = product('rain-cover', 'Rain cover', 'Equipment', '21.99');
