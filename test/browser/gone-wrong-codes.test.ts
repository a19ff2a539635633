/**
 * Tests codes that fail (texted, dictated, from an app) and sign-ins that end, in a real browser. Slow: two sign-ins
 * for each state. The sign-in lasts half an hour here, so that the code of an app expires before it.
 */
import { describe } from '@jest/globals';
import type { ApiBehaviourName } from '../../simulator/network/behaviours/api.ts';
import { codeAt, wrongCodeAt } from '../support/codes.ts';
import { glance, readCode, takeCall } from '../support/human/person.ts';
import {
  begin,
  beginBy,
  byApp,
  byCall,
  fill,
  goneWrong,
  press,
  sees,
  type GoneWrong,
  type Visit,
} from '../support/browser/gone-wrong.ts';

const second = 1000;
/** Lets time pass on the server and on the page that is open. */
const after = async (visit: Visit, seconds: number): Promise<void> => {
  visit.world.clock.advance(seconds * second);
  await visit.page.clock.fastForward(seconds * second);
};
const heading = { text: 'Enter the code we texted you', app: 'Enter the code from your app' } as const;

const texted = async (visit: Visit): Promise<void> => {
  await beginBy(visit, 'sms');
  await sees(visit.page, heading.text);
};
const text = async ({ person }: Visit): Promise<string> => (await glance(person.phone)).code;
const typeText = async (visit: Visit): Promise<void> => {
  await sees(visit.page, heading.text);
  await fill(visit.page, await text(visit));
};
/** Sets the answer of the carrier before it is asked to text. */
const carried = (texts: ApiBehaviourName) => async (visit: Visit) => {
  await visit.person.phone.behave({ api: { texts } });
  await beginBy(visit, 'sms');
};
const textedAnew = typeText;

const dictated = async (visit: Visit): Promise<string> => {
  await sees(visit.page, /calling/);
  return (await takeCall(visit.person.phone, { wants: 'code' })).wroteDown ?? '';
};
const bySpoken = async (visit: Visit): Promise<void> => fill(visit.page, await dictated(visit));

const asked = async (visit: Visit): Promise<void> => {
  await beginBy(visit, 'totp');
  await sees(visit.page, heading.app);
};

/** A code other than the right one. */
const other = (code: string): string => (code === '135790' ? '246801' : '135790');
/** Types it, and waits for the page that answers. */
const answer = async ({ page }: Visit, code: string): Promise<void> => {
  const answered = page.waitForResponse(response => response.request().method() === 'POST');
  await fill(page, code);
  await answered;
  await page.waitForLoadState();
};
/** Types wrong codes this many times, each as soon as the page accepts one. */
const wrongly = async (visit: Visit, times: number, code: () => string): Promise<void> => {
  for (let time = 0; time < times; time += 1) {
    if (time > 0) await after(visit, 10);
    await answer(visit, code());
  }
};
const appWrongly = (times: number) => async (visit: Visit) => {
  await asked(visit);
  await wrongly(visit, times, () => wrongCodeAt(visit.person, visit.world.clock()));
};

