/** Composes the application: wires settings, stores, services, routes and oidc-provider. Process and tests both use it. */
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
import { createOidcProtocol } from '../interactions/protocols/oidc/protocol.ts';
import { enrollmentTime } from '../interactions/enrollment/begin.ts';
import { Conversations } from '../interactions/conversation.ts';
import type { InteractionDeps } from '../interactions/context.ts';
import { createStreams } from '../src/http/event-streams.ts';
import { deleteOldAudit } from '../src/audit-retention.ts';
import { createSealer } from '../src/crypto.ts';
import { Problem } from '../src/errors.ts';
import { guardFrozenAccounts } from '../src/frozen-account.ts';
import { noticeSenders } from '../src/notices/deliver.ts';
import { Deliveries } from '../src/outbox/deliveries.ts';
import { outboxTopic } from '../src/outbox/outbox.ts';
import { createServices, type Services, type Resources } from './services.ts';
import { securityPageRoutes } from './security-page.ts';
import { timers } from './timers.ts';
import { answerProblems, logUnexpected } from '../src/http/problems.ts';
import { securityHeaders } from '../src/http/headers.ts';
import { createOutbound } from '../src/http/outbound.ts';
import { answerDocuments } from '../src/http/public-documents.ts';
import { nameLanguage } from '../src/http/content-language.ts';
import { guardSignOut } from '../src/oidc/sign-out-guard.ts';
import { highest, usable } from '../src/mfa/assurance.ts';
import { enrollable } from '../src/mfa/enrollment-offers.ts';
import type { Acr } from '../src/mfa/factor.ts';
import { pushType } from '../src/mfa/push/data.ts';
import { spacedNumber } from '../src/mfa/phone-number.ts';
import { SignInProofs } from '../src/mfa/sign-in-proofs.ts';
import { mailSender } from '../src/mail/deliver.ts';
import { mailKind } from '../src/mail/mail.ts';
import { authenticatorApp } from '../web/authenticator-bundle.ts';
import { layOutMail } from '../web/mail/layout.ts';
import { logoutKind, rememberSessions, routeLogouts } from '../src/oidc/back-channel-logout.ts';
import { announceCiba } from '../src/oidc/ciba/announcement.ts';
import { cibaObstacle } from '../src/oidc/ciba/offered.ts';
import { pingKind, pingSender } from '../src/oidc/ciba/pings.ts';
import { builtInClient } from '../src/oidc/clients/built-in.ts';
import { createClientDirectory } from '../src/oidc/clients/directory.ts';
import { prebuildDiscovery } from '../src/oidc/discovery.ts';
import { createProxyWarning, trustHost } from '../src/oidc/host.ts';
import { redirectPosted } from '../src/oidc/posted-request.ts';
import { createProvider } from '../src/oidc/provider.ts';
import { createRequestCookies } from '../src/oidc/request-cookies.ts';
import { passwordRoutes } from '../portals/password/index.ts';
import { resetKind } from '../src/account/password-reset.ts';
import { authenticatorApiRoutes } from '../portals/authenticator/api.ts';
import { authenticatorAppRoutes } from '../portals/authenticator/app.ts';
import { assetRoutes } from './endpoints/assets.ts';
import { createErrorPage, noteFailedClient } from './endpoints/error-page.ts';
import { frontPageRoutes } from './endpoints/front-page.ts';
import { passkeyDocuments } from './endpoints/passkey-documents.ts';
import { languageRoutes } from './endpoints/language.ts';
import { notMeRoutes } from './endpoints/not-me.ts';
import { createMachineEndpoints, isForMachines } from './endpoints/machines.ts';
import { createHostRefusal } from './endpoints/wrong-host.ts';
import { createProviderPages } from './endpoints/provider-pages.ts';
import { auditEventKind, oidcDocumentKind, outboxKind, secretKind, userKind, type User } from '../src/records.ts';
import { loadSecrets } from '../src/secrets.ts';
import { prepareStore } from './prepare-store.ts';
import type { Millis } from '../src/ports/time.ts';

/** How long a start waits for migrations of another process. A supervisor starts it again afterwards. */
const migrationPatience: Millis = 300_000;

/** The application, without a listening socket. */
export interface App {
  /** The request listener for `http.createServer`. */
  readonly callback: RequestListener;
  /** Reports not ready from now on, and ends event streams and status polling, before the process ends. */
  drain(): void;
  /** Stops timers, streams and subscriptions, and writes what is left to write. The caller closes stores and carriers. */
  close(): Promise<void>;
}

