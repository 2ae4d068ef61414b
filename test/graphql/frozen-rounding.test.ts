// (to be put into worked-cases.test.ts, beside the frozen rules)
import { expect, test } from 'vitest';
import { openWorld } from '../support/world.ts';

test('an adjustment rounds as the program did when the order was placed', async () => {
  const world = await openWorld({ rounding: 'FLOOR' });
  await world.order('o1', [['p', 1, 100]]);
  world.setClock('2026-11-25T12:00:00Z');
  await world.setProgram({ rounding: 'CEILING' });
  await world.adjust('o1', 'CREDIT', '0.50');
  expect((await world.readMember())?.points.available).toBe(100);
  await world.close();
});
