// How a request ended, in few words: from the status and the codes of its errors.

export type Outcome =
  | 'ok'
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not found'
  | 'too large'
  | 'over budget'
  | 'timed out'
  | 'client gone'
  | 'unavailable'
  | 'failed';

const byStatus: Readonly<Record<number, Outcome>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not found',
  408: 'timed out',
  413: 'too large',
  429: 'over budget',
  503: 'unavailable',
  504: 'timed out',
};

const byCode: Readonly<Record<string, Outcome>> = {
  UNAUTHENTICATED: 'unauthenticated',
  FORBIDDEN: 'forbidden',
  COST_EXCEEDED: 'too large',
  ANSWER_TOO_LARGE: 'too large',
  DOCUMENT_TOO_COMPLEX: 'too large',
  RATE_LIMITED: 'over budget',
  OPERATION_TIMEOUT: 'timed out',
  CLIENT_GONE: 'client gone',
  DATABASE_UNAVAILABLE: 'unavailable',
  OUTCOME_UNKNOWN: 'unavailable',
};

/** The outcome of a request. A code tells more than a status; an answer with some data and some errors is not "ok". */
export function outcomeOf(status: number, codes: readonly string[]): Outcome {
  if (status === 200 && codes.length === 0) return 'ok';
  if (codes.includes('INTERNAL_ERROR')) return 'failed';
  const told = codes.map((code) => byCode[code]).find((outcome) => outcome !== undefined) ?? byStatus[status];
  if (told) return told;
  if (status >= 500) return 'failed';
  return status >= 400 || codes.length > 0 ? 'invalid' : 'ok';
}
