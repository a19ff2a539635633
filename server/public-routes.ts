/**
 * Builds the routes of browsers and clients for one set of keys: oidc-provider, and the routes that refer to it. oidc-provider
 * cannot change its keys, so new keys need new routes. All routes share the services, and state is in the stores.
 */
import type { RequestListener } from 'node:http';
import type { Router } from '@koa/router';
import type Koa from 'koa';
import type { Middleware } from 'koa';
import { createCookies } from '../interactions/cookies.ts';
import { limitBegun } from '../interactions/begin.ts';
import { deviceRoutes } from '../interactions/devices.ts';
import { interactionRoutes } from '../interactions/index.ts';
import { guardResume } from '../interactions/resume.ts';
import { createDevices } from '../interactions/protocols/oidc/devices.ts';
import type { InteractionDeps } from '../interactions/context.ts';
import { securityHeaders } from '../src/http/headers.ts';
import { answerProblems, logUnexpected } from '../src/http/problems.ts';
import { answerDocuments, type AnswerDocument } from '../src/http/public-documents.ts';
import { nameLanguage } from '../src/http/content-language.ts';
import { noteReference } from '../src/http/request-facts.ts';
import { pushType } from '../src/mfa/push/data.ts';
import { logoutKind, rememberSessions, routeLogouts } from '../src/oidc/sign-out/back-channel-logout.ts';
import { announceCiba } from '../src/oidc/ciba/announcement.ts';
import { cibaObstacle } from '../src/oidc/ciba/offered.ts';
import { pingKind, pingSender } from '../src/oidc/ciba/pings.ts';
import { announceAuthentication, prebuildDiscovery } from '../src/oidc/http/discovery.ts';
import { answerPrograms, refuseMethods } from '../src/oidc/http/endpoints.ts';
import { holdWrites } from '../src/oidc/http/held-writes.ts';
import { noteClient } from '../src/oidc/http/note-client.ts';
import { releaseAnswered } from '../src/oidc/http/release-answered.ts';
import { announceCertificates } from '../src/oidc/mtls/offered.ts';
import { onPages } from '../src/oidc/http/page-paths.ts';
import { redirectPosted } from '../src/oidc/http/posted-request.ts';
import { createCallbacks } from '../src/oidc/playground/callback.ts';
import { announceRegistration } from '../src/oidc/registration/announcement.ts';
import { Registrations } from '../src/oidc/registration/registrations.ts';
import { createRequestCookies } from '../src/oidc/http/request-cookies.ts';
import { guardSignOut } from '../src/oidc/sign-out/sign-out-guard.ts';
import type { Send } from '../src/outbox/deliveries.ts';
import type { InstallationSecrets } from '../src/keys/rings.ts';
import { passwordRoutes } from '../portals/password/index.ts';
import { playgroundPath } from '../portals/playground/index.ts';
import { authenticatorApiRoutes } from '../portals/authenticator/api.ts';
import { authenticatorAppRoutes } from '../portals/authenticator/app.ts';
import { authenticatorApp } from '../web/authenticator-bundle.ts';
import { developerLinks } from '../web/pages/developer-links.ts';
import { assetRoutes } from './endpoints/assets.ts';
import { errorCodeRoutes } from './endpoints/error-codes.ts';
import { createErrorPage, noteFailedClient } from './endpoints/error-page.ts';
import { frontPageRoutes } from './endpoints/front-page.ts';
import { passkeyDocuments } from './endpoints/passkey-documents.ts';
import { registrationRoutes } from './endpoints/registration.ts';
import { developerPortalRoutes } from './developer-portal.ts';
import { languageRoutes } from './endpoints/language.ts';
import { notMeRoutes } from './endpoints/not-me.ts';
import { routersMiddleware } from './routers.ts';
import { developmentPlayground } from './playground.ts';
import { securityPageRoutes } from './security-page.ts';
import { interactionDepsOf } from './interaction-deps.ts';
import { createOidcProvider } from './oidc-provider.ts';
import type { PublicRoutesDeps, RouteContext } from './route-context.ts';

/** The routes with one set of keys. */
export interface PublicRoutes {
  /** Answers discovery, keys and other documents in memory, with all headers. It reads no headers of the request. */
  readonly answerDocument: AnswerDocument;
  readonly listener: RequestListener;
  /** Sends the messages of the outbox that are signed by these keys, or sent by oidc-provider. By kind. */
  readonly senders: Readonly<Record<typeof pingKind | typeof logoutKind, Send>>;
}

