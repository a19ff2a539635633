/**
 * Composes the application: settings, stores, services, and the parts that live as long as the process. `public-routes.ts` builds
 * the routes of browsers and clients. The server process and the tests both use it.
 */
import type { RequestListener, ServerResponse } from 'node:http';
import { createStreams } from '../src/http/event-streams.ts';
import { deleteOldAudit } from '../src/audit-retention.ts';
import { createSealer } from '../src/crypto.ts';
import { Problem } from '../src/errors.ts';
import { guardFrozenAccounts } from '../src/frozen-account.ts';
import { noticeSenders } from '../src/notices/deliver.ts';
import { Deliveries } from '../src/outbox/deliveries.ts';
import { outboxTopic, type Outbox } from '../src/outbox/outbox.ts';
import { noMetrics } from '../src/ports/metrics.ts';
import { createServices, type Services, type Resources } from './services.ts';
import { createPublicRoutes, type PublicRoutes } from './public-routes.ts';
import { timers } from './timers.ts';
import { instrumentRequests } from './instrument-requests.ts';
import { answerProblems, logUnexpected } from '../src/http/problems.ts';
import { securityHeaders } from '../src/http/headers.ts';
import { pushType } from '../src/mfa/push/data.ts';
import { mailSender } from '../src/mail/deliver.ts';
import { mailKind } from '../src/mail/mail.ts';
import { authenticatorApp } from '../web/authenticator-bundle.ts';
import { layOutMail } from '../web/mail/layout.ts';
import { logoutKind } from '../src/oidc/sign-out/back-channel-logout.ts';
import { pingKind } from '../src/oidc/ciba/pings.ts';
import { builtInClient } from '../src/oidc/clients/built-in.ts';
import { createClientDirectory } from '../src/oidc/clients/directory.ts';
import { checkHost, createProxyWarning, trustHost } from '../src/oidc/http/host.ts';
import { addressProofKind } from '../src/account/address-proofs.ts';
import { resetKind } from '../src/account/password-reset.ts';
import { applyClientFiles } from './client-files.ts';
import { createErrorPage } from './endpoints/error-page.ts';
import { createMachineEndpoints, isForMachines } from './endpoints/machines.ts';
import { createHostRefusal } from './endpoints/wrong-host.ts';
import { oidcDocumentKind, outboxKind, userKind } from '../src/records.ts';
import { createReadiness, type Readiness } from '../src/readiness.ts';
import { followKeys } from '../src/keys/follow.ts';
import { loadSecrets } from '../src/keys/rings.ts';
import { resealInBackground } from '../src/sealing/resealing.ts';
import { prepareStore } from './prepare-store.ts';
import type { Millis } from '../src/ports/time.ts';

/** How long a start waits for migrations of another process. Then the process ends, and its supervisor starts it again. */
const migrationTimeout: Millis = 300_000;

/** The application, without a listening socket. */
export interface App {
  /** The request listener for `http.createServer`. */
  readonly callback: RequestListener;
  /** Whether this process can take traffic now. */
  readiness(): Promise<Readiness>;
  /** Reports not ready from now on, and ends event streams and status polling, before the process ends. */
  drain(): void;
  /** Stops timers, streams and subscriptions, and writes what is left to write. The caller closes stores and carriers. */
  close(): Promise<void>;
}

/**
 * Creates the application over opened resources.
 * @throws Problem from a store.
 * @throws Problem 'internal' for notes for developers in production.
 * @throws ConfigError for mistakes in files of clients
 * @throws Problem 'unreadable' if no sealing key opens the secrets of the installation.
 */
