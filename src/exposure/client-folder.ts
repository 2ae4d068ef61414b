// Finds the GraphQL that stands in a client's folder: in files of its own, and in the client's code.
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';

/** A piece of GraphQL and the file that it stands in. */
export type Piece = { readonly file: string; readonly text: string };
export type Pieces = { readonly pieces: readonly Piece[]; readonly faults: readonly string[] };

const documentEndings = ['.graphql', '.gql'];
const codeEndings = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

/** The files below a folder, in the order of their names; neither those of installed packages nor hidden ones. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() ? [path] : [];
    });
}

/** Everything that is tagged as GraphQL below a folder. Throws when the folder cannot be read. */
export async function readClientFolder(folder: string): Promise<Pieces> {
  // The reader of code is large, and nothing else needs it.
  const { gqlPluckFromCodeString } = await import('@graphql-tools/graphql-tag-pluck');
  const pieces: Piece[] = [];
  const faults: string[] = [];
  for (const path of filesBelow(folder)) {
    const file = relative(folder, path);
    if (documentEndings.includes(extname(path))) pieces.push({ file, text: readFileSync(path, 'utf8') });
    if (!codeEndings.includes(extname(path))) continue;
    try {
      const found = await gqlPluckFromCodeString(path, readFileSync(path, 'utf8'), { skipIndent: true });
      pieces.push(...found.map(({ body }) => ({ file, text: body })));
    } catch (error) {
      faults.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { pieces, faults };
}
