// Who sees what: every field of the schema, for every role, on what is their own, another member's and another site's.
import { extendSchema, getNamedType, isInputObjectType, isNonNullType, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessRules, undeclaredFields } from '../src/graphql/access-rules.ts';
import { schema } from '../src/graphql/schema.ts';
import { type Asked, type Asking, createAsking, fieldsOf } from './support/access/asking.ts';
import { commandRoles, commandsOn, mayCommand } from './support/access/commands.ts';
import { faultyArguments } from './support/access/faulty-input.ts';
import { decodeId } from './support/access/ids.ts';
import { createLeakScan } from './support/access/leaks.ts';
import { createRedaction, isObject, type Json } from './support/access/redaction.ts';
import { refusableDocuments, rootFields, wholeDocument } from './support/access/root-documents.ts';
import { memberFilters, orderFilters, queryRoutes, type Route, unknownUser, type Variables } from './support/access/routes.ts';
import { nodeTypes } from './support/access/rows.ts';
import { deep, nodeSelections } from './support/access/selections.ts';
import { administratorOf, casts, type Viewer, viewers } from './support/access/viewers.ts';
import { type AccessWorld, openAccessWorld } from './support/access/world.ts';

let world: AccessWorld;
let asking: Asking;
beforeAll(async () => {
  world = await openAccessWorld();
  asking = createAsking(world.server, schema);
});
afterAll(() => world.close());

/** What the administrator of a site gets, asked once. */
const known = new Map<string, Promise<Asked>>();
function asAdministrator(siteId: string, document: string, variables: Variables): Promise<Asked> {
  const key = JSON.stringify([siteId, document, variables]);
  const answer = known.get(key) ?? asking.ask(administratorOf(siteId), document, variables);
  known.set(key, answer);
  return answer;
}

/** The most that `nodes` takes. */
const pageSize = 100;
const places = (errors: Asked['errors']) => errors.map(({ path, code }) => ({ path, code }));
const listOf = (answer: Asked, field: string): readonly Json[] => {
  const list = answer.data?.[field];
  return Array.isArray(list) ? list : [];
};

describe('objects by their ids', () => {
  const selections = nodeSelections(schema);
  const pagesOf = (typename: string): readonly (readonly string[])[] => {
    const ids = world.model.rows.nodes.filter((node) => node.typename === typename).map(({ id }) => id);
    return Array.from({ length: Math.ceil(ids.length / pageSize) }, (_, page) => ids.slice(page * pageSize, (page + 1) * pageSize));
  };

  it.each(viewers)('shows $name of each what the rules of its fields say', async (viewer) => {
    const redaction = createRedaction(world.model, viewer);
    for (const { typename, field, selection } of selections)
      for (const ids of pagesOf(typename)) {
        const document = `query Nodes($ids: [ID!]!) { nodes(ids: $ids) { ${selection} } }`;
        const whole = listOf(await asAdministrator(viewer.siteId, document, { ids }), 'nodes');
        const expected = ids.map((id, index) => redaction.node(id, whole[index] ?? null));
        const refused = field === null ? [] : ids.filter((id) => redaction.sees(id) && !isOwn(viewer, id));
        const answer = await asking.ask(viewer, document, { ids });
        expect(places(answer.errors)).toEqual(refused.map((id) => ({ path: `nodes.${ids.indexOf(id)}.${field}`, code: 'FORBIDDEN' })));
        expect(listOf(answer, 'nodes')).toEqual(expected.map((value, index) => (refused.includes(ids[index] ?? '') ? null : value)));
      }
  });
  const isOwn = (viewer: Viewer, id: string): boolean => {
    const decoded = decodeId(id);
    return decoded !== null && world.model.owns(viewer, decoded.typename, decoded.identity);
  };

  it.each(['demo', 'other'])('shows the administrator of %s every object of the site', async (siteId) => {
    for (const { typename, field, selection } of selections.filter((one) => one.field === null))
      for (const ids of pagesOf(typename)) {
        const document = `query Nodes($ids: [ID!]!) { nodes(ids: $ids) { ${selection} } }`;
        const whole = listOf(await asAdministrator(siteId, document, { ids }), 'nodes');
        const there = world.model.rows.nodes.filter((node) => node.siteId === siteId).map(({ id }) => id);
        expect({ field, ids: whole.map((value) => (isObject(value) ? value['id'] : null)) }).toEqual({
          field,
          ids: ids.map((id) => (there.includes(id) ? id : null)),
        });
      }
  });
});

describe('the fields of Query', () => {
  const fields = () => rootFields(schema, 'query').filter(({ name }) => name !== 'nodes');

  it.each(viewers)('answer $name with what may be seen of what the administrator gets', async (viewer) => {
    for (const field of fields()) {
      const route = queryRoutes[field.name];
      if (!route) throw new Error(`There is no route for the field ${field.name}.`);
      const document = wholeDocument(schema, 'query', field);
      for (const question of route.questions(world.model)) {
        const answer = await asking.ask(viewer, document, question);
        expect({ field: field.name, question, ...answer }).toEqual({
          ...{ field: field.name, question },
          ...(await expectedOf(viewer, route, document, question, field.name)),
        });
      }
    }
  });
});

