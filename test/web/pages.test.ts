/** What pages offer in each state: which forms, which ways out, which words to read to a help desk. */
import { describe, expect, test } from '@jest/globals';
import type { CallEndReason } from '../../src/end-reason.ts';
import { wording } from '../../src/locales/wording.ts';
import {
  callPage,
  continuePage,
  errorPage,
  helpPage,
  optionsPage,
  passwordPage,
  startAgainPage,
} from '../../web/pages/index.ts';
import { waitingEvent } from '../../web/pages/waiting.ts';
import { linksOf } from '../../web/pages/links.ts';
import { outcomeCodes } from '../../web/pages/outcome-codes.ts';
import type { CallPage, OtherCall, StepFrame } from '../../web/pages/step-props.ts';
import { drawn } from './gallery.ts';

const words = wording('en');
const now = Date.UTC(2026, 10, 22, 13, 32, 7);
const uid = 'V1StGXR8Z5jdHi6B';
const links = linksOf(uid);
const step: StepFrame = { uid, client: { name: 'Payroll' }, reference: '7K3MQ2XA', now, account: 'ada', options: true };

const call = (state: CallPage['state'], more: Partial<CallPage> = {}): string =>
  callPage({ ...step, sentTo: '+49 ••• 42', state, pause: 86_400_000, ...more }, words).text;
const actions = (page: string): readonly string[] =>
  [...page.matchAll(/<form[^>]* action="([^"]*)"/gu)].map(([, to = '']) => to);

/** States of the three steps of the track. */
const broken = (reason: CallEndReason): readonly string[] =>
  [...call({ kind: 'ended', reason }).matchAll(/data-state="(\w+)"/gu)].map(([, state = '']) => state);

