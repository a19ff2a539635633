/** Tests the forms in which REDIS_URL names Redis. */
import { expect, test } from '@jest/globals';
import { redisAddress, redisLogin, type RedisAddress } from '../../src/config/redis-address.ts';

const plain = { tls: false } as const;

test.each<readonly [string, RedisAddress]>([
  ['redis://a', { ...plain, form: 'single', hosts: [{ host: 'a', port: 6379 }], database: 0 }],
  ['redis://10.0.0.1:7000/', { ...plain, form: 'single', hosts: [{ host: '10.0.0.1', port: 7000 }], database: 0 }],
  ['rediss://[::1]:7000/12', { tls: true, form: 'single', hosts: [{ host: '::1', port: 7000 }], database: 12 }],
  [
    'redis://:p%40ss%3A%2F%23word@a',
    { ...plain, form: 'single', hosts: [{ host: 'a', port: 6379 }], database: 0, login: { password: 'p@ss:/#word' } },
  ],
  [
    'redis-sentinel://user:word@s1,s2:1234,[fd00::3]/3#main',
    {
      ...plain,
      form: 'sentinel',
      hosts: [
        { host: 's1', port: 26_379 },
        { host: 's2', port: 1234 },
        { host: 'fd00::3', port: 26_379 },
      ],
      database: 3,
      master: 'main',
      login: { user: 'user', password: 'word' },
    },
  ],
  [
    'rediss-sentinel://s1#my-master.1',
    { tls: true, form: 'sentinel', hosts: [{ host: 's1', port: 26_379 }], database: 0, master: 'my-master.1' },
  ],
  [
    'redis-cluster://a:7001,b:7002',
    {
      ...plain,
      form: 'cluster',
      hosts: [
        { host: 'a', port: 7001 },
        { host: 'b', port: 7002 },
      ],
    },
  ],
  [
    'rediss-cluster://:word@a/0',
    { tls: true, form: 'cluster', hosts: [{ host: 'a', port: 6379 }], login: { password: 'word' } },
  ],
])('%s is read', (text, address) => {
  expect(redisAddress(text)).toEqual(address);
});

test.each(['user:pass:word', 'user', '', ':', 'user:', ':%e4'])('%j is no login', text => {
  expect(redisLogin(text)).toBeUndefined();
});
