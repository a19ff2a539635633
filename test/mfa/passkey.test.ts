/** Tests the factor of passkeys and security keys with a software authenticator: levels, options, counters, models, races. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Acr } from '../../src/mfa/factor.ts';
import { createPasskey, maxPasskeys } from '../../src/mfa/factors/passkey.ts';
import type { PasskeyPolicy } from '../../src/mfa/passkeys/policy.ts';
import type { ChallengeView } from '../../src/mfa/challenge-state/view.ts';
import { models, SoftwareAuthenticator, type Model } from '../support/authenticator/authenticator.ts';
import { createAttestationRoot } from '../support/authenticator/attestation.ts';
import { createTestMfa, requestContextOf } from '../support/mfa.ts';
import { createClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const origin = 'http://localhost:3000';
const usual: PasskeyPolicy = {
  rpId: 'localhost',
  attestation: 'none',
  roots: [],
  block: [],
  residentKey: 'preferred',
  userVerification: 'preferred',
};
const [memory] = stores;
const opened: OpenStore[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

type Creation = Parameters<SoftwareAuthenticator['create']>[0];
type Request = Parameters<SoftwareAuthenticator['get']>[0];
const optionsIn = ({ prompt }: ChallengeView): unknown => ('options' in prompt ? prompt.options : undefined);
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the page hands the same JSON to the browser
const requestIn = (view: ChallengeView) => optionsIn(view) as Request;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- likewise
const creationIn = (view: ChallengeView) => optionsIn(view) as Creation;

/** A person, and what they do with an authenticator. */
const start = async (policy: Partial<PasskeyPolicy> = {}, store = memory) => {
  if (store === undefined) throw new Error('no store');
  // Certificates are judged by the time of today.
  const clock = createClock(Date.now());
  const node = await store.open(clock);
  opened.push(node);
  const mfa = createTestMfa(node, { clock, factors: [createPasskey({ ...usual, ...policy })] });
  const { user } = await mfa.person('ada', []);
  let bindings = 0;
  const begin = async (level?: Acr) => {
    const boundTo = `sign-in ${(bindings += 1)}`;
    const request = { ...requestContextOf(user), ...(level !== undefined && { level }) };
    const { view } = await mfa.challenges.begin({ userId: user.id, factor: 'passkey' }, boundTo, request);
    return { boundTo, request: requestIn(view) };
  };
  const enrolling = async (request = requestContextOf(user)) => {
    const boundTo = `enrollment ${(bindings += 1)}`;
    const { view } = await mfa.enrollments.begin({ userId: user.id, factor: 'passkey' }, boundTo, request);
    return { boundTo, creation: creationIn(view) };
  };
  /** Sets up a passkey; undefined: it was refused. */
  const enroll = async (
    device: SoftwareAuthenticator,
    changes: Parameters<SoftwareAuthenticator['create']>[2] = {},
  ) => {
    const { boundTo, creation } = await enrolling();
    const made = device.create(creation, origin, changes);
    const result = await mfa.challenges.answer(boundTo, JSON.stringify(made));
    return { result, bound: result.ok ? await mfa.enrollments.finish(boundTo, 'cli') : undefined };
  };
  const signIn = async (device: SoftwareAuthenticator, changes: Parameters<SoftwareAuthenticator['get']>[2] = {}) => {
    const { boundTo, request } = await begin();
    const result = await mfa.challenges.answer(boundTo, JSON.stringify(device.get(request, origin, changes)));
    return { result, proof: await mfa.challenges.redeem(boundTo) };
  };
  const stored = async () => {
    const now = await mfa.users.get(user.id);
    return now === undefined ? [] : mfa.stored.of(now);
  };
  return { clock, mfa, user, begin, enrolling, enroll, signIn, stored };
};

const withModel = (model: Model, changes: Partial<Model> = {}) => new SoftwareAuthenticator({ ...model, ...changes });
const wrong = { ok: false, reason: 'wrong' };

