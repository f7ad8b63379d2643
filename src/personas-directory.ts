import { join } from 'node:path';

/** The personas that ship with the product; a table's own lie beside them. */
export const PERSONAS_DIRECTORY = join(import.meta.dirname, '../personas');