describe('what may be refused under a field of Query', () => {
  const refusable = rootFields(schema, 'query').flatMap((field) =>
    refusableDocuments(schema, 'query', field).map((part) => ({ ...part, field: field.name })),
  );

  it.each(viewers)('is refused to $name in the account of another member', async (viewer) => {
    for (const { field, path, document } of refusable) {
      const route = queryRoutes[field];
      for (const question of route?.questions(world.model) ?? []) {
        const answer = await asking.ask(viewer, document, question);
        const part = answer.data?.[field];
        const meant = route?.instead?.(viewer, question) ?? question;
        const isRefused = isSame(meant, question) && route?.isOwn?.(viewer, question, world.model) === false;
        const isAnswered = !isRefused && !JSON.stringify(meant).includes(unknownUser);
        expect({ question, has: isObject(part) && isObject(part[path[0]]), errors: places(answer.errors) }).toEqual({
          ...{ question, has: isAnswered },
          errors:
            isRefused && !route?.fixed?.(viewer, question, world.model) ? [{ path: [field, ...path].join('.'), code: 'FORBIDDEN' }] : [],
        });
        if (isAnswered) expect(answer).toEqual(await asAdministrator(viewer.siteId, document, question));
      }
    }
  });
});

describe('commands', () => {
  const fields = rootFields(schema, 'mutation');
  const forbidden = (name: string) => ({
    ...{ __typename: 'InputError', code: 'FORBIDDEN', path: [], retryable: false },
    message: `This takes a token of the role ${commandRoles[name]}.`,
  });

  it.each(viewers)('are forbidden to $name before anything of the input is looked at, or not at all', async (viewer) => {
    await asking.ask(viewer, '{ __typename }');
    world.server.takeStatements();
    await asking.ask(viewer, '{ __typename }');
    const statementsOfNothing = world.server.takeStatements();
    for (const field of fields) {
      const answer = await asking.ask(viewer, wholeDocument(schema, 'mutation', field), faultyArguments(field.args));
      const statements = world.server.takeStatements();
      const payload = answer.data?.[field.name];
      if (!isObject(payload)) throw new Error(`Expected a payload of ${field.name}, not ${JSON.stringify(answer)}.`);
      if (mayCommand(viewer, field.name)) expect(JSON.stringify(payload)).not.toContain('FORBIDDEN');
      else {
        const { userErrors, __typename, ...rest } = payload;
        expect({ command: field.name, userErrors }).toEqual({ command: field.name, userErrors: [forbidden(field.name)] });
        expect(
          Object.values(rest).filter((part) => part !== null && part !== 0 && part !== false && JSON.stringify(part) !== '[]'),
        ).toEqual([]);
        expect(statements).toEqual(statementsOfNothing);
      }
    }
  });

  it.each(viewers)('answer $name as their role may, on their own site', async (viewer) => {
    const { primary, secondary } = casts[viewer.siteId] ?? { primary: '', secondary: '' };
    for (const { name, variables, answer } of commandsOn(viewer.siteId, primary, secondary)) {
      const field = fields.find((one) => one.name === name);
      if (!field) throw new Error(`There is no mutation ${name}.`);
      const { data, errors } = await asking.ask(viewer, wholeDocument(schema, 'mutation', field), variables);
      const payload = data?.[name] ?? null;
      const refusals = isObject(payload) && Array.isArray(payload['userErrors']) ? payload['userErrors'] : [errors];
      if (!mayCommand(viewer, name)) expect(refusals).toEqual([forbidden(name)]);
      else expect({ name, variables, type: refusals[0]?.__typename ?? '' }).toEqual({ name, variables, type: answer });
    }
  });
});

/** Operations that hold objects within objects, as clients ask. */
const deepDocuments = (): readonly string[] =>
  rootFields(schema, 'query')
    .filter(
      (field) => field.args.every(({ type }) => !isNonNullType(type)) && field.name !== 'programVersions' && field.name !== 'orderDetails',
    )
    .map(({ name, type }) => `{ ${name} { ${deep(schema, getNamedType(type), 2)} } }`);

