/** Creates the sample people, client and carrier account of a development environment once, and saves them in its state. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { generateSecret } from 'otplib';
import * as z from 'zod';
import type { Environment } from '../../src/config.ts';
import { table } from '../../src/config/table.ts';
import { Problem } from '../../src/errors.ts';
import { newClientSecret } from '../../src/oidc/clients/secrets.ts';
import { settingsFile, stateFolder } from '../environment.ts';
import { passphrase } from './passphrase.ts';
import type { Ports } from './ports.ts';
import { readState, writeState } from './state.ts';

const seedPerson = z.object({
  name: z.string(),
  displayName: z.string(),
  password: z.string(),
  language: z.string().optional(),
  groups: z.array(z.string()).optional(),
  /** The first is the default. */
  phones: z.array(z.object({ number: z.string(), extension: z.string().optional() })),
  totpSecret: z.string().optional(),
});
const shape = z.object({
  people: z.array(seedPerson),
  client: z.object({ id: z.string(), name: z.string(), secret: z.string() }),
  carrier: z.object({ accountSid: z.string(), authToken: z.string(), from: z.string() }),
});

/** A sample person. The password is readable, because the announcement prints it. */
export type SeedPerson = Readonly<z.output<typeof seedPerson>>;
/** Content of the state file. */
export type SeedData = Readonly<z.output<typeof shape>>;

/** An unbound telephone, to try `methods add phone` with. */
export const sparePhone = { name: 'A spare phone', number: '+12025550149' } as const;

const file = join(stateFolder, 'seed-data.json');

/** Gives the data of the last start, or creates it. @throws Problem 'unreadable' if the file has another shape. */
export const loadSeedData = (): SeedData => {
  const saved = readState(file);
  if (saved !== undefined) {
    const parsed = shape.safeParse(saved);
    if (parsed.success) return parsed.data;
    throw new Problem(
      'unreadable',
      `${file} is not the state of a development environment: delete it with npm start -- --reset`,
    );
  }
  const created = createSeedData();
  writeState(file, created);
  return created;
};

/** A switchboard, behind which people have extensions. */
const officeNumber = '+12025550150';

/** The numbers are reserved for fiction: +1 202 555 0100 to 0199. */
const createSeedData = (): SeedData => ({
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
      // She stays a developer where SALLYPORT_DEVELOPERS is as in production.
      groups: ['developers'],
      phones: [{ number: '+12025550144' }, { number: '+12025550145' }, { number: officeNumber, extension: '420' }],
    },
    {
      name: 'ines',
      displayName: 'Inès de Bourgoing',
      password: passphrase(),
      language: 'fr',
      phones: [{ number: officeNumber, extension: '421' }],
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

/**
 * Limits too high to reach by trying things out, and people are led to set up two methods. The environment of the process may
 * override them.
 */
export const overridable: Readonly<Record<string, string>> = {
  SALLYPORT_REQUIRED_METHODS: '2',
  SALLYPORT_SENDS_PER_NUMBER_AND_HOUR: '100',
  SALLYPORT_SENDS_PER_NUMBER_AND_DAY: '1000',
  SALLYPORT_ALL_SENDS_PER_NUMBER_AND_DAY: '10000',
  SALLYPORT_SENDS_PER_ACCOUNT_AND_HOUR: '100',
  SALLYPORT_SENDS_PER_PREFIX_AND_HOUR: '10000',
  SALLYPORT_SENDS_PER_SWITCHBOARD_AND_HOUR: '10000',
  SALLYPORT_WRONG_PASSWORDS_PER_ACCOUNT_AND_HOUR: '1000',
  SALLYPORT_WRONG_PASSWORDS_PER_KNOWN_DEVICE: '1000',
  SALLYPORT_WRONG_PASSWORDS_PER_ADDRESS_AND_MINUTE: '100000',
  SALLYPORT_WRONG_PASSWORDS_PER_NETWORK_AND_MINUTE: '100000',
  SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE: '100000',
  SALLYPORT_BEGUN_SIGN_INS_PER_NETWORK_AND_MINUTE: '1000000',
  SALLYPORT_BEGUN_SIGN_INS_PER_KNOWN_DEVICE_AND_MINUTE: '100000',
  SALLYPORT_LONGEST_WAIT: '1m',
  SALLYPORT_PAUSE: '1h',
};

/** The settings that point the server at this environment. */
export const developmentEnvironment = ({ carrier }: SeedData, ports: Ports): Record<string, string> => ({
  SALLYPORT_MODE: 'development',
  SALLYPORT_ISSUER: `http://localhost:${ports.issuer}`,
  SALLYPORT_TWILIO_ACCOUNT_SID: carrier.accountSid,
  SALLYPORT_TWILIO_AUTH_TOKENS: carrier.authToken,
  SALLYPORT_TWILIO_FROM: carrier.from,
  SALLYPORT_TWILIO_API_BASE: `http://127.0.0.1:${ports.simulator}`,
  SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${ports.mail}`,
  SALLYPORT_MAIL_FROM: 'Sallyport <sallyport@example.com>',
  SALLYPORT_ADMIN_MAIL: 'admin@example.com',
  SALLYPORT_OUTBOUND_ORIGINS: `http://127.0.0.1:${ports.relyingParty}`,
  SALLYPORT_PUSH_SERVICES: `http://127.0.0.1:${ports.simulator}`,
});

/** Saves the settings for commands that run beside the environment. */
export const saveSettings = (settings: Readonly<Record<string, string>>): void => writeState(settingsFile(), settings);

/** Deletes the environment's files only: sample people, settings, database and its sealing key. */
export const removeState = (env: Environment): void => {
  const database = table.database.check.safeParse(env[table.database.name] ?? table.database.fallback);
  const files = [file, settingsFile()];
  if (database.success && database.data.store === 'sqlite') {
    const { path } = database.data;
    files.push(path, `${path}-wal`, `${path}-shm`, `${path}.sealing-key`);
  }
  for (const each of files) rmSync(each, { force: true });
};
