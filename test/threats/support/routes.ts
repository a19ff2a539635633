/** Lists every address of a sign-in from its router, so that a new route joins every matrix. */
import { interactionRoutes } from '../../../interactions/index.ts';
import type { InteractionDeps } from '../../../interactions/context.ts';
import { createStreams } from '../../../src/http/event-streams.ts';

export interface Route {
  readonly method: 'GET' | 'POST';
  /** After `/interaction/:uid`. */
  readonly step: string;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the routes are listed, and no route is run
const noDeps = {} as InteractionDeps;

export const routes: readonly Route[] = interactionRoutes(noDeps, createStreams()).stack.flatMap(({ path, methods }) =>
  (['GET', 'POST'] as const)
    .filter(method => methods.includes(method))
    .map(method => ({ method, step: String(path).replace('/interaction/:uid', '') })),
);

export const posts: readonly string[] = routes.filter(({ method }) => method === 'POST').map(({ step }) => step);
