/** The one composition root: the process, the command line and every test make their application here. */
import type { RequestListener, ServerResponse } from 'node:http';
import type { Router } from '@koa/router';
import type Koa from 'koa';
import type { Middleware } from 'koa';
import { createCookies } from '../interactions/cookies.ts';
import { interactionRoutes } from '../interactions/index.ts';
import { guardResume } from '../interactions/resume.ts';
import { createOidcProtocol } from '../interactions/protocols/oidc/protocol.ts';
import type { InteractionDeps } from '../interactions/context.ts';
import { createStreams } from '../interactions/events/streams.ts';
import { createSealer } from '../src/crypto.ts';
import { isProblem, Problem } from '../src/errors.ts';
import { createServices, type Services, type Resources } from './services.ts';
import { answerProblems, logUnexpected } from '../src/http/problems.ts';
import { securityHeaders } from '../src/http/headers.ts';
import { nameLanguage } from '../src/http/content-language.ts';
import { guardSignOut } from '../src/oidc/sign-out-guard.ts';
import { highest } from '../src/mfa/assurance.ts';
import type { Acr } from '../src/mfa/factor.ts';
import { spacedNumber } from '../src/mfa/phone-number.ts';
import { SignInProofs } from '../src/mfa/sign-in-proofs.ts';
import { createClientDirectory } from '../src/oidc/client-directory.ts';
import { prebuildDiscovery } from '../src/oidc/discovery.ts';
import { trustHost } from '../src/oidc/host.ts';
import { createProvider } from '../src/oidc/provider.ts';
import { assetRoutes } from './endpoints/assets.ts';
import { createErrorPage } from './endpoints/error-page.ts';
import { frontPageRoutes } from './endpoints/front-page.ts';
import { languageRoutes } from './endpoints/language.ts';
import { createMachineEndpoints, isForMachines } from './endpoints/machines.ts';
import { createProviderPages } from './endpoints/provider-pages.ts';
import { oidcDocumentKind, secretKind, userKind, type User } from '../src/records.ts';
import { loadSecrets } from '../src/secrets.ts';

export interface App {
  /** For `http.createServer`. */
  readonly callback: RequestListener;
  /** Not ready from now on, and waiting pages are let go: the process is about to end. */
  drain(): void;
  /** Stops what the application itself began; stores and channels belong to whoever opened them. */
  close(): Promise<void>;
}

/** @throws Problem what a store throws; 'unreadable' where no sealing key opens the house's secrets. */
export const createApp = async (deps: Resources): Promise<App> => {
  const { settings, clock, durable, shortLived, carriers, factors, log } = deps;
  const { ephemeral, notifier } = shortLived;
  const { issuer, lifetimes } = settings;
  const sealer = createSealer(settings.sealingKeys);
  const kept = await loadSecrets({ secrets: durable.collection(secretKind), sealer, clock });
  const services = createServices(deps, kept);
  const documents = durable.collection(oidcDocumentKind);
  const clients = await createClientDirectory({ documents, notifier, clock });
  const provider = createProvider({
    issuer,
    clock,
    sealer,
    secrets: kept,
    documents,
    users: durable.collection(userKind),
    ephemeral,
    clients,
    lifetimes,
    minimum: 'sfa',
    reach: user => reachOf(services, user),
    pages: createProviderPages(clock),
    audit: services.audit,
    log,
  });
  const callerId = carriers.find(carrier => carrier.callerId !== undefined)?.callerId;
  const interactionDeps: InteractionDeps = {
    ...services,
    protocol: createOidcProtocol(provider, clock),
    issuer,
    cookies: createCookies({ isHttps: issuer.protocol === 'https:', sealer }),
    factors,
    signInProofs: new SignInProofs(ephemeral, lifetimes.interaction),
    ephemeral,
    clock,
    log,
    ...(callerId !== undefined && { callerId: spacedNumber(callerId) }),
  };
  const failures = answerProblems({ log, page: createErrorPage(clock, ctx => interactionDeps.cookies.start(ctx)) });
  const onError = logUnexpected(log);
  const streams = createStreams();
  const state = { draining: false };

  const koa: Koa = provider;
  koa.on('error', onError);
  const inside = mount(
    koa,
    [nameLanguage, failures, guardSignOut(issuer.origin), guardResume(interactionDeps)],
    [frontPageRoutes(), assetRoutes(), languageRoutes(issuer), interactionRoutes(interactionDeps, streams)],
  );
  const answerDocument = await prebuildDiscovery(inside, issuer);
  const readiness = [
    { name: 'process', check: async () => refuseWhile(state.draining), isInside: true as const },
    { name: 'durable', check: async () => durable.check() },
    { name: 'short-lived', check: async () => shortLived.check() },
  ];
  const outside = createMachineEndpoints({
    ...services,
    carriers,
    readiness,
    clock,
    failures: answerProblems({ log, page: createErrorPage(clock) }),
    onError,
  });
  const headers = Object.entries(securityHeaders(issuer));

  return {
    callback(request, response) {
      for (const [name, value] of headers) response.setHeader(name, value);
      if (isForMachines(request)) return outside(request, response);
      try {
        trustHost(request, settings);
      } catch (error) {
        return refuseRequest(response, error);
      }
      if (!answerDocument(request, response)) inside(request, response);
    },
    drain() {
      state.draining = true;
      services.statusPoller.close();
      streams.close();
    },
    async close() {
      services.statusPoller.close();
      streams.close();
      clients.close();
    },
  };
};

/** The provider's own application with ours in front of its routes. */
const mount = (koa: Koa, first: readonly Middleware[], routers: readonly Router[]): RequestListener => {
  for (const middleware of first) koa.use(middleware);
  for (const router of routers) koa.use(router.routes()).use(router.allowedMethods());
  const answer = koa.callback();
  return (request, response) => void answer(request, response);
};

const refuseWhile = (isDraining: boolean): void => {
  if (isDraining) throw new Problem('unavailable', 'the process is ending');
};

/** The best that any method of this person reaches; the policy asks for it. */
const reachOf = async ({ methods }: Services, user: User): Promise<Acr> =>
  highest('sfa', ...(await methods.of(user)).map(method => method.reaches));

/** Before anything of ours is known to be at this address: no page, whose links would lead elsewhere. */
const refuseRequest = (response: ServerResponse, error: unknown): void => {
  const status = isProblem(error) ? error.status : 400;
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(status === 421 ? 'This address is not served here.\n' : 'This request cannot be read.\n');
};
