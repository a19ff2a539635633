/**
 * Starts a site as operators run it: several server processes over the same stores, behind nginx or HAProxy, with people, a client,
 * and where wanted the simulator as carrier.
 *
 *   const site = await startSite({ proxy: 'haproxy', nodes: 2, databaseUrl, redisUrl, carrier: true });
 *   const [ada] = await site.addPeople(1);                 // password and app; addPeople(1, 'call') has a phone
 *   const done = await site.visitor(ada).signIn();         // done.claims: the verified ID token; done.steps: each request
 *   await site.nodes[0].kill();                            // also stop() by SIGTERM, freeze(), resume(); site.restart(node)
 *   const samples = await atRate({ perSecond: 50, total: 500 }, at => …);   // load, whatever the answers do
 *   expect(await site.violations()).toEqual([]);           // I1 to I6, from site.history, the stores and the output of the nodes
 *   await site.close();
 *
 * Without `databaseUrl` the nodes share one SQLite file, and without `redisUrl` that file holds short-lived data too. The visitor
 * (site/visitor.ts) loads a page again if it fails, and counts how often it had to begin again (`startedOver`). Report operations
 * without a visitor to `site.history`, so that I1 includes them; `history.acknowledge` notes a write for I5. `services` are those of
 * the command line over the same stores, in the process of the test. Values of `proxy`: 'nginx', 'haproxy'; skip with `hasProxy` if
 * the machine has none. Time is real: an app has a new code every 30 s, so a person can sign in three times and then waits.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { servicesOver, type CommandServices } from '../../../cli/services.ts';
import { openResources } from '../../../server/resources.ts';
import { startSimulator, type Simulator } from '../../../simulator/start.ts';
import { loadSettings } from '../../../src/config.ts';
import { silentLog } from '../../../src/log.ts';
import { Browser, type Place } from '../../support/browser/plain.ts';
import { writeClient } from '../../support/world/clients.ts';
import { freeNeighbourPorts } from '../../support/world/programs.ts';
import { History } from './site/history.ts';
import { violationsOf, watchCounters } from './site/invariants.ts';
import { eventually, sharedFile, SiteNode } from './site/nodes.ts';
import { addPerson, type SecondStep, type SitePerson } from './site/people.ts';
import { startProxy, wantedNode, type Proxy, type ProxyName } from './site/proxies.ts';
import { IdTokens, type SiteClient } from './site/tokens.ts';
import { Visitor, type SignIn } from './site/visitor.ts';

export { hasProxy, proxyNames } from './site/proxies.ts';

export interface SiteOptions {
  /** 1 to 3; 2 unless told. */
  readonly nodes?: 1 | 2 | 3;
  /** 'haproxy' unless told. */
  readonly proxy?: ProxyName;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  /** Starts the simulator, and offers calls. */
  readonly carrier?: boolean;
  /** The node that gets the callbacks of the carrier while it runs; only behind HAProxy. */
  readonly callbacksAt?: number;
  /** Where the client gets its codes; an address that nobody visits unless told. */
  readonly redirectUri?: string;
  /** More settings of all nodes. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Site {
  readonly issuer: URL;
  /** Where a browser reaches it: through the proxy. */
  readonly place: Place;
  readonly folder: string;
  readonly nodes: readonly SiteNode[];
  readonly services: CommandServices;
  readonly client: SiteClient;
  readonly history: History;
  readonly idTokens: IdTokens;
  /** Address of the simulator; empty without a carrier. */
  readonly simulator: string;
  /** The settings of all nodes, for a command or one more process over the same stores. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts the node again, and waits until HAProxy sends it requests. */
  restart(node: SiteNode): Promise<void>;
  addPeople(count: number, secondStep?: SecondStep): Promise<readonly SitePerson[]>;
  visitor(person: SitePerson): Visitor;
  /** Signs the person in by a new visitor, and keeps the outcome for the invariants. */
  signIn(person: SitePerson): Promise<SignIn>;
  /** Each violated invariant, as a sentence. Ask before `close`. */
  violations(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const accountSid = `AC${'5'.repeat(32)}`;
const authToken = 'c0ffee'.repeat(6);

const startCarrier = (): Promise<Simulator> =>
  startSimulator({ port: 0, relyingPartyPort: 0, accountSid, authToken, people: [], pace: 'instant' });

const carrierEnv = ({ url }: Simulator) => ({
  SALLYPORT_TWILIO_ACCOUNT_SID: accountSid,
  SALLYPORT_TWILIO_AUTH_TOKENS: authToken,
  SALLYPORT_TWILIO_FROM: '+12025550100',
  SALLYPORT_TWILIO_API_BASE: url,
});

/** No visitor has an address of its own, so that limits for each address are as high as they can be. */
const unlimited = {
  SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE: '100000',
  SALLYPORT_BEGUN_SIGN_INS_PER_NETWORK_AND_MINUTE: '1000000',
  SALLYPORT_BEGUN_SIGN_INS_PER_KNOWN_DEVICE_AND_MINUTE: '100000',
};

export const startSite = async (wish: SiteOptions = {}): Promise<Site> => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-site-'));
  const simulator = wish.carrier === true ? await startCarrier() : undefined;
  const port = await freeNeighbourPorts();
  const issuer = new URL(`http://localhost:${port}`);
  const env = {
    SALLYPORT_MODE: 'development',
    SALLYPORT_ISSUER: issuer.origin,
    SALLYPORT_PROXY_HOPS: '1',
    SALLYPORT_DATABASE_URL: wish.databaseUrl ?? sharedFile(folder),
    ...(wish.redisUrl !== undefined && { REDIS_URL: wish.redisUrl }),
    SALLYPORT_SEALING_KEYS: `test:${randomBytes(32).toString('base64')}`,
    SALLYPORT_FACTORS: simulator === undefined ? 'totp' : 'totp,call',
    SALLYPORT_INVITATIONS: 'off',
    SALLYPORT_PASSWORD_MEMORY_KIB: '64',
    SALLYPORT_PASSWORD_PASSES: '1',
    ...unlimited,
    ...(simulator !== undefined && carrierEnv(simulator)),
    ...wish.env,
  };
  const resources = await openResources(loadSettings(env), { log: silentLog });
  const services = await servicesOver(resources);
  const client: SiteClient = {
    id: 'contoso',
    secret: randomBytes(16).toString('hex'),
    redirectUri: wish.redirectUri ?? 'https://contoso.test/callback',
  };
  await writeClient(services, {
    id: client.id,
    name: 'Contoso',
    secret: client.secret,
    redirectUris: [client.redirectUri],
    postLogoutRedirectUris: [],
    first_party: true,
  });
  const ports = [port + 1, port + 2, port + 3].slice(0, wish.nodes ?? 2);
  const nodes = ports.map((each, at) => new SiteNode(`node ${at}`, each, folder, env));
  const place: Place = { issuer, ports: [port], clock: Date.now };
  const history = new History();
  const counters = watchCounters(services, history);
  const people: SitePerson[] = [];
  let numbered = 0;
  const signIns: SignIn[] = [];
  const idTokens = new IdTokens(issuer, client);
  let proxy: Proxy | undefined;

  const noteCode = ({ id, name }: SitePerson, step: number): void =>
    history.acknowledge(`step ${step} of ${name}`, async () => {
      const user = await services.users.get(id);
      const held = user === undefined ? [] : await services.authenticators.of(user);
      return held.some(({ data }) => typeof data === 'object' && Number(Reflect.get(data ?? {}, 'lastStep')) >= step);
    });
  const site: Site = {
    issuer,
    place,
    folder,
    nodes,
    services,
    client,
    history,
    idTokens,
    simulator: simulator?.url ?? '',
    env,
    async restart(node) {
      await node.start();
      const address = `127.0.0.1:${node.port}`;
      const browser = new Browser(place);
      await eventually(`the proxy sends requests to ${node.name}`, async () => {
        const answer = await browser.go('/healthz', { headers: { [wantedNode]: address } }).catch(() => undefined);
        return answer?.headers['x-node'] === address;
      });
    },
    async addPeople(count, secondStep = 'totp') {
      const added: SitePerson[] = [];
      for (let left = count; left > 0; left -= 1) {
        // Counted before the first wait, because callers may add people at the same time.
        const at = numbered;
        numbered += 1;
        const of = { name: `person${at}`, secondStep, number: `+1202555${String(110 + at).padStart(4, '0')}` };
        const person = await addPerson(services, {
          ...of,
          ...(simulator !== undefined && { simulator: simulator.url }),
        });
        people.push(person);
        added.push(person);
      }
      return added;
    },
    visitor: person => new Visitor(person, { place, client, idTokens, history, onCode: noteCode }),
    async signIn(person) {
      const done = await site.visitor(person).signIn();
      signIns.push(done);
      return done;
    },
    async violations() {
      const lowered = await counters.stop();
      return violationsOf({ services, history, people, nodes, signIns, lowered });
    },
    async close() {
      await counters.stop();
      await proxy?.close();
      await Promise.all(nodes.filter(({ isRunning }) => isRunning).map(node => node.stop()));
      await resources.close();
      await simulator?.close();
      await rm(folder, { recursive: true });
    },
  };
  try {
    await Promise.all(nodes.map(node => node.start()));
    await Promise.all(nodes.map(node => node.waitReady()));
    proxy = await startProxy(wish.proxy ?? 'haproxy', {
      folder,
      port,
      nodePorts: ports,
      callbacksAt: wish.callbacksAt,
    });
  } catch (error) {
    await site.close();
    throw error;
  }
  return site;
};
