/** Tests how MongoDB is reached: by user and password (SCRAM), by TLS with an authority of one's own, and by the command line. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { openMongoDurable } from '../../adapters/mongodb.ts';
import { checkLive } from '../../cli/check-live.ts';
import { databaseFindings } from '../../cli/check-live/database.ts';
import { userKind } from '../../src/records.ts';
import { createAttestationRoot } from '../support/authenticator/attestation.ts';
import { canRunMongod, startMongod, type MongodSet } from '../support/world/mongod.ts';

const suite = canRunMongod('how MongoDB is reached') ? describe : describe.skip;
/** What must be percent-encoded in an address, and more. */
const password = 'p@ss:w/rd?#[]%&ü "\'$';
const user = 'sally port@example.com';

const open = (url: string) => openMongoDurable({ url, clock: Date.now, realm: 'here' });

suite('MongoDB with TLS and users', () => {
  const certificate = join(import.meta.dirname, '../data/rp.test.pem');
  let server: MongodSet;
  let folder: string;
  let otherAuthority: string;
  let options: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-access-'));
    otherAuthority = join(folder, 'other.pem');
    await writeFile(otherAuthority, createAttestationRoot('Other').pem);
    const keyFile = join(folder, 'key');
    await writeFile(keyFile, 'c2FsbHlwb3J0'.repeat(4), { mode: 0o600 });
    options = `&tls=true&tlsCAFile=${encodeURIComponent(certificate)}`;
    const tls = ['--tlsMode', 'requireTLS', '--tlsCertificateKeyFile', certificate, '--tlsCAFile', certificate];
    server = await startMongod({
      settings: [...tls, '--tlsAllowConnectionsWithoutCertificates', '--keyFile', keyFile],
      access: { options, user: 'root', password: 'root' },
    });
    await using admin = new MongoClient(`${server.url}${options}`, { auth: { username: 'root', password: 'root' } });
    const roles = [{ role: 'readWrite', db: 'sallyport' }];
    await admin.db('sallyport').command({ createUser: user, pwd: password, roles });
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const address = (secret: string, more = options): string =>
    server.url
      .replace('//', `//${encodeURIComponent(user)}:${encodeURIComponent(secret)}@`)
      .replace('/?', '/sallyport?') + more;

  test('a user with an odd password and the role readWrite alone reads, writes and creates indexes', async () => {
    const store = await open(address(password));
    const users = store.collection(userKind);
    await users.insert({
      id: 'a',
      rev: 1,
      name: 'ada',
      displayName: 'Ada',
      signInNames: ['ada'],
      createdAt: 0,
      authenticators: [],
    });
    expect((await users.find({ signInNames: 'ada' })).map(({ id }) => id)).toEqual(['a']);
    await store.check();
    await store.close();
  });

  test.each([
    ['another password', () => address('canary')],
    ['another authority', () => address('canary', `&tls=true&tlsCAFile=${encodeURIComponent(otherAuthority)}`)],
    ['no TLS', () => address('canary', '')],
  ])('%s is refused, without the password in the reason', async (_, url) => {
    const opening = open(url());
    await expect(opening).rejects.toMatchObject({ code: 'unavailable' });
    await expect(opening).rejects.not.toThrow(/canary/);
  });

  test('config check --live reports it, and what is wrong', async () => {
    const live = { issuer: new URL('https://login.example.com') };
    const about = expect.stringMatching(/^database mongodb:\/\/\[hidden\]@127\.0\.0\.1:\d+\/sallyport\?…$/);
    expect(
      await databaseFindings({ ...live, database: { store: 'mongodb', url: address(password) } }, Date.now),
    ).toEqual([{ about, ok: true, got: 'a replica set that takes writes' }]);
    const [wrong] = await checkLive(
      {
        ...live,
        mode: 'development',
        proxyHops: 0,
        factors: ['totp'],
        database: { store: 'mongodb', url: address('canary') },
      },
      Date.now,
    );
    expect(wrong).toMatchObject({ about, ok: false, got: expect.stringContaining('Authentication failed') });
    expect(JSON.stringify(wrong)).not.toContain('canary');
  });
});
