// What can keep a store from doing what it is asked, through no fault of who asks.

/** Whether a command was carried out is not known: the connection was lost while it was being committed. The same command again settles it. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** Nothing was done: the database could not be reached, or had no time, within the time that is allowed. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

/** Nothing was done: somebody else holds the lease under which it was to be done. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** A look that held others up for longer than it may: it is to be taken in turns instead. */
export class TookTooLong extends Error {}
