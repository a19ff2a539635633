/**
 * Tests what pages of a development environment add for developers: which setting made a limit, how to lift it, and links to the
 * sample relying party and the simulator. No other installation shows any of it.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { developerNotes } from '../../cli/dev/developer-notes.ts';
import { createApp } from '../../server/app.ts';
import type { Resources } from '../../server/services.ts';
import { addResident, residentPhones, type Resident } from '../support/human/residents.ts';
import { formTo, type Answer, type Browser } from '../support/browser/plain.ts';
import {
  enterCode,
  enterPassword,
  openRelyingParty,
  pickUp,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { givePhone } from '../support/world/phones.ts';
import { startWorld, type World } from '../support/world/world.ts';

const ports = { issuer: 3000, simulator: 3001, relyingParty: 3002, mail: 3003 };
const env = {
  SALLYPORT_FACTORS: 'totp,sms,call,push',
  SALLYPORT_PAUSE: '1h',
  SALLYPORT_SENDS_PER_ACCOUNT_AND_HOUR: '2',
  SALLYPORT_RESENDS: '0',
  SALLYPORT_WRONG_PASSWORDS_PER_ADDRESS_AND_MINUTE: '4',
  SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE: '6',
};
const notes = developerNotes(env, ports);
const startOver = '<a class="link" href="http://127.0.0.1:3001/">Start over in the simulator</a>';
const madeBy = (page: Answer): string | undefined =>
  /For developers: this page was made by ([^<]*)\./.exec(page.text)?.[1];

describe.each([
  ['a development environment', true],
  ['any other installation', false],
])('in %s', (_, isGiven) => {
  let world: World;
  let rp: RelyingParty;
  let ines: Resident;
  let browser: Browser;
  beforeAll(async () => {
    world = await startWorld({
      env,
      phones: residentPhones,
      wrap: resources => ({ ...resources, ...(isGiven && { developerNotes: notes }) }),
    });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
    ines = await addResident(world, 'ines', ['mobile']);
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.nextDay();
    browser = world.browser();
  });

  const open = async (): Promise<Answer> => browser.visit((await rp.begin()).url);
  const signIn = async (person: { readonly name: string; readonly password: string }): Promise<Answer> =>
    enterPassword(browser, await open(), person);

  test(`the front page ${isGiven ? 'leads' : 'does not lead'} to a sample relying party and a simulator`, async () => {
    const { text } = await browser.visit('/');
    expect([...text.matchAll(/href="http:\/\/127\.0\.0\.1:(\d+)\/"/g)].map(([, port]) => port)).toEqual(
      isGiven ? ['3002', '3001'] : [],
    );
  });

  const pages: readonly (readonly [made: string, isLifted: boolean, reach: () => Promise<Answer>])[] = [
    [
      'SALLYPORT_PAUSE=1h',
      true,
      async () => {
        const page = await signIn(world.people.grace);
        await pickUp(world.people.grace, '0#');
        return browser.visit(page.path);
      },
    ],
    [
      'SALLYPORT_SENDS_PER_ACCOUNT_AND_HOUR=2',
      false,
      async () => {
        await world.services.authenticators.prefer(ines.user.id, ines.bound.mobile ?? '', 'sms');
        await signIn(ines);
        browser = world.browser();
        return signIn(ines);
      },
    ],
    [
      'SALLYPORT_RESENDS=0',
      false,
      async () => {
        const page = await signIn(ines);
        return browser.visit(`${page.path}/resend`);
      },
    ],
    [
      'SALLYPORT_FIRST_WAIT=2s',
      true,
      async () => {
        const page = await signIn(world.people.noor);
        for (let guess = 0; guess < 2; guess += 1) await enterCode(browser, page, '000000');
        return enterCode(browser, page, '000000');
      },
    ],
    [
      'the limits of requests to a phone, which have no settings',
      true,
      async () => {
        const { id } = await givePhone(world, world.people.noor.user.id);
        const ask = async (): Promise<Answer> => {
          browser = world.browser();
          const { path } = await signIn(world.people.noor);
          return browser.visit(`${path}/options`, { form: { method: `push:${id}` } });
        };
        for (let asked = 0; asked < 3; asked += 1) {
          const page = await ask();
          await browser.visit(formTo(page, /\/restart$/).action, { form: {} });
        }
        return ask();
      },
    ],
    [
      'SALLYPORT_WRONG_PASSWORDS_PER_ADDRESS_AND_MINUTE=4',
      false,
      async () => {
        const page = await open();
        for (let guess = 0; guess < 4; guess += 1)
          await enterPassword(browser, page, { name: `nobody-${guess}`, password: 'no' });
        return enterPassword(browser, page, { name: 'nobody', password: 'no' });
      },
    ],
    [
      'SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE=6',
      false,
      async () => {
        for (let begun = 0; begun < 6; begun += 1) {
          browser = world.browser();
          await open();
        }
        browser = world.browser();
        return open();
      },
    ],
  ];
  test.each(pages)(
    `a page made by %s ${isGiven ? 'names it, and how to lift it' : 'says nothing of it'}`,
    async (made, isLifted, reach) => {
      const page = await reach();
      expect(madeBy(page)?.includes(made)).toBe(isGiven ? true : undefined);
      expect(page.text.includes(startOver)).toBe(isGiven && isLifted);
    },
  );

  test('a page that no limit made has no such line', async () => {
    const calling = await signIn(world.people.ada);
    expect([madeBy(await open()), madeBy(calling)]).toEqual([undefined, undefined]);
    await browser.visit(formTo(calling, /\/restart$/).action, { form: {} });
  });
});

test('production refuses notes for developers', async () => {
  let resources: Resources | undefined;
  const world = await startWorld({ wrap: given => (resources = given) });
  try {
    const production = { ...resources, settings: { ...world.settings, mode: 'production' }, developerNotes: notes };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `startWorld` has called `wrap`
    await expect(createApp(production as Resources)).rejects.toMatchObject({ code: 'internal' });
  } finally {
    await world.close();
  }
});
