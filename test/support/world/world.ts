/** Starts a whole system on loopback: applications over shared stores, the simulator, people and browsers. */
import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from '@jest/globals';
import { generateSecret } from 'otplib';
import { openSmtp } from '../../../adapters/smtp.ts';
import { openTwilio } from '../../../adapters/twilio.ts';
import { pushOver } from '../../../server/resources.ts';
import { startSimulator } from '../../../simulator/start.ts';
import type { MailView } from '../../../simulator/mailbox/mailbox.ts';
import { readMails, resetSimulator, type PersonAtPhone } from '../../../simulator/person.ts';
import type { Person } from '../../../simulator/simulation/people.ts';
import { createApp, type App } from '../../../server/app.ts';
import { servicesOver, type CommandServices } from '../../../cli/services.ts';
import { loadSettings, type Settings } from '../../../src/config.ts';
import type { Log } from '../../../src/log.ts';
import type { Resources } from '../../../server/services.ts';
import { factorsFor } from '../../../src/mfa/factors/index.ts';
import { auditEventKind, type AuditRecord, type User } from '../../../src/records.ts';
import { createPasswordHasher } from '../../../src/users/passwords/password-hasher.ts';
import { Browser, type Place } from '../browser/plain.ts';
import { writeClient, type TestClient } from './clients.ts';
import type { TestClock } from './clock.ts';
import { despiteJumps, freezeTime } from './frozen-time.ts';
import type { EpochMillis } from '../../../src/ports/time.ts';
import { stores, type Node, type OpenStore, type Store } from './stores.ts';
import { hashOf } from '../hash-of.ts';

const accountSid = `AC${'5'.repeat(32)}`;
const authToken = 'c0ffee'.repeat(6);
const cheap = { memoryKiB: 64, passes: 1, lanes: 1, queue: 64 };
/** One for all worlds of a test file: each starts a process. A world does not close it. */
const passwords = createPasswordHasher(cheap);
afterAll(() => passwords.close());

export interface TestPerson {
  readonly user: User;
  readonly name: string;
  readonly password: string;
  /** Phone and authenticator app of this person. */
  readonly phone: PersonAtPhone;
  readonly number?: string;
  readonly totpSecret?: string;
}

export interface Logged {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly fields: object;
}

export interface World {
  readonly issuer: URL;
  readonly place: Place;
  readonly clock: TestClock;
  readonly store: OpenStore;
  readonly services: CommandServices;
  readonly simulator: string;
  readonly settings: Settings;
  readonly logged: readonly Logged[];
  readonly people: { readonly [Name in 'ada' | 'grace' | 'noor' | 'linus']: TestPerson };
  browser(): Browser;
  addClient(client: Partial<TestClient> & { readonly id: string }): Promise<TestClient>;
  /** Mails to this address, or to the address of this person, newest first. Sends those that are due. */
  mailsTo(to: string | Pick<TestPerson, 'name' | 'user'>): Promise<readonly MailView[]>;
  audited(event: string): Promise<readonly AuditRecord[]>;
  /** A day later, without running calls: limits are fresh, codes are new, pauses and sessions are over. */
  nextDay(): Promise<void>;
  /** Stops the applications and starts them again over the same stores. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly store?: Store;
  readonly nodes?: 1 | 2;
  /** Wraps factors, channels or the hasher, to count or to delay. */
  readonly wrap?: (resources: Resources) => Resources;
  readonly env?: Readonly<Record<string, string>>;
  /** Another issuer than the first node's own address, as behind a proxy that ends TLS. */
  readonly issuer?: string;
  /** Handles requests before each application, to delay or record them. */
  readonly front?: (answer: RequestListener) => RequestListener;
  /** More phones in the simulator: offices, people with several numbers. */
  readonly phones?: readonly Person[];
  /** The host of the issuer: for a browser `localhost` and 127.0.0.1 are two sites. */
  readonly hostname?: 'localhost' | '127.0.0.1';
  /** The store has these people already, as it was at this time. */
  readonly stored?: {
    readonly at: EpochMillis;
    readonly password: string;
    /** Seeds of their apps by name, base32. */
    readonly seeds: Readonly<Record<string, string>>;
  };
}

