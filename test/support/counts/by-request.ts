/** Counts store operations and durable commits of each request, also of what goes on after it was answered. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { WorldOptions } from '../world/world.ts';
import { isDurableWrite, watchOperations } from './operations.ts';

/** One request, and what it did in the stores. */
export interface CountedRequest {
  /** Method and path; ids are left out: `POST /interaction/…/factor`. */
  readonly what: string;
  /** In order, as `countOperations` names them. */
  readonly done: string[];
}

export interface RequestCounts {
  /** For `startWorld`. */
  readonly world: Required<Pick<WorldOptions, 'wrap' | 'front'>>;
  /** Since the last `reset`, in order. */
  readonly requests: readonly CountedRequest[];
  reset(): void;
}

const named = (method = '', address = ''): string => {
  const [path = ''] = address.split('?');
  return `${method} ${path.replaceAll(/\/(?=[^/]*[A-Z0-9_-])[\w-]{20,}(?=\/|$)/g, '/…')}`;
};

export const countByRequest = (): RequestCounts => {
  const current = new AsyncLocalStorage<CountedRequest>();
  const requests: CountedRequest[] = [];
  return {
    requests,
    world: {
      wrap: watchOperations(operation => current.getStore()?.done.push(operation)),
      front: answer => (request, response) => {
        const counted: CountedRequest = { what: named(request.method, request.url), done: [] };
        requests.push(counted);
        current.run(counted, () => answer(request, response));
      },
    },
    reset: () => void requests.splice(0),
  };
};

/** Durable commits among these operations. */
export const commitsIn = (done: readonly string[]): number => done.filter(isDurableWrite).length;

/** A line for each request: its operations, its durable commits, and what it was. */
export const tableOf = (requests: readonly CountedRequest[]): string =>
  [
    'ops commits request',
    ...requests.map(
      ({ what, done }) =>
        `${String(done.length).padStart(3)} ${String(commitsIn(done)).padStart(7)} ${what}: ${done.join(', ')}`,
    ),
  ].join('\n');
