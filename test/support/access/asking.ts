// Asks as a viewer, and keeps what was asked and answered: which fields each asked for, and every text that a member was shown.
import { type GraphQLSchema, getNamedType, isObjectType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { Answer, TestServer } from '../server.ts';
import type { Json } from './redaction.ts';
import type { Viewer } from './viewers.ts';

export type Asked = { readonly data: { readonly [name: string]: Json } | null; readonly errors: readonly AskedError[] };
type AskedError = { readonly message: string; readonly path: string; readonly code: unknown };

export type Asking = ReturnType<typeof createAsking>;

/** Every field of every object of a schema, as "Type.field". */
export const fieldsOf = (schema: GraphQLSchema): readonly string[] =>
  Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !type.name.startsWith('__') ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
  );

export function createAsking(server: TestServer, schema: GraphQLSchema) {
  const asked = new Map<string, Set<string>>();
  const answered = new Set<string>();
  const shown: { viewer: Viewer; text: string; variables: unknown }[] = [];
  const fieldsOfDocument = new Map<string, readonly string[]>();

  /** The fields that a document asks for, of objects. */
  function fieldsIn(document: string): readonly string[] {
    const known = fieldsOfDocument.get(document);
    if (known) return known;
    const found = new Set<string>();
    const types = new TypeInfo(schema);
    const note = () => {
      const [parent, field] = [types.getParentType(), types.getFieldDef()];
      if (isObjectType(parent) && field && !field.name.startsWith('__')) found.add(`${parent.name}.${field.name}`);
    };
    visit(parse(document), visitWithTypeInfo(types, { Field: note }));
    fieldsOfDocument.set(document, [...found]);
    return [...found];
  }

  /** Notes the fields of objects that an answer holds. */
  function note(value: Json | undefined, declared: string | null): void {
    if (Array.isArray(value)) for (const item of value) note(item, declared);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const object = value as { readonly [name: string]: Json }; // Neither a list nor null.
    const type = schema.getType(String(object['__typename'] ?? declared));
    if (!isObjectType(type)) return;
    for (const [name, part] of Object.entries(object)) {
      const field = type.getFields()[name];
      if (!field) continue;
      answered.add(`${type.name}.${name}`);
      note(part, getNamedType(field.type).name);
    }
  }

  return {
    /** Fields that were asked for by a viewer. */
    askedBy: (viewer: Viewer): ReadonlySet<string> => asked.get(viewer.name) ?? new Set(),
    /** Fields that were answered to somebody, not only asked for. */
    answered: (): ReadonlySet<string> => answered,
    shown: (): readonly { readonly viewer: Viewer; readonly text: string; readonly variables: unknown }[] => shown,
    async ask(viewer: Viewer, document: string, variables: Record<string, unknown> = {}): Promise<Asked> {
      const noted = asked.get(viewer.name) ?? new Set();
      asked.set(viewer.name, noted);
      for (const field of fieldsIn(document)) noted.add(field);
      const answer: Answer = await server.execute(document, variables, { ...viewer.headers });
      shown.push({ viewer, text: JSON.stringify(answer), variables });
      const data = (answer.data ?? null) as Asked['data']; // What came is JSON.
      note(data, document.startsWith('mutation') ? 'Mutation' : 'Query');
      const errors = (answer.errors ?? []).map(({ message, path, extensions }) => ({
        ...{ message, path: (path ?? []).join('.') },
        code: extensions?.['code'],
      }));
      return { data, errors };
    },
  };
}
