// What the log says of an error: what kind and where, never its message, which may quote what a client sent.

export type ErrorReport = {
  readonly name: string;
  readonly code?: string;
  /** Only of errors whose messages hold no values. */
  readonly message?: string;
  readonly frames?: readonly string[];
  readonly cause?: ErrorReport;
  readonly errors?: readonly ErrorReport[];
};

const deepest = 4;
const widest = 5;
const word = /^[A-Za-z_][\w.-]{0,63}$/;

/** Where the error was thrown. Frames are told from a message that looks like them by the message's length, or left out. */
function framesOf({ stack, message }: Error): readonly string[] {
  if (typeof stack !== 'string') return [];
  const start = stack.indexOf(message);
  if (start < 0) return [];
  const lines = stack.slice(start + message.length).split('\n');
  return lines.filter((line) => line.startsWith('    at ')).map((line) => line.trim());
}

/** SQLite names constraints and tables in its messages; the values are placeholders. */
const isPlain = ({ name }: Error): boolean => name === 'SqliteError';

const errorsOf = (error: Error): readonly unknown[] => ('errors' in error && Array.isArray(error.errors) ? error.errors : []);

/** Describes whatever was thrown, with its causes, without a word that a client may have sent. */
export function reportError(error: unknown, depth = 0): ErrorReport {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error && typeof error.code === 'string' && word.test(error.code) ? error.code : undefined;
  const inner = errorsOf(error).slice(0, widest);
  return {
    name: word.test(error.name) ? error.name : 'Error',
    ...(code !== undefined && { code }),
    ...(isPlain(error) && { message: error.message }),
    frames: framesOf(error),
    ...(error.cause !== undefined && depth < deepest && { cause: reportError(error.cause, depth + 1) }),
    ...(inner.length > 0 && depth < deepest && { errors: inner.map((each) => reportError(each, depth + 1)) }),
  };
}
