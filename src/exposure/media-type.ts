// Content types, read as browsers read them, so that both mean the same by one.
import { MIMEType } from 'node:util';

export type MediaType = {
  /** The type and subtype in small letters, such as "application/json". */
  readonly essence: string;
  /** In small letters; null where none is said. */
  readonly charset: string | null;
};

/** Null for none and for whatever is not exactly one media type, such as a list of them. */
export function readMediaType(header: string | null): MediaType | null {
  if (header === null) return null;
  try {
    const { essence, params } = new MIMEType(header);
    return { essence, charset: params.get('charset')?.toLowerCase() ?? null };
  } catch {
    return null;
  }
}
