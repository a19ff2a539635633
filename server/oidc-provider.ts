/** Wires oidc-provider for one set of keys. */
import { createOutbound } from '../src/http/outbound.ts';
import { allowedFactors, allowedMethods } from '../src/mfa/allowed-factors.ts';
import { highest, usable } from '../src/mfa/assurance.ts';
import { enrollable } from '../src/mfa/enrollment-offers.ts';
import type { Acr } from '../src/mfa/factor.ts';
import { browserCookie } from '../src/oidc/playground/callback.ts';
import { createProvider } from '../src/oidc/provider.ts';
import { oidcDocumentKind, userKind, type User } from '../src/records.ts';
import { createProviderPages } from './endpoints/provider-pages.ts';
import type { MadeForKeys, OidcProvider, PublicRoutesDeps } from './route-context.ts';
import type { Services } from './services.ts';
import { timers } from './timers.ts';

/** Creates oidc-provider for these keys. `isCibaOffered`: no setting stands in the way (`oidc/ciba/offered.ts`). */
export const createOidcProvider = (
  { resources, services, clients }: PublicRoutesDeps,
  { secrets, cookies, requestCookies, callbacks, isCibaOffered }: MadeForKeys & { readonly isCibaOffered: boolean },
): OidcProvider => {
  const { settings, clock, durable, shortLived, factors, log } = resources;
  const { issuer, lifetimes } = settings;
  const schedule = resources.schedule ?? timers;
  return createProvider({
    issuer,
    clock,
    sealer: services.sealer,
    secrets,
    durable,
    documents: durable.collection(oidcDocumentKind),
    users: durable.collection(userKind),
    ephemeral: shortLived.ephemeral,
    clients,
    lifetimes,
    minimum: settings.minAcr,
    isBreakGlass: services.isBreakGlass,
    policy: settings.policy,
    scopes: settings.scopes,
    reach: (user, allowed) => reachOf(services, user, allowed),
    usableBy: user => services.methods.usableBy(user),
    rememberedBrowsers: services.rememberedBrowsers,
    canEnroll: (acr, allowed) => enrollable(allowedFactors(factors, allowed), acr).length > 0,
    outbound: createOutbound({ allowed: settings.outboundOrigins, schedule }),
    pages: createProviderPages(clock),
    begunSignIns: services.begunSignIns,
    requestCookies,
    knownBrowser: ctx => cookies.knownBrowser(ctx),
    sessionRecords: services.sessionRecords,
    ciba: {
      ...services,
      accountNamed: async typed => services.users.find(typed),
      schedule,
      isOffered: isCibaOffered,
    },
    playground: { callbacks, browserCookie: browserCookie(issuer.protocol === 'https:') },
    audit: services.audit,
    countedAudit: services.countedAudit,
    clientRefusals: services.clientRefusals,
    clientSignIns: services.clientSignIns,
    clientTokens: services.clientTokens,
    log,
    ...(settings.clientCertificates !== undefined && { clientCertificates: settings.clientCertificates }),
    requiresPushedRequests: settings.requiresPushedRequests,
    detailTypes: settings.detailTypes,
    explainsErrors: settings.mode === 'development',
  });
};

/** Highest acr that the methods of this person reach, for the prompt policy. `allowed`: types of the factors that count. */
const reachOf = async ({ methods }: Services, user: User, allowed: readonly string[] | undefined): Promise<Acr> => {
  const able = usable(allowedMethods(await methods.forSignIn(user), allowed), 'sfa');
  return highest('sfa', ...able.map(method => method.reaches));
};
