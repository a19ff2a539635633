/** The one composition root: the process, the command line and every test make their application here. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import Koa, { type Context } from 'koa';
import { createBrowserCookies } from '../interactions/browser.ts';
import { conversationRoutes, wayBack } from '../interactions/index.ts';
import { createOidcProtocol } from '../interactions/oidc.ts';
import type { ConversationParts } from '../interactions/scene.ts';
import { createStreams } from '../interactions/streams.ts';
import { errorPage } from '../web/pages/index.ts';
import { createSealer } from './crypto.ts';
import { isProblem, Problem } from './errors.ts';
import { buildHouse, type House, type Parts } from './house.ts';
import { answerFailures } from './http/failures.ts';
import { securityHeaders } from './http/headers.ts';
import { highest } from './mfa/assurance.ts';
import { methodsOf } from './mfa/authenticators.ts';
import type { Acr } from './mfa/factor.ts';
import { spacedNumber } from './mfa/phone-number.ts';
import { Ledger } from './mfa/proof.ts';
import { createClientDirectory } from './oidc/client-directory.ts';
import { prebuildDocuments } from './oidc/discovery.ts';
import { pinHost } from './oidc/host.ts';
import { createProvider } from './oidc/provider.ts';
import { assetRoutes } from './portals/assets.ts';
import { callbackRoutes } from './portals/callbacks.ts';
import { healthRoutes } from './portals/health.ts';
import { createProviderPages } from './portals/provider-pages.ts';
import type { Channel, Line } from './ports.ts';
import { oidcDocuments, secrets, users, type User } from './records.ts';
import { loadSecrets } from './secrets.ts';
import { chosenLanguage, wording } from './wording.ts';

export interface App {
  /** For `http.createServer`. */
  readonly callback: RequestListener;
  /** Not ready from now on, and waiting pages are let go: the process is about to end. */
  drain(): void;
  /** Stops what the application itself began; stores and channels belong to whoever opened them. */
  close(): Promise<void>;
}

/** Requests that do not come to the issuer's host: carriers call their own public address, probes the process itself. */
const isOutside = ({ url = '' }: IncomingMessage): boolean => /^\/(?:callbacks\/|healthz$|readyz$)/.test(url);

const isLine = (channel: Channel): channel is Line => channel.via === 'call' && 'speak' in channel;

/** @throws Problem what a store throws; 'unreadable' where no sealing key opens the house's secrets. */
export const createApp = async (parts: Parts): Promise<App> => {
  const { settings, clock, durable, shortLived, channels, factors, log } = parts;
  const { ephemeral, bell } = shortLived;
  const { issuer, lifetimes } = settings;
  const sealer = createSealer(settings.sealingKeys);
  const kept = await loadSecrets({ secrets: durable.collection(secrets), sealer, clock });
  const house = buildHouse(parts, kept.hashKey);
  const documents = durable.collection(oidcDocuments);
  const clients = await createClientDirectory({ documents, bell, clock });
  const provider = createProvider({
    issuer,
    clock,
    sealer,
    secrets: kept,
    documents,
    users: durable.collection(users),
    ephemeral,
    clients,
    lifetimes,
    floor: 'sfa',
    reach: user => reachOf(parts, house, user),
    pages: createProviderPages(clock),
    audit: house.audit,
    log,
  });
  const conversation: ConversationParts = {
    ...house,
    protocol: createOidcProtocol(provider, clock),
    issuer,
    cookies: createBrowserCookies({ isHttps: issuer.protocol === 'https:', sealer }),
    factors,
    ledger: new Ledger(ephemeral, lifetimes.interaction),
    ephemeral,
    clock,
    log,
    ...(settings.twilio !== undefined && { callsFrom: spacedNumber(settings.twilio.from) }),
  };
  const streams = createStreams();
  const failures = answerFailures({ log, page: (...failed) => failurePage(...failed, clock()) });
  const unexpected = (error: unknown): void => {
    if (!hasLeft(error)) log.error('answer.failed', { error });
  };

  const koa: Koa = provider;
  koa.on('error', unexpected);
  provider.use(failures).use(wayBack(conversation));
  for (const router of [assetRoutes(), conversationRoutes(conversation, streams)]) {
    provider.use(router.routes()).use(router.allowedMethods());
  }
  const answer = provider.callback();
  const inside: RequestListener = (request, response) => void answer(request, response);
  const answerDocument = await prebuildDocuments(inside, issuer);

  const state = { draining: false };
  const outside = new Koa().on('error', unexpected).use(failures);
  const line = channels.find(isLine);
  const readiness = [
    { name: 'process', check: async () => refuseWhile(state.draining) },
    { name: 'durable', check: async () => durable.check() },
    { name: 'short-lived', check: async () => shortLived.check() },
  ];
  for (const router of [healthRoutes(readiness), ...(line ? [callbackRoutes({ ...house, line })] : [])]) {
    outside.use(router.routes()).use(router.allowedMethods());
  }
  const answerOutside = outside.callback();
  const headers = Object.entries(securityHeaders(issuer));

  return {
    callback(request, response) {
      for (const [name, value] of headers) response.setHeader(name, value);
      if (isOutside(request)) return void answerOutside(request, response);
      try {
        pinHost(request, settings);
      } catch (error) {
        return refuseAtDoor(response, error);
      }
      if (!answerDocument(request, response)) inside(request, response);
    },
    drain() {
      state.draining = true;
      streams.close();
    },
    async close() {
      streams.close();
      clients.close();
    },
  };
};

/** Nobody is there any more to read the answer: a waiting page was closed. */
const hasLeft = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  (error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ECONNRESET');

const refuseWhile = (isDraining: boolean): void => {
  if (isDraining) throw new Problem('unavailable', 'the process is ending');
};

/** The best that any method of this person reaches; the policy asks for it. */
const reachOf = async ({ factors }: Parts, { authenticators }: House, user: User): Promise<Acr> => {
  const methods = methodsOf(user, await authenticators.of(user), factors);
  return highest('sfa', ...methods.map(method => method.reaches));
};

/** Before anything of ours is known to be at this address: no page, whose links would lead elsewhere. */
const refuseAtDoor = (response: ServerResponse, error: unknown): void => {
  const status = isProblem(error) ? error.status : 400;
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(status === 421 ? 'This address is not served here.\n' : 'This request cannot be read.\n');
};

const failurePage = (ctx: Context, { code, label, retryable }: Problem, reference: string, now: number): string => {
  const languages = ctx.acceptsLanguages();
  const words = wording(chosenLanguage(Array.isArray(languages) ? languages : []));
  return errorPage({ code, label, retryable, reference, now }, words).text;
};
