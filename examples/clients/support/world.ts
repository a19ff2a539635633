/** The development server that all examples share, as its environment variable describes it to the tests. */

/** A sample person with a phone. */
export interface ExamplePerson {
  readonly name: string;
  readonly displayName: string;
  readonly email: string;
  /** The subject of all tokens. */
  readonly sub: string;
  readonly password: string;
  /** E.164. */
  readonly number: string;
}

export interface ExampleWorld {
  /** Origin. */
  readonly issuer: string;
  /** Origin of the telephone simulator. */
  readonly simulator: string;
  /** Working folder of the server, in which commands find its settings. */
  readonly folder: string;
  readonly people: readonly ExamplePerson[];
}

/** Holds the world as JSON. */
export const worldVariable = 'EXAMPLE_WORLD';

/** Where the server of this run is. @throws Error where `openWorld` has not run */
export const world = (): ExampleWorld => {
  const text = process.env[worldVariable];
  if (text === undefined) throw new Error('no development server runs: npm run test:clients starts one');
  return JSON.parse(text) as ExampleWorld;
};

/** The person of this worker. Workers have different ones, because an account has one pending call at most. */
export const person = (): ExamplePerson => {
  const { people } = world();
  const found = people[Number(process.env['JEST_WORKER_ID'] ?? '1') % people.length];
  if (found === undefined) throw new Error('the development server has no people');
  return found;
};
