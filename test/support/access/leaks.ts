// What an answer gives away: marks, ids and names, in plain text, in global ids and in cursors, of what its viewer may not see.
import { decodeId, parentOf } from './ids.ts';
import { marksIn } from './marks.ts';
import type { Model } from './model.ts';
import { nodeTypes } from './rows.ts';
import type { Viewer } from './viewers.ts';

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** The strings of a cursor, which is a list in JSON in base64url. */
function stringsOfCursor(text: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(value) ? stringsIn(value) : [];
  } catch {
    return [];
  }
}

/** Finds what an answer, as JSON, holds that a viewer may not see. */
export function createLeakScan(model: Model) {
  const sites = [...new Set(model.told.members.map(({ siteId }) => siteId))];
  const typeOf = new Map<string, string>([
    ...model.rows.orders.map(({ id }) => [id, 'Order'] as const),
    ...model.rows.members.map(({ id }) => [id, 'Member'] as const),
    ...model.rows.adjustments.map(({ id }) => [id, 'SpendAdjustment'] as const),
  ]);

  function seesMark(viewer: Viewer, { siteId, kind, subject }: ReturnType<typeof marksIn>[number]): boolean {
    const member = { siteId, userId: subject };
    if (kind === 'email') return model.ownsAccount(viewer, member);
    if (kind === 'name') return model.seesMember(viewer, member);
    const order = model.told.orders.find((told) => told.siteId === siteId && told.orderId === subject);
    return order !== undefined && model.seesOrder(viewer, order);
  }
  const seesUuid = (viewer: Viewer, id: string): boolean => {
    const type = typeOf.get(id);
    // A dry run of staff shows ids that no row has; to members nobody shows any.
    return type === undefined ? viewer.role !== 'member' : model.sees(viewer, type, id);
  };
  const seesId = (viewer: Viewer, text: string): boolean => {
    const decoded = decodeId(text);
    if (!decoded || !nodeTypes.includes(decoded.typename) || (viewer.role !== 'member' && !typeOf.has(parentOf(decoded.identity))))
      return true;
    return model.sees(viewer, decoded.typename, decoded.identity);
  };
  /** User ids and order ids that the viewer's site has, or another, and that are those of nothing they see. */
  function hiddenNames(viewer: Viewer): ReadonlySet<string> {
    const all = [...model.told.members.map(({ userId }) => userId), ...model.told.orders.map(({ orderId }) => orderId)];
    const members = model.told.members.filter((member) => model.seesMember(viewer, member)).map(({ userId }) => userId);
    const orders = model.told.orders.filter((order) => model.seesOrder(viewer, order)).map(({ orderId }) => orderId);
    return new Set(all.filter((name) => !members.includes(name) && !orders.includes(name)));
  }

  const hiddenFrom = new Map<string, ReadonlySet<string>>();
  return (viewer: Viewer, text: string): readonly string[] => {
    const strings = stringsIn(JSON.parse(text)).flatMap((one) => [one, ...stringsOfCursor(one)]);
    const hidden = hiddenFrom.get(viewer.name) ?? hiddenNames(viewer);
    hiddenFrom.set(viewer.name, hidden);
    const foreign = sites.filter((siteId) => siteId !== viewer.siteId);
    return [
      ...strings
        .flatMap(marksIn)
        .filter((mark) => !seesMark(viewer, mark))
        .map((mark) => `mark ${JSON.stringify(mark)}`),
      ...strings.flatMap((one) => one.match(uuid) ?? []).filter((id) => !seesUuid(viewer, id)),
      ...strings.filter((one) => !seesId(viewer, one)).map((one) => `id of ${decodeId(one)?.typename}`),
      ...strings.flatMap((one) => (decodeId(one)?.identity ?? '').match(uuid) ?? []).filter((id) => !seesUuid(viewer, id)),
      ...strings.filter((one) => hidden.has(one)).map((one) => `name ${one}`),
      ...strings.filter((one) => foreign.some((siteId) => one === siteId || one.endsWith(` of ${siteId}`))),
    ];
  };
}
