/**
 * Tests sign-ins in two tabs of one browser. A second tab takes the call or text that is under way instead of sending again,
 * and whichever tab does not finish continues with the session of the other.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { formTo, heading, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import { addResident, residentPhones, type Resident } from '../support/human/residents.ts';
import { arrivedTexts, glance } from '../support/human/person.ts';
import {
  atClient,
  checkAgain,
  enterCode,
  enterPassword,
  openRelyingParty,
  pickUp,
  type RelyingParty,
  type Request,
} from '../support/world/relying-party.ts';
import { codeAt } from '../support/codes.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

const otherTab = 'Your other tab is signing in';
const events = { headers: { accept: 'application/json' } };

interface Tab {
  readonly request: Request;
  readonly page: Answer;
  readonly uid: string;
}

describe.each(stores.filter(({ name }) => name !== 'sqlite'))('two tabs of one browser, on $name', store => {
  let world: World;
  let rp: RelyingParty;
  let other: RelyingParty;
  let ada: TestPerson;
  let noor: TestPerson;
  let browser: Browser;
  let began: number;
  beforeAll(async () => {
    world = await startWorld({ store, env: { SALLYPORT_FACTORS: 'totp,sms,spoken,call' }, phones: residentPhones });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
    other = await openRelyingParty(world, await world.addClient({ id: 'fabrikam', name: 'Fabrikam' }));
    ({ ada, noor } = world.people);
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.nextDay();
    browser = world.browser();
    began = world.clock();
  });

  const openTab = async (person: Pick<TestPerson, 'name' | 'password'>, at = rp, wish = {}): Promise<Tab> => {
    const request = await at.begin(wish);
    const page = await enterPassword(browser, await browser.visit(request.url), person);
    return { request, page, uid: uidOf(page) };
  };
  const reload = async ({ uid }: Tab): Promise<Answer> => browser.visit(`/interaction/${uid}`);
  /** Events of this test. */
  const audited = async (event: string) => (await world.audited(event)).filter(({ at }) => at >= began);
  const calls = async () => (await audited('challenge.sent')).length;

  test('a tab that is opened while the phone rings takes the running call', async () => {
    const first = await openTab(ada);
    const second = await openTab(ada);

    expect([heading(first.page), heading(second.page)]).toEqual(Array(2).fill('We’re calling +1 ••• 43'));
    expect(await calls()).toBe(1);
    expect((await audited('challenge.shared')).at(-1)).toMatchObject({ subject: ada.user.id, outcome: 'info' });
  });

  test('one call signs in both tabs: one uses the proof, the other its session', async () => {
    const first = await openTab(ada);
    const second = await openTab(ada);
    await pickUp(ada, '#');

    const done = await checkAgain(browser, second.page);
    const tokens = await second.request.redeem(atClient(browser, done));
    const left = await reload(first);
    const others = await first.request.redeem(atClient(browser, left));

    expect(tokens.claims()).toMatchObject({ sub: ada.user.id, acr: 'mfa' });
    expect(others.claims()).toMatchObject({ sub: ada.user.id, acr: 'mfa' });
    expect(await calls()).toBe(1);
    expect(await audited('challenge.passed')).toHaveLength(1);
  });

  test('a sign-in that is begun again after its tab was closed takes the call that still rings', async () => {
    await openTab(ada);
    const again = await openTab(ada);
    await pickUp(ada, '#');
    const done = await checkAgain(browser, again.page);
    expect((await again.request.redeem(atClient(browser, done))).claims()).toMatchObject({ sub: ada.user.id });
    expect(await calls()).toBe(1);
  });

  test('both tabs hear of the answer, and both of "this was not me"', async () => {
    const [first, second] = [await openTab(ada), await openTab(ada)];
    await ada.phone.ringing();
    const phases = async () =>
      Promise.all(
        [first, second].map(async ({ uid }) => {
          const { text } = await browser.go(`/interaction/${uid}/events`, events);
          return /"phase":"([a-z]+)"/.exec(text)?.[1];
        }),
      );
    expect(await phases()).toEqual(['pending', 'pending']);
    await pickUp(ada, '0#');
    expect(await phases()).toEqual(['over', 'over']);
    expect(heading(await reload(second))).toBe('The request was declined');
  });

  test('of two tabs that use the proof at once, one does; the other waits for its session and needs no second call', async () => {
    const tabs = [await openTab(ada), await openTab(ada)];
    await pickUp(ada, '#');

    const answers = await Promise.all(
      tabs.map(async ({ uid }) => browser.go(`/interaction/${uid}/factor`, { form: {} })),
    );

    const winner = answers.findIndex(answer => answer.status === 200);
    const [won, lost] = [tabs[winner], tabs[1 - winner]];
    if (won === undefined || lost === undefined) throw new Error('nobody won');
    expect(answers[1 - winner]?.status).toBe(303);
    const waiting = await reload(lost);
    expect(heading(waiting)).toBe(otherTab);
    expect(heading(await checkAgain(browser, waiting))).toBe(otherTab);
    // The winner's page continues, which writes the session.
    const first = await browser.visit(browser.next(answers[winner] ?? waiting)?.href ?? '');
    await won.request.redeem(atClient(browser, first));
    await lost.request.redeem(atClient(browser, await reload(lost)));
    expect(await audited('challenge.passed')).toHaveLength(1);
  });

  test('a proof whose tab does not finish within half a minute is lost, and the other tab may call again', async () => {
    const [first, second] = [await openTab(ada), await openTab(ada)];
    await pickUp(ada, '#');
    // As if the process died after it used the proof.
    expect(await world.services.challenges.redeem(`sign-in:${first.uid}`)).toMatchObject({ factor: 'call' });
    expect(heading(await reload(second))).toBe(otherTab);
    world.clock.advance(30_001);
    const lost = await reload(second);
    expect(heading(lost)).toBe('We lost track of this call');
    const calling = await browser.visit(formTo(lost, /\/again$/).action, { form: {} });
    expect(heading(calling)).toBe('We’re calling +1 ••• 43');
  });

  test('two tabs that begin at the same instant cause one call', async () => {
    const pages = await Promise.all(
      [1, 2].map(async () => {
        const request = await rp.begin();
        return browser.visit(request.url);
      }),
    );
    const after = await Promise.all(pages.map(async page => enterPassword(browser, page, ada)));
    expect(after.map(heading)).toEqual(Array(2).fill('We’re calling +1 ••• 43'));
    expect(await calls()).toBe(1);
  });

  test('"Not you?" in one tab ends the call for both', async () => {
    const [first, second] = [await openTab(ada), await openTab(ada)];
    await browser.visit(`/interaction/${second.uid}/restart`, { form: {} });
    expect(heading(await reload(first))).toBe('The call was stopped');
  });

  test('a call that was answered before its tab was closed signs in the next tab', async () => {
    await openTab(ada);
    await pickUp(ada, '#');
    const again = await openTab(ada);
    expect(heading(again.page)).toBe('You pressed #');
    const done = await checkAgain(browser, again.page);
    await again.request.redeem(atClient(browser, done));
    expect(await calls()).toBe(1);
  });

  describe('a call for another sign-in of this browser', () => {
    test.each([
      ['at another client', () => openTab(ada, other)],
      ['that asks for a higher level', () => openTab(ada, rp, { acr_values: 'mfa', claims: essential('mfa') })],
    ])('is not taken by one %s', async (_, openSecond) => {
      const first = await openTab(ada);
      const second = await openSecond();
      expect(heading(second.page)).toBe('Your phone is busy with another sign-in');
      expect(await calls()).toBe(1);

      await pickUp(ada, '#');
      await browser.visit(`/interaction/${second.uid}/factor`, { form: {} });
      expect(await world.services.challenges.current(`sign-in:${first.uid}`)).toMatchObject({ phase: 'passed' });
    });

    test('is named, and its button ends that call and calls for this sign-in', async () => {
      const first = await openTab(ada);
      const second = await openTab(ada, other);
      expect(second.page.text).toContain('for your sign-in to');
      await ada.phone.ringing();
      const calling = await browser.visit(formTo(second.page, /\/again$/).action, { form: {} });

      expect(heading(calling)).toBe('We’re calling +1 ••• 43');
      expect(heading(await reload(first))).toBe('The call was stopped');
      await pickUp(ada, '#');
      await second.request.redeem(atClient(browser, await checkAgain(browser, calling)));
    });
  });

  describe('a call for a sign-in in another browser', () => {
    test('is not told apart, says how long it may last, and is reported once it is over', async () => {
      const elsewhere = world.browser();
      const request = await rp.begin();
      await enterPassword(elsewhere, await elsewhere.visit(request.url), ada);
      const second = await openTab(ada);

      expect(heading(second.page)).toBe('This phone is in use right now');
      expect(second.page.text).toMatch(/Try again in .*\d+.* second/s);
      const pending = await browser.go(`/interaction/${second.uid}/events`, events);
      expect(JSON.parse(pending.text)).toMatchObject({ phase: 'pending' });
      // No button of this page may end the call of the other browser.
      await browser.visit(`/interaction/${second.uid}/again`, { form: {} });
      await ada.phone.ringing();

      await pickUp(ada, '#');
      const over = await browser.go(`/interaction/${second.uid}/events`, events);
      expect(JSON.parse(over.text)).toMatchObject({ phase: 'over' });
      const free = await reload(second);
      expect(heading(free)).toBe('Your phone is free again');
      expect(free.text).not.toMatch(/right now|is calling/);
      const calling = await browser.visit(formTo(free, /\/again$/).action, { form: {} });
      expect(heading(calling)).toBe('We’re calling +1 ••• 43');
    });
  });

  describe('texts', () => {
    let ines: Resident;
    beforeAll(async () => {
      ines = await addResident(world, 'ines', ['app', 'mobile', 'alternate', 'office']);
      await world.services.authenticators.prefer(ines.user.id, ines.bound.mobile ?? '', 'sms');
    });
    const texted = async (): Promise<Tab> => openTab(ines);

    test('a second tab takes the text under way, and its code signs in either tab once', async () => {
      const [first, second] = [await texted(), await texted()];
      expect([heading(first.page), heading(second.page)]).toEqual(Array(2).fill('Enter the code we texted you'));
      expect(await arrivedTexts(ines.mobile, 1)).toHaveLength(1);

      const { code } = await glance(ines.mobile);
      const done = await enterCode(browser, second.page, code);
      await second.request.redeem(atClient(browser, done));
      await first.request.redeem(atClient(browser, await reload(first)));
    });

    test('attempts are those of the one code, whichever tab they are typed in', async () => {
      const [first, second] = [await texted(), await texted()];
      const { code } = await glance(ines.mobile);
      const wrong = code === '000000' ? '000001' : '000000';
      await enterCode(browser, first.page, wrong);
      await enterCode(browser, second.page, wrong);
      const { attemptsLeft } = (await world.services.challenges.current(`sign-in:${first.uid}`)) ?? {};
      expect(attemptsLeft).toBe(3);
    });

    test('a text with less than a minute left is not taken: a new one is sent', async () => {
      await texted();
      world.clock.advance(241_000);
      await texted();
      expect(await arrivedTexts(ines.mobile, 2)).toHaveLength(2);
    });
  });

  test('a tab that still asks for the password continues by itself once another tab has signed in', async () => {
    const waiting = await rp.begin();
    const asks = await browser.visit(waiting.url);
    const done = await openTab(noor);
    await done.request.redeem(atClient(browser, await enterCode(browser, done.page, codeAt(noor, world.clock()))));
    expect((await waiting.redeem(atClient(browser, await browser.visit(asks.path)))).claims()).toMatchObject({
      sub: noor.user.id,
      acr: 'aal2',
    });
  });

  test('a tab in which another person has typed a password does not continue as the person of the other tab', async () => {
    const mine = await openTab(ada);
    const done = await openTab(noor);
    await done.request.redeem(atClient(browser, await enterCode(browser, done.page, codeAt(noor, world.clock()))));
    expect(heading(await reload(mine))).toBe('We’re calling +1 ••• 43');
  });
});

const essential = (acr: string): string => JSON.stringify({ id_token: { acr: { essential: true, value: acr } } });
