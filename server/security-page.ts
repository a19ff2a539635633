/** Wires the security page: the routes below /account, with their sign-in at our own provider. */
import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { createPortalCookies } from '../portals/admission/cookies.ts';
import { accountRoutes } from '../portals/account/index.ts';
import type { Settings } from '../src/config.ts';
import type { Factor } from '../src/mfa/factor.ts';
import { createPortalSignIn, type PortalSignInDeps } from '../src/oidc/portal-sign-in.ts';
import { accountPortal as portal } from '../src/oidc/clients/built-in.ts';
import type { ClientDirectory } from '../src/oidc/clients/directory.ts';
import { ConnectedClients } from '../src/oidc/connected-clients.ts';
import { Consents } from '../src/oidc/consent/consents.ts';
import { createNeedsToKeep } from '../src/oidc/needs-to-keep.ts';
import type { DurableStore, Ephemeral } from '../src/ports/stores.ts';
import { auditEventKind, oidcDocumentKind } from '../src/records.ts';
import type { KnownBrowser } from '../src/users/known-browser.ts';
import type { Services } from './services.ts';

/** What the public routes have created before. */
export interface SecurityPageDeps extends Omit<PortalSignInDeps, 'issuer' | 'portal'> {
  readonly services: Services;
  readonly settings: Pick<
    Settings,
    'issuer' | 'minAcr' | 'policy' | 'enrollment' | 'passkeys' | 'scopes' | 'detailTypes'
  >;
  readonly clients: ClientDirectory;
  readonly durable: DurableStore;
  readonly ephemeral: Ephemeral;
  readonly factors: readonly Factor[];
  /** Browser in which people signed in before, from its cookie. */
  readonly knownBrowser: (ctx: Context) => KnownBrowser | undefined;
}

/** Creates the routes. */
export const securityPageRoutes = (deps: SecurityPageDeps): Router => {
  const { services, settings, clients, durable, ephemeral, clock } = deps;
  const { issuer, minAcr: minimum, policy, enrollment } = settings;
  const documents = durable.collection(oidcDocumentKind);
  const { isBreakGlass } = services;
  const needsToKeep = createNeedsToKeep({ documents, clients, minimum, policy, isBreakGlass });
  return accountRoutes({
    ...services,
    issuer,
    clock,
    factors: deps.factors,
    passkeyRpId: settings.passkeys.rpId,
    removalPolicy: async user => ({
      requiredMethods: enrollment.requiredMethods,
      needs: await needsToKeep(user),
    }),
    knownBrowser: deps.knownBrowser,
    auditEvents: durable.collection(auditEventKind),
    clientDirectory: clients,
    connectedClients: new ConnectedClients({
      ...services,
      documents,
      ephemeral,
      clients,
      consents: new Consents({ documents, clock }),
      scopes: settings.scopes,
      detailTypes: settings.detailTypes,
    }),
    portal,
    cookies: createPortalCookies({ portal, isHttps: issuer.protocol === 'https:', sealer: services.sealer, clock }),
    signIn: createPortalSignIn({ ...deps, issuer, portal }),
  });
};
