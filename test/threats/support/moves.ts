/** Every address there is, as moves of a walk. */
import { callbackRoutes } from '../../../server/endpoints/callbacks.ts';
import { healthRoutes } from '../../../server/endpoints/health.ts';
import { carriers } from '../../support/hostile/routes.ts';
import { routes } from './routes.ts';

/** One address. More weight is given to what a person would do, so that walks get somewhere. */
export interface Move {
  readonly name: string;
  readonly weight: number;
  readonly kind: 'onward' | 'begin' | 'resume' | 'phone' | 'conversation' | 'other';
  readonly method: 'GET' | 'POST';
  readonly path: string;
}

export interface WalkStep {
  readonly browser: number;
  /** Which of the sign-ins known so far, the newest first. */
  readonly uid: number;
  readonly move: Move;
  /** Chooses among the answers that this address could be given. */
  readonly value: number;
}

const weights: Readonly<Record<string, number>> = { 'POST /password': 10, 'POST /factor': 12, 'POST /options': 4 };

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the routes are listed, none of them is run
const noDeps = { carriers } as Parameters<typeof callbackRoutes>[0];
const carrierAndHealthPaths = [...callbackRoutes(noDeps).stack, ...healthRoutes([], Date.now).stack].map(({ path }) =>
  String(path),
);

/** Every address there is: the conversation's, the carrier's and the probes' from their routers, the library's by name. */
export const moves: readonly Move[] = [
  ...routes.map(({ method, step }) => {
    const name = `${method} ${step}`;
    return { name, weight: weights[name] ?? 1, kind: 'conversation' as const, method, path: step };
  }),
  // What an honest person would do next, so that the other moves come upon every state there is.
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

/** @throws where the menu has no such move. */
export const moveNamed = (name: string): Move => {
  const move = moves.find(each => each.name === name);
  if (move === undefined) throw new Error(`there is no ${name}`);
  return move;
};
