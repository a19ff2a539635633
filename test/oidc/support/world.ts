/** Deploys a provider over a real store on loopback ports, with people, relying parties, audit events and log lines. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import type { Provider } from 'oidc-provider';
import { openMemoryShortLived } from '../../../adapters/memory.ts';
import type { AuditEvent } from '../../../src/audit.ts';
import { createSealer } from '../../../src/crypto.ts';
import { Problem } from '../../../src/errors.ts';
import type { Outbound } from '../../../src/http/outbound.ts';
import type { DetailTypes } from '../../../src/config/authorization-details.ts';
import type { ClientCertificateSettings } from '../../../src/config.ts';
import type { Method } from '../../../src/mfa/assurance.ts';
import type { Acr } from '../../../src/mfa/factor.ts';
import { noPolicy } from '../../../src/policy/policy.ts';
import { policyIn } from '../../policy/support/policy-in.ts';
import type { Approvals } from '../../../src/mfa/challenge/approvals.ts';
import type { AccountSessions } from '../../../src/oidc/sessions/account-sessions.ts';
import type { SessionRecords } from '../../../src/oidc/sessions/session-records.ts';
import type { OidcDocuments } from '../../../src/oidc/models.ts';
import type { ClientApproval } from '../../../src/oidc/clients/approval.ts';
import { Clients } from '../../../src/oidc/clients.ts';
import type { NewClient } from '../../../src/oidc/client-metadata.ts';
import {
  oidcDocumentKind,
  userKind,
  type ClientRefusal,
  type ClientSignIn,
  type ClientTokens,
  type User,
} from '../../../src/records.ts';
import { loadSecrets } from '../../../src/keys/rings.ts';
import { createClock, type TestClock } from '../../support/world/clock.ts';
import { memory, type Node, type OpenStore, type Store } from '../../support/world/stores.ts';
import { openNode, type Common, type OpenNode } from './node.ts';
import type { Turnstile } from './turnstile.ts';
import { noScopes } from '../../../src/scopes/scopes.ts';

const hour = 3_600_000;
export const lifetimes = {
  session: 24 * hour,
  idle: hour,
  rememberedBrowser: 14 * 24 * hour,
  interaction: hour / 6,
  code: 60_000,
  accessToken: hour / 6,
  refreshToken: 14 * 24 * hour,
  refreshReuse: 10_000,
  grant: 90 * 24 * hour,
};

export const sealer = createSealer([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);

/** Made once for each test file, because making an RSA key is slow. */
export const houseSecrets = (() => {
  let made: ReturnType<typeof loadSecrets> | undefined;
  return async () => {
    made ??= memory.open(createClock()).then(({ durable }) => loadSecrets({ durable, sealer, clock: createClock() }));
    return made;
  };
})();

export interface World {
  readonly clock: TestClock;
  readonly issuer: URL;
  readonly store: OpenStore;
  /** The provider of the first node. */
  readonly provider: Provider;
  /** The port of each node. */
  readonly ports: readonly number[];
  readonly audited: AuditEvent[];
  readonly logged: { readonly event: string; readonly fields?: object }[];
  /** Refusals that were noted for the developers of a client. */
  readonly refused: (ClientRefusal & { readonly client: string })[];
  /** Sign-ins that were noted for developers. */
  readonly decided: (ClientSignIn & { readonly client: string })[];
  /** Tokens that were noted for developers. */
  readonly gotTokens: (ClientTokens & { readonly client: string })[];
  /** The durable documents of the protocol, clients included. */
  readonly documents: OidcDocuments;
  /** The sessions of accounts, over the stores of each node. */
  readonly accountSessions: readonly AccountSessions[];
  readonly sessionRecords: readonly SessionRecords[];
  /** Who was told of the end of a session: `client sid`, or `person kind`. */
  readonly told: readonly string[];
  /** The dependencies that all nodes share. */
  readonly common: Common;
  /** The registry of clients. */
  readonly clients: Clients;
  /** The acr that the methods of each person reach. */
  readonly reaches: Map<string, Acr>;
  /** The methods that each person can use now. */
  readonly usable: Map<string, readonly Method[]>;
  addUser(id: string, more?: Partial<User>): Promise<User>;
  changeUser(id: string, more: Partial<User>): Promise<void>;
  addClient(client: Partial<NewClient> & { readonly client_id: string }): Promise<Rp>;
  /** Stops every node and starts a new one on the durable store. The short-lived store starts empty. */
  restart(): Promise<World>;
  close(): Promise<void>;
}

