// Prints how long the dearest documents that are within their limits take to validate: `node --import tsx bench/validation.ts [SECONDS]`.
import { parse, validate } from 'graphql';
import { sandboxSchema } from '../src/graphql/sandbox.ts';
import { defaultLimits } from '../src/limits/limits.ts';
import { parseWithin } from '../src/limits/parse-within.ts';

const seconds = Number(process.argv[2] ?? 20);
const many = (count: number, part: (index: number) => string): string => Array.from({ length: count }, (_, index) => part(index)).join(' ');
const leaves = ['id', 'userId', 'status', 'optedIn', 'createdAt', 'updatedAt', 'firstName', 'lastName', 'email', '__typename'];
const deep = ['primaryMember', 'points', 'totalSpend', 'tier'];

/** Fragments that are all spread beside each other, with the same fields: each is compared with each. */
const beside = (fragments: number, fields: number, under: string) =>
  `{ member(by: { userId: "x" }) { ${many(fragments, (index) => `...F${index}`)} } } ${many(fragments, (index) => `fragment F${index} on Member { ${many(fields, (field) => leaves[field % 10] ?? '')} ${under} }`)}`;

/** A random document of Member with few names, so that much of it has to be compared. */
function random(): string {
  const below = (count: number): number => Math.floor(Math.random() * count);
  const fragments = 1 + below(24);
  let left = 480;
  const selection = (depth: number): string => {
    const names = new Set<string>();
    const parts: string[] = [];
    for (let index = below(8); index >= 0 && left > 0; index -= 1) {
      left -= 1;
      const name = depth > 0 && below(2) === 0 ? 'primaryMember' : (leaves[below(10)] ?? 'id');
      if (names.has(name) && below(20) > 0) continue;
      names.add(name);
      parts.push(name === 'primaryMember' ? `primaryMember ${selection(depth - 1)}` : name);
    }
    return `{ ${parts.join(' ') || 'id'} }`;
  };
  // Fragments spread later ones only, so that none spreads itself.
  const body = (index: number): string => {
    const spread = index < fragments && below(2) === 0 ? `...F${index + below(fragments - index)}` : '';
    return selection(6).replace('}', `${spread} }`);
  };
  return `{ member(by: { userId: "x" }) { ${many(Math.min(fragments, 20), (index) => `...F${index}`)} } } ${many(fragments, (index) => `fragment F${index} on Member ${body(index + 1)}`)}`;
}

const longest: { ms: number; fields: string; document: string }[] = [];
let admitted = 0;
let refused = 0;

function measure(title: string, document: string): void {
  try {
    parseWithin(parse, defaultLimits)(document);
  } catch (error) {
    refused += 1;
    if (title) console.log(`${title.padEnd(60)} refused: ${error instanceof Error ? error.message : ''}`);
    return;
  }
  admitted += 1;
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < (title ? 5 : 2); round += 1) {
    const parsed = parse(document);
    const before = process.cpuUsage();
    validate(sandboxSchema(), parsed);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1_000);
  }
  if (title) console.log(`${title.padEnd(60)} ${best.toFixed(1)} ms`);
  longest.push({ ms: best, fields: title, document });
  longest.sort((one, other) => other.ms - one.ms).splice(3);
}

measure('20 fragments of 10 fields beside each other', beside(20, 10, ''));
measure(
  '24 fragments of 20 fields (10 repeated) beside each other',
  beside(
    24,
    10,
    deep
      .slice(0, 1)
      .map((name) => `${name} { ${leaves.join(' ')} }`)
      .join(' '),
  ),
);
measure(
  '24 fragments, three levels of the same',
  beside(24, 5, 'primaryMember { id userId primaryMember { id userId primaryMember { id userId status } } }'),
);
measure(
  '24 fragments, each with the next within',
  `{ member(by: { userId: "x" }) { ${many(16, (index) => `...F${index}`)} } } ${many(16, (index) => `fragment F${index} on Member { id primaryMember { userId status ${index < 15 ? `...F${index + 1}` : ''} } }`)}`,
);
measure(
  '8 fragments, each with all later ones within',
  `{ member(by: { userId: "x" }) { ...F0 } } ${many(8, (index) => `fragment F${index} on Member { id ${index < 7 ? `primaryMember { ${many(Math.min(5, 7 - index), (each) => `...F${index + 1 + each}`)} }` : ''} }`)}`,
);
measure(
  '20 repeated fields with wide selections',
  `{ program { name } ${many(20, () => `member(by: { userId: "x" }) { ${leaves.join(' ')} primaryMember { ${leaves.join(' ')} } }`)} }`,
);
measure('500 unknown fields', `{ ${many(500, (index) => `ordres${index}`)} }`);
measure('many literals', `{ nodes(ids: [${many(4_900, () => '1')}]) { id } }`);
measure('many wrong literals', `{ nodes(ids: [${many(4_900, () => 'A')}]) { id } }`);
const end = performance.now() + seconds * 1_000;
while (performance.now() < end) measure('', random());
console.log(
  `${admitted} documents were admitted, ${refused} refused. The longest: ${longest.map(({ ms }) => `${ms.toFixed(1)} ms`).join(', ')}`,
);
