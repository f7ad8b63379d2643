import { type CompiledQuery, type Expression, sql } from 'kysely';
import type { Database } from './tables.ts';

/** Stands in a kept query for a value that comes with each run. */
export type Given<Values> = <Name extends keyof Values>(name: Name) => Expression<Values[Name]>;

/** A value that comes with each run, as it stands among the parameters of the compiled query. */
class Slot<Values> {
  readonly name: keyof Values;

  constructor(name: keyof Values) {
    this.name = name;
  }
}

/**
 * A query that is built and compiled when it first runs, and kept: to do so takes several times as long as to run it.
 * For those that run with every line. What is not `given` is the same in every run.
 */
export class KeptQuery<Values extends object, Row> {
  readonly #build: (db: Database, given: Given<Values>) => CompiledQuery<Row>;
  #compiled: CompiledQuery<Row> | undefined;

  constructor(build: (db: Database, given: Given<Values>) => CompiledQuery<Row>) {
    this.#build = build;
  }

  /** The rows, in their order. */
  async all(db: Database, values: Values): Promise<Row[]> {
    return (await this.#run(db, values)).rows;
  }

  /** The first row, if any. */
  async first(db: Database, values: Values): Promise<Row | undefined> {
    return (await this.#run(db, values)).rows[0];
  }

  /** Runs a query that gives no rows. */
  async run(db: Database, values: Values): Promise<void> {
    await this.#run(db, values);
  }

  async #run(db: Database, values: Values) {
    this.#compiled ??= this.#build(db, (name) => sql`${new Slot<Values>(name)}`);
    const compiled = this.#compiled;
    const parameters = compiled.parameters.map((each) => (isSlot<Values>(each) ? values[each.name] : each));
    return db.executeQuery<Row>({ ...compiled, parameters });
  }
}

function isSlot<Values>(parameter: unknown): parameter is Slot<Values> {
  return parameter instanceof Slot;
}
