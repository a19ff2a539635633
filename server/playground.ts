/** Wires the playground: for everybody in the development environment, and for signed-in developers in their portal. */
import type { RequestListener } from 'node:http';
import type { Router } from '@koa/router';
import { createPlaygroundCookies } from '../portals/playground/cookies.ts';
import { playgroundPath, playgroundRoutes } from '../portals/playground/index.ts';
import type { PlaygroundDeps as StepDeps } from '../portals/playground/steps.ts';
import type { Sealer } from '../src/crypto.ts';
import type { InstallationSecrets } from '../src/keys/rings.ts';
import type { Callbacks } from '../src/oidc/playground/callback.ts';
import { createPlayground, type PlaygroundDeps } from '../src/oidc/playground/playground.ts';
import type { Clock } from '../src/ports/time.ts';
import type { Services } from './services.ts';

/** What the public routes have created before. `listener` answers requests to oidc-provider. */
interface MadeBefore {
  readonly provider: PlaygroundDeps['provider'];
  readonly callbacks: Callbacks;
  readonly listener: RequestListener;
  readonly issuer: URL;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly secrets: Pick<InstallationSecrets, 'hashKey'>;
}

/** What the playground at `page` needs. */
export const createPlaygroundDeps = ({ secrets, ...made }: MadeBefore, page: string): StepDeps => ({
  issuer: made.issuer,
  playground: createPlayground({ ...made, hashKey: secrets.hashKey }),
  cookies: createPlaygroundCookies({ ...made, isHttps: made.issuer.protocol === 'https:', page }),
});

/** Creates the routes of the development environment, where everybody tries every client. */
export const developmentPlayground = (deps: MadeBefore & Pick<Services, 'clients'>): Router =>
  playgroundRoutes({
    ...createPlaygroundDeps(deps, playgroundPath),
    clients: async () => {
      const all = await (await deps.clients()).list();
      // The others sign nobody in by a browser.
      return all.filter(({ redirectUris }) => redirectUris.length > 0);
    },
  });