const openListener = async (): Promise<{ readonly server: Server; readonly port: number; answer: RequestListener }> => {
  const place = { answer: ((_request, response) => void response.writeHead(503).end()) as RequestListener };
  const server = createServer((request, response) => place.answer(request, response));
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return Object.assign(place, { server, port: (server.address() as AddressInfo).port });
};

const testPeople = [
  { name: 'ada', password: 'copper-beacon-desert', number: '+12025550143', totp: true },
  { name: 'grace', password: 'cotton-glacier-cedar', number: '+12025550144', totp: false },
  { name: 'noor', password: 'oasis-comet-basil', number: undefined, totp: true },
  { name: 'linus', password: 'cotton-lilac-apple', number: undefined, totp: false },
] as const;

export const startWorld = async (wish: WorldOptions = {}): Promise<World> => {
  const time = freezeTime(wish.stored?.at);
  const { clock } = time;
  const chosen = wish.store ?? stores[0];
  if (chosen === undefined) throw new Error('there is no store');
  const store = await chosen.open(clock);
  const listeners = [await openListener(), ...(wish.nodes === 2 ? [await openListener()] : [])];
  const own = `http://${wish.hostname ?? '127.0.0.1'}:${listeners[0]?.port ?? 0}`;
  const issuer = new URL(wish.issuer ?? own);
  const people = testPeople.map(({ totp, number, ...person }) => ({
    ...person,
    ...(wish.stored !== undefined && { password: wish.stored.password }),
    ...(number !== undefined && { number }),
    ...(totp && { totpSecret: wish.stored?.seeds[person.name] ?? generateSecret({ length: 20 }) }),
  }));
  const simulator = await startSimulator({
    port: 0,
    relyingPartyPort: 0,
    accountSid,
    authToken,
    people: [...people, ...(wish.phones ?? [])],
    pace: 'instant',
  });
  const settings: Settings = {
    ...loadSettings({
      SALLYPORT_MODE: 'development',
      SALLYPORT_ISSUER: own,
      SALLYPORT_DATABASE_URL: 'memory:',
      SALLYPORT_SEALING_KEYS: `test:${randomBytes(32).toString('base64')}`,
      SALLYPORT_TWILIO_ACCOUNT_SID: accountSid,
      SALLYPORT_TWILIO_AUTH_TOKENS: authToken,
      SALLYPORT_TWILIO_FROM: '+12025550100',
      SALLYPORT_TWILIO_API_BASE: simulator.url,
      SALLYPORT_SMTP_URL: simulator.mailUrl,
      SALLYPORT_MAIL_FROM: 'Sallyport <login@sallyport.test>',
      SALLYPORT_ADMIN_MAIL: 'admin@sallyport.test',
      SALLYPORT_PUSH_SERVICES: simulator.url,
      // A sign-in ends without a question, unless a test is about it.
      SALLYPORT_INVITATIONS: 'off',
      // One factor for each person by default.
      SALLYPORT_FACTORS: 'totp,call',
      // All browsers of a test share one address and, while the clock rests, one minute.
      SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE: '100000',
      SALLYPORT_BEGUN_SIGN_INS_PER_NETWORK_AND_MINUTE: '100000',
      SALLYPORT_BEGUN_SIGN_INS_PER_KNOWN_DEVICE_AND_MINUTE: '100000',
      ...wish.env,
    }),
    password: cheap,
    issuer,
  };
  const logged: Logged[] = [];
  const write =
    (level: Logged['level']) =>
    (event: string, fields: object = {}) =>
      void logged.push({ level, event, fields });
  const log: Log = {
    debug: () => {},
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => log,
  };
  const { twilio } = settings;
  if (twilio === undefined) throw new Error('the world has no carrier');
  const partsOn = ({ durable, shortLived }: Node): Resources => {
    const used = factorsFor(settings).filter(factor => settings.factors.includes(factor.type));
    const resources: Resources = {
      settings,
      clock,
      durable,
      shortLived,
      carriers: [openTwilio(twilio, ['call', 'sms'])],
      ...(settings.smtp !== undefined && { mailTransport: despiteJumps(openSmtp(settings.smtp), clock) }),
      openPush: pushOver(settings, clock),
      factors: used,
      passwords: { ...passwords, close: async () => {} },
      log,
      schedule: clock.after,
    };
    return wish.wrap?.(resources) ?? resources;
  };

  const apps: App[] = [];
  const nodes: Node[] = [store];
  const start = async (): Promise<void> => {
    for (const [at, listener] of listeners.entries()) {
      const node = nodes[at] ?? (await store.reopen());
      nodes[at] = node;
      apps[at] = await createApp(partsOn(node));
      listener.answer = wish.front?.(apps[at].callback) ?? apps[at].callback;
    }
  };
  await start();
  const services = await servicesOver(partsOn(store));
  const place: Place = { issuer, ports: listeners.map(({ port }) => port), clock };
  const moved = await Promise.all(
    people.map(person =>
      (wish.stored === undefined ? addPerson : storedPerson)(services, person, number => simulator.person(number)),
    ),
  );
  const [ada, grace, noor, linus] = moved as [TestPerson, TestPerson, TestPerson, TestPerson];
  const stop = async (): Promise<void> => {
    for (const app of apps) {
      app.drain();
      await app.close();
    }
  };

  return {
    issuer,
    place,
    clock,
    store,
    services,
    simulator: simulator.url,
    settings,
    logged,
    people: { ada, grace, noor, linus },
    browser: () => new Browser(place),
    async addClient(wanted) {
      const client: TestClient = {
        name: 'Contoso Office',
        secret: `secret of ${wanted.id}`,
        redirectUris: [`https://${wanted.id}.test/callback`],
        postLogoutRedirectUris: [`https://${wanted.id}.test/`],
        first_party: true,
        ...wanted,
      };
      await writeClient(services, client);
      return client;
    },
    async mailsTo(to) {
      clock.advance(0);
      await clock.fired();
      return readMails(simulator.url, typeof to === 'string' ? to : (to.user.email ?? to.name));
    },
    audited: event => store.durable.collection(auditEventKind).find({ event }, { limit: 1000 }),
    async nextDay() {
      clock.advance(25 * 3_600_000);
      await resetSimulator(simulator.url);
    },
    async restart() {
      await stop();
      await start();
    },
    async close() {
      await stop();
      for (const { server } of listeners) {
        server.close();
        server.closeAllConnections();
      }
      await simulator.close();
      await store.close();
      time.release();
    },
  };
};