/** A relying party in the tests. */
export interface Rp {
  readonly id: string;
  readonly secret?: string;
  readonly redirectUri: string;
}

export interface Setup {
  readonly store?: Store;
  readonly issuer?: string;
  readonly nodes?: number;
  readonly proxyHops?: number;
  readonly minimum?: Acr;
  /** Levels for which people can set up a method. Default: none. */
  readonly canEnroll?: readonly Acr[];
  /** A Content-Security-Policy on every page. */
  readonly csp?: string;
  /** A policy file (YAML). */
  readonly policy?: string;
  readonly turnstile?: Turnstile;
  /** Requests of the provider to clients. Refused unless told. */
  readonly outbound?: Outbound;
  /** Answers requests of CIBA, which is not offered without it. */
  readonly approvals?: Pick<Approvals, 'ask' | 'outcome'>;
  /** Whether clients of developers wait. */
  readonly approval?: ClientApproval;
  /** As in development. */
  readonly explainsErrors?: boolean;
  readonly requiresPushedRequests?: boolean;
  readonly detailTypes?: DetailTypes;
  readonly clientCertificates?: ClientCertificateSettings;
  /** Lifetimes that differ from the defaults. */
  readonly lifetimes?: Partial<typeof lifetimes>;
}

export const openWorld = async (setup: Setup = {}): Promise<World> => {
  const clock = createClock();
  // oidc-provider reads the system's clock: it gets the test clock.
  jest.spyOn(Date, 'now').mockImplementation(clock);
  const store = await (setup.store ?? memory).open(clock);
  const [audited, logged]: [AuditEvent[], World['logged']] = [[], []];
  const refused: World['refused'] = [];
  const decided: World['decided'] = [];
  const gotTokens: World['gotTokens'] = [];
  const reaches = new Map<string, Acr>();
  const usable = new Map<string, readonly Method[]>();
  const write = (event: string, fields?: object) => void logged.push({ event, ...(fields && { fields }) });
  const log = { debug: write, info: write, warn: write, error: write, child: () => log };
  const common: Common = {
    issuer: new URL(setup.issuer ?? 'http://idp.test'),
    clock,
    sealer,
    secrets: await houseSecrets(),
    lifetimes: { ...lifetimes, ...setup.lifetimes },
    minimum: setup.minimum ?? 'sfa',
    scopes: noScopes,
    policy: setup.policy === undefined ? noPolicy : policyIn(setup.policy),
    isBreakGlass: () => false,
    reach: async user => reaches.get(user.id) ?? 'mfa',
    usableBy: async user => usable.get(user.id) ?? [],
    rememberedBrowsers: { isOn: false, isValid: async () => false },
    canEnroll: acr => setup.canEnroll?.includes(acr) === true,
    audit: async event => void audited.push(event),
    countedAudit: { count: event => void audited.push(event) },
    clientRefusals: { note: (client, refusal) => void refused.push({ client, ...refusal }) },
    clientSignIns: { note: (client, signIn) => void decided.push({ client, ...signIn }) },
    clientTokens: { note: (client, tokens) => void gotTokens.push({ client, ...tokens }) },
    ciba: {
      accountNamed: async typed => store.durable.collection(userKind).get(typed),
      approvals: setup.approvals ?? {
        ask: async () => ({ ok: false, reason: 'no-device' }),
        outcome: async () => 'open',
      },
      pings: { remember: async () => {} },
      schedule: clock.after,
      isOffered: setup.approvals !== undefined,
    },
    log,
    told: [],
    outbound:
      setup.outbound ??
      (async () => {
        throw new Problem('internal', 'got a request to a client, expected none');
      }),
    explainsErrors: setup.explainsErrors ?? false,
    detailTypes: setup.detailTypes ?? new Map(),
    requiresPushedRequests: setup.requiresPushedRequests ?? false,
    ...(setup.clientCertificates !== undefined && { clientCertificates: setup.clientCertificates }),
    proxyHops: setup.proxyHops ?? 0,
    ...(setup.csp !== undefined && { csp: setup.csp }),
    ...(setup.turnstile !== undefined && { turnstile: setup.turnstile }),
  };

  const over = async (stored: readonly Node[]): Promise<World> => {
    const nodes = await Promise.all(stored.map(node => openNode(common, node)));
    return worldOf({
      approval: setup.approval ?? 'none',
      clock,
      store,
      audited,
      logged,
      refused,
      decided,
      gotTokens,
      reaches,
      usable,
      common,
      nodes,
      over,
    });
  };
  const others = Array.from({ length: (setup.nodes ?? 1) - 1 }, () => store.reopen());
  return over([store, ...(await Promise.all(others))]);
};

