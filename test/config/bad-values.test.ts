/** Tests that one bad value is reported with the name of its setting, and no secret. `test/faults/r31-bad-configuration.test.ts` has more. */
import { expect, test } from '@jest/globals';
import type { Environment } from '../../src/config.ts';
import { authToken, memory, mistakesIn, otherKey, production, sealingKey } from '../support/environments.ts';

test.each<{ desc: string; have: Environment; expect: string; base?: Environment }>([
  { desc: 'a mode that does not exist', have: { SALLYPORT_MODE: 'staging' }, expect: 'SALLYPORT_MODE' },
  {
    desc: 'development beside NODE_ENV=production',
    have: { SALLYPORT_MODE: 'development' },
    expect: 'SALLYPORT_MODE',
    base: production,
  },
  {
    desc: 'an http issuer in production',
    have: { SALLYPORT_ISSUER: 'http://login.example.com' },
    expect: 'SALLYPORT_ISSUER',
    base: production,
  },
  {
    desc: 'an http issuer on loopback in production',
    have: { SALLYPORT_ISSUER: 'http://localhost:3000' },
    expect: 'SALLYPORT_ISSUER',
    base: production,
  },
  {
    desc: 'an http issuer outside loopback in development',
    have: { SALLYPORT_ISSUER: 'http://login.example.com' },
    expect: 'SALLYPORT_ISSUER',
  },
  {
    desc: 'an https issuer outside loopback in development',
    have: { SALLYPORT_ISSUER: 'https://login.example.com' },
    expect: 'SALLYPORT_ISSUER',
  },
  {
    desc: 'a host that only begins like loopback',
    have: { SALLYPORT_ISSUER: 'http://127.0.0.1.example.com' },
    expect: 'SALLYPORT_ISSUER',
  },
  {
    desc: 'a host that only begins like localhost',
    have: { SALLYPORT_ISSUER: 'http://localhost.example.com' },
    expect: 'SALLYPORT_ISSUER',
  },
  {
    desc: 'an issuer with a path',
    have: { SALLYPORT_ISSUER: 'https://login.example.com/idp' },
    expect: 'SALLYPORT_ISSUER',
    base: production,
  },
  {
    desc: 'an issuer with a query',
    have: { SALLYPORT_ISSUER: 'https://login.example.com/?a' },
    expect: 'SALLYPORT_ISSUER',
    base: production,
  },
  {
    desc: 'an issuer with a fragment',
    have: { SALLYPORT_ISSUER: 'https://login.example.com#a' },
    expect: 'SALLYPORT_ISSUER',
    base: production,
  },
  {
    desc: 'an issuer with credentials',
    have: { SALLYPORT_ISSUER: 'https://user:canary@login.example.com' },
    expect: 'SALLYPORT_ISSUER',
    base: production,
  },
  {
    desc: 'an issuer in capitals',
    have: { SALLYPORT_ISSUER: 'https://Login.Example.com' },
    expect: 'SALLYPORT_ISSUER',
    base: production,
  },
  {
    desc: 'an issuer that is no address',
    have: { SALLYPORT_ISSUER: 'login.example.com' },
    expect: 'SALLYPORT_ISSUER',
  },
  { desc: 'an issuer of another scheme', have: { SALLYPORT_ISSUER: 'ftp://localhost' }, expect: 'SALLYPORT_ISSUER' },
  {
    desc: 'listening on every address in development',
    have: { SALLYPORT_LISTEN: '0.0.0.0:3000' },
    expect: 'SALLYPORT_LISTEN',
  },
  {
    desc: 'listening on an address of the network in development',
    have: { SALLYPORT_LISTEN: '192.168.1.5:3000' },
    expect: 'SALLYPORT_LISTEN',
  },
  {
    desc: 'metrics for other machines in development',
    have: { SALLYPORT_MANAGEMENT_LISTEN: '0.0.0.0:9000' },
    expect: 'SALLYPORT_MANAGEMENT_LISTEN',
  },
  {
    desc: 'metrics on the public port',
    have: { SALLYPORT_LISTEN: 'localhost:3000', SALLYPORT_MANAGEMENT_LISTEN: '127.0.0.1:3000' },
    expect: 'SALLYPORT_MANAGEMENT_LISTEN',
  },
  {
    desc: 'metrics on the public port, where that is the port of the issuer',
    have: { SALLYPORT_ISSUER: 'http://localhost:4000', SALLYPORT_MANAGEMENT_LISTEN: '127.0.0.1:4000' },
    expect: 'SALLYPORT_MANAGEMENT_LISTEN',
  },
  { desc: 'listening without a port', have: { SALLYPORT_LISTEN: 'localhost' }, expect: 'SALLYPORT_LISTEN' },
  { desc: 'listening on port 0', have: { SALLYPORT_LISTEN: 'localhost:0' }, expect: 'SALLYPORT_LISTEN' },
  { desc: 'listening on port 65536', have: { SALLYPORT_LISTEN: 'localhost:65536' }, expect: 'SALLYPORT_LISTEN' },
  { desc: 'a retention of nothing', have: { SALLYPORT_AUDIT_RETENTION: '0' }, expect: 'SALLYPORT_AUDIT_RETENTION' },
  { desc: 'a retention of an hour', have: { SALLYPORT_AUDIT_RETENTION: '1h' }, expect: 'SALLYPORT_AUDIT_RETENTION' },
  { desc: 'a negative number of proxies', have: { SALLYPORT_PROXY_HOPS: '-1' }, expect: 'SALLYPORT_PROXY_HOPS' },
  { desc: 'half a proxy', have: { SALLYPORT_PROXY_HOPS: '0.5' }, expect: 'SALLYPORT_PROXY_HOPS' },
  { desc: 'eleven proxies', have: { SALLYPORT_PROXY_HOPS: '11' }, expect: 'SALLYPORT_PROXY_HOPS' },
  { desc: 'a number in hexadecimal', have: { SALLYPORT_PROXY_HOPS: '0x1' }, expect: 'SALLYPORT_PROXY_HOPS' },
  { desc: 'an unknown store', have: { SALLYPORT_DATABASE_URL: 'oracle:db' }, expect: 'SALLYPORT_DATABASE_URL' },
  { desc: 'SQLite without a path', have: { SALLYPORT_DATABASE_URL: 'sqlite:' }, expect: 'SALLYPORT_DATABASE_URL' },
  {
    desc: 'SQLite at a folder',
    have: { SALLYPORT_DATABASE_URL: 'sqlite:/var/lib/' },
    expect: 'SALLYPORT_DATABASE_URL',
  },
  {
    desc: 'SQLite with a host',
    have: { SALLYPORT_DATABASE_URL: 'sqlite://host/db' },
    expect: 'SALLYPORT_DATABASE_URL',
  },
  {
    desc: 'a store in memory in production',
    have: { SALLYPORT_DATABASE_URL: 'memory:' },
    expect: 'SALLYPORT_DATABASE_URL',
    base: production,
  },
  { desc: 'Redis by http', have: { REDIS_URL: 'http://localhost:6379' }, expect: 'REDIS_URL' },
  { desc: 'Redis with a word for a number', have: { REDIS_URL: 'redis://localhost/cache' }, expect: 'REDIS_URL' },
  { desc: 'two hosts of one Redis', have: { REDIS_URL: 'redis://a,b' }, expect: 'REDIS_URL' },
  { desc: 'a user of Redis without a password', have: { REDIS_URL: 'redis://canary@a' }, expect: 'REDIS_URL' },
  { desc: 'a password with an open @', have: { REDIS_URL: 'redis://:canary@canary@a' }, expect: 'REDIS_URL' },
  { desc: 'a password with a broken escape', have: { REDIS_URL: 'redis://:canary%zz@a' }, expect: 'REDIS_URL' },
  { desc: 'Redis with options behind a ?', have: { REDIS_URL: 'redis://a?family=6' }, expect: 'REDIS_URL' },
  { desc: 'Redis at port 0', have: { REDIS_URL: 'redis://a:0' }, expect: 'REDIS_URL' },
  { desc: 'Redis at an empty host', have: { REDIS_URL: 'redis-cluster://a,,b' }, expect: 'REDIS_URL' },
  { desc: 'an IPv6 host without brackets', have: { REDIS_URL: 'redis-cluster://::1,b' }, expect: 'REDIS_URL' },
  { desc: 'Sentinels without a name', have: { REDIS_URL: 'redis-sentinel://a:26379' }, expect: 'REDIS_URL' },
  { desc: 'a master by name without Sentinels', have: { REDIS_URL: 'redis://a#main' }, expect: 'REDIS_URL' },
  { desc: 'a second database of a cluster', have: { REDIS_URL: 'redis-cluster://a/1' }, expect: 'REDIS_URL' },
  {
    desc: 'a login of Sentinels without its colon',
    have: { REDIS_URL: 'redis-sentinel://a#main', SALLYPORT_REDIS_SENTINEL_LOGIN: 'canary' },
    expect: 'SALLYPORT_REDIS_SENTINEL_LOGIN',
  },
  {
    desc: 'a login of Sentinels beside one server',
    have: { REDIS_URL: 'redis://a', SALLYPORT_REDIS_SENTINEL_LOGIN: ':canary' },
    expect: 'SALLYPORT_REDIS_SENTINEL_LOGIN',
  },
  {
    desc: 'replicas of no Redis',
    have: { SALLYPORT_REDIS_REPLICAS: '1' },
    expect: 'SALLYPORT_REDIS_REPLICAS',
  },
  {
    desc: 'a sealing key of 16 bytes',
    have: { SALLYPORT_SEALING_KEYS: 'a:AAECAwQFBgcICQoLDA0ODw==' },
    expect: 'SALLYPORT_SEALING_KEYS',
  },
  {
    desc: 'a sealing key of zeroes',
    have: { SALLYPORT_SEALING_KEYS: `a:${Buffer.alloc(32).toString('base64')}` },
    expect: 'SALLYPORT_SEALING_KEYS',
  },
  {
    desc: 'a sealing key of readable text',
    have: { SALLYPORT_SEALING_KEYS: `a:${Buffer.from('changeme'.repeat(4)).toString('base64')}` },
    expect: 'SALLYPORT_SEALING_KEYS',
  },
  {
    desc: 'a sealing key without a name',
    have: { SALLYPORT_SEALING_KEYS: sealingKey.slice(2) },
    expect: 'SALLYPORT_SEALING_KEYS',
  },
  {
    desc: 'a sealing key with a dot in its name',
    have: { SALLYPORT_SEALING_KEYS: `a.${sealingKey}` },
    expect: 'SALLYPORT_SEALING_KEYS',
  },
  {
    desc: 'two sealing keys of one name',
    have: { SALLYPORT_SEALING_KEYS: `${sealingKey},a${otherKey.slice(1)}` },
    expect: 'SALLYPORT_SEALING_KEYS',
  },
  {
    desc: 'no sealing key in production',
    have: { SALLYPORT_SEALING_KEYS: undefined },
    expect: 'SALLYPORT_SEALING_KEYS',
    base: production,
  },
  { desc: 'an unknown factor', have: { SALLYPORT_FACTORS: 'call,pigeon' }, expect: 'SALLYPORT_FACTORS' },
  { desc: 'a factor twice', have: { SALLYPORT_FACTORS: 'call,call' }, expect: 'SALLYPORT_FACTORS' },
  {
    desc: 'an account that is not one',
    have: { SALLYPORT_TWILIO_ACCOUNT_SID: 'SK00112233445566778899aabbccddeeff' },
    expect: 'SALLYPORT_TWILIO_ACCOUNT_SID',
    base: production,
  },
  {
    desc: 'a short carrier token',
    have: { SALLYPORT_TWILIO_AUTH_TOKENS: 'canary' },
    expect: 'SALLYPORT_TWILIO_AUTH_TOKENS',
    base: production,
  },
  {
    desc: 'three carrier tokens',
    have: { SALLYPORT_TWILIO_AUTH_TOKENS: `${authToken},${authToken}1,${authToken}2` },
    expect: 'SALLYPORT_TWILIO_AUTH_TOKENS',
    base: production,
  },
  {
    desc: 'the same carrier token twice',
    have: { SALLYPORT_TWILIO_AUTH_TOKENS: `${authToken},${authToken}` },
    expect: 'SALLYPORT_TWILIO_AUTH_TOKENS',
    base: production,
  },
  {
    desc: 'an account without its number',
    have: { SALLYPORT_TWILIO_FROM: undefined },
    expect: 'SALLYPORT_TWILIO_FROM',
    base: production,
  },
  {
    desc: 'a number without +',
    have: { SALLYPORT_TWILIO_FROM: '12025550100' },
    expect: 'SALLYPORT_TWILIO_FROM',
    base: production,
  },
  {
    desc: 'a carrier by http in production',
    have: { SALLYPORT_TWILIO_API_BASE: 'http://127.0.0.1:3001' },
    expect: 'SALLYPORT_TWILIO_API_BASE',
    base: production,
  },
  {
    desc: 'a carrier by http on the network in development',
    have: { SALLYPORT_TWILIO_API_BASE: 'http://10.0.0.1:3001' },
    expect: 'SALLYPORT_TWILIO_API_BASE',
  },
  {
    desc: 'callbacks by http in production',
    have: { SALLYPORT_CALLBACK_BASE: 'http://login.example.com' },
    expect: 'SALLYPORT_CALLBACK_BASE',
    base: production,
  },
  {
    desc: 'a cheap password hash in production',
    have: { SALLYPORT_PASSWORD_MEMORY_KIB: '1024' },
    expect: 'SALLYPORT_PASSWORD_MEMORY_KIB',
    base: production,
  },
  {
    desc: 'less memory than the lanes need',
    have: { SALLYPORT_PASSWORD_MEMORY_KIB: '8', SALLYPORT_PASSWORD_LANES: '2' },
    expect: 'SALLYPORT_PASSWORD_MEMORY_KIB',
  },
  { desc: 'no passes', have: { SALLYPORT_PASSWORD_PASSES: '0' }, expect: 'SALLYPORT_PASSWORD_PASSES' },
  {
    desc: 'an unlimited queue',
    have: { SALLYPORT_PASSWORD_QUEUE: 'unlimited' },
    expect: 'SALLYPORT_PASSWORD_QUEUE',
  },
  {
    desc: 'a session without a unit',
    have: { SALLYPORT_SESSION_LIFETIME: '3600' },
    expect: 'SALLYPORT_SESSION_LIFETIME',
  },
  { desc: 'a session of a year', have: { SALLYPORT_SESSION_LIFETIME: '365d' }, expect: 'SALLYPORT_SESSION_LIFETIME' },
  {
    desc: 'an idle time beyond the session',
    have: { SALLYPORT_SESSION_IDLE: '25h' },
    expect: 'SALLYPORT_SESSION_IDLE',
  },
  {
    desc: 'a code that lives an hour',
    have: { SALLYPORT_AUTHORIZATION_CODE_LIFETIME: '1h' },
    expect: 'SALLYPORT_AUTHORIZATION_CODE_LIFETIME',
  },
  {
    desc: 'a refresh that may be repeated for two minutes',
    have: { SALLYPORT_REFRESH_REUSE_WITHIN: '2m' },
    expect: 'SALLYPORT_REFRESH_REUSE_WITHIN',
  },
  {
    desc: 'keys that are replaced before relying parties can know the next ones',
    have: { SALLYPORT_KEY_ROTATION: '1d' },
    expect: 'SALLYPORT_KEY_ROTATION',
  },
  {
    desc: 'more failed attempts than NIST allows',
    have: { SALLYPORT_FAILED_ATTEMPTS_BEFORE_DISABLED: '101' },
    expect: 'SALLYPORT_FAILED_ATTEMPTS_BEFORE_DISABLED',
  },
  {
    desc: 'a first wait beyond the longest',
    have: { SALLYPORT_FIRST_WAIT: '60s', SALLYPORT_LONGEST_WAIT: '1m', SALLYPORT_FAILED_ATTEMPTS_BEFORE_WAIT: '11' },
    expect: 'SALLYPORT_FAILED_ATTEMPTS_BEFORE_WAIT',
  },
  {
    desc: 'a first wait after the factor is disabled',
    have: { SALLYPORT_FAILED_ATTEMPTS_BEFORE_WAIT: '6', SALLYPORT_FAILED_ATTEMPTS_BEFORE_DISABLED: '5' },
    expect: 'SALLYPORT_FAILED_ATTEMPTS_BEFORE_WAIT',
  },
  { desc: 'an unknown log level', have: { SALLYPORT_LOG_LEVEL: 'loud' }, expect: 'SALLYPORT_LOG_LEVEL' },
  {
    desc: 'a name with a typing error',
    have: { SALLYPORT_ISSUSER: 'http://localhost' },
    expect: 'SALLYPORT_ISSUSER',
  },
  {
    desc: 'a file for a setting that is not secret',
    have: { SALLYPORT_ISSUER_FILE: '/run/issuer' },
    expect: 'SALLYPORT_ISSUER_FILE',
  },
  {
    desc: 'a secret and its file at once',
    have: { SALLYPORT_SEALING_KEYS_FILE: '/run/keys' },
    expect: 'SALLYPORT_SEALING_KEYS',
    base: production,
  },
  { desc: 'a file that is not there', have: { REDIS_URL_FILE: '/run/redis' }, expect: 'REDIS_URL' },
])('$desc is reported with the name of the setting', ({ have, expect: name, base = memory }) => {
  expect(mistakesIn(base)).toEqual([]);
  const found = mistakesIn({ ...base, ...have });
  expect(found.map(each => each.name)).toEqual([name]);
  expect(found[0]?.expected).not.toBe('');
  expect(JSON.stringify(found)).not.toContain('canary');
});
