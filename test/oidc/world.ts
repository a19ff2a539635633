/** A provider over a real store, reached over HTTP on loopback, with pages that do as the test says. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import type { ClientMetadata, InteractionResults, Provider } from 'oidc-provider';
import type { AuditEvent } from '../../src/audit.ts';
import { createSealer } from '../../src/crypto.ts';
import { isProblem, Problem } from '../../src/errors.ts';
import type { Acr } from '../../src/mfa/factor.ts';
import { oidcDocuments, secrets as secretKind, users as userKind, type User } from '../../src/records.ts';
import { createClientDirectory } from '../../src/oidc/client-directory.ts';
import { addClient, type ClientParts, type NewClient } from '../../src/oidc/clients.ts';
import { prebuildDocuments } from '../../src/oidc/discovery.ts';
import { pinHost } from '../../src/oidc/host.ts';
import { createProvider } from '../../src/oidc/provider.ts';
import { loadSecrets } from '../../src/secrets.ts';
import { createClock, type TestClock } from '../support/clock.ts';
import { stores, type Node, type OpenStore } from '../support/stores.ts';

const hour = 3_600_000;
export const lifetimes = {
  session: 24 * hour,
  idle: hour,
  interaction: hour / 6,
  code: 60_000,
  accessToken: hour / 6,
  refreshToken: 14 * 24 * hour,
  grant: 90 * 24 * hour,
};
const memoryOf = (): (typeof stores)[number] => {
  const found = stores.find(({ name }) => name === 'memory');
  if (found === undefined) throw new Problem('internal', 'got stores without memory');
  return found;
};
/** Where a test does not say on what it runs. */
export const memory = memoryOf();