const worldOf = (of: {
  readonly clock: TestClock;
  readonly store: OpenStore;
  readonly audited: AuditEvent[];
  readonly logged: World['logged'];
  readonly refused: World['refused'];
  readonly decided: World['decided'];
  readonly gotTokens: World['gotTokens'];
  readonly reaches: Map<string, Acr>;
  readonly usable: Map<string, readonly Method[]>;
  readonly common: Common;
  readonly nodes: readonly OpenNode[];
  readonly approval: ClientApproval;
  readonly over: (stored: readonly Node[]) => Promise<World>;
}): World => {
  const { clock, store, common, nodes } = of;
  const [first] = nodes;
  if (first === undefined) throw new Problem('internal', 'a world needs a node');
  const people = store.durable.collection(userKind);
  const documents = store.durable.collection(oidcDocumentKind);
  const { ephemeral, notifier } = store.shortLived;
  const clients = new Clients({
    durable: store.durable,
    documents,
    ephemeral,
    notifier,
    clock,
    secrets: common.secrets,
    outbound: common.outbound,
    clientCertificates: common.clientCertificates,
    scopes: common.scopes,
    detailTypes: common.detailTypes,
    audit: common.audit,
    approval: of.approval,
    onRemoved: async () => {},
  });
  const stop = () => Promise.all(nodes.map(node => node.close()));
  return {
    ...of,
    issuer: common.issuer,
    provider: first.provider,
    ports: nodes.map(({ port }) => port),
    accountSessions: nodes.map(({ accountSessions }) => accountSessions),
    sessionRecords: nodes.map(({ sessionRecords }) => sessionRecords),
    told: common.told,
    documents,
    clients,
    async addUser(id, more = {}) {
      const names = {
        name: id,
        signInNames: [id] as const,
        displayName: `The one called ${id}`,
        email: `${id}@example.test`,
      };
      const user: User = { id, rev: 1, ...names, createdAt: clock(), authenticators: [], ...more };
      await people.insert(user);
      return user;
    },
    async changeUser(id, more) {
      const user = await people.get(id);
      if (user !== undefined) await people.replace({ ...user, ...more });
    },
    async addClient(client) {
      const redirectUri = `https://${client.client_id}.test/cb`;
      const isBrowserless = client.grant_types?.includes('authorization_code') === false;
      const redirectUris = { redirect_uris: isBrowserless ? [] : [redirectUri] };
      const added = await clients.add({ ...redirectUris, first_party: true, ...client }, 'cli');
      if (!added.ok) throw new Error(added.message);
      return { id: added.id, redirectUri, ...(added.secret !== undefined && { secret: added.secret }) };
    },
    async restart() {
      await stop();
      return of.over([{ durable: (await store.reopen()).durable, shortLived: openMemoryShortLived({ clock }) }]);
    },
    async close() {
      await stop();
      await store.close();
    },
  };
};
