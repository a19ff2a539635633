/**
 * Gives each request the class of its route, for metrics, logs and traces. A class never contains an id, a token or another part
 * of the address, so that the number of classes stays fixed and no label names a person.
 */

/** Classes by the paths that belong to them. Of two that match, the first counts. */
const classes = [
  ['stream', /^\/(?:interaction\/[^/]+(?:\/enroll)?|authenticator\/api)\/events$/],
  ['sign-in', /^\/interaction\//],
  ['authorization', /^\/auth(?:\/|$)/],
  ['token', /^\/token$/],
  ['introspection', /^\/token\/introspection$/],
  ['revocation', /^\/token\/revocation$/],
  ['user-info', /^\/me$/],
  ['pushed-request', /^\/request$/],
  ['backchannel', /^\/backchannel$/],
  ['device', /^\/device(?:\/|$)/],
  ['sign-out', /^\/session\//],
  ['discovery', /^\/(?:jwks$|\.well-known\/)/],
  ['account', /^\/account(?:\/|$)/],
  ['password', /^\/password\//],
  ['not-me', /^\/not-me\//],
  ['authenticator-api', /^\/authenticator\/api(?:\/|$)/],
  ['asset', /^\/(?:assets|authenticator)(?:\/|$)/],
  ['callback', /^\/callbacks\//],
  ['probe', /^\/(?:healthz|readyz|startupz|metrics)$/],
  ['page', /^\/(?:language)?$/],
] as const satisfies readonly (readonly [string, RegExp])[];

export type RouteClass = (typeof classes)[number][0] | 'other';

/** Every class. `other`: a path that no route has. */
export const routeClasses: readonly RouteClass[] = [...classes.map(([name]) => name), 'other'];

/** The class of a request target, such as `/interaction/V1StGXR8?x=1`. */
export const routeClassOf = (target: string): RouteClass => {
  const [path = ''] = target.split('?', 1);
  return classes.find(([, pattern]) => pattern.test(path))?.[0] ?? 'other';
};
