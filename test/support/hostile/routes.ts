/**
 * Lists every address of the process: ours from their routers, the library's from its discovery document. A new route
 * of a known router joins without a change here. A test compares `routerFiles` with the sources to find new routers.
 */
import { deviceRoutes } from '../../../interactions/devices.ts';
import { interactionRoutes } from '../../../interactions/index.ts';
import { createStreams } from '../../../src/http/event-streams.ts';
import { assetRoutes } from '../../../server/endpoints/assets.ts';
import { callbackRoutes } from '../../../server/endpoints/callbacks.ts';
import { errorCodeRoutes } from '../../../server/endpoints/error-codes.ts';
import { frontPageRoutes } from '../../../server/endpoints/front-page.ts';
import { healthRoutes } from '../../../server/endpoints/health.ts';
import { languageRoutes } from '../../../server/endpoints/language.ts';
import { notMeRoutes } from '../../../server/endpoints/not-me.ts';
import { openTwilio } from '../../../adapters/twilio.ts';
import type { Carrier } from '../../../src/ports/carriers.ts';
import type { World } from '../world/world.ts';

export interface Address {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** ours: a router of this product. library: a page or endpoint of oidc-provider. */
  readonly of: 'ours' | 'library';
}

/** Files of the routers in this list. */
export const routerFiles: readonly string[] = [
  'interactions/devices.ts',
  'interactions/index.ts',
  'server/endpoints/assets.ts',
  'server/endpoints/callbacks.ts',
  'server/endpoints/error-codes.ts',
  'server/endpoints/front-page.ts',
  'server/endpoints/health.ts',
  'server/endpoints/language.ts',
  'server/endpoints/not-me.ts',
  // Found by discovery where it is on: its addresses ask for a token before anything else.
  'server/endpoints/registration.ts',
];

// The routes are listed, and no route is run.
const noDeps = {} as never;
/** The real carrier, with every kind of message: only its routes are listed. */
export const carriers: readonly Carrier[] = [
  openTwilio(
    {
      accountSid: `AC${'5'.repeat(32)}`,
      authTokens: ['c0ffee'.repeat(6)],
      from: '+12025550100',
      apiBase: new URL('https://api.example'),
      callbackBase: new URL('https://login.example'),
    },
    ['call', 'sms'],
  ),
];
const anywhere = new URL('https://login.example');
const stacks = [
  deviceRoutes(noDeps),
  interactionRoutes(noDeps, createStreams()),
  assetRoutes(),
  callbackRoutes({
    carriers,
    voiceDialogue: noDeps,
    messageStatus: noDeps,
    machineDetection: noDeps,
    audit: noDeps,
    countedAudit: noDeps,
    proxyHops: 0,
    pause: 0,
  }),
  errorCodeRoutes(),
  frontPageRoutes(),
  healthRoutes(noDeps),
  languageRoutes(anywhere),
  notMeRoutes({ notMe: noDeps, issuer: anywhere }),
].flatMap(({ stack }) => stack);

const own: readonly Address[] = stacks.flatMap(({ path, methods }) =>
  (['GET', 'POST'] as const)
    .filter(method => methods.includes(method))
    .map(method => ({ name: `${method} ${String(path)}`, method, path: String(path), of: 'ours' })),
);

/** Addresses that discovery does not list. */
const unlisted = ['/auth/:uid', '/session/end/confirm', '/session/end/success'];

/** All addresses, with the id of this sign-in and an unknown token in their paths. */
export const everyAddress = async ({ place }: World, uid: string): Promise<readonly Address[]> => {
  const discovered = await fetch(`http://127.0.0.1:${place.ports[0] ?? 0}/.well-known/openid-configuration`);
  const document = (await discovered.json()) as Readonly<Record<string, unknown>>;
  const listed = Object.entries(document)
    .filter(([name]) => /_(?:endpoint|uri)$/.test(name))
    .map(([, address]) => new URL(String(address)).pathname);
  const library = ['/.well-known/openid-configuration', ...new Set(listed), ...unlisted].flatMap(path =>
    (['GET', 'POST'] as const).map((method): Address => ({ name: `${method} ${path}`, method, path, of: 'library' })),
  );
  return [...own, ...library].map(each => ({
    ...each,
    path: each.path.replace(':uid', uid).replace(':token', 'A'.repeat(22)).replace(':name', 'nothing.js'),
  }));
};
