/** Who lives in the development world and what they know, made once and kept beside the database. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { generateSecret } from 'otplib';
import * as z from 'zod';
import type { Environment } from '../../src/config.ts';
import { table } from '../../src/config/table.ts';
import { Problem } from '../../src/errors.ts';
import { newClientSecret } from '../../src/oidc/clients.ts';
import { settingsFile, stateFolder } from '../environment.ts';
import { passphrase } from './passphrase.ts';
import type { Ports } from './ports.ts';
import { readState, writeState } from './state.ts';

const inhabitant = z.object({
  name: z.string(),
  displayName: z.string(),
  password: z.string(),
  language: z.string().optional(),
  /** The first is called first. */
  phones: z.array(z.object({ number: z.string(), extension: z.string().optional() })),
  totpSecret: z.string().optional(),
});
const shape = z.object({
  people: z.array(inhabitant),
  client: z.object({ id: z.string(), name: z.string(), secret: z.string() }),
  carrier: z.object({ accountSid: z.string(), authToken: z.string(), from: z.string() }),
});

export type Inhabitant = Readonly<z.output<typeof inhabitant>>;
export type World = Readonly<z.output<typeof shape>>;

/** A telephone that nobody has bound yet: `methods add phone` can be tried on it. */
export const sparePhone = { name: 'A spare phone', number: '+12025550149' } as const;

const file = join(stateFolder, 'world.json');

/** The world of the last start, or a new one. @throws Problem 'unreadable' where the file is not what a start wrote. */
export const loadWorld = (): World => {
  const known = readState(file);
  if (known !== undefined) {
    const world = shape.safeParse(known);
    if (world.success) return world.data;
    throw new Problem('unreadable', `${file} is not a world: npm start -- --reset starts anew`);
  }
  const made = newWorld();
  writeState(file, made);
  return made;
};

/** A switchboard; who sits there is reached by an extension. */
const office = '+12025550150';

/** Numbers that belong to nobody: +1 202 555 0100 to 0199 are kept free for fiction. */
const newWorld = (): World => ({
  people: [
    {
      name: 'ada',
      displayName: 'Ada Lovelace',
      password: passphrase(),
      phones: [{ number: '+12025550143' }],
      totpSecret: generateSecret({ length: 20 }),
    },
    {
      name: 'grace',
      displayName: 'Grace Hopper',
      password: passphrase(),
      phones: [{ number: '+12025550144' }, { number: '+12025550145' }, { number: office, extension: '420' }],
    },
    {
      name: 'ines',
      displayName: 'Inès de Bourgoing',
      password: passphrase(),
      language: 'fr',
      phones: [{ number: office, extension: '421' }],
    },
    {
      name: 'noor',
      displayName: 'Noor Inayat Khan',
      password: passphrase(),
      phones: [],
      totpSecret: generateSecret({ length: 20 }),
    },
    { name: 'linus', displayName: 'Linus Pauling', password: passphrase(), phones: [] },
  ],
  client: { id: 'contoso-office', name: 'Contoso Office', secret: newClientSecret() },
  carrier: {
    accountSid: `AC${randomBytes(16).toString('hex')}`,
    authToken: randomBytes(16).toString('hex'),
    from: '+12025550100',
  },
});

/** The ordinary settings by which the server finds this world. */
export const worldEnvironment = ({ carrier }: World, ports: Ports): Record<string, string> => ({
  SALLYPORT_MODE: 'development',
  SALLYPORT_ISSUER: `http://localhost:${ports.issuer}`,
  SALLYPORT_TWILIO_ACCOUNT_SID: carrier.accountSid,
  SALLYPORT_TWILIO_AUTH_TOKENS: carrier.authToken,
  SALLYPORT_TWILIO_FROM: carrier.from,
  SALLYPORT_TWILIO_API_BASE: `http://127.0.0.1:${ports.simulator}`,
});

/** Leaves the settings to the commands that run beside this world. */
export const saveSettings = (settings: Readonly<Record<string, string>>): void => writeState(settingsFile(), settings);

/** Forgets the world: its people, its settings, its database and the key that sealed it. Nothing else in the folder. */
export const removeState = (env: Environment): void => {
  const database = table.database.check.safeParse(env[table.database.name] ?? table.database.fallback);
  const files = [file, settingsFile()];
  if (database.success && database.data.store === 'sqlite') {
    const { path } = database.data;
    files.push(path, `${path}-wal`, `${path}-shm`, `${path}.sealing-key`);
  }
  for (const each of files) rmSync(each, { force: true });
};