/** Builds the routes. @throws Problem 'internal' if oidc-provider does not return its discovery documents */
export const createPublicRoutes = async (
  deps: PublicRoutesDeps,
  secrets: InstallationSecrets,
): Promise<PublicRoutes> => {
  const { settings, clock, factors, log, developerNotes } = deps.resources;
  const { issuer } = settings;
  const { services } = deps;
  const { sealer } = services;
  const isHttps = issuer.protocol === 'https:';
  const cookies = createCookies({ isHttps, sealer });
  const requestCookies = createRequestCookies({
    isHttps,
    sealer,
    clock,
    browser: ctx => cookies.sentBrowser(ctx),
  });
  const isCibaOffered = cibaObstacle(deps.resources) === undefined;
  const pages = [
    ...(settings.mode === 'development' ? [playgroundPath] : []),
    ...(settings.developers === 'off' ? [] : [developerLinks.playground]),
  ];
  const callbacks = createCallbacks({ issuer, hashKey: secrets.hashKey, clock, pages });
  const made = { secrets, cookies, requestCookies, callbacks };
  const provider = createOidcProvider(deps, { ...made, isCibaOffered });
  const context: RouteContext = { ...deps, ...made, provider };
  const interactionDeps = interactionDepsOf(context);
  const koa: Koa = provider;
  koa.on('error', logUnexpected(log));
  const providerApp: RequestListener = mount(
    koa,
    [
      releaseAnswered,
      noteReference,
      noteClient,
      nameLanguage,
      answerPrograms,
      answerProblems({ log, page: createErrorPage(clock, ctx => cookies.lastClient(ctx)) }),
      refuseMethods,
      routersMiddleware([
        frontPageRoutes(developerNotes),
        assetRoutes(),
        errorCodeRoutes(),
        ...routersOf(context, interactionDeps, (request, response) => providerApp(request, response)),
      ]),
    ],
    [
      noteFailedClient(id => interactionDeps.protocol.client(id)),
      guardSignOut(issuer.origin),
      holdWrites({ ...services, ephemeral: deps.resources.shortLived.ephemeral }),
      guardResume(interactionDeps),
      redirectPosted,
      rememberSessions(services.backChannelLogout),
      limitBegun({ ...interactionDeps, ...services }),
    ],
  );
  const withRegistration = announceRegistration(settings.offersRegistration, issuer);
  const withCertificates = announceCertificates(settings.clientCertificates);
  const withCiba = announceCiba(isCibaOffered);
  const documents = new Map([
    ...(await prebuildDiscovery(providerApp, issuer, members =>
      announceAuthentication(withCertificates(withRegistration(withCiba(members)))),
    )),
    ...passkeyDocuments(factors, settings),
  ]);
  return {
    answerDocument: answerDocuments(documents, securityHeaders(issuer)),
    listener: providerApp,
    senders: {
      [pingKind]: pingSender(provider),
      [logoutKind]: routeLogouts(provider, services.backChannelLogout),
    },
  };
};

/** The routers of all pages. `listener` answers requests to oidc-provider. */
const routersOf = (
  context: RouteContext,
  interactionDeps: InteractionDeps,
  listener: RequestListener,
): readonly Router[] => {
  const { resources, services, secrets, provider, clients, streams, cookies, callbacks } = context;
  const { settings, clock, durable, shortLived, factors, log } = resources;
  const { ephemeral } = shortLived;
  const { issuer, lifetimes } = settings;
  const hasPush = factors.some(({ type }) => type === pushType);
  return [
    ...(hasPush
      ? [
          authenticatorAppRoutes(authenticatorApp),
          authenticatorApiRoutes(
            { ...services, issuer, push: settings.push, passkeys: settings.passkeys, clock, log },
            streams,
          ),
        ]
      : []),
    ...(settings.offersRegistration
      ? [
          registrationRoutes({
            ...services,
            issuer,
            registrations: new Registrations({
              clients: services.clients,
              tokens: services.registrationTokens,
              policies: context.registrationPolicies,
              issuer,
              clock,
            }),
          }),
        ]
      : []),
    languageRoutes(issuer),
    passwordRoutes({ ...services, issuer, clock, lastClient: ctx => cookies.lastClient(ctx) }),
    notMeRoutes({ ...services, issuer }),
    interactionRoutes(interactionDeps, streams),
    ...(settings.mode === 'development'
      ? [developmentPlayground({ ...context, ...services, issuer, clock, listener })]
      : []),
    securityPageRoutes({
      services,
      settings,
      secrets,
      provider,
      listener,
      clients,
      durable,
      ephemeral,
      factors,
      knownBrowser: ctx => cookies.knownBrowser(ctx),
      clock,
      log,
    }),
    ...developerPortalRoutes({ services, settings, secrets, provider, callbacks, listener, clock, log }),
    deviceRoutes({
      ...interactionDeps,
      ...services,
      devices: createDevices({ provider, ephemeral, hashKey: secrets.hashKey, lifetime: lifetimes.interaction }),
    }),
  ];
};

/** Mounts our middleware in front of oidc-provider: for each request, and for its pages only. */
const mount = (koa: Koa, always: readonly Middleware[], ofPages: readonly Middleware[]): RequestListener => {
  for (const middleware of [...always, ...ofPages.map(onPages)]) koa.use(middleware);
  const answer = koa.callback();
  return (request, response) => void answer(request, response);
};
