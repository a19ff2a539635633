/** A provider over a real store, reached over HTTP on loopback, with pages that do as the test says. */
import { randomBytes, createHash, createSecretKey } from 'node:crypto';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import type { ClientMetadata, InteractionResults, Provider } from 'oidc-provider';
import type { AuditEvent } from '../../src/audit.ts';
import { createSealer } from '../../src/crypto.ts';
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
import { isProblem } from '../../src/errors.ts';

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
export const sealer = createSealer([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);

/** Made once a file: an RSA key takes a while. */
const houseSecrets = (() => {
  let made: ReturnType<typeof loadSecrets> | undefined;
  return async () => {
    made ??= stores[0]!
      .open(createClock())
      .then(({ durable }) => loadSecrets({ secrets: durable.collection(secretKind), sealer, clock: createClock() }));
    return made;
  };
})();

export interface World {
  readonly clock: TestClock;
  readonly issuer: URL;
  readonly store: OpenStore;
  readonly nodes: readonly { readonly provider: Provider; readonly port: number }[];
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
}

export const openWorld = async (setup: Setup = {}): Promise<World> => {
  const clock = createClock();
  jest.spyOn(Date, 'now').mockImplementation(clock);
  const store = await (setup.store ?? stores[0]!).open(clock);
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

  const nodes = [await build(store)];
  while (nodes.length < (setup.nodes ?? 1)) nodes.push(await build(await store.reopen()));
  const people = store.durable.collection(userKind);
  const clients: ClientParts = {
    documents: store.durable.collection(oidcDocuments),
    ephemeral: store.shortLived.ephemeral,
    bell: store.shortLived.bell,
    audit,
    hashKey: secrets.hashKey,
    validate: (metadata: ClientMetadata) => nodes[0]!.provider.Client.validate(metadata),
    actor: 'cli',
  };
  return {
    clock,
    issuer,
    store,
    nodes,
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
      await people.replace({ ...user!, ...more });
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
    if (!ctx.path.startsWith('/interaction/')) return next();
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
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session!.accountId, clientId: String(params['client_id']) });
  grant!.addOIDCScope(String(params['scope']));
  grant!.addOIDCClaims((prompt.details['missingOIDCClaims'] as string[] | undefined) ?? []);
  return grant!.save();
};

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** One request to one node, with the issuer's Host unless `headers` say otherwise. */
export const send = (
  world: World,
  method: string,
  path: string,
  more: {
    readonly headers?: Record<string, string>;
    readonly form?: Record<string, string>;
    readonly json?: unknown;
    readonly node?: number;
  } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const body = more.form ? new URLSearchParams(more.form).toString() : more.json && JSON.stringify(more.json);
    const type = more.form ? 'application/x-www-form-urlencoded' : 'application/json';
    const asked = httpRequest(
      {
        host: '127.0.0.1',
        port: world.nodes[more.node ?? 0]!.port,
        method,
        path,
        agent: false,
        headers: { host: world.issuer.host, ...(body !== undefined && { 'content-type': type }), ...more.headers },
      },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(typeof body === 'string' ? body : undefined);
  });

/** Where a browser stopped: at a page of ours, at an interaction, or at the client with what it was handed. */
export interface Stop {
  readonly at: 'page' | 'interaction' | 'client';
  readonly url: URL;
  readonly answer: Answer;
  /** What the client was handed. */
  readonly params: Readonly<Record<string, string>>;
}

interface Cookie {
  readonly name: string;
  readonly path: string;
  readonly value: string;
}

/** A browser: cookies by path, redirects followed until it leaves for a client. */
export class Browser {
  cookies: Cookie[] = [];
  readonly world: World;
  readonly node: number;
  constructor(world: World, node = 0) {
    this.world = world;
    this.node = node;
  }

