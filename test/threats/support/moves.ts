/** Lists every address as a move of a walk. */
import { callbackRoutes } from '../../../server/endpoints/callbacks.ts';
import { healthRoutes } from '../../../server/endpoints/health.ts';
import { carriers } from '../../support/hostile/routes.ts';
import { routes } from './routes.ts';

/** One address. Likely moves of a person have more weight, so that walks reach every state. */
export interface Move {
  readonly name: string;
  readonly weight: number;
  readonly kind: 'onward' | 'begin' | 'resume' | 'phone' | 'conversation' | 'other';
  readonly method: 'GET' | 'POST';
  readonly path: string;
}

export interface WalkStep {
  readonly browser: number;
  /** Index of a known sign-in, the newest first. */
  readonly uid: number;
  readonly move: Move;
  /** Chooses among the possible answers of this address. */
  readonly value: number;
}

const weights: Readonly<Record<string, number>> = { 'POST /password': 10, 'POST /factor': 12, 'POST /options': 4 };

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the routes are listed, and no route is run
const noDeps = { carriers } as Parameters<typeof callbackRoutes>[0];
const carrierAndHealthPaths = [
  ...callbackRoutes(noDeps).stack,
  ...healthRoutes(async () => ({ status: 'ok', checks: {} })).stack,
].map(({ path }) => String(path));

/** All moves: addresses of a sign-in, the carrier and health checks from their routers, those of the library by name. */
export const moves: readonly Move[] = [
  ...routes.map(({ method, step }) => {
    const name = `${method} ${step}`;
    return { name, weight: weights[name] ?? 1, kind: 'conversation' as const, method, path: step };
  }),
  // The next step of an honest person, so that the other moves meet every state.
  { name: 'onward', weight: 45, kind: 'onward', method: 'POST', path: '' },
  { name: 'begin', weight: 3, kind: 'begin', method: 'GET', path: '/auth' },
  { name: 'resume', weight: 6, kind: 'resume', method: 'GET', path: '/auth' },
  { name: 'resume by POST', weight: 1, kind: 'resume', method: 'POST', path: '/auth' },
  { name: 'the phone', weight: 8, kind: 'phone', method: 'POST', path: '' },
  ...[
    ...carrierAndHealthPaths,
    '/token',
    '/me',
    '/session/end',
    '/session/end/confirm',
    '/jwks',
    '/token/revocation',
  ].flatMap(path =>
    (['GET', 'POST'] as const).map(method => ({
      name: `${method} ${path}`,
      weight: 1,
      kind: 'other' as const,
      method,
      path,
    })),
  ),
];

export const firstMove: Move = { name: 'begin', weight: 0, kind: 'begin', method: 'GET', path: '/auth' };

/** @throws Error for an unknown move. */
export const moveNamed = (name: string): Move => {
  const move = moves.find(each => each.name === name);
  if (move === undefined) throw new Error(`there is no ${name}`);
  return move;
};