export const createApp = async (opened: Resources): Promise<App> => {
  await prepareStore(opened, migrationTimeout);
  const resources = { ...opened, durable: guardFrozenAccounts(opened.durable, opened.clock) };
  const { settings, clock, durable, shortLived, carriers, factors, log, developerNotes } = resources;
  if (developerNotes !== undefined && settings.mode === 'production')
    throw new Problem('internal', 'got notes for developers, expected none in production');
  const isDevelopment = settings.mode === 'development';
  const { notifier } = shortLived;
  const { issuer } = settings;
  const schedule = resources.schedule ?? timers;
  const sealer = createSealer(settings.sealingKeys, ({ boundTo, sealingKey }) =>
    log.warn('keys.unreadable', { record: boundTo, sealingKey }),
  );
  const secrets = await loadSecrets({ durable, sealer, clock });
  const services = createServices(resources, secrets);
  await services.hashWorks.begin();
  const registrationPolicies = await applyClientFiles(resources, services);
  const clients = await createClientDirectory({
    documents: durable.collection(oidcDocumentKind),
    notifier,
    clock,
    builtIn: id => builtInClient(id, { issuer, hashKey: secrets.hashKey }),
  });
  // A mistake in the sources of the app ends a start in production; in development the first request tells it.
  if (factors.some(({ type }) => type === pushType) && !isDevelopment) await authenticatorApp();
  const streams = createStreams();
  const routesDeps = { resources, services, clients, registrationPolicies, streams };
  const state = { isDraining: false, routes: await createPublicRoutes(routesDeps, secrets) };
  const stopFollowing = await followKeys({
    ...services,
    version: secrets.version,
    notifier,
    schedule,
    log,
    metrics: resources.metrics,
    clock,
    async use(keys) {
      // Requests in flight end on the earlier routes.
      state.routes = await createPublicRoutes(routesDeps, { ...secrets, ...keys });
    },
  });
  const stopDeleting = deleteOldAudit({
    durable,
    clock,
    log,
    schedule,
    retention: settings.auditRetention,
  });
  const stopResealing = resealInBackground({ ...services, schedule, log });
  const deliveries = createDeliveries(resources, services, () => state.routes);
  await services.outbox.backlog.refresh();
  const stopGauges = measureOutbox(services.outbox.backlog, resources);
  const stopListening = await notifier.subscribe(outboxTopic, () => deliveries.wake());

  const readiness = createReadiness(
    [
      { name: 'process', check: async () => refuseWhile(state.isDraining), isLocal: true },
      { name: 'durable', check: async () => durable.check() },
      { name: 'short-lived', check: async () => shortLived.check() },
    ],
    clock,
  );
  const hasProbes = settings.managementListen === undefined;
  const machineEndpoints = createMachineEndpoints({
    ...services,
    carriers,
    proxyHops: settings.proxyHops,
    pause: settings.limits.pause,
    readiness: hasProbes ? readiness : undefined,
    failures: answerProblems({ log, page: createErrorPage(clock) }),
    onError: logUnexpected(log),
  });
  const headers = Object.entries(securityHeaders(issuer));
  const setHeaders = (response: ServerResponse): void => {
    for (const [name, value] of headers) response.setHeader(name, value);
  };
  const warnOfProxies = createProxyWarning(settings.proxyHops, log);
  const refuseHost = createHostRefusal({ clock, log, isDevelopment });

  const requests = instrumentRequests(
    (request, response) => {
      if (isForMachines(request, hasProbes)) {
        setHeaders(response);
        return machineEndpoints(request, response);
      }
      try {
        checkHost(request, issuer);
      } catch (error) {
        setHeaders(response);
        return refuseHost(request, response, error);
      }
      warnOfProxies(request);
      if (state.routes.answerDocument(request, response)) return;
      setHeaders(response);
      trustHost(request, settings);
      state.routes.listener(request, response);
    },
    { log, metrics: resources.metrics ?? noMetrics, around: resources.aroundRequest },
  );

  deliveries.start();
  return {
    callback: requests.listener,
    readiness,
    drain() {
      state.isDraining = true;
      deliveries.stop();
      services.statusPoller.close();
      streams.close();
    },
    async close() {
      services.statusPoller.close();
      streams.close();
      clients.close();
      stopFollowing();
      stopResealing();
      stopDeleting();
      stopListening();
      stopGauges();
      requests.close();
      await deliveries.close();
      await services.countedAudit.close();
      await services.clientRefusals.close();
      await services.clientSignIns.close();
      await services.clientTokens.close();
    },
  };
};

/** Sends the messages of the outbox. Messages that oidc-provider sends go through the current routes. */
const createDeliveries = (resources: Resources, services: Services, routes: () => PublicRoutes): Deliveries => {
  const { settings, clock, durable, log } = resources;
  return new Deliveries({
    ...services,
    messages: durable.collection(outboxKind),
    senders: {
      [pingKind]: async data => routes().senders[pingKind](data),
      [logoutKind]: async data => routes().senders[logoutKind](data),
      [resetKind]: services.passwordResets.deliver,
      [addressProofKind]: services.addressProofs.deliver,
      [mailKind]: mailSender({
        transport: resources.mailTransport,
        layout: (content, reader) => layOutMail(content, { ...reader, host: settings.issuer.host }),
        clock,
      }),
      ...noticeSenders({ ...services, users: durable.collection(userKind), clock }),
    },
    clock,
    schedule: resources.schedule ?? timers,
    random: Math.random,
    log,
  });
};

/** Reports the queue of messages as metrics until the returned function is called. */
const measureOutbox = (backlog: Outbox['backlog'], { metrics = noMetrics, clock }: Resources): (() => void) => {
  const stops = [
    metrics.gauge('sallyport_outbox_messages', () => [{ labels: {}, value: backlog.size }]),
    metrics.gauge('sallyport_outbox_oldest_seconds', () => {
      const oldest = Math.min(clock(), ...[...backlog.all()].map(({ createdAt }) => createdAt));
      return [{ labels: {}, value: (clock() - oldest) / 1000 }];
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
};

const refuseWhile = (isDraining: boolean): void => {
  if (isDraining) throw new Problem('unavailable', 'the process is ending');
};