  async open(
    method: string,
    path: string,
    more: { form?: Record<string, string>; json?: unknown } = {},
  ): Promise<Stop> {
    const url = new URL(path, this.world.issuer);
    const answer = await send(this.world, method, url.pathname + url.search, {
      ...more,
      node: this.node,
      headers: { accept: 'text/html', ...(this.cookies.length > 0 && { cookie: this.#cookiesFor(url.pathname) }) },
    });
    this.#keep(answer);
    const to = answer.headers['location'];
    if (typeof to !== 'string') {
      return { at: url.pathname.startsWith('/interaction/') ? 'interaction' : 'page', url, answer, params: {} };
    }
    const next = new URL(to, url);
    if (next.origin === this.world.issuer.origin) return this.open('GET', next.pathname + next.search);
    return { at: 'client', url: next, answer, params: Object.fromEntries(next.searchParams) };
  }

  #cookiesFor(path: string): string {
    return this.cookies
      .filter(cookie => path.startsWith(cookie.path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #keep({ headers }: Answer): void {
    for (const line of headers['set-cookie'] ?? []) {
      const [pair = '', ...attributes] = line.split('; ');
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      const path = attributes.find(each => /^path=/i.test(each))?.slice(5) ?? '/';
      this.cookies = this.cookies.filter(cookie => cookie.name !== name || cookie.path !== path);
      if (value !== '' && !/expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.push({ name, path, value });
    }
  }
}

/** One authorization request of a client, with its PKCE verifier. */
export interface Started extends Stop {
  readonly verifier: string;
}

export const authorize = async (browser: Browser, rp: Rp, params: Record<string, string> = {}): Promise<Started> => {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: rp.id,
    redirect_uri: rp.redirectUri,
    response_type: 'code',
    scope: 'openid profile',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...params,
  });
  return { ...(await browser.open('GET', `/auth?${query}`)), verifier };
};

/** What the pages would put into the result of a finished sign-in. */
export const signedIn = (world: World, accountId: string, acr: Acr = 'sfa', ts = Math.floor(world.clock() / 1000)) => ({
  login: { accountId, acr, amr: acr === 'sfa' ? ['pwd'] : ['pwd', acr === 'mfa' ? 'tel' : 'otp', 'mfa'], ts },
  ...(acr !== 'sfa' && { mfa: { ts: Math.floor(world.clock() / 1000), method: acr === 'mfa' ? 'call' : 'totp' } }),
});

/** Authorizes, and answers the sign-in page. */
export const signIn = async (
  browser: Browser,
  rp: Rp,
  who: string,
  acr: Acr = 'sfa',
  params: Record<string, string> = {},
): Promise<Started> => {
  const asked = await authorize(browser, rp, params);
  if (asked.at !== 'interaction') throw new Error(`expected to be asked, got ${asked.url.href} ${asked.answer.text}`);
  const done = await browser.open('POST', asked.url.pathname, { json: signedIn(browser.world, who, acr) });
  return { ...done, verifier: asked.verifier };
};

export interface Tokens {
  readonly status: number;
  readonly error?: string;
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  /** Claims of the ID token. */
  readonly claims: Readonly<Record<string, unknown>>;
}

const tokens = async (world: World, rp: Rp, form: Record<string, string>, node = 0): Promise<Tokens> => {
  const answer = await send(world, 'POST', '/token', { form, node, headers: credentials(rp) });
  const body = JSON.parse(answer.text) as Omit<Tokens, 'status' | 'claims'>;
  const payload = body.id_token?.split('.')[1] ?? Buffer.from('{}').toString('base64url');
  return { ...body, status: answer.status, claims: JSON.parse(Buffer.from(payload, 'base64url').toString()) };
};

export const credentials = ({ id, secret }: Rp): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

export const redeem = (world: World, rp: Rp, { params, verifier }: Started, node = 0): Promise<Tokens> =>
  tokens(
    world,
    rp,
    {
      grant_type: 'authorization_code',
      code: params['code'] ?? '',
      redirect_uri: rp.redirectUri,
      code_verifier: verifier,
    },
    node,
  );

export const refresh = (world: World, rp: Rp, refreshToken = '', node = 0): Promise<Tokens> =>
  tokens(world, rp, { grant_type: 'refresh_token', refresh_token: refreshToken }, node);

export const userinfo = (world: World, accessToken = ''): Promise<Answer> =>
  send(world, 'GET', '/me', { headers: { authorization: `Bearer ${accessToken}` } });
