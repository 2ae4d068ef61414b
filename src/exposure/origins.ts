// Which pages of other origins may call from a browser (CORS): none unless they are named.
import type { CORSOptions, Plugin } from 'graphql-yoga';
import { csrfHeader } from './use-csrf-prevention.ts';

/** The origin that a text names exactly, as browsers write it: a scheme, a host and, if need be, a port; null for anything else. */
export function readOrigin(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { origin, protocol } = new URL(text);
  return origin === text && (protocol === 'https:' || protocol === 'http:') ? origin : null;
}

const allowed = {
  methods: ['GET', 'POST'],
  allowedHeaders: ['authorization', 'content-type', 'x-site-id', csrfHeader, 'x-request-id'],
  exposedHeaders: ['x-request-id', 'retry-after'],
  // Who calls shows a token; a cookie of the reader's has no part in it.
  credentials: false,
  maxAge: 600,
};

/** What is said to a page of an origin. Others are told nothing at all: "null", which Yoga would say, is an origin too. */
export const crossOriginRules = (origins: readonly string[]): false | ((request: Request) => CORSOptions) =>
  origins.length > 0 &&
  ((request) => {
    const origin = request.headers.get('origin');
    return origin !== null && origins.includes(origin) && { ...allowed, origin: [origin] };
  });

/** Tells caches that answers differ by origin, where they do. */
export const useVaryByOrigin = (origins: readonly string[]): Plugin => ({
  onResponse({ response }) {
    if (origins.length > 0) response.headers.append('vary', 'Origin');
  },
});
