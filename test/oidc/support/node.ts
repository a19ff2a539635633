/** Starts one node of a deployment: the provider behind the Host check, with pages that the test controls. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { InteractionResults, Provider } from 'oidc-provider';
import { isProblem } from '../../../src/errors.ts';
import { AccountSessions } from '../../../src/oidc/sessions/account-sessions.ts';
import { SessionRecords } from '../../../src/oidc/sessions/session-records.ts';
import { createClientDirectory } from '../../../src/oidc/clients/directory.ts';
import { answerDocuments } from '../../../src/http/public-documents.ts';
import { announceCiba } from '../../../src/oidc/ciba/announcement.ts';
import { prebuildDiscovery } from '../../../src/oidc/http/discovery.ts';
import { checkHost, trustHost } from '../../../src/oidc/http/host.ts';
import { builtInClient } from '../../../src/oidc/clients/built-in.ts';
import { createProvider, type ProviderDeps } from '../../../src/oidc/provider.ts';
import { BegunSignIns } from '../../../src/users/limits/begun-sign-ins.ts';
import { sessionRecordKind, oidcDocumentKind, userKind } from '../../../src/records.ts';
import type { Node } from '../../support/world/stores.ts';
import type { Turnstile } from './turnstile.ts';

type OfNode =
  | 'durable'
  | 'documents'
  | 'users'
  | 'ephemeral'
  | 'clients'
  | 'pages'
  | 'begunSignIns'
  | 'requestCookies'
  | 'knownBrowser'
  | 'sessionRecords';
/** Dependencies that all nodes share, beside their stores. */
export type Common = Omit<ProviderDeps, OfNode> & {
  readonly proxyHops: number;
  /** A Content-Security-Policy on every page. */
  readonly csp?: string;
  /** Wraps the stores of the node. */
  readonly turnstile?: Turnstile;
  /** Who was told of the end of a session: `client sid`, or `person kind`. */
  readonly told: string[];
};

export interface OpenNode {
  readonly provider: Provider;
  readonly port: number;
  readonly sessionRecords: SessionRecords;
  readonly accountSessions: AccountSessions;
  close(): Promise<void>;
}

export const openNode = async (common: Common, { durable, shortLived }: Node): Promise<OpenNode> => {
  const { issuer, clock, csp } = common;
  const { notifier } = shortLived;
  const documents =
    common.turnstile?.before(durable.collection(oidcDocumentKind)) ?? durable.collection(oidcDocumentKind);
  const ephemeral = common.turnstile?.before(shortLived.ephemeral) ?? shortLived.ephemeral;
  const clients = await createClientDirectory({
    documents,
    notifier,
    clock,
    builtIn: id => builtInClient(id, { issuer, hashKey: common.secrets.hashKey }),
  });
  const { hashKey } = common.secrets;
  const limits = { address: 5, network: 8, device: 5, stored: 1000 };
  const users = durable.collection(userKind);
  const ofSessions = { ...common, documents, ephemeral, lifetime: common.lifetimes.session };
  const sessionRecords = new SessionRecords({ ...ofSessions, records: durable.collection(sessionRecordKind) });
  const accountSessions = new AccountSessions({
    ...ofSessions,
    sessionRecords,
    users,
    backChannelLogout: {
      end: async ({ clientId, sid }) => void common.told.push(`${clientId} ${sid}`),
      endAll: async () => {},
    },
    notices: { tell: async (userId, { kind }) => void common.told.push(`${userId} ${kind}`) },
  });
  const provider = createProvider({
    ...common,
    sessionRecords,
    begunSignIns: new BegunSignIns({ ephemeral, clock, hashKey, limits, lifetime: common.lifetimes.interaction }),
    // Interactions are answered here by the library alone, which finds them in the store.
    requestCookies: { keep: () => false, find: () => undefined, forget: () => {} },
    knownBrowser: () => undefined,
    durable: common.turnstile?.beforeBatch?.(durable) ?? durable,
    documents,
    users,
    ephemeral,
    clients,
    pages,
  });
  if (csp !== undefined) provider.use((ctx, next) => (ctx.set('content-security-policy', csp), next()));
  answerInteractions(provider);
  const listener = provider.callback();
  const discovery = await prebuildDiscovery(
    (req, res) => void listener(req, res),
    issuer,
    announceCiba(common.ciba.isOffered),
  );
  const answerDocument = answerDocuments(discovery, {});
  const server = createServer((req, res) => {
    try {
      checkHost(req, common.issuer);
    } catch (error) {
      res.writeHead(isProblem(error) ? error.status : 500).end();
      return;
    }
    trustHost(req, common);
    if (!answerDocument(req, res)) void listener(req, res);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    provider,
    sessionRecords,
    accountSessions,
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        clients.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const pages: ProviderDeps['pages'] = {
  error: ({ code, status, sentence }, { reference }) => `<h1>${status} ${code}</h1>${sentence} ${reference}`,
  signOut: ({ action, xsrf }) => `<form action="${action}"><input name="xsrf" value="${xsrf}"></form>`,
  signedOut: () => '<h1>signed out</h1>',
  stayed: () => '<h1>still signed in</h1>',
  device: end => `<h1>device ${end}</h1>`,
  post: ({ action, fields }) =>
    `<form action="${action}">${Object.entries(fields)
      .map(([name, value]) => `<input name="${name}" value="${value}">`)
      .join('')}</form>`,
  goOn: to => `<meta http-equiv="refresh" content="0;url=${to}">`,
};

/**
 * Answers interactions: GET returns the prompt, POST takes a result as JSON; `"consent": true` grants all missing
 * scopes.
 */
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
  const resources = (prompt.details['missingResourceScopes'] as Record<string, string[]> | undefined) ?? {};
  for (const [resource, scopes] of Object.entries(resources)) grant.addResourceScope(resource, scopes.join(' '));
  return grant.save();
};
