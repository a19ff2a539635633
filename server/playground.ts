/** Wires the playground of the development environment. In production only signed-in developers have one. */
import type { RequestListener } from 'node:http';
import type { Router } from '@koa/router';
import { createPlaygroundCookies } from '../portals/playground/cookies.ts';
import { playgroundPath, playgroundRoutes } from '../portals/playground/index.ts';
import type { InstallationSecrets } from '../src/keys/rings.ts';
import type { Callbacks } from '../src/oidc/playground/callback.ts';
import { createPlayground, type PlaygroundDeps } from '../src/oidc/playground/playground.ts';
import type { Resources, Services } from './services.ts';

/** What the public routes have created before. `listener` answers requests to oidc-provider. */
export interface DevelopmentPlaygroundDeps {
  readonly resources: Resources;
  readonly services: Services;
  readonly secrets: InstallationSecrets;
  readonly provider: PlaygroundDeps['provider'];
  readonly callbacks: Callbacks;
  readonly listener: RequestListener;
}

/** Creates the routes. */
export const developmentPlayground = ({ resources, services, secrets, ...made }: DevelopmentPlaygroundDeps): Router => {
  const { clock, settings } = resources;
  const { issuer } = settings;
  return playgroundRoutes({
    issuer,
    playground: createPlayground({ ...made, issuer, hashKey: secrets.hashKey, clock }),
    cookies: createPlaygroundCookies({
      isHttps: issuer.protocol === 'https:',
      sealer: services.sealer,
      clock,
      page: playgroundPath,
    }),
    clients: async () => {
      const all = await (await services.clients()).list();
      // The others sign nobody in by a browser.
      return all.filter(({ redirectUris }) => redirectUris.length > 0);
    },
  });
};
