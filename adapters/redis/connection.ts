/**
 * Defines what connections to one server, by Sentinels and to a cluster have in common. A command is sent once, and fails at once
 * without a connection. It is never sent again: a command without an answer may have run, and an increment would count twice.
 */
import { Stream } from 'node:stream';
import { AbstractConnector, Redis, type RedisOptions } from 'ioredis';
import type { HostAndPort, RedisSettings } from '../../src/config/redis.ts';
import type { Millis } from '../../src/ports/time.ts';
import { scripts, type Scripts } from './scripts.ts';

/** Logs a warning for operators. */
export type Warn = (event: string, fields?: object) => void;

/** Commands with one key each. In a cluster each goes to the master of its key. */
export type Commands = Pick<Redis, 'get' | 'set' | 'getdel' | 'zrange' | 'publish' | 'asking'> & Scripts;

/** The connections of one store. */
export interface Connection {
  readonly commands: Commands;
  /** A separate connection, which reconnects to another server if its own is lost. */
  readonly subscriber: Redis;
  /** Says why no command can be sent now; undefined while it can. */
  readonly obstacle: () => string | undefined;
  /** Connections to each master, for questions about it. */
  readonly masters: () => readonly Redis[];
  /**
   * The connection for steps that replicas must have, to the master of this key. `moved`: where a node of a cluster sent the step
   * to. @throws Problem 'unavailable' where no node has the key.
   */
  readonly stepsFor: (key: string, moved?: string) => Redis;
  readonly close: () => Promise<void>;
}

/** Time until the next attempt to connect. Short, because a failover should take a few seconds at most. */
export const retryDelay = (attempt: number): Millis => Math.min(50 * 2 ** Math.min(attempt, 6), 500);

/** The library's options without the one whose type depends on each connection. */
export type ConnectionOptions = Omit<RedisOptions, 'replyMapping'>;

/** What all three forms share: login, TLS, scripts and time limits. */
export const connectionOptions = ({ login, tls }: RedisSettings) =>
  ({
    scripts,
    lazyConnect: true,
    connectTimeout: 2000,
    // A connection without any answer for this long is replaced.
    socketTimeout: 2000,
    // Its timer keeps the process alive, also after the connection has ended.
    disconnectTimeout: 200,
    // An unknown outcome is an error at once, never a second attempt.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // The library would not report that it failed to subscribe again, so `notifier.ts` does it.
    autoResubscribe: false,
    ...(login !== undefined && { password: login.password }),
    ...(login?.user !== undefined && { username: login.user }),
    ...(tls && { tls: {} }),
  }) satisfies ConnectionOptions;

/** A connection that reconnects to the place that `place` returns then. The library reads the address from its options. */
export const openMovable = (shared: ConnectionOptions, place: () => Partial<HostAndPort>): Redis => {
  const options: ConnectionOptions = {
    ...shared,
    ...place(),
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy(attempt) {
      Object.assign(movable.options, place());
      return retryDelay(attempt);
    },
  };
  const movable = new Redis(options);
  return movable;
};

/** A random element; undefined for an empty list. */
export const anyOf = <T>(several: readonly T[]): T | undefined => several[Math.floor(Math.random() * several.length)];

/**
 * Codes of a node that no longer leads: after a failover a connection to it stays open, and every write is refused.
 * Redis 6 puts the code into the message of a failed script.
 */
export const isRefusedByReplica = (error: unknown): boolean =>
  /(?:^|-)(?:READONLY|MASTERDOWN)\b/.test(messageOf(error));

/** Without its stack and members: the library's errors hold the arguments of the command, which are secrets. */
export const messageOf = (error: unknown): string => (Error.isError(error) ? error.message : String(error));

/** The hosts of an address, for messages: never its login. */
export const hostsOf = ({ hosts }: RedisSettings): string =>
  hosts.map(({ host, port }) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)).join(', ');

/**
 * Ends a stream as the library does, and listens for its errors from then on. The library listens for one error only. A server that is
 * left during a TLS handshake sends an alert, which after a refused certificate is a second error, and would end the process.
 */
const listenToEndedStreams = ({ prototype }: typeof AbstractConnector): void => {
  const end: unknown = Reflect.get(prototype, 'disconnect');
  if (typeof end !== 'function') throw new Error('the library ends its streams in another way');
  prototype.disconnect = function endAndListen(this: AbstractConnector): void {
    const stream: unknown = Reflect.get(this, 'stream');
    if (stream instanceof Stream) stream.on('error', () => {});
    Reflect.apply(end, this, []);
  };
};
listenToEndedStreams(AbstractConnector);
