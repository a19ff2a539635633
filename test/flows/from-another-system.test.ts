/** Tests whole sign-ins of people who came from another system with the hash of their password and the seed of their app. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateSync } from 'otplib';
import { readOtpauth } from '../../src/mfa/otpauth.ts';
import { readHash } from '../../src/users/passwords/foreign-hash.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld();
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());

/** "1234567890" again and again, as in RFC 6238, Appendix B. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA';
const apps = [
  { name: 'sha-1', parameters: '', code: { digits: 6, algorithm: 'sha1', period: 30 } },
  {
    name: 'sha-256',
    parameters: '&algorithm=SHA256&digits=8&period=60',
    code: { digits: 8, algorithm: 'sha256', period: 60 },
  },
  { name: 'sha-512', parameters: '&algorithm=SHA512&digits=7', code: { digits: 7, algorithm: 'sha512', period: 30 } },
] as const;

test.each(apps)('$name: the first sign-in ends with a token, and each step passes once', async each => {
  const { name, parameters, code } = each;
  const hash = readHash('$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW');
  const passwordHash = hash.ok ? hash.phc : '';
  const added = await world.services.users.add({ name, displayName: name, passwordHash }, 'cli');
  if (!added.ok) throw new Error(added.reason);
  const read = readOtpauth(`otpauth://totp/C# Club:${name}?secret=${secret.toLowerCase()}====${parameters}`);
  const data = read.ok ? { ...read.seed, lastStep: -1 } : null;
  await world.services.authenticators.bind(added.user.id, { type: 'totp', label: 'Authenticator app', data });
  const { people } = world;
  const person: TestPerson = { ...people.noor, user: added.user, name, password: 'U*U' };
  const now = () => generateSync({ secret, ...code, epoch: Math.floor(world.clock() / 1000) });

  const browser = world.browser();
  const request = await rp.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), person);
  expect(page.text).toContain(`data-digits="${code.digits}"`);
  const tooShort = await enterCode(browser, page, now().slice(1));
  expect(tooShort.status).toBe(422);
  const done = await enterCode(browser, tooShort, now());
  const tokens = await request.redeem(atClient(browser, done));
  expect(tokens.claims()).toMatchObject({ sub: added.user.id, acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });

  const again = world.browser();
  const other = await rp.begin();
  const refused = await enterCode(again, await enterPassword(again, await again.visit(other.url), person), now());
  expect(refused.status).toBe(422);
  expect((await world.services.users.get(added.user.id))?.passwordHash).toContain('$argon2id$');
});