type AddPerson = (
  services: CommandServices,
  person: { readonly name: string; readonly password: string; readonly number?: string; readonly totpSecret?: string },
  phoneOf: (number: string) => PersonAtPhone,
) => Promise<TestPerson>;

/** The account that the store has. */
const storedPerson: AddPerson = async (services, person, phoneOf) => {
  const user = await services.users.find(person.name);
  if (user === undefined) throw new Error(`the store has no ${person.name}`);
  return { ...person, user, phone: phoneOf(person.number ?? person.name) };
};

/** Adds an account with its methods, without enrollment. */
const addPerson: AddPerson = async (services, person, phoneOf) => {
  const { name, password, number, totpSecret } = person;
  const passwordHash = await hashOf(services, password);
  const added = await services.users.add(
    { name, displayName: name, email: `${name}@example.com`, emailVerified: true, passwordHash },
    'system',
  );
  if (!added.ok) throw new Error(`${name} cannot be added: ${added.reason}`);
  const { id } = added.user;
  if (number !== undefined) {
    const phone = await services.authenticators.bind(id, { type: 'phone', label: 'mobile', data: { number } });
    await services.authenticators.prefer(id, phone.id, 'call');
  }
  if (totpSecret !== undefined) {
    await services.authenticators.bind(id, { type: 'totp', label: 'App', data: { secret: totpSecret, lastStep: -1 } });
  }
  const user = (await services.users.get(id)) ?? added.user;
  return { ...person, user, phone: phoneOf(number ?? name) };
};