const ofTexts: readonly GoneWrong[] = [
  {
    name: 'late text, asked for again too soon',
    async comes(visit) {
      await visit.person.phone.behave({ texts: 'late' });
      await texted(visit);
      await press(visit.page, 'Not received a text message?');
      await sees(visit.page, 'Not received a text message?');
      const sent = visit.page.waitForResponse(response => response.request().method() === 'POST');
      // As a browser without script does: with script the button is held until the wait is over.
      await visit.page.evaluate("document.querySelector('form[action$=resend]').submit()");
      await sent;
    },
    status: 429,
    retryAfter: true,
    heading: 'Not received a text message?',
    says: 'You can ask for it again in 30 seconds.',
    async mends(visit) {
      await after(visit, 31);
    },
    next: 'Text it again',
    // The first one arrives after the second, and works.
    async leaves(visit) {
      await sees(visit.page, heading.text);
      const again = await text(visit);
      await visit.person.phone.releaseTexts();
      const [late] = await visit.person.phone.messages();
      if (readCode(late?.text ?? '') !== again) throw new Error('the two texts hold two codes');
      await fill(visit.page, again);
    },
  },
  {
    name: 'undelivered',
    async comes(visit) {
      await visit.person.phone.behave({ texts: 'undelivered' });
      await beginBy(visit, 'sms');
    },
    heading: 'We couldn’t text you',
    says: 'did not arrive.',
    code: 'IDP-2406 not delivered',
    focus: 'H1',
    next: 'Call me instead',
    leaves: byCall,
  },
  {
    name: 'undelivered, and texted again',
    async comes(visit) {
      await visit.person.phone.behave({ texts: 'undelivered' });
      await beginBy(visit, 'sms');
    },
    heading: 'We couldn’t text you',
    says: 'You can ask for it again in',
    code: 'IDP-2406 not delivered',
    focus: 'H1',
    next: 'Call me instead',
    presses: 'Text it again',
    async mends(visit) {
      await after(visit, 31);
    },
    leaves: typeText,
  },
  ...(
    [
      [
        'carrier down',
        'server-error',
        1,
        'We couldn’t text you',
        'Try again in a minute',
        'IDP-2411 texts unavailable',
      ],
      [
        'carrier slow',
        'hanging',
        1,
        'We couldn’t text you',
        'its code will not work',
        'IDP-2412 phone network too slow',
      ],
      ['carrier busy', 'too-many', 2, 'Too many texts right now', 'Wait a minute', 'IDP-2413 phone network busy'],
    ] as const
  ).map(([name, api, orders, said, says, code]): GoneWrong => ({
    name,
    comes: carried(api),
    orders,
    heading: said,
    says,
    code,
    next: 'Text me a new code',
    leaves: textedAnew,
  })),
  {
    name: 'number refused',
    comes: carried('refused'),
    heading: 'We can’t text this number',
    says: 'A new text will not help.',
    code: 'IDP-2414 number refused',
    next: 'Call me instead',
    leaves: byCall,
  },
  {
    name: 'send limit reached',
    async comes(visit) {
      // Tabs of one browser share a text. The fifth of the hour is kept for a browser in which the owner signed in before.
      for (let time = 0; time < 4; time += 1) {
        const elsewhere = await visit.setup.chromium.newContext();
        await texted({ ...visit, page: await elsewhere.newPage() });
        await elsewhere.close();
      }
      await begin(visit);
    },
    orders: 4,
    heading: 'We can’t text you again yet',
    says: 'This protects your phone from unwanted texts.',
    code: 'IDP-2410 too many texts',
    next: 'Text me a new code',
    presses: 'Use a different verification option',
    async leaves(visit) {
      await press(visit.page, /Code from your app/);
      await byApp(visit);
    },
  },
  {
    name: 'wrong code',
    async comes(visit) {
      await texted(visit);
      await wrongly(visit, 1, () => '135790');
    },
    status: 422,
    heading: heading.text,
    says: 'That code isn’t right. Check the newest message — 4 attempts left.',
    code: 'IDP-2401 wrong code',
    leaves: typeText,
  },
  {
    name: 'five wrong codes',
    async comes(visit) {
      await texted(visit);
      const wrong = other(await text(visit));
      await wrongly(visit, 5, () => wrong);
    },
    status: 429,
    retryAfter: true,
    heading: 'Too many attempts',
    says: 'Ask for a new code, then use the newest message.',
    code: 'IDP-2403 too many attempts',
    next: 'Text me a new code',
    async mends(visit) {
      await after(visit, 60);
    },
    leaves: typeText,
  },
  {
    name: 'expired',
    async comes(visit) {
      await texted(visit);
      const code = await text(visit);
      await after(visit, 301);
      await answer(visit, code);
    },
    heading: 'This code has expired',
    says: 'Ask for a new code. The old one no longer works.',
    code: 'IDP-2407 expired',
    next: 'Text me a new code',
    leaves: textedAnew,
  },
];

const ofCalls: readonly GoneWrong[] = [
  {
    name: 'busy',
    async comes(visit) {
      await visit.person.phone.behave('busy');
      await beginBy(visit, 'spoken');
    },
    heading: 'We couldn’t reach you',
    says: 'End any other call, then call again.',
    code: 'IDP-2515 line busy',
    track: ['Dialled: done', 'Line busy: failed', 'Answered: ahead'],
    next: 'Call again with a code',
    leaves: bySpoken,
  },
  {
    name: 'five wrong codes',
    async comes(visit) {
      await beginBy(visit, 'spoken');
      const wrong = other(await dictated(visit));
      await visit.person.phone.hangUp();
      await wrongly(visit, 5, () => wrong);
    },
    status: 429,
    retryAfter: true,
    heading: 'Too many attempts',
    says: 'Ask for another call and type the new code while you listen.',
    code: 'IDP-2503 too many attempts',
    next: 'Call again with a code',
    async mends(visit) {
      await after(visit, 60);
    },
    leaves: bySpoken,
  },
  {
    name: 'expired',
    async comes(visit) {
      await beginBy(visit, 'spoken');
      const code = await dictated(visit);
      await visit.person.phone.hangUp();
      await after(visit, 601);
      await answer(visit, code);
    },
    heading: 'This code has expired',
    says: 'Ask for another call. The old code no longer works.',
    code: 'IDP-2507 expired',
    next: 'Call again with a code',
    leaves: bySpoken,
  },
];

