/** Every address of the conversation, read from its router: a new route is in every matrix without anybody adding it. */
import { interactionRoutes } from '../../../interactions/index.ts';
import type { InteractionDeps } from '../../../interactions/context.ts';
import { createStreams } from '../../../interactions/events/streams.ts';

export interface Route {
  readonly method: 'GET' | 'POST';
  /** After `/interaction/:uid`. */
  readonly step: string;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the routes are listed, none of them is run
const noDeps = {} as InteractionDeps;

export const routes: readonly Route[] = interactionRoutes(noDeps, createStreams()).stack.flatMap(({ path, methods }) =>
  (['GET', 'POST'] as const)
    .filter(method => methods.includes(method))
    .map(method => ({ method, step: String(path).replace('/interaction/:uid', '') })),
);

export const posts: readonly string[] = routes.filter(({ method }) => method === 'POST').map(({ step }) => step);
