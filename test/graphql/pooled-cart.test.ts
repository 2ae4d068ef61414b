// The cart of a secondary member whose points go to the primary member: it tells what it earns, and nothing of that account.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openGuardedServer, type TestServer } from '../support/server.ts';
import { bearer } from '../support/tokens.ts';
import { plainProgram } from '../support/world.ts';

const cart = (fields: string) =>
  `{ cartPoints(input: { userId: "sue", lineItems: [{ productId: "p", quantity: 1, unitPrice: 100 }] }) { cart { ${fields} } userErrors { code message } } }`;

let server: TestServer;
const as = (role: 'member' | 'admin', query: string) => server.execute(query, {}, bearer(role, role === 'member' ? 'sue' : 'boss'));
beforeEach(async () => {
  server = openGuardedServer();
  const program = { ...plainProgram, secondaryMembers: { earnForPrimary: true } };
  await server.setProgram(program);
  await as('admin', 'mutation { enrollMember(input: { userId: "primary-pam" }) { userErrors { code } } }');
  await as('admin', 'mutation { enrollMember(input: { userId: "sue", primaryUserId: "primary-pam" }) { userErrors { code } } }');
});
afterEach(() => server.close());

test('it tells what it earns, and not what the account would hold', async () => {
  expect(await as('member', cart('points pointsValue { amount }'))).toEqual({
    data: { cartPoints: { cart: { points: 100, pointsValue: { amount: '1.00' } }, userErrors: [] } },
  });
  const { data, errors } = await as('member', cart('points availableAfterOrder'));
  expect(data).toEqual({ cartPoints: { cart: null, userErrors: [] } });
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

test('a blocked primary member is not named', async () => {
  await as('admin', 'mutation { updateMember(input: { userId: "primary-pam", status: BLOCKED }) { userErrors { code } } }');
  const answer = await as('member', cart('points'));
  expect(answer.data).toMatchObject({ cartPoints: { cart: null, userErrors: [{ code: 'MEMBER_BLOCKED' }] } });
  expect(JSON.stringify(answer)).not.toContain('pam');
});