describe('everything that was shown', () => {
  it.each(viewers)('holds for $name nothing of what they may not see', async (viewer) => {
    for (const document of deepDocuments()) await asking.ask(viewer, document);
    const leaks = createLeakScan(world.model);
    const answers = asking.shown().filter((shown) => shown.viewer.name === viewer.name);
    expect(answers.length).toBeGreaterThan(100);
    for (const { text } of answers) expect(leaks(viewer, text)).toEqual([]);
  });

  it('would be noticed if it held anything of another: a mark, an id, a name, a cursor', () => {
    const leaks = createLeakScan(world.model);
    const answers = asking.shown().filter((shown) => shown.viewer.name === administratorOf('demo').name);
    for (const viewer of viewers.filter(({ role, siteId }) => role === 'member' || siteId === 'other')) {
      const found = answers.flatMap(({ text }) => leaks(viewer, text));
      expect(
        [/^mark .*"order"/, /^mark .*"name"/, /^mark .*"email"/, /^[0-9a-f-]{36}$/, /of demo$/].filter(
          (kind) => !found.some((leak) => kind.test(leak)),
        ),
      ).toEqual(viewer.siteId === 'demo' ? [/of demo$/] : []);
      for (const typename of nodeTypes) expect(found).toContain(`id of ${typename}`);
    }
  });

  it.each(viewers)('was all that $name could ask for: every field of every type', (viewer) => {
    expect(fieldsOf(schema).filter((field) => !asking.askedBy(viewer).has(field))).toEqual([]);
  });

  it('was answered to somebody, field by field', () => {
    expect(fieldsOf(schema).filter((field) => !asking.answered().has(field))).toEqual([]);
  });
});

const isSame = (one: Variables, other: Variables): boolean => JSON.stringify(one) === JSON.stringify(other);

async function expectedOf(viewer: Viewer, route: Route, document: string, question: Variables, field: string): Promise<Asked> {
  const fixed = route.fixed?.(viewer, question, world.model) ?? null;
  if (fixed !== null) return { data: { [field]: fixed }, errors: [] };
  if (route.isForbidden?.(viewer))
    return { data: null, errors: [{ message: 'This takes a token of the role admin.', path: field, code: 'FORBIDDEN' }] };
  const meant = route.instead?.(viewer, question) ?? question;
  const { data, errors } = await asAdministrator(viewer.siteId, document, meant);
  const redaction = createRedaction(world.model, viewer, route.isNarrow?.(question) ? 'OWN' : null);
  const isOwn = !isSame(meant, question) || (route.isOwn?.(viewer, question, world.model) ?? true);
  return { data: data && { [field]: redaction.value(data[field] ?? null, isOwn) }, errors };
}

describe('the rules', () => {
  it('keep what stands in an account to its owner', () => {
    const kept = [...accessRules].flatMap(([type, rules]) =>
      [...rules].filter(([, rule]) => rule === 'ACCOUNT' || rule === 'ACCOUNT_LIST').map(([field]) => `${type}.${field}`),
    );
    expect(kept.toSorted()).toEqual(
      `CartPoints.availableAfterOrder CartPoints.heldAfterOrder CartPoints.maximumRedeemable CartPoints.member CartPoints.valueAfterOrder
        Member.email Member.lots Member.pointsEntries Member.points Member.secondaryMembers Member.spendAdjustments Member.tier
        Member.totalSpend Order.pointsEntries OrderEvent.pointsEntries SpendAdjustment.tierAfter SpendAdjustment.tierBefore`
        .split(/\s+/)
        .toSorted(),
    );
  });
});

describe('what nobody thought of', () => {
  const extended = extendSchema(
    schema,
    parse(`
      type Gossip { about: Member!, text: String! }
      extend type Member { nickname: String, gossip: [Gossip!]! }
      extend type Query { gossip: [Gossip!]! }
      extend type Mutation { gossip(about: ID!): Boolean! }
    `),
  );
  const added = ['Query.gossip', 'Member.nickname', 'Member.gossip', 'Mutation.gossip', 'Gossip.about', 'Gossip.text'];

  it('is a field without a rule, and without a way to it', () => {
    expect(undeclaredFields(extended).toSorted()).toEqual(added.toSorted());
    for (const viewer of viewers)
      expect(
        fieldsOf(extended)
          .filter((field) => !asking.askedBy(viewer).has(field))
          .toSorted(),
      ).toEqual(added.toSorted());
    expect(() => createRedaction(world.model, administratorOf('demo')).value({ __typename: 'Member', nickname: 'P.' }, true)).toThrow(
      'Member.nickname',
    );
  });

  it('is no way into the schema: each has a route, and each filter a question', () => {
    expect(Object.keys(queryRoutes).toSorted()).toEqual(
      rootFields(schema, 'query')
        .map(({ name }) => name)
        .filter((name) => name !== 'nodes')
        .toSorted(),
    );
    expect(Object.keys(commandRoles).toSorted()).toEqual(
      rootFields(schema, 'mutation')
        .map(({ name }) => name)
        .toSorted(),
    );
    for (const [name, filters] of Object.entries({ OrderFilter: orderFilters, MemberFilter: memberFilters })) {
      const type = schema.getType(name);
      expect(Object.keys(filters).toSorted()).toEqual(isInputObjectType(type) ? Object.keys(type.getFields()).toSorted() : []);
    }
  });
});
