/** Measures an import of 10,000 people with hashes and seeds into an SQLite file, and checks what became of each row. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { importDepsOf } from '../cli/people.ts';
import { servicesOver } from '../cli/services.ts';
import { loadSettings } from '../src/config.ts';
import { importPeople, type ImportResult } from '../src/people/import.ts';
import { rowsIn } from '../src/people/read-file.ts';
import { openResources } from '../server/resources.ts';

const people = 10_000;
/** One row in so many has a hash that is refused. */
const badEvery = 100;
const goal = 1_000;

const base64 = (bytes: number): string => randomBytes(bytes).toString('base64').replaceAll('=', '');
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const seed = (): string => Array.from(randomBytes(32), byte => letters[byte % 32]).join('');

const rowOf = (at: number): string => {
  const hash =
    at % badEvery === badEvery - 1 ? 'not a hash' : `$pbkdf2-sha256$i=600000,l=32$${base64(16)}$${base64(32)}`;
  const cells = [
    `person${at}`,
    `Person ${at}`,
    `person${at}@example.com`,
    'true',
    'de',
    `staff;team-${at % 50}`,
    `+49 1512 ${1_000_000 + at}`,
    // It holds commas.
    `"${hash}"`,
    `otpauth://totp/ACME:person${at}?secret=${seed()}`,
  ];
  return `${cells.join(',')}\n`;
};

async function* file(rows: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from('name,display_name,email,email_verified,language,groups,phones,password_hash,totp\n');
  for (let at = 0; at < rows.length; at += 100) yield Buffer.from(rows.slice(at, at + 100).join(''));
}

/** Lines with the rates of a first and a second run. @throws Error if a row was lost, doubled or changed */
export const measureImport = async (folder: string): Promise<string> => {
  const settings = loadSettings({
    SALLYPORT_ISSUER: 'http://localhost:3000',
    SALLYPORT_DATABASE_URL: `sqlite:${join(folder, 'people.db')}`,
    SALLYPORT_SEALING_KEYS: `bench:${randomBytes(32).toString('base64')}`,
  });
  const resources = await openResources(settings);
  const services = await servicesOver(resources);
  const rows = Array.from({ length: people }, (_, at) => rowOf(at));
  const run = async (): Promise<{
    readonly result: ImportResult;
    readonly reported: number;
    readonly rate: number;
  }> => {
    let reported = 0;
    const began = performance.now();
    const result = await importPeople(importDepsOf(services), rowsIn(file(rows)), {
      actor: 'bench',
      onMistake: () => void (reported += 1),
      onDifference: () => {},
    });
    return { result, reported, rate: Math.round((people / (performance.now() - began)) * 1000) };
  };
  try {
    const [first, second] = [await run(), await run()];
    const bad = people / badEvery;
    check('first', first, { added: people - bad, unchanged: 0, different: 0, refused: bad, weak: 0 });
    check('second', second, { added: 0, unchanged: people - bad, different: 0, refused: bad, weak: 0 });
    return [
      `Import of ${people} people with hash, app and phone into SQLite: ${first.rate} a second (goal ${goal}).`,
      `The same file again, which changes nothing: ${second.rate} a second.`,
      `Each of ${bad} bad rows was reported in both runs.\n`,
    ].join('\n');
  } finally {
    await resources.close();
  }
};

const check = (
  name: string,
  { result, reported }: { readonly result: ImportResult; readonly reported: number },
  expected: ImportResult,
): void => {
  const got = JSON.stringify(result);
  if (got !== JSON.stringify(expected) || reported !== expected.refused)
    throw new Error(`${name} run: got ${got} and ${reported} mistakes, expected ${JSON.stringify(expected)}`);
};