/**
 * Creates the application over opened resources.
 * @throws Problem from a store.
 * @throws Problem 'internal' for notes for developers in production.
 * @throws Problem 'unreadable' if no sealing key opens the secrets of the installation.
 */
export const createApp = async (resources: Resources): Promise<App> => {
  await prepareStore(resources, migrationPatience);
  const deps = { ...resources, durable: guardFrozenAccounts(resources.durable, resources.clock) };
  const { settings, clock, durable, shortLived, carriers, factors, log, developerNotes } = deps;
  if (developerNotes !== undefined && settings.mode === 'production')
    throw new Problem('internal', 'got notes for developers, expected none in production');
  const isDevelopment = settings.mode === 'development';
  const { ephemeral, notifier } = shortLived;
  const { issuer, lifetimes } = settings;
  const sealer = createSealer(settings.sealingKeys);
  const secrets = await loadSecrets({ secrets: durable.collection(secretKind), sealer, clock });
  const services = createServices(deps, secrets);
  await services.hashWorks.begin();
  const documents = durable.collection(oidcDocumentKind);
  const clients = await createClientDirectory({
    documents,
    notifier,
    clock,
    builtIn: id => builtInClient(id, { issuer, hashKey: secrets.hashKey }),
  });
  const cookies = createCookies({ isHttps: issuer.protocol === 'https:', sealer });
  const requestCookies = createRequestCookies({
    isHttps: issuer.protocol === 'https:',
    sealer,
    clock,
    browser: ctx => cookies.knownBrowser(ctx),
  });
  const isCibaOffered = cibaObstacle(deps) === undefined;
  const provider = createProvider({
    issuer,
    clock,
    sealer,
    secrets,
    documents,
    users: durable.collection(userKind),
    ephemeral,
    clients,
    lifetimes,
    minimum: settings.minAcr,
    isBreakGlass: services.isBreakGlass,
    reach: user => reachOf(services, user),
    usableBy: user => services.methods.usableBy(user),
    rememberedBrowsers: services.rememberedBrowsers,
    canEnroll: acr => enrollable(factors, acr).length > 0,
    outbound: createOutbound({ allowed: settings.outboundOrigins, schedule: deps.schedule ?? timers }),
    pages: createProviderPages(clock),
    begunSignIns: services.begunSignIns,
    requestCookies,
    device: ctx => cookies.device(ctx),
    sessionRecords: services.sessionRecords,
    ciba: {
      ...services,
      accountNamed: async typed => services.users.find(typed),
      schedule: deps.schedule ?? timers,
      isOffered: isCibaOffered,
    },
    audit: services.audit,
    countedAudit: services.countedAudit,
    log,
    explainsErrors: isDevelopment,
  });
  const callerId = carriers.find(carrier => carrier.callerId !== undefined)?.callerId;
  const interactionDeps: InteractionDeps = {
    ...services,
    protocol: createOidcProtocol({ provider, requestCookies, clock }),
    issuer,
    cookies,
    factors,
    signInProofs: new SignInProofs(ephemeral, lifetimes.interaction),
    ephemeral,
    conversations: new Conversations({ ephemeral, sealer, lifetime: enrollmentTime }),
    enrollmentPolicy: settings.enrollment,
    pairedDevices: services.devices,
    reach: settings.reach,
    clock,
    log,
    pause: settings.limits.pause,
    ...(callerId !== undefined && { callerId: spacedNumber(callerId) }),
    ...(developerNotes !== undefined && { developerNotes }),
  };
  const failures = answerProblems({ log, page: createErrorPage(clock, ctx => interactionDeps.cookies.start(ctx)) });
  const onError = logUnexpected(log);
  const hasPush = factors.some(({ type }) => type === pushType);
  // A mistake in the sources of the app ends a start in production; in development the first request tells it.
  if (hasPush && !isDevelopment) await authenticatorApp();
  const streams = createStreams();
  const stopDeleting = deleteOldAudit({
    events: durable.collection(auditEventKind),
    clock,
    log,
    schedule: deps.schedule ?? timers,
    retention: settings.auditRetention,
  });
  const deliveries = new Deliveries({
    ...services,
    messages: durable.collection(outboxKind),
    senders: {
      [pingKind]: pingSender(provider),
      [logoutKind]: routeLogouts(provider, services.backChannelLogout),
      [resetKind]: services.passwordResets.deliver,
      [mailKind]: mailSender({
        transport: deps.mailTransport,
        layout: (content, reader) => layOutMail(content, { ...reader, host: issuer.host }),
        clock,
      }),
      ...noticeSenders({ ...services, users: durable.collection(userKind), clock }),
    },
    clock,
    schedule: deps.schedule ?? timers,
    random: Math.random,
    log,
  });
  await services.outbox.backlog.refresh();
  const stopListening = await notifier.subscribe(outboxTopic, () => deliveries.wake());
  const state = { draining: false };

  const koa: Koa = provider;
  koa.on('error', onError);
  const providerApp: RequestListener = mount(
    koa,
    [
      nameLanguage,
      failures,
      noteFailedClient(id => interactionDeps.protocol.client(id)),
      guardSignOut(issuer.origin),
      guardResume(interactionDeps),
      redirectPosted,
      rememberSessions(services.backChannelLogout),
      limitBegun({ ...interactionDeps, ...services }),
    ],
    [
      frontPageRoutes(developerNotes),
      assetRoutes(),
      ...(hasPush
        ? [
            authenticatorAppRoutes(authenticatorApp),
            authenticatorApiRoutes(
              { ...services, issuer, push: settings.push, passkeys: settings.passkeys, clock, log },
              streams,
            ),
          ]
        : []),
      languageRoutes(issuer),
      passwordRoutes({ ...services, issuer, clock, start: ctx => cookies.start(ctx) }),
      notMeRoutes({ ...services, issuer }),
      interactionRoutes(interactionDeps, streams),
      securityPageRoutes({
        services,
        settings,
        secrets,
        provider,
        listener: (request, response) => providerApp(request, response),
        clients,
        durable,
        ephemeral,
        factors,
        device: ctx => cookies.device(ctx),
        clock,
        log,
      }),
      deviceRoutes({
        ...interactionDeps,
        ...services,
        devices: createDevices({ provider, ephemeral, hashKey: secrets.hashKey, lifetime: lifetimes.interaction }),
      }),
    ],
  );
  const answerDocument = answerDocuments(
    new Map([
      ...(await prebuildDiscovery(providerApp, issuer, announceCiba(isCibaOffered))),
      ...passkeyDocuments(factors, settings),
    ]),
  );
  const readiness = [
    { name: 'process', check: async () => refuseWhile(state.draining), isLocal: true as const },
    { name: 'durable', check: async () => durable.check() },
    { name: 'short-lived', check: async () => shortLived.check() },
  ];
  const machineEndpoints = createMachineEndpoints({
    ...services,
    carriers,
    proxyHops: settings.proxyHops,
    pause: settings.limits.pause,
    readiness,
    clock,
    failures: answerProblems({ log, page: createErrorPage(clock) }),
    onError,
  });
  const headers = Object.entries(securityHeaders(issuer));
  const warnOfProxies = createProxyWarning(settings.proxyHops, log);
  const refuseHost = createHostRefusal({ clock, log, isDevelopment });

  deliveries.start();
  return {
    callback(request, response) {
      for (const [name, value] of headers) response.setHeader(name, value);
      if (isForMachines(request)) return machineEndpoints(request, response);
      try {
        trustHost(request, settings);
        warnOfProxies(request);
      } catch (error) {
        return refuseHost(request, response, error);
      }
      if (!answerDocument(request, response)) providerApp(request, response);
    },
    drain() {
      state.draining = true;
      deliveries.stop();
      services.statusPoller.close();
      streams.close();
    },
    async close() {
      services.statusPoller.close();
      streams.close();
      clients.close();
      stopDeleting();
      stopListening();
      await deliveries.close();
      await services.countedAudit.close();
    },
  };
};

/** Mounts our middleware and routes in front of the routes of oidc-provider. */
const mount = (koa: Koa, first: readonly Middleware[], routers: readonly Router[]): RequestListener => {
  for (const middleware of first) koa.use(middleware);
  for (const router of routers) koa.use(router.routes()).use(router.allowedMethods());
  const answer = koa.callback();
  return (request, response) => void answer(request, response);
};

const refuseWhile = (isDraining: boolean): void => {
  if (isDraining) throw new Problem('unavailable', 'the process is ending');
};

/** Gives the highest level that the methods of this person reach. The prompt policy uses it. */
const reachOf = async ({ methods }: Services, user: User): Promise<Acr> =>
  highest('sfa', ...usable(await methods.forSignIn(user), 'sfa').map(method => method.reaches));