describe('what a passkey proves', () => {
  it.each<[string, Model, Acr, readonly string[], string]>([
    ['a synced one that checks who holds it', models.phone, 'phr', ['swk', 'user', 'mfa'], 'Apple Passwords'],
    ['a security key with a PIN', models.securityKey, 'phr', ['hwk', 'user', 'mfa'], 'YubiKey 5'],
    ['a security key that only notices a touch', models.touchOnly, 'mfa', ['hwk', 'user'], 'YubiKey 5'],
  ])('%s', async (_, model, acr, amr, label) => {
    const { enroll, signIn, mfa, user, stored } = await start();
    const device = withModel(model);
    const { bound } = await enroll(device);
    expect(bound).toMatchObject({ label, proof: { acr, amr } });
    expect((await signIn(device)).proof).toMatchObject({ factor: 'passkey', acr, amr });
    expect(mfa.methods.among(user, await stored())).toMatchObject([{ factor: 'passkey', reaches: acr }]);
  });

  it('a key that was bound by a touch is not stronger with a PIN that was set later', async () => {
    const { enroll, signIn } = await start();
    const device = withModel(models.touchOnly);
    await enroll(device);
    expect((await signIn(device, { flags: { uv: true } })).proof).toMatchObject({ acr: 'mfa', amr: ['hwk', 'user'] });
  });

  it('a key with a PIN that only noticed a touch this time gives mfa', async () => {
    const { enroll, signIn } = await start();
    const device = withModel(models.securityKey);
    await enroll(device);
    expect((await signIn(device, { flags: { uv: false } })).proof).toMatchObject({ acr: 'mfa', amr: ['hwk', 'user'] });
  });

  it('a level above mfa demands PIN, finger or face, of keys that have them', async () => {
    const { enroll, begin, mfa } = await start();
    const device = withModel(models.securityKey);
    await enroll(device);
    await enroll(withModel(models.touchOnly));
    const [plain, strong] = [await begin('mfa'), await begin('aal2')];
    expect([plain.request.userVerification, plain.request.allowCredentials?.length]).toEqual(['preferred', 2]);
    expect([strong.request.userVerification, strong.request.allowCredentials?.length]).toEqual(['required', 1]);
    const touched = JSON.stringify(device.get(strong.request, origin, { flags: { uv: false } }));
    expect(await mfa.challenges.answer(strong.boundTo, touched)).toMatchObject(wrong);
    const checked = JSON.stringify(device.get(strong.request, origin));
    expect(await mfa.challenges.answer(strong.boundTo, checked)).toEqual({ ok: true });
  });
});

describe('one challenge', () => {
  it('ends after five wrong answers, and no number of them disables the passkey or makes it wait', async () => {
    const { enroll, begin, signIn, mfa } = await start();
    const device = withModel(models.securityKey);
    await enroll(device);
    for (let challenge = 0; challenge < 11; challenge += 1) {
      const { boundTo, request } = await begin();
      const answer = JSON.stringify(device.get(request, origin, { rpId: 'example.com' }));
      const lefts = [];
      for (let answers = 0; answers < 5; answers += 1) lefts.push(await mfa.challenges.answer(boundTo, answer));
      expect(lefts).toEqual([4, 3, 2, 1, 0].map(attemptsLeft => ({ ...wrong, attemptsLeft })));
      const right = JSON.stringify(device.get(request, origin));
      expect(await mfa.challenges.answer(boundTo, right)).toMatchObject({ reason: 'over', ended: 'attempts' });
    }
    expect((await signIn(device)).proof).toMatchObject({ acr: 'phr' });
    expect(await mfa.audited('factor.disabled')).toEqual([]);
  });

  it.each(stores)(
    'of 20 equal answers at once exactly one passes, and the counter is written once: $name',
    async store => {
      const { enroll, begin, mfa, stored } = await start({}, store);
      const device = withModel(models.securityKey);
      await enroll(device);
      const { boundTo, request } = await begin();
      const answer = JSON.stringify(device.get(request, origin));
      const results = await Promise.all(Array.from({ length: 20 }, async () => mfa.challenges.answer(boundTo, answer)));
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      const proofs = await Promise.all(Array.from({ length: 20 }, async () => mfa.challenges.redeem(boundTo)));
      expect(proofs.filter(proof => proof !== undefined)).toHaveLength(1);
      expect(await stored()).toMatchObject([{ data: { counter: 1 } }]);
      expect(await mfa.audited('factor.copied')).toEqual([]);
    },
  );
});

describe('the signature counter', () => {
  it.each<[string, number, number, boolean]>([
    ['rises', 5, 6, true],
    ['stands still', 5, 5, false],
    ['falls', 5, 4, false],
    ['falls to nothing', 5, 0, false],
    ['was never there', 0, 0, true],
    ['begins to count', 0, 1, true],
  ])('that %s', async (_, first, second, passes) => {
    const { enroll, signIn, mfa, user, stored } = await start();
    const device = withModel(models.securityKey, { counts: false });
    await enroll(device);
    expect((await signIn(device, { counter: first })).result).toEqual({ ok: true });
    const { result } = await signIn(device, { counter: second });
    expect(result).toMatchObject(passes ? { ok: true } : { ...wrong, because: 'copied' });
    const [{ data, id } = { data: undefined, id: '' }] = await stored();
    expect(data).toMatchObject({ counter: passes ? second : first });
    const told = await mfa.audited('factor.copied');
    expect(told.map(({ subject, facts }) => [subject, facts['authenticator']])).toEqual(passes ? [] : [[user.id, id]]);
    const notices = (await mfa.audited('notice.sent')).filter(({ facts }) => facts['notice'] === 'passkey-copied');
    expect(notices).toHaveLength(passes ? 0 : 1);
  });

  it('is not judged before the signature, so that nobody without the key can raise the alarm', async () => {
    const { enroll, signIn, mfa } = await start();
    const device = withModel(models.securityKey);
    const other = withModel(models.securityKey);
    await enroll(device);
    await enroll(other);
    await signIn(device, { counter: 7 });
    const [key] = other.credentials;
    if (key === undefined) throw new Error('no other key');
    const { result } = await signIn(device, { counter: 7, signedBy: key.key });
    expect(result).toEqual({ ...wrong, attemptsLeft: 4 });
    expect(await mfa.audited('factor.copied')).toEqual([]);
  });
});

