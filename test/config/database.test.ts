/** Tests the address of MongoDB among the settings: which are accepted, what it needs beside it, and how it is shown. */
import { describe, expect, test } from '@jest/globals';
import { loadSettings, type Environment } from '../../src/config.ts';
import { readSettings } from '../../src/config/reading.ts';
import { inForce } from '../../src/config/reference.ts';
import { mistakesIn, sealingKey } from '../support/environments.ts';

const name = 'SALLYPORT_DATABASE_URL';
const beside: Environment = {
  REDIS_URL: 'redis://127.0.0.1:6379',
  SALLYPORT_SEALING_KEYS: sealingKey,
};
test.each([
  'mongodb://127.0.0.1',
  'mongodb://db-0.example.com:27017,db-1.example.com:27017/sallyport?replicaSet=rs0&tls=true',
  'mongodb://sally%40port:p%2Fw%3A@[::1]:27017/?authSource=admin',
  'mongodb+srv://sallyport:canary@cluster.example.net/sallyport?maxPoolSize=50',
])('%s is accepted', url => {
  expect(loadSettings({ ...beside, [name]: url }).database).toEqual({ store: 'mongodb', url });
});

test.each([
  'mongodb://',
  'mongodb:/sallyport:canary@db.example.com',
  'mongodb://sallyport:can/ary@db.example.com',
  'mongodb://sallyport:can@ary@db.example.com',
  'mongodb://sallyport:canary@db.example.com/a/b',
  'mongo://sallyport:canary@db.example.com',
  // What the store itself decides.
  'mongodb://sallyport:canary@db.example.com/?w=1',
  'mongodb://sallyport:canary@db.example.com/?tls=true&readPreference=secondaryPreferred',
  'mongodb://sallyport:canary@db.example.com/?retryWrites=false',
  'mongodb://sallyport:canary@db.example.com/?JOURNAL=false',
])('%s is reported, without its password', url => {
  const found = mistakesIn({ ...beside, [name]: url });
  expect(found.map(each => each.name)).toEqual([name]);
  expect(JSON.stringify(found)).not.toMatch(/canary|can.ary/);
});

test('needs Redis and a sealing key beside it, in development too', () => {
  const found = mistakesIn({ [name]: 'mongodb://127.0.0.1' });
  expect(found.map(each => [each.name, each.got])).toEqual([
    ['REDIS_URL', 'nothing'],
    ['SALLYPORT_SEALING_KEYS', 'nothing'],
  ]);
});

/** The line of the address in the list of settings. `file`: what the named file holds. */
const shown = (env: Environment, file = ''): string =>
  inForce(readSettings({ ...beside, ...env }, () => file))
    .split('\n')
    .find(line => line.startsWith(name)) ?? '';

describe('the list of settings', () => {
  test('shows the hosts and the database of MongoDB, without user, password and options', () => {
    const url = 'mongodb://sallyport:canary@a.example.com,b.example.com/sallyport?tlsCertificateKeyFilePassword=canary';
    expect(shown({ [name]: url })).toMatch(
      / mongodb:\/\/\[hidden\]@a\.example\.com,b\.example\.com\/sallyport\?… +environment$/,
    );
    expect(shown({ [`${name}_FILE`]: '/run/database' }, url)).toMatch(/sallyport\?… +file \/run\/database$/);
  });

  test('shows the path of an SQLite file as it is', () => {
    expect(shown({ [name]: 'sqlite:/srv/a@b.db' })).toMatch(/ sqlite:\/srv\/a@b\.db +environment$/);
  });
});