export const sealer = createSealer([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);

/** Made once a file: an RSA key takes a while. */
const houseSecrets = (() => {
  let made: ReturnType<typeof loadSecrets> | undefined;
  return async () => {
    made ??= memory
      .open(createClock())
      .then(({ durable }) => loadSecrets({ secrets: durable.collection(secretKind), sealer, clock: createClock() }));
    return made;
  };
})();

export interface World {
  readonly clock: TestClock;
  readonly issuer: URL;
  readonly store: OpenStore;
  /** Of the first node. */
  readonly provider: Provider;
  /** Of each node. */
  readonly ports: readonly number[];
  readonly audited: AuditEvent[];
  readonly logged: { readonly event: string; readonly fields?: object }[];
  readonly clients: ClientParts;
  /** What each person's methods reach. */
  readonly reaches: Map<string, Acr>;
  addUser(id: string, more?: Partial<User>): Promise<User>;
  changeUser(id: string, more: Partial<User>): Promise<void>;
  addClient(client: Partial<NewClient> & { readonly client_id: string }): Promise<Rp>;
  close(): Promise<void>;
}

/** A relying party as the tests play it. */
export interface Rp {
  readonly id: string;
  readonly secret?: string;
  readonly redirectUri: string;
}

export interface Setup {
  readonly store?: (typeof stores)[number];
  readonly issuer?: string;
  readonly nodes?: number;
  readonly proxyHops?: number;
  readonly floor?: Acr;
  /** A Content-Security-Policy on every page. */
  readonly policy?: string;
}

export const openWorld = async (setup: Setup = {}): Promise<World> => {
  const clock = createClock();
  jest.spyOn(Date, 'now').mockImplementation(clock);
  const store = await (setup.store ?? memory).open(clock);
  const issuer = new URL(setup.issuer ?? 'http://idp.test');
  const [audited, logged]: [AuditEvent[], World['logged']] = [[], []];
  const reaches = new Map<string, Acr>();
  const write = (event: string, fields?: object) => void logged.push({ event, ...(fields && { fields }) });
  const log = { debug: write, info: write, warn: write, error: write, child: () => log };
  const secrets = await houseSecrets();
  const audit = async (event: AuditEvent) => void audited.push(event);

  const build = async (node: Node) => {
    const documents = node.durable.collection(oidcDocuments);
    const { ephemeral, bell } = node.shortLived;
    const provider = createProvider({
      issuer,
      clock,
      sealer,
      secrets,
      documents,
      users: node.durable.collection(userKind),
      ephemeral,
      clients: await createClientDirectory({ documents, bell, clock }),
      lifetimes,
      floor: setup.floor ?? 'sfa',
      reach: async user => reaches.get(user.id) ?? 'mfa',
      pages: {
        error: ({ code, status, sentence }, { reference }) => `<h1>${status} ${code}</h1>${sentence} ${reference}`,
        signOut: ({ action, xsrf }) => `<form action="${action}"><input name="xsrf" value="${xsrf}"></form>`,
        signedOut: () => '<h1>signed out</h1>',
        goOn: to => `<meta http-equiv="refresh" content="0;url=${to}">`,
      },
      audit,
      log,
    });
    const { policy } = setup;
    if (policy !== undefined) provider.use((ctx, next) => (ctx.set('content-security-policy', policy), next()));
    answerInteractions(provider);
    const listener = provider.callback();
    const answer = await prebuildDocuments((req, res) => void listener(req, res), issuer);
    const server = createServer((req, res) => {
      try {
        pinHost(req, { issuer, proxyHops: setup.proxyHops ?? 0 });
      } catch (error) {
        res.writeHead(isProblem(error) ? error.status : 500).end();
        return;
      }
      if (!answer(req, res)) void listener(req, res);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return { provider, server, port: (server.address() as AddressInfo).port };
  };

  const first = await build(store);
  const nodes = [first];
  while (nodes.length < (setup.nodes ?? 1)) nodes.push(await build(await store.reopen()));
  const people = store.durable.collection(userKind);
  const clients: ClientParts = {
    documents: store.durable.collection(oidcDocuments),
    ephemeral: store.shortLived.ephemeral,
    bell: store.shortLived.bell,
    audit,
    hashKey: secrets.hashKey,
    validate: (metadata: ClientMetadata) => first.provider.Client.validate(metadata),
    actor: 'cli',
  };
  return {
    clock,
    issuer,
    store,
    provider: first.provider,
    ports: nodes.map(({ port }) => port),
    audited,
    logged,
    clients,
    reaches,
    async addUser(id, more = {}) {
      const user: User = {
        id,
        rev: 1,
        name: id,
        canonical: id,
        displayName: `The one called ${id}`,
        email: `${id}@example.test`,
        createdAt: clock(),
        authenticators: [],
        ...more,
      };
      await people.insert(user);
      return user;
    },
    async changeUser(id, more) {
      const user = await people.get(id);
      if (user !== undefined) await people.replace({ ...user, ...more });
    },
    async addClient(client) {
      const redirectUri = `https://${client.client_id}.test/cb`;
      const added = await addClient(clients, {
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        first_party: true,
        ...client,
      });
      if (!added.ok) throw new Error(added.message);
      return { id: added.id, redirectUri, ...(added.secret !== undefined && { secret: added.secret }) };
    },
    async close() {
      await Promise.all(nodes.map(({ server }) => stop(server)));
      await store.close();
    },
  };
};

const stop = (server: Server) =>
  new Promise<void>(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** The pages: a GET tells what is asked, a POST of JSON is the result; `"consent": true` grants what is missing. */
const answerInteractions = (provider: Provider): void => {
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) {
      await next();
      return;
    }
    try {
      const details = await provider.interactionDetails(ctx.req, ctx.res);
      if (ctx.method === 'GET') {
        ctx.body = { uid: details.uid, prompt: details.prompt, session: details.session ?? null, cid: details.cid };
        return;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of ctx.req) chunks.push(chunk as Buffer);
      const { consent, ...result } = JSON.parse(Buffer.concat(chunks).toString()) as InteractionResults;
      ctx.status = 303;
      ctx.redirect(
        await provider.interactionResult(ctx.req, ctx.res, {
          ...result,
          ...(consent && { consent: { grantId: await grantAll(provider, details) } }),
        }),
      );
    } catch (error) {
      ctx.status = (error as { status?: number }).status ?? 500;
      ctx.body = String(error);
    }
  });
};

const grantAll = async (
  provider: Provider,
  { grantId, session, params, prompt }: Awaited<ReturnType<Provider['interactionDetails']>>,
): Promise<string> => {
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant = known ?? new provider.Grant({ accountId: session?.accountId, clientId: String(params['client_id']) });
  grant.addOIDCScope(String(params['scope']));
  grant.addOIDCClaims((prompt.details['missingOIDCClaims'] as string[] | undefined) ?? []);
  return grant.save();
};