describe('forms and links', () => {
  test('every form leads to this origin', () => {
    for (const [name, page] of drawn) {
      for (const [form] of page.matchAll(/<form[^>]*>/gu))
        // A form that only loads a page of ours uses GET.
        expect(`${name} ${form}`).toMatch(/method="(?:post|get)" action="\/[a-z]/u);
    }
  });

  test('an odd uid stays inside its part of an address', () => {
    expect(linksOf('a/../b?c#d').options).toBe('/interaction/a%2F..%2Fb%3Fc%23d/options');
  });

  test('every page of the second step has "Not you?"', () => {
    const second = [...drawn].filter(([name]) => /^(?:call|code|text|spoken|resend|approve|passkey)\//u.test(name));
    expect(second.length).toBeGreaterThan(80);
    expect(second.filter(([, page]) => !actions(page).includes(links.restart))).toEqual([]);
  });

  test('a row of the options list posts its method, and a paused row has no form', () => {
    const page = optionsPage(
      {
        ...step,
        rows: [
          { method: 'totp', type: 'totp', label: 'App' },
          { method: 'id-1', type: 'call', label: 'Phone', target: '+49 ••• 42', unavailableUntil: now + 1000 },
          { method: 'id-2', type: 'call', label: 'Phone', target: '+1 ••• 07', now: 'over' },
        ],
      },
      words,
    ).text;
    expect([...page.matchAll(/name="method" value="([^"]*)"/gu)].map(([, method]) => method)).toEqual(['totp', 'id-2']);
    expect(page).toContain('<b>Call again</b>');
    expect(page).toContain(`href="${links.helpNothingLeft}"`);
  });

  test('the options list listens for events only while a phone rings', () => {
    const ringing = {
      method: 'call:1',
      type: 'call',
      label: 'mobile',
      now: 'waiting',
      answeredElsewhere: true,
    } as const;
    const app = { method: 'totp', type: 'totp', label: 'App', now: 'waiting' } as const;
    expect(optionsPage({ ...step, rows: [app, ringing] }, words).text).toContain(`data-waiting="${links.events}"`);
    expect(optionsPage({ ...step, rows: [app] }, words).text).not.toContain('data-waiting');
  });

  test('several phones have labels, and a paused method has its reason and end', () => {
    const mobile = { method: 'sms:1', type: 'sms', label: 'mobile', target: '+49 ••• 42' } as const;
    const office = { method: 'call:2', type: 'call', label: 'office', target: '+49 ••• 00 x421' } as const;
    const paused = { unavailableUntil: now + 86_400_000, unavailableReason: 'paused' } as const;
    const page = optionsPage({ ...step, rows: [mobile, { ...office, ...paused }] }, words).text;
    expect(page).toContain('<bdi>Mobile</bdi> · <bdi dir="ltr">+49 ••• 42</bdi>');
    expect(page).toMatch(/Calls are paused after “this was not me”\. Try again after .*23 Nov 2026, 13:32 UTC/u);
    expect(optionsPage({ ...step, rows: [mobile] }, words).text).not.toContain('Mobile');
    const own = optionsPage({ ...step, rows: [mobile, { ...office, label: 'constructor' }] }, words).text;
    expect(own).toContain('<bdi>constructor</bdi> · ');
  });
});

/** The page as it is where scripts do not run. */
const withoutScript = (page: string): string => page.replace(/<div class="[^"]*\bscripted">.*?<\/div>/su, '');

/** The text of the first element with this name. */
const textOf = (page: string, tag: string): string =>
  (new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, 'su').exec(page)?.[1] ?? '').replaceAll(/<[^>]*>/gu, '').trim();

test('the title of every page begins with its heading, after the word for an error where there is one', () => {
  const titles = [...drawn].map(([name, page]) => [name, textOf(page, 'title'), textOf(page, 'h1')] as const);
  expect(titles.length).toBeGreaterThan(100);
  const untrue = titles.filter(
    ([, title, h1]) => h1 === '' || !title.replace(`${words.frame.error}: `, '').startsWith(`${h1} · `),
  );
  expect(untrue).toEqual([]);
});

test('every page that has a menu of languages closes it by script', () => {
  const odd = [...drawn].filter(
    ([, page]) => page.includes('<details class="languages"') !== page.includes('/assets/enhance-'),
  );
  expect(odd.map(([name]) => name)).toEqual([]);
});

test.each<Partial<OtherCall>>([{}, { client: 'Fabrikam' }])(
  'the page of a phone that another sign-in keeps busy is loaded again without script, until it is free (%j)',
  more => {
    const otherCall = { until: now + 40_000, ...more };
    const busy = call({ kind: 'ended', reason: 'elsewhere', otherCall });
    expect(busy).toContain(`<noscript><meta http-equiv="refresh" content="5;url='${links.here}'"></noscript>`);
    expect(call({ kind: 'ended', reason: 'elsewhere' })).not.toContain('http-equiv="refresh"');
  },
);

describe('the list of options', () => {
  test('says of a method that is turned off who can help, and offers it no more', () => {
    const rows = [
      { method: 'totp', type: 'totp', label: 'App' },
      { method: 'sms:1', type: 'sms', label: 'mobile', target: '+49 ••• 42', isDisabled: true },
    ] as const;
    const page = optionsPage({ ...step, rows }, words).text;
    expect(page).toContain('value="totp"');
    expect(page).not.toContain('value="sms:1"');
    expect(page).toContain('<form class="rows"');
    expect(optionsPage({ ...step, rows: [rows[1]] }, words).text).not.toContain('<form class="rows"');
    expect(page).toContain('Turned off after too many wrong codes. Your help desk can turn it on again.');
    expect(page).not.toContain('data-wait');
  });

  const mobile = { label: 'mobile', target: '+49 ••• 42' } as const;
  const office = { label: 'office', target: '+49 ••• 00 x421' } as const;
  const eight = [
    { method: 'totp', type: 'totp', label: 'App', isDefault: true, isLastUsed: true },
    { method: 'sms:1', type: 'sms', ...mobile },
    { method: 'spoken:1', type: 'spoken', ...mobile },
    { method: 'call:1', type: 'call', ...mobile, now: 'waiting', isDefault: true, isLastUsed: true },
    { method: 'spoken:2', type: 'spoken', ...office },
    { method: 'call:2', type: 'call', ...office },
  ] as const;

  test('begins with the account, for screen readers, and the way back to what is under way', () => {
    const page = optionsPage({ ...step, rows: eight }, words).text;
    expect(page).toContain('<p class="visually-hidden">Signing in as <bdi>ada</bdi></p>');
    const [first] = /<a class="row" href="[^"]*">|<button class="row"/u.exec(page) ?? [];
    expect(first).toBe(`<a class="row" href="${links.here}">`);
    expect(page).toContain('<b>Back to the call</b>');
    expect(page).not.toContain('value="call:1"');
  });

  test('has each phone once, with its ways inside and what tells them apart', () => {
    const page = optionsPage({ ...step, rows: eight }, words).text;
    const phones = [...page.matchAll(/<li class="phone"><p aria-hidden="true">(.*?)<\/p>(.*?)<\/ul>/gsu)];
    expect(phones.map(([, name = '']) => name.replaceAll(/<[^>]*>/gu, ''))).toEqual([
      'Mobile · +49 ••• 42',
      'Office phone · +49 ••• 00, extension 421',
    ]);
    const ways = phones.map(([, , inside = '']) => [...inside.matchAll(/value="([^"]*)"/gu)].map(([, way]) => way));
    expect(ways).toEqual([
      ['sms:1', 'spoken:1'],
      ['spoken:2', 'call:2'],
    ]);
    expect(phones[1]?.[2]).toMatch(/hear six digits.*press #/su);
    // The shared line is hidden from screen readers, so each button names its phone.
    const buttons = [...(phones[1]?.[2] ?? '').matchAll(/<button.*?<\/button>/gsu)].map(([each]) => each);
    expect(buttons.map(each => each.replaceAll(/<[^>]*>/gu, '').trim())).toEqual(
      ['hear six digits', 'press #'].map(hint =>
        expect.stringMatching(new RegExp(`${hint}.*Office phone · .* 00, extension 421$`, 'u')),
      ),
    );
  });

  test('has at most one mark on a row', () => {
    const page = optionsPage({ ...step, rows: eight }, words).text;
    for (const each of page.split('<li>')) expect(each.split('class="tag').length).toBeLessThanOrEqual(2);
    expect(page).toContain('>Waiting</span>');
  });

  test('says once what all its phones share', () => {
    const paused = { unavailableUntil: now + 86_400_000, unavailableReason: 'paused' } as const;
    const rows = eight.map(each => (each.type === 'totp' ? each : { ...each, now: 'over' as const, ...paused }));
    const page = optionsPage({ ...step, rows }, words).text;
    expect(page.match(/Calls are paused/gu)).toHaveLength(1);
    expect([...page.matchAll(/name="method" value="([^"]*)"/gu)].map(([, method]) => method)).toEqual(['totp']);
  });

  test('counts a pause down and is loaded again at its end, where no other wait ends before', () => {
    const paused = { unavailableUntil: now + 40_000, unavailableReason: 'paused' } as const;
    const rows = [eight[0], { ...eight[5], ...paused }];
    const page = optionsPage({ ...step, rows }, words).text;
    expect(page).toMatch(/<p class="wait" id="wait" data-wait="40000" data-over="" data-reload="">.*Calls are paused/u);
    expect(page).toContain('/assets/wait-');
    expect(reloads(page)).toBe(`40;url='${links.options}'`);
    const sooner = { unavailableUntil: now + 8000, unavailableReason: 'attempts' } as const;
    const both = optionsPage(
      {
        ...step,
        rows: [
          { ...eight[0], now: 'over', ...sooner },
          { ...eight[5], ...paused },
        ],
      },
      words,
    );
    expect(both.text).toMatch(/<small id="wait" data-wait="8000"/u);
    expect(both.text).toContain('<p class="wait"><svg');
  });

  test('is loaded again when a method can be used again', () => {
    const rows = [{ ...eight[0], now: 'over', unavailableUntil: now + 8000, unavailableReason: 'attempts' }] as const;
    const page = optionsPage({ ...step, rows }, words).text;
    expect(page).toMatch(/id="wait" data-wait="8000" data-over="" data-reload="">Too many wrong codes\./u);
    expect(reloads(page)).toBe(`8;url='${links.options}'`);
    expect(page).toContain(`<a class="link" href="${links.here}">Back</a>`);
  });
});

describe('the help page', () => {
  const asked = { ...step, options: true, nothingLeft: false };

  test('links to a new password where mails are sent, and only there', () => {
    const link = '<ul id="password"><li><a href="/password/forgotten">';
    expect(helpPage({ ...asked, resetAt: '/password/forgotten' }, words).text).toContain(link);
    expect(helpPage(asked, words).text).not.toContain('/password/forgotten');
  });
});

describe('the password page', () => {
  const asked = { ...step, forgottenAt: '/password/forgotten?back=%2Finteraction%2Fa' };

  test('shows one message for every refusal and never the password', () => {
    const page = passwordPage({ ...asked, name: 'ada', state: { kind: 'refused' } }, words).text;
    expect(page).toContain('The name or password isn’t right.');
    expect(page).toContain('aria-invalid="true" aria-describedby="wrong"');
    expect(page).toMatch(/name="password" type="password"(?![^>]*value=)/u);
    expect(page).toContain('autocomplete="username"');
    expect(page).toContain('autocomplete="current-password"');
    expect(page).toContain(`<a href="${asked.forgottenAt}">Forgot it?</a>`);
  });

  test('keeps the way back to the sign-in on the pages of a forgotten password', () => {
    const sent = drawn.get('forgotten/sent') ?? '';
    expect(sent).toContain(`<a class="button" href="/interaction/${uid}">`);
    expect(sent).toContain(`<a class="button" href="/password/forgotten?back=%2Finteraction%2F${uid}">`);
  });

  test('focuses the first empty field', () => {
    expect(passwordPage(asked, words).text).toMatch(/id="name"[^>]*autofocus/u);
    expect(passwordPage({ ...asked, name: 'ada' }, words).text).toMatch(/id="password"[^>]*autofocus/u);
  });
});

/** When and where a browser without script loads the page again: `5;url='/interaction/…'`. */
const reloads = (page: string): string | undefined =>
  /<noscript><meta http-equiv="refresh" content="([^"]*)">/u.exec(page)?.[1];

describe('without script', () => {
  test('the page of a running call loads itself again by a GET, and shows no clock', () => {
    const page = call({ kind: 'calling', progress: 'ringing', begunAt: now, until: now + 30_000 });
    expect(reloads(page)).toBe(`5;url='${links.here}'`);
    expect(page).toContain('<span class="scripted" data-left=');
  });

  test('a page that waits loads itself again when the wait is over', () => {
    const page = call({ kind: 'ended', reason: 'slow', until: now + 7001 });
    expect(reloads(page)).toBe(`8;url='${links.here}'`);
  });

  test('no page with a field loads itself again, as that would lose what was typed', () => {
    const withField = [...drawn].filter(([, page]) => /<input (?!type="hidden")/u.test(withoutScript(page)));
    expect(withField.length).toBeGreaterThan(30);
    expect(withField.filter(([, page]) => reloads(page) !== undefined).map(([name]) => name)).toEqual([]);
  });
});

describe('the call page', () => {
  const endings: readonly CallEndReason[] = [
    'busy',
    'no-answer',
    'unreachable',
    'undeliverable',
    'machine',
    'slow',
    'carrier-busy',
    'hung-up',
    'silence',
    'attempts',
    'expired',
    'cancelled',
    'lost',
    'unheard',
  ];

  test.each(endings)('after %s has a button for another call, with reference, time and code', reason => {
    const page = call({ kind: 'ended', reason });
    expect(actions(page)).toContain(links.again);
    expect(page).toContain(`href="${links.options}"`);
    expect(page).toContain('7K3M-Q2XA');
    expect(page).toContain('2026-11-22 13:32:07 UTC');
    expect(page).toContain(`${outcomeCodes.call(reason)} ${words.calls.ends[reason].term}`);
    expect(page).toContain('data-state="failed"');
  });

  test.each<CallEndReason>(['paused', 'declined', 'disabled', 'number-refused'])(
    'after %s offers no call that would be refused',
    reason => {
      expect(actions(call({ kind: 'ended', reason }))).not.toContain(links.again);
    },
  );

  test('dims the button for another call until its time', () => {
    const early = call({ kind: 'ended', reason: 'slow', until: now + 1 });
    expect(early).toContain(
      '<button class="button later" type="submit" aria-describedby="wait" data-after="wait">Call',
    );
    expect(early).toMatch(/id="wait"[^>]*data-wait="1"/u);
    expect(early).not.toContain('class="button primary"');
    expect(call({ kind: 'ended', reason: 'slow', until: now })).toContain('<button class="button primary"');
  });

  test('after "this was not me" offers no call and says how to proceed', () => {
    const page = call({ kind: 'denied', until: now + 86_400_000 });
    expect(actions(page)).not.toContain(links.again);
    expect(page).toContain('23 Nov 2026, 13:32 UTC');
    expect(page).toContain('IDP-2106 declined');
  });

  test('after "this was not me" a requested call shows advice, the end of the pause and other methods', () => {
    const until = now + 86_400_000;
    const page = call({ kind: 'ended', reason: 'paused', until }, { works: ['totp', 'sms'] });
    expect(page).toContain('Change it now and tell your help desk.');
    expect(page).toContain('23 Nov 2026, 13:32 UTC');
    expect(page).toContain('This still works: Code from your app, Text a code');
    expect(call({ kind: 'ended', reason: 'paused', until }, { options: false })).toContain(
      words.calls.denied.deskWorks,
    );
  });

  test('after "this was not me" links to help if every method is a call', () => {
    const until = now + 86_400_000;
    const denied = call({ kind: 'denied', until }, { works: [] });
    const paused = call({ kind: 'ended', reason: 'paused', until }, { works: [] });
    expect(denied).toContain(words.calls.denied.mistakeAlone);
    expect(paused).toContain(words.calls.denied.deskWorks);
    for (const page of [denied, paused]) {
      expect(page).not.toContain(`href="${links.options}"`);
      expect(page).toContain(`href="${links.helpNothingLeft}"`);
    }
    expect(call({ kind: 'denied', until }, { works: ['totp'] })).toContain(`href="${links.options}"`);
  });

  test('shows a number in groups of three, digit by digit for screen readers, with a request in words', () => {
    const ringing = { kind: 'calling', progress: 'answered', begunAt: now, until: now + 1000 } as const;
    const page = call(ringing, { show: '472913' });
    expect(page).toContain('<p class="visually-hidden">4 7 2 9 1 3</p>');
    expect(page).toContain('<span>472 913</span></div>');
    expect(page).toContain('type this number into the phone, then press <b>#</b>');
    expect(page).toContain('Answered. Type the number');
    expect(page).not.toContain('class="keypad"');
    expect(waitingEvent({ state: ringing, now, show: '472913' }, words).status).toBe('Answered. Type the number');
  });

  test('names the extension and the keys to press there', () => {
    const page = call({ kind: 'calling', progress: 'ringing', begunAt: now, until: now + 1000 }, { extension: '421' });
    expect(page).toMatch(/extension <bdi dir="ltr">421<\/bdi>. There, press <b>#<\/b> to continue, then <b>#<\/b>/u);
  });

  test('links to help instead of options for a person with one method', () => {
    const page = call({ kind: 'calling', progress: 'ringing', begunAt: now, until: now + 1000 }, { options: false });
    expect(page).not.toContain('Use a different verification option');
    expect(page).toContain(`href="${links.helpNothingLeft}"`);
  });

  test('after a call that ended before we could speak does not blame the phone', () => {
    expect(call({ kind: 'ended', reason: 'unheard' })).toMatch(
      /was answered, but ended before we could speak\..*Your phone is not the problem\./su,
    );
  });

  test('marks the step that a call has reached for screen readers, and no other', () => {
    const until = now + 40_000;
    const marked = (['dialled', 'answered'] as const).map(progress =>
      [
        ...call({ kind: 'calling', progress, begunAt: now, until }).matchAll(
          /<li data-state="\w+" aria-current="step">(.*?)<\/li>/gsu,
        ),
      ].map(([, inside = '']) => inside.replaceAll(/<[^>]*>/gu, '')),
    );
    expect(marked).toEqual([['Dialled'], ['Answered']]);
  });

  test('marks the failed step of the call', () => {
    expect(broken('undeliverable')).toEqual(['failed', 'ahead', 'ahead']);
    expect(broken('busy')).toEqual(['done', 'failed', 'ahead']);
    expect(broken('silence')).toEqual(['done', 'done', 'failed']);
  });

  test('says that a key was pressed while it is not known who answered, in page and event', () => {
    const answered = { kind: 'calling', progress: 'answered', begunAt: now - 1000, until: now + 31_000 } as const;
    const held = { ...answered, isHeld: true } as const;
    const [before, after] = [answered, held].map(state => waitingEvent({ state, now }, words));
    expect(after).toMatchObject({ phase: 'pending', progress: 'answered', status: 'Key pressed. One moment' });
    expect(after?.version).not.toBe(before?.version);
    expect(call(held)).toContain('Key pressed. One moment');
    expect(call(held)).not.toContain('Now press #');
  });

  test('has an event with the status of the page', () => {
    const state = { kind: 'calling', progress: 'answered', begunAt: now - 1000, until: now + 31_000 } as const;
    const event = waitingEvent({ state, now }, words);
    expect(event).toEqual({
      phase: 'pending',
      progress: 'answered',
      status: 'Answered. Now press #',
      until: now + 31_000,
      now,
      version: `answered ${now + 31_000}`,
    });
    expect(call(state)).toContain(event.status);
    expect(waitingEvent({ state: { kind: 'passed' }, now }, words).phase).toBe('passed');
    expect(waitingEvent({ state: { kind: 'ended', reason: 'busy' }, now }, words).phase).toBe('over');
    expect(waitingEvent({ state: { kind: 'denied' }, now }, words).phase).toBe('over');
  });
});

describe('the continue page', () => {
  test('redirects and has a link', () => {
    const page = continuePage({ kind: 'going', to: `/auth/${uid}`, client: step.client }, words).text;
    expect(page).toContain(`content="0;url='/auth/${uid}'"`);
    expect(page).toContain(`href="/auth/${uid}"`);
  });

  test('keeps an address with quotes whole', () => {
    const to = "https://a.example/?q='x';url=evil";
    const page = continuePage({ kind: 'signed-out', to }, words).text;
    expect(page).toContain(`content="0;url='https://a.example/?q=%27x%27;url=evil'"`);
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', ' javascript:x'])('refuses to redirect to %j', to => {
    expect(() => continuePage({ kind: 'going', to }, words)).toThrow(TypeError);
  });

  test('does not redirect after Back', () => {
    expect(continuePage({ kind: 'back', to: '/auth/x' }, words).text).not.toContain('http-equiv');
  });
});

describe('the error pages', () => {
  test('link to a known client, and else say how to start again', () => {
    const client = { name: 'Payroll', uri: 'https://payroll.example/' };
    expect(startAgainPage({ reason: 'expired', client, now }, words).text).toContain('href="https://payroll.example/"');
    expect(startAgainPage({ reason: 'expired', now }, words).text).toContain('Go back to the page you came from');
  });

  test('show client, progress, a retry and the reference in an outage', () => {
    const client = { name: 'Payroll', uri: 'https://payroll.example/' };
    const page = errorPage(
      {
        code: 'unavailable',
        label: 'IDP-1504',
        reference: 'ABCDEFGH',
        now,
        client,
        again: links.here,
        progress: 'ringing',
      },
      words,
    ).text;
    expect(page).toContain(`class="button primary" href="${links.here}">Try again`);
    expect(page).toContain('class="button" href="https://payroll.example/">Back to Payroll');
    expect([...page.matchAll(/data-state="(\w+)"/gu)].map(([, state]) => state)).toEqual(['done', 'failed', 'ahead']);
    expect(page).toContain('ABCD-EFGH');
  });

  test('show code, reference and the OAuth error', () => {
    const protocol = { error: 'invalid_request', description: '<b>' };
    const page = errorPage(
      { code: 'bad-request', label: 'IDP-1400', reference: 'ABCDEFGH', now, protocol },
      words,
    ).text;
    expect(page).toContain('IDP-1400 bad request');
    expect(page).toContain('ABCD-EFGH');
    expect(page).toContain('invalid_request');
    expect(page).toContain('&lt;b&gt;');
  });
});