describe('a new passkey', () => {
  it('is made for this person, and not twice in one authenticator', async () => {
    const { enroll, enrolling, user } = await start();
    const device = withModel(models.phone);
    await enroll(device);
    const { creation } = await enrolling();
    expect(Buffer.from(creation.user.id, 'base64url').toString()).toBe(user.id);
    expect(creation).toMatchObject({
      rp: { id: 'localhost' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'preferred' },
      excludeCredentials: [{ id: device.credentials[0]?.id, transports: ['hybrid', 'internal'] }],
    });
    expect(() => device.create(creation, origin)).toThrow('already registered');
  });

  it(`is one of at most ${maxPasskeys}`, async () => {
    const { enroll, enrolling, stored } = await start();
    for (let made = 0; made < maxPasskeys; made += 1) await enroll(withModel(models.phone));
    await expect(enrolling()).rejects.toThrow('expected fewer than 10');
    expect(await stored()).toHaveLength(maxPasskeys);
  });

  it.each(stores)(`is one of at most ${maxPasskeys}, of 20 that are made at once: $name`, async store => {
    const { enrolling, stored, mfa, user } = await start({}, store);
    const begun = await Promise.all(Array.from({ length: 20 }, async () => enrolling()));
    const bound = await Promise.all(
      begun.map(async ({ boundTo, creation }) => {
        await mfa.challenges.answer(boundTo, JSON.stringify(withModel(models.phone).create(creation, origin)));
        return mfa.enrollments.finish(boundTo, 'cli');
      }),
    );
    expect(bound.filter(each => each !== undefined)).toHaveLength(maxPasskeys);
    expect(await stored()).toHaveLength(maxPasskeys);
    expect(await mfa.authenticators.find({ userId: user.id })).toHaveLength(maxPasskeys);
  });

  it('that somebody has bound already is refused', async () => {
    const { enroll, stored, mfa } = await start();
    const device = withModel(models.phone);
    await enroll(device);
    const [credential] = device.credentials;
    const again = await enroll(withModel(models.securityKey), credential && { credential });
    expect(again.result).toEqual({ ...wrong, because: 'bound', attemptsLeft: 4 });
    expect(await stored()).toMatchObject([{ handle: credential?.id }]);
    expect(await mfa.audited('challenge.answered')).toMatchObject([{ outcome: 'failure', facts: { reason: 'bound' } }]);
  });

  it.each(stores)('is bound once, of 20 enrollments that make the same one at once: $name', async store => {
    const { enroll, stored, mfa } = await start({}, store);
    const model = withModel(models.phone);
    await enroll(model);
    const [first] = await stored();
    const [credential] = model.credentials;
    if (first === undefined || credential === undefined) throw new Error('no passkey');
    await mfa.authenticatorRemoval.remove(first.userId, first.id);
    const results = await Promise.all(
      Array.from({ length: 20 }, async () => enroll(withModel(models.phone), { credential })),
    );
    expect(results.filter(({ bound }) => bound !== undefined)).toHaveLength(1);
    expect(await stored()).toMatchObject([{ handle: credential.id }]);
    expect(await mfa.authenticators.find({ handle: credential.id })).toHaveLength(1);
  });

  it.each<[string, Partial<PasskeyPolicy>, boolean]>([
    ['an allowed model', { allow: [models.securityKey.aaguid] }, true],
    ['a model that is not among the allowed ones', { allow: [models.phone.aaguid] }, false],
    ['a blocked model', { block: [models.securityKey.aaguid] }, false],
    ['another model than the blocked one', { block: [models.phone.aaguid] }, true],
  ])('of %s', async (_, policy, passes) => {
    const { enroll, stored } = await start(policy);
    const { result } = await enroll(withModel(models.securityKey));
    expect(result).toMatchObject(passes ? { ok: true } : { ...wrong, because: 'policy' });
    expect(await stored()).toHaveLength(passes ? 1 : 0);
  });

  it('of a model that is blocked later does not serve any more', async () => {
    const { enroll, mfa, user, stored } = await start();
    await enroll(withModel(models.securityKey));
    const blocking = createPasskey({ ...usual, block: [models.securityKey.aaguid] });
    const asPasskey = (await stored()).map(each => ({ ...each, data: each.data as never }));
    expect(asPasskey.map(each => blocking.serves?.(each))).toEqual([false]);
    expect(mfa.methods.among(user, await stored())).toHaveLength(1);
  });

  it('that only notices a touch is refused where the operator demands more', async () => {
    const { enrolling, mfa } = await start({ userVerification: 'required' });
    const { boundTo, creation } = await enrolling();
    expect(creation.authenticatorSelection?.userVerification).toBe('required');
    const made = withModel(models.securityKey).create(creation, origin, { flags: { uv: false } });
    expect(await mfa.challenges.answer(boundTo, JSON.stringify(made))).toMatchObject(wrong);
  });

  it('needs no touch only where the page may make it by itself', async () => {
    const { enroll, enrolling, mfa, user } = await start();
    const untouched = { flags: { up: false, uv: false } };
    expect((await enroll(withModel(models.phone), untouched)).result).toMatchObject(wrong);
    const { boundTo, creation } = await enrolling({ ...requestContextOf(user), isConditional: true });
    const made = withModel(models.phone).create(creation, origin, untouched);
    expect(await mfa.challenges.answer(boundTo, JSON.stringify(made))).toMatchObject({ ok: true });
  });

  it.each<[string, Model, Acr]>([
    ['a synced one, which checks who holds it when it is used', models.phone, 'phr'],
    ['a security key, which a thief may give a PIN', models.securityKey, 'mfa'],
  ])('made without a question is no step of that sign-in, and later what it is: %s', async (_, model, acr) => {
    const { enrolling, signIn, mfa, user } = await start();
    const { boundTo, creation } = await enrolling({ ...requestContextOf(user), isConditional: true });
    const device = withModel(model);
    const made = device.create(creation, origin, { flags: { up: false, uv: false } });
    await mfa.challenges.answer(boundTo, JSON.stringify(made));
    expect((await mfa.enrollments.finish(boundTo, 'cli'))?.proof).toMatchObject({ acr: 'sfa', amr: [] });
    expect((await signIn(device)).proof).toMatchObject({ acr });
    expect((await signIn(device, { flags: { uv: false } })).proof).toMatchObject({ acr: 'mfa' });
  });
});

