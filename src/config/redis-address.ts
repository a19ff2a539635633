/**
 * Parses the address of Redis. Its three forms are those of the client Lettuce: one server, Sentinels with the name of a master, or
 * some nodes of a cluster. Not by the URL parser, because that accepts one host only.
 */

/** A host without brackets, and its port. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** Login of a server. Without a user: the password of the default user. */
export interface RedisLogin {
  readonly user?: string;
  readonly password: string;
}

/** An address, with its parts decoded. */
export type RedisAddress = {
  readonly hosts: readonly [HostAndPort, ...HostAndPort[]];
  readonly tls: boolean;
  readonly login?: RedisLogin;
} & (
  | { readonly form: 'single'; readonly database: number }
  /** `master` is its name, as the Sentinels know it. They are the hosts. */
  | { readonly form: 'sentinel'; readonly database: number; readonly master: string }
  | { readonly form: 'cluster' }
);

const pattern =
  /^redis(?<tls>s?)(?:-(?<form>sentinel|cluster))?:\/\/(?:(?<login>[^@/#?]*)@)?(?<hosts>[^@/#?]+)(?:\/(?<database>\d{0,2}))?(?:#(?<master>[\w.-]{1,100}))?$/;
const hostPattern = /^(?:\[(?<v6>[\da-f:.]{2,45})\]|(?<name>[\w.-]{1,253}))(?::(?<port>\d{1,5}))?$/i;

/** Ports where the address names none. */
const defaultPorts = { single: 6379, sentinel: 26_379, cluster: 6379 } as const;

/** One host; undefined where it is none. */
const hostIn = (text: string, defaultPort: number): HostAndPort | undefined => {
  const { v6, name = v6, port = `${defaultPort}` } = hostPattern.exec(text)?.groups ?? {};
  if (name === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
  return { host: name, port: Number(port) };
};

/**
 * `user:password` or `:password`, percent-encoded; undefined where it is neither. A user without a password is refused, because
 * others write a password alone in that place.
 */
export const redisLogin = (text: string): RedisLogin | undefined => {
  const [user = '', password = '', ...rest] = text.split(':');
  if (password === '' || rest.length > 0) return undefined;
  try {
    const decoded = decodeURIComponent(password);
    return user === '' ? { password: decoded } : { user: decodeURIComponent(user), password: decoded };
  } catch {
    return undefined;
  }
};

/** The parts of an address; undefined where it has none of the forms. */
export const redisAddress = (text: string): RedisAddress | undefined => {
  const parts = pattern.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const { tls, form = 'single', login: loginText, hosts: list = '', database, master } = parts;
  if (form !== 'single' && form !== 'sentinel' && form !== 'cluster') return undefined;
  const login = loginText === undefined ? undefined : redisLogin(loginText);
  const [first, ...others] = list.split(',').map(each => hostIn(each, defaultPorts[form]));
  const hosts = others.filter(each => each !== undefined);
  if (first === undefined || hosts.length < others.length || (loginText !== undefined && !login)) return undefined;
  // Only Sentinels know masters by name, and a cluster has one database.
  if ((master === undefined) === (form === 'sentinel')) return undefined;
  if ((form === 'cluster' && Number(database ?? 0) !== 0) || (form === 'single' && hosts.length > 0)) return undefined;
  const shared = { hosts: [first, ...hosts], tls: tls === 's', ...(login && { login }) } as const;
  if (form === 'cluster') return { ...shared, form };
  const number = Number(database ?? 0);
  return form === 'single'
    ? { ...shared, form, database: number }
    : { ...shared, form, database: number, master: master ?? '' };
};