const ofApps: readonly GoneWrong[] = [
  {
    name: 'wrong code',
    comes: appWrongly(1),
    orders: 0,
    status: 422,
    heading: heading.app,
    says: 'That code isn’t right. Check the newest code in your app — 4 attempts left.',
    code: 'IDP-2201 wrong code',
    leaves: byApp,
    other: 'call',
  },
  {
    name: 'no code',
    async comes(visit) {
      await asked(visit);
      await visit.page.locator('input.code').fill('12345');
      await press(visit.page, 'Continue');
      await visit.page.getByText('That isn’t a code.').waitFor();
    },
    orders: 0,
    status: 422,
    heading: heading.app,
    says: 'Type the 6 digits your app shows.',
    code: 'IDP-2200 not a code',
    leaves: byApp,
    other: 'call',
  },
  {
    name: 'too soon after wrong codes',
    async comes(visit) {
      await appWrongly(3)(visit);
      await visit.page.locator('[data-wait]').waitFor();
      // The page would hold the code until the wait is over: this is a browser without script.
      const sent = visit.page.waitForResponse(response => response.request().method() === 'POST');
      await visit.page.evaluate(`{
        document.querySelector('input.code').value = '${codeAt(visit.person, visit.world.clock())}';
        document.querySelector('form:has(input.code)').submit();
      }`);
      await sent;
    },
    orders: 0,
    status: 429,
    retryAfter: true,
    heading: heading.app,
    says: 'That was too soon after a wrong code, so it was not checked. Try again in',
    code: 'IDP-2202 must wait',
    // The page sends it when two real seconds are over.
    async leaves(visit) {
      await after(visit, 10);
      await byApp(visit);
    },
    other: 'call',
  },
  {
    name: 'five wrong codes',
    comes: appWrongly(5),
    orders: 0,
    status: 429,
    retryAfter: true,
    heading: 'Too many attempts',
    says: 'Try again with a new code.',
    code: 'IDP-2203 too many attempts',
    next: 'Try again',
    async mends(visit) {
      await after(visit, 60);
    },
    leaves: byApp,
    other: 'call',
  },
  {
    name: 'five wrong codes, and no other method',
    who: 'noor',
    comes: appWrongly(5),
    orders: 0,
    status: 429,
    retryAfter: true,
    heading: 'Too many attempts',
    says: 'Try again with a new code.',
    code: 'IDP-2203 too many attempts',
    next: 'Try again',
    asksHelp: true,
    async mends(visit) {
      await after(visit, 60);
    },
    leaves: byApp,
    other: false,
  },
  {
    name: 'expired',
    async comes(visit) {
      await asked(visit);
      await after(visit, 601);
      await answer(visit, codeAt(visit.person, visit.world.clock()));
    },
    orders: 0,
    heading: 'Time ran out',
    says: 'Try again with a new code.',
    code: 'IDP-2207 expired',
    next: 'Try again',
    leaves: byApp,
    other: 'call',
  },
];

const startedAgain = async (visit: Visit): Promise<void> => {
  await visit.page.getByRole('link', { name: 'Sign in' }).click();
  await visit.setup.enterPassword(visit.page, visit.person);
  await byCall(visit);
};

const around: readonly GoneWrong[] = [
  {
    name: 'sign-in over',
    async comes(visit) {
      await beginBy(visit, 'call');
      await sees(visit.page, /calling/);
      // Longer than a sign-in can be begun anew.
      await after(visit, 13 * 3600);
      await visit.page.reload();
    },
    status: 400,
    heading: 'Let’s start again',
    says: 'This sign-in has ended or took too long. Nothing was changed.',
    code: 'IDP-1001 sign-in ended',
    async mends({ person }) {
      await person.phone.waitOut();
    },
    next: 'Start again at Contoso Office',
    leaves: startedAgain,
    other: false,
  },
  {
    name: 'another browser',
    async comes(visit) {
      const elsewhere = await visit.setup.chromium.newContext();
      const page = await elsewhere.newPage();
      await beginBy({ ...visit, page }, 'call');
      await sees(page, /calling/);
      await visit.page.goto(visit.setup.authorizationUrl('contoso'));
      await visit.page.goto(page.url());
      await elsewhere.close();
    },
    status: 403,
    heading: 'Let’s start again',
    says: 'This sign-in belongs to another browser or ended when you signed out, or cookies are turned off here.',
    code: 'IDP-1002 other browser',
    async mends({ person }) {
      await person.phone.waitOut();
    },
    next: 'Start again at Contoso Office',
    leaves: startedAgain,
    other: false,
  },
  {
    name: 'required acr out of reach',
    async comes(visit) {
      const redirectUris = [`${visit.setup.client.origin}/callback`];
      await visit.world.addClient({ id: 'vault', min_acr: 'phr', redirectUris });
      await begin(visit, 'vault');
    },
    orders: 0,
    heading: 'Your account needs another method',
    says: 'Your help desk can add it to your account.',
    code: 'IDP-2301 no method is strong enough',
    next: 'Back to Contoso Office',
    leaves: async () => {},
    ends: 'error=unmet_authentication_requirements',
    other: false,
  },
];

const env = { SALLYPORT_INTERACTION_LIFETIME: '30m' };
describe('texts', () => {
  goneWrong('texts', ofTexts, () => ({ env }));
});
describe('dictated codes', () => {
  goneWrong('dictated', ofCalls, () => ({ env }));
});
describe('apps', () => {
  goneWrong('apps', ofApps, () => ({ env }));
});
describe('around', () => {
  goneWrong('around', around, () => ({ env }));
});
