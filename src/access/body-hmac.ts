// The claim that binds a token to a body: Base64(HMAC-SHA256(Base64(raw body), secret)).
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

/** The claim for a body, as it came over the wire. */
const bodyHmac = (body: Uint8Array, secret: KeyObject): string =>
  createHmac('sha256', secret)
    .update(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64'))
    .digest('base64');

/** Whether a claim is the one for a body; takes the same time wherever they differ. */
export function matchesBody({ hmac, secret }: { readonly hmac: string; readonly secret: KeyObject }, body: Uint8Array): boolean {
  const [claimed, expected] = [Buffer.from(hmac), Buffer.from(bodyHmac(body, secret))];
  return claimed.length === expected.length && timingSafeEqual(claimed, expected);
}
