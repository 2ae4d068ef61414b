// How long a request may work: at each statement it is given up when its time is over, and lets others in when it held them up.
import { setImmediate } from 'node:timers/promises';
import { type Asker, askedBy } from '../store/asker.ts';
import type { Reads, Store } from '../store/store.ts';
import { timedOut } from './limit-error.ts';
import type { Limits } from './limits.ts';

export type Turn = {
  /** Aborted, with the error to answer, when the time is over. */
  readonly signal: AbortSignal;
  /** The store for this request: it does nothing more for one that was given up. */
  readonly store: Store;
  /** Gives it up now. */
  readonly giveUp: (reason: Error) => void;
  /** Ends the watch over its time. */
  readonly end: () => void;
};

/**
 * Begins the time of a request. Statements run where they are called, so the time that passed is looked at before each. They are
 * counted for the asker.
 */
export function beginTurn(
  store: Store,
  { operationTimeoutMs, turnMs }: Pick<Limits, 'operationTimeoutMs' | 'turnMs'>,
  asker: Asker | null = null,
): Turn {
  const controller = new AbortController();
  const begun = performance.now();
  let letIn = begun;
  /** Whether nothing was done yet since others were let in: one statement always is. */
  let isFresh = true;
  let lettingIn: Promise<void> | null = null;
  const giveUp = (reason: Error): void => controller.abort(reason);
  const timer = setTimeout(() => giveUp(timedOut(operationTimeoutMs)), operationTimeoutMs);
  timer.unref();

  /** Throws when the time is over; answers what to wait for when others are due. */
  function takeTurn(): Promise<void> | null {
    const now = performance.now();
    if (now - begun >= operationTimeoutMs) giveUp(timedOut(operationTimeoutMs));
    controller.signal.throwIfAborted();
    if (isFresh || now - letIn < turnMs) {
      isFresh = false;
      return null;
    }
    // All fields that are resolved side by side wait together, and look at the time again when they go on, one after the other.
    lettingIn ??= letOthersIn();
    return lettingIn;
  }

  async function letOthersIn(): Promise<void> {
    await setImmediate();
    letIn = performance.now();
    isFresh = true;
    lettingIn = null;
  }

  return { signal: controller.signal, store: inTurns(store, takeTurn, asker), giveUp, end: () => clearTimeout(timer) };
}

type Method = (...given: readonly unknown[]) => Promise<unknown>;

/** A store that waits for its turn before each of these, and works for the asker. */
function inTurns(store: Store, takeTurn: () => Promise<void> | null, asker: Asker | null): Store {
  const waiting =
    <Parameters extends readonly unknown[], Result>(method: (...given: Parameters) => Promise<Result>) =>
    async (...given: Parameters): Promise<Result> => {
      for (let wait = takeTurn(); wait !== null; wait = takeTurn()) await wait;
      return askedBy(asker, () => method(...given));
    };
  const reads: Record<string, Method> = {};
  for (const [name, read] of Object.entries(store.reads)) reads[name] = waiting(read as Method); // Whatever it is given, it is given.
  return {
    ...store,
    reads: reads as unknown as Reads, // The same methods by the same names.
    commit: waiting(store.commit),
    commitMember: waiting(store.commitMember),
    commitProgram: waiting(store.commitProgram),
    settle: waiting(store.settle),
    setClockAhead: waiting(store.setClockAhead),
  };
}
