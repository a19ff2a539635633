/** Settings of the stores, and the keys that seal what they hold. */
import { sealingKeys } from '../checks/credentials.ts';
import { databaseUrl, login, redisUrl, withoutCredentials } from '../checks/stores.ts';
import { oneOf, whole } from '../checks/values.ts';
import { optional, withDefault } from '../setting.ts';

export const stores = {
  database: withDefault({
    name: 'SALLYPORT_DATABASE_URL',
    check: databaseUrl(),
    expected:
      'sqlite:PATH, mongodb://[user:password@]host[:port][,host…][/database][?options] or mongodb+srv://… (without w, journal, retryWrites and what is read), or memory: in development',
    example: 'sqlite:/var/lib/sallyport/sallyport.db',
    doc: 'Durable data: people, authenticators, clients, keys, audit. SQLite is for one node. Several nodes share a replica set of MongoDB 6.0 or newer, together with `REDIS_URL`; the database is `sallyport` unless the address names one. How many servers must have a write, and which of them is read, is not an option of the address: the server decides it. [MongoDB](mongodb.md) has the rest. `memory:` loses everything when the process ends.',
    fallback: 'sqlite:.sallyport/sallyport.db',
    mask: withoutCredentials,
  }),
  migrations: withDefault({
    name: 'SALLYPORT_MIGRATIONS',
    check: oneOf('run', 'check'),
    expected: 'run or check',
    example: 'check',
    doc: 'What a start does with stored documents of an earlier release. `run`: brings them to the form of this release; of several nodes one does it, the others wait. `check`: waits five minutes at most until `npm run cli -- migrate` has done it, then ends.',
    fallback: 'run',
  }),
  redisUrl: optional({
    name: 'REDIS_URL',
    check: redisUrl(),
    expected:
      'redis://[user:password@]host[:port][/number], redis-sentinel://[user:password@]host[:port],…[/number]#name or redis-cluster://[user:password@]host[:port],…; rediss, rediss-sentinel or rediss-cluster for TLS',
    example: 'redis-sentinel://:password@10.0.0.1:26379,10.0.0.2:26379/0#main',
    doc: 'Store for short-lived data (sessions, pending challenges): one server, Sentinels with the name of the master, or some nodes of a cluster. User and password are percent-encoded; several nodes are separated by commas. The eviction policy of each master must be `noeviction`. Unset: the SQLite file holds that data too; MongoDB does not, so it needs this setting. See [Redis](redis.md).',
    secret: true,
  }),
  redisSentinelLogin: optional({
    name: 'SALLYPORT_REDIS_SENTINEL_LOGIN',
    check: login(),
    expected: 'user:password or :password, percent-encoded as in an address',
    example: ':password',
    doc: 'What the Sentinels themselves ask for. The login in `REDIS_URL` is the one of the servers. Unset: they ask for none.',
    secret: true,
  }),
  redisReplicas: optional({
    name: 'SALLYPORT_REDIS_REPLICAS',
    check: whole(0, 5),
    expected: 'a whole number from 0 to 5',
    example: '1',
    doc: 'Replicas of Redis that must have a step which counts once (a used code, an ended challenge) before it is answered; with fewer the step is refused. Unset: one, as long as the master has any. 0: none, so that a failover may revive what was used a moment before.',
  }),
  sealingKeys: optional({
    name: 'SALLYPORT_SEALING_KEYS',
    check: sealingKeys(),
    expected: 'id:base64 of 32 random bytes, several separated by commas, each id once',
    example: '2026-11:"$(openssl rand -base64 32)"',
    doc: 'Keys that encrypt seeds, phone numbers and signing keys in the store. The first encrypts, all of them decrypt. Development creates one in a file beside an SQLite database.',
    secret: true,
  }),
};
