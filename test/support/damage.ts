// What a damage is, and the words in which damages are written.

/** A statement behind the code's back, and exactly the lines by which the doctor reports it; ID stands for an internal id. */
export type Damage = {
  readonly name: string;
  readonly sql: string;
  readonly lines: readonly string[];
  /** The only engine on which there is such damage; left out, there is on each. */
  readonly engine?: 'sqlite' | 'postgres';
};

export const orderId = (id: string) => `(select id from orders where order_id = '${id}')`;
export const memberId = (id: string) => `(select id from members where user_id = '${id}')`;

/** Those of the site "shop", whose history has holds, lots, debt and redemptions. */
export const ann = 'Site shop, member ann';
export const bob = 'Site shop, member bob';
export const ofOrder = (id: string) => `Site shop, order ${id}`;
export const setUser = (userId: string, values: string) => `update members set ${values} where user_id = '${userId}'`;
export const setEntryOf = (userId: string, sequence: number, values: string) =>
  `update points_entries set ${values} where member_id = ${memberId(userId)} and sequence = ${sequence}`;
export const setLot = (userId: string, sequence: number, values: string) =>
  `update points_lots set ${values} where member_id = ${memberId(userId)} and sequence = ${sequence}`;
export const setOrderOf = (id: string, values: string) => `update orders set ${values} where order_id = '${id}'`;
/** When the held points of s-5 are due. */
export const due = 1_800_014_400_000;
