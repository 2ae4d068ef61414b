// Where the package lies: what it reads when it runs stands in folders beside the code, whether that is built or not.
import { join } from 'node:path';

/** The folder of package.json: the sources, and what is built of them, lie right below it. */
export const packageFolder: string = join(import.meta.dirname, '..');
