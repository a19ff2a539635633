/**
 * A18. A patient attacker with the password tries one code a day. They stay below every limit that has a time window,
 * and need only luck and years. So failed attempts in a row are counted without a window. The fiftieth disables the
 * factor and the owner is told. Neither time nor a restart enables it again, only a new binding (NIST SP 800-63B-4
 * §3.2.2: at most 100).
 * Guard: `src/mfa/limits/failed-attempts.ts#blockOf`, by one durable document without an end.
 * Takes more than a second on each store: fifty whole sign-ins, one a day.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { failedAttemptsKind } from '../../src/records.ts';
import { formTo, heading, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import { codeAt, wrongCodeAt } from '../support/codes.ts';
import { countComparisons, type ComparisonCount } from '../support/counts/comparisons.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

const day = 86_400_000;
const year = 365 * day;

describe.each(stores.filter(({ name }) => name !== 'redis'))('A18 on $name', store => {
  let world: World;
  let rp: RelyingParty;
  let counted: ComparisonCount;
  beforeEach(async () => {
    counted = countComparisons('totp');
    world = await startWorld({ store, wrap: counted.wrap, env: { SALLYPORT_FACTORS: 'totp,sms,spoken,call' } });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => world.close());

  const begin = async (): Promise<{ readonly browser: Browser; readonly page: Answer }> => {
    const browser = world.browser();
    const request = await rp.begin();
    return { browser, page: await enterPassword(browser, await browser.visit(request.url), world.people.noor) };
  };
  const counts = async () =>
    (await world.store.durable.collection(failedAttemptsKind).get(`${world.people.noor.user.id}:totp`))?.count;
  const notices = async () =>
    (await world.audited('notice.sent')).filter(({ facts }) => facts['notice'] === 'factor-disabled');
  const tryRightCode = async (person: TestPerson): Promise<Answer> => {
    const { browser, page } = await begin();
    if (!/action="[^"]*\/factor"/.test(page.text)) return page;
    return enterCode(browser, page, codeAt(person, world.clock()));
  };

  test('A18 one wrong code a day disables the factor at fifty, until it is bound again', async () => {
    const { noor } = world.people;
    const { failedAttemptsBeforeDisabled: most } = world.settings.limits;
    expect(most).toBe(50);
    const owner = await begin();
    const signedIn = await enterCode(owner.browser, owner.page, codeAt(noor, world.clock()));
    expect(atClient(owner.browser, signedIn).searchParams.get('code')).toBeTruthy();

    for (let days = 1; days <= most; days += 1) {
      world.clock.advance(day);
      const { browser, page } = await begin();
      expect(await notices()).toEqual([]);
      expect((await enterCode(browser, page, wrongCodeAt(noor, world.clock()))).status).toBe(422);
      expect(await counts()).toBe(days);
    }
    expect(await notices()).toMatchObject([{ subject: noor.user.id, facts: { factor: 'totp' } }]);
    expect(await world.audited('factor.disabled')).toHaveLength(1);
    expect(world.logged.filter(({ event }) => event === 'factor.disabled')).toHaveLength(1);
    expect(world.logged.filter(({ event }) => event === 'notice.sent')).toHaveLength(1);
    const { compared } = counted;
    const disabledAt = world.clock();

    for (const later of [0, day, year, 10 * year]) {
      world.clock.advance(later);
      const refused = await tryRightCode(noor);
      expect([refused.status >= 500, refused.headers['location']]).toEqual([false, undefined]);
      expect(heading(refused)).not.toBe('');
      await world.restart();
    }
    expect(counted.compared).toBe(compared);
    expect(await counts()).toBe(most);
    // The audit may have deleted what happened before these years.
    const signedInSince = (await world.audited('sign-in.finished')).filter(({ at }) => at > disabledAt);
    const noticesSince = (await notices()).filter(({ at }) => at > disabledAt);
    expect([signedInSince, noticesSince]).toEqual([[], []]);

    const bound = await rebind(world, noor);
    expect(await counts()).toBe(0);
    world.clock.advance(60_000);
    const again = await begin();
    const done = await enterCode(again.browser, again.page, codeAt(bound, world.clock()));
    expect(atClient(again.browser, done).searchParams.get('code')).toBeTruthy();
  });

  test('A18 a phone whose codes are disabled is listed as such, and none of its codes is offered', async () => {
    const { grace } = world.people;
    const options = async (): Promise<string> => {
      const browser = world.browser();
      const page = await enterPassword(browser, await browser.visit((await rp.begin()).url), grace);
      return (await browser.go(`/interaction/${uidOf(page)}/options`)).text;
    };
    const { authenticators } = world.services;
    const phone = (await authenticators.of(grace.user)).find(({ type }) => type === 'phone')?.id;
    const before = await options();
    for (const factor of ['sms', 'spoken']) expect(before).toContain(`value="${factor}:${phone}"`);
    await world.store.durable
      .collection(failedAttemptsKind)
      .insert({ id: `${grace.user.id}:${phone}`, rev: 1, count: 50, notBefore: 0 });
    const after = await options();
    for (const factor of ['sms', 'spoken']) expect(after).not.toContain(`value="${factor}:${phone}"`);
    expect(after).toContain('Turned off after too many wrong codes.');
  });

  test('A18 a direct POST is refused too, and a right answer as the fiftieth still passes', async () => {
    const { noor } = world.people;
    const id = `${noor.user.id}:totp`;
    const collection = world.store.durable.collection(failedAttemptsKind);
    await collection.insert({ id, rev: 1, count: 49, notBefore: 0 });
    const last = await begin();
    const { action } = formTo(last.page, /\/factor$/);
    const done = await enterCode(last.browser, last.page, codeAt(noor, world.clock()));
    expect(atClient(last.browser, done).searchParams.get('code')).toBeTruthy();
    expect(await counts()).toBe(0);

    world.clock.advance(60_000);
    const { browser, page } = await begin();
    const was = await collection.get(id);
    if (was === undefined) throw new Error('no failed attempts');
    await collection.replace({ ...was, count: 50 });
    const { compared } = counted;
    const posted = await browser.go(action.replace(/[^/]+(?=\/factor)/, page.path.split('/')[2] ?? ''), {
      form: { code: codeAt(noor, world.clock()) },
    });
    expect(browser.next(posted)?.host).not.toBe('contoso.test');
    expect([posted.status < 500, counted.compared]).toEqual([true, compared]);
    expect(await world.audited('sign-in.finished')).toHaveLength(1);
  });
});

/** Binds an app again, as the command line does. */
const rebind = async (world: World, person: TestPerson): Promise<TestPerson> => {
  const { challenges, enrollments } = world.services;
  const moment = {
    reference: '7K3MQ2XA',
    client: 'Contoso Office',
    language: 'en',
    origin: world.issuer.origin,
    address: '127.0.0.1',
    person: { id: person.user.id, name: person.name },
  };
  const { view } = await enrollments.begin({ userId: person.user.id, factor: 'totp' }, 'enrol', moment);
  const uri = view.prompt.kind === 'scan' ? view.prompt.uri : '';
  const bound = { ...person, totpSecret: new URL(uri).searchParams.get('secret') ?? '' };
  expect(await challenges.answer('enrol', codeAt(bound, world.clock()))).toMatchObject({ ok: true });
  expect(await enrollments.finish('enrol', 'cli')).toBeDefined();
  return bound;
};