describe('a new passkey under direct attestation', () => {
  const maker = createAttestationRoot('Acme');
  const stranger = createAttestationRoot('Acme');
  const { aaguid } = models.securityKey;
  const direct = { attestation: 'direct', roots: [createAttestationRoot('Other').pem, maker.pem] } as const;
  const certified = (by = maker, changes = {}) => ({ attestation: by.attest(aaguid, changes) });

  it.each<[string, Partial<Model>, 'none' | 'self' | undefined, boolean]>([
    ['of a trusted maker', certified(), undefined, true],
    ['of a root with the same name', certified(stranger), undefined, false],
    ['with a root of its own in the chain', { attestation: withOwnRoot(stranger) }, undefined, false],
    ['without a certificate', certified(), 'none', false],
    ['that attests itself', certified(), 'self', false],
    ['with a certificate that has expired', certified(maker, { notAfter: Date.now() - 1000 }), undefined, false],
    ['with a certificate of an issuer', certified(maker, { isAuthority: true }), undefined, false],
  ])('%s', async (_, model, attestation, passes) => {
    const { enroll, stored } = await start(direct);
    const { result } = await enroll(withModel(models.securityKey, model), attestation && { attestation });
    expect(result).toMatchObject(passes ? { ok: true } : wrong);
    expect(await stored()).toHaveLength(passes ? 1 : 0);
  });

  /** Chain that ends in the root which the authenticator brings along. */
  function withOwnRoot(root: typeof maker) {
    const attestation = root.attest(aaguid);
    const der = Buffer.from(root.pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
    return { ...attestation, x5c: [...attestation.x5c, der] };
  }
});

it('certificates that were not asked for are refused unread: they name addresses that the library would request', async () => {
  const model = { attestation: createAttestationRoot('Acme').attest(models.phone.aaguid) };
  const { enroll, stored } = await start();
  expect((await enroll(withModel(models.phone, model), { attestation: 'self' })).result).toMatchObject({ ok: true });
  const { result } = await enroll(withModel(models.phone, model), { attestation: 'certified' });
  expect(result).toEqual({ ...wrong, attemptsLeft: 4 });
  expect(await stored()).toHaveLength(1);
});
