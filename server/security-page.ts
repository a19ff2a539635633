/** Wires the security page: the routes below /account, with their sign-in at our own provider. */
import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { createAccountCookies } from '../portals/account/cookies.ts';
import { accountRoutes } from '../portals/account/index.ts';
import type { Settings } from '../src/config.ts';
import type { Factor } from '../src/mfa/factor.ts';
import { createAccountSignIn, type AccountSignInDeps } from '../src/oidc/account-sign-in.ts';
import { createAcrToKeep } from '../src/oidc/acr-to-keep.ts';
import type { ClientDirectory } from '../src/oidc/clients/directory.ts';
import { ConnectedClients } from '../src/oidc/connected-clients.ts';
import type { DurableStore, Ephemeral } from '../src/ports/stores.ts';
import { auditEventKind, oidcDocumentKind } from '../src/records.ts';
import type { KnownDevice } from '../src/users/known-device.ts';
import type { Services } from './services.ts';

/** What `app.ts` has created before. */
export interface SecurityPageDeps extends Omit<AccountSignInDeps, 'issuer'> {
  readonly services: Services;
  readonly settings: Pick<Settings, 'issuer' | 'minAcr' | 'enrollment' | 'passkeys'>;
  readonly clients: ClientDirectory;
  readonly durable: DurableStore;
  readonly ephemeral: Ephemeral;
  readonly factors: readonly Factor[];
  /** Browser in which people signed in before, from its cookie. */
  readonly device: (ctx: Context) => KnownDevice | undefined;
}

/** Creates the routes. */
export const securityPageRoutes = (deps: SecurityPageDeps): Router => {
  const { services, settings, clients, durable, ephemeral, clock } = deps;
  const { issuer, minAcr: minimum, enrollment } = settings;
  const documents = durable.collection(oidcDocumentKind);
  const acrToKeep = createAcrToKeep({ documents, clients, minimum });
  return accountRoutes({
    ...services,
    issuer,
    clock,
    factors: deps.factors,
    passkeyRpId: settings.passkeys.rpId,
    removalPolicy: async ({ id }) => ({
      requiredMethods: enrollment.requiredMethods,
      needed: await acrToKeep(id),
    }),
    device: deps.device,
    auditEvents: durable.collection(auditEventKind),
    clientDirectory: clients,
    connectedClients: new ConnectedClients({ ...services, documents, ephemeral, clients }),
    cookies: createAccountCookies({ isHttps: issuer.protocol === 'https:', sealer: services.sealer, clock }),
    signIn: createAccountSignIn({ ...deps, issuer }),
  });
};
