/**
 * Gives each request the class of its route, for metrics, logs and traces. A class never contains an id, a token or another part
 * of the address, so that the number of classes stays fixed and no label names a person.
 */

/** Classes by the first segments of their paths, and by the paths. Of two that match, the first counts. */
const classes = [
  ['stream', ['interaction', 'authenticator'], /^\/(?:interaction\/[^/]+(?:\/enroll)?|authenticator\/api)\/events$/],
  ['sign-in', ['interaction'], /^\/interaction\//],
  ['authorization', ['auth'], /^/],
  ['token', ['token'], /^\/token$/],
  ['introspection', ['token'], /^\/token\/introspection$/],
  ['revocation', ['token'], /^\/token\/revocation$/],
  ['user-info', ['me'], /^\/me$/],
  ['pushed-request', ['request'], /^\/request$/],
  ['backchannel', ['backchannel'], /^\/backchannel$/],
  ['registration', ['reg'], /^/],
  ['device', ['device'], /^/],
  ['sign-out', ['session'], /^\/session\//],
  ['discovery', ['jwks', '.well-known'], /^\/(?:jwks$|\.well-known\/)/],
  ['account', ['account'], /^/],
  ['developer', ['developer'], /^/],
  ['password', ['password'], /^\/password\//],
  ['playground', ['playground'], /^/],
  ['not-me', ['not-me'], /^\/not-me\//],
  ['authenticator-api', ['authenticator'], /^\/authenticator\/api(?:\/|$)/],
  ['asset', ['assets', 'authenticator'], /^/],
  ['callback', ['callbacks'], /^\/callbacks\//],
  ['probe', ['healthz', 'readyz', 'startupz', 'metrics'], /^\/[^/]+$/],
  ['page', ['', 'language', 'errors'], /^\/(?:[^/]*$|errors\/)/],
] as const satisfies readonly (readonly [string, readonly string[], RegExp])[];

export type RouteClass = (typeof classes)[number][0] | 'other';

/** Every class. `other`: a path that no route has. */
export const routeClasses: readonly RouteClass[] = [...classes.map(([name]) => name), 'other'];

/** Each request is looked up several times, so most classes are not tried. */
const bySegment = new Map<string, readonly (typeof classes)[number][]>(
  classes
    .flatMap(([, segments]) => segments)
    .map(segment => [segment, classes.filter(([, segments]) => segments.some(each => each === segment))]),
);

/** The class of a request target, such as `/interaction/V1StGXR8?x=1`. */
export const routeClassOf = (target: string): RouteClass => {
  const [path = ''] = target.split('?', 1);
  return bySegment.get(path.split('/', 2)[1] ?? '')?.find(([, , pattern]) => pattern.test(path))?.[0] ?? 'other';
};
