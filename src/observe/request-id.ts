// The id by which a request is found in the log: the caller's, if it is harmless, else a new one.

const harmless = /^[A-Za-z0-9._:-]{1,64}$/;

/** The name of the header that brings the id, and takes it back. */
export const requestIdHeader = 'x-request-id';

/** The caller's id, or a new one when it sent none or one with other characters or more of them than may stand in a log. */
export const requestIdOf = (sent: string | null | undefined, newId: () => string): string =>
  sent !== null && sent !== undefined && harmless.test(sent) ? sent : newId();
