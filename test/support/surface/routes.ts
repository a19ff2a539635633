/** Lists every address from the running routers: ours, and those of the protocol library. */
import { join } from 'node:path';
import Koa from 'koa';
import type { Resources } from '../../../server/services.ts';

export interface SurfaceRoute {
  readonly method: string;
  /** With its parameters: `/interaction/:uid`. */
  readonly path: string;
  readonly by: 'us' | 'library';
}

interface Layer {
  readonly path: string | RegExp;
  readonly methods: readonly string[];
}
type Register = (this: unknown, name: string, path: string, ...rest: unknown[]) => unknown;

/** The library does not export its routes, so they are noted while it registers them. The import fails if the file moves. */
const libraryRouter = join(import.meta.dirname, '../../../node_modules/oidc-provider/lib/helpers/router.js');
const verbs = ['get', 'post', 'put', 'delete', 'options'] as const;

const isLayers = (value: unknown): value is readonly Layer[] => Array.isArray(value);
/** The layers of the routers that a middleware carries: one (Koa's), or all of ours (`server/routers.ts`). */
const layersOf = (middleware: object): readonly Layer[] => {
  const all: unknown = Reflect.get(middleware, 'routers');
  const routers: readonly unknown[] = Array.isArray(all) ? all : [Reflect.get(middleware, 'router')];
  return routers.flatMap(router => {
    const stack: unknown = typeof router === 'object' && router !== null ? Reflect.get(router, 'stack') : undefined;
    return isLayers(stack) ? stack : [];
  });
};

/**
 * Runs `start`, and returns beside its result the routes of every application of the product that it built. Notes routes
 * from the first call of `wrap` on (`WorldOptions.wrap`): Koa serves the simulator too, which starts earlier.
 */
export const withRoutes = async <T>(
  start: (wrap: (resources: Resources) => Resources) => Promise<T>,
): Promise<{ readonly started: T; readonly routes: readonly SurfaceRoute[] }> => {
  const found: SurfaceRoute[] = [];
  let isProduct = false;
  const note = (method: string, path: string, by: SurfaceRoute['by']): void => {
    if (!found.some(each => each.method === method && each.path === path)) found.push({ method, path, by });
  };
  const { default: Router } = (await import(libraryRouter)) as { readonly default: { readonly prototype: object } };
  const registered = verbs.map(verb => [verb, Reflect.get(Router.prototype, verb) as Register] as const);
  for (const [verb, register] of registered) {
    Reflect.set(Router.prototype, verb, function noted(this: unknown, name: string, path: string, ...rest: unknown[]) {
      note(verb.toUpperCase(), path, 'library');
      return register.call(this, name, path, ...rest);
    } satisfies Register);
  }
  const { prototype } = Koa;
  // oxlint-disable-next-line typescript/unbound-method -- called with the application it was taken from
  const compose = prototype.callback;
  prototype.callback = function noted(this: Koa) {
    for (const layer of isProduct ? this.middleware.flatMap(layersOf) : []) {
      for (const method of layer.methods) note(method, String(layer.path), 'us');
    }
    return compose.call(this);
  };
  try {
    const started = await start(resources => {
      isProduct = true;
      return resources;
    });
    return { started, routes: found };
  } finally {
    prototype.callback = compose;
    for (const [verb, register] of registered) Reflect.set(Router.prototype, verb, register);
  }
};
