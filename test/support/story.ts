// Stories: a table of steps, each on its day, with the points that the member and the order "o1" then have.
import { expect } from 'vitest';
import type { World } from './world.ts';
import type { OrderPayload } from './world-documents.ts';

const msOfDay = 86_400_000;
/** Noon in Los Angeles; the clocks there do not change from day -85 to day 152. */
const dayZero = Date.parse('2026-06-01T12:00:00-07:00');

/** Noon of a day, or some milliseconds away from it, as the API prints it. */
export const day = (number: number, milliseconds = 0): string => new Date(dayZero + number * msOfDay + milliseconds).toISOString();

type Act = (world: World) => Promise<OrderPayload | undefined>;
/** On a day, what is done, and then: available points, held points, and the day on which "o1" next releases some (null: none). */
type Step = readonly [day: number, what: string, act: Act, available: number, held: number, releaseDay: number | null];
export type Story = readonly [title: string, steps: readonly Step[]];

export async function sweep(world: World): Promise<undefined> {
  await world.settle();
}

/** Carries the steps out, none of which may be refused, and expects what each says. */
export async function tell(world: World, steps: readonly Step[]): Promise<void> {
  for (const [number, what, act, available, held, releaseDay] of steps) {
    world.setClock(day(number));
    const payload = await act(world);
    const step = `day ${number}, ${what}`;
    expect(payload?.userErrors ?? [], step).toEqual([]);
    const balances = await world.balances();
    const order = await world.readOrder('o1');
    expect(
      { available: balances.available, held: balances.held, releaseAt: order?.pointsReleaseAt, ofOrder: order?.pointsHeld },
      step,
    ).toEqual({
      available,
      held,
      releaseAt: releaseDay === null ? null : day(releaseDay),
      ofOrder: held,
    });
  }
}
