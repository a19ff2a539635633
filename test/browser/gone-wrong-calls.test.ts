/**
 * Tests the page of calls that fail, from phone and carrier to the page, in a real browser. Slow: two sign-ins for each
 * state.
 */
import { afterAll, describe } from '@jest/globals';
import type { CallBehaviourName } from '../../simulator/network/behaviours/calls.ts';
import type { ApiBehaviourName } from '../../simulator/network/behaviours/api.ts';
import { takeCall } from '../support/human/person.ts';
import { openRelay, type Relay } from '../support/world/outages.ts';
import {
  begin,
  byApp,
  byCall,
  goneWrong,
  press,
  sees,
  type GoneWrong,
  type Visit,
} from '../support/browser/gone-wrong.ts';

const option = 'Use a different verification option';
const again = 'Call again';

/** Sets the behaviour of the phone before it is called. */
const whose = (calls: CallBehaviourName) => async (visit: Visit) => {
  await visit.person.phone.behave(calls);
  await begin(visit);
};
/** Sets the answer of the carrier before it is asked to call. */
const carried = (calls: ApiBehaviourName) => async (visit: Visit) => {
  await visit.person.phone.behave({ api: { calls } });
  await begin(visit);
};
const ringing = async (visit: Visit): Promise<void> => {
  await begin(visit);
  await sees(visit.page, /calling/);
  await visit.person.phone.ringing();
};
/** Does this while the phone rings. */
const rung = (happens: (phone: Visit['person']['phone']) => Promise<unknown>) => async (visit: Visit) => {
  await ringing(visit);
  await happens(visit.person.phone);
};
/** Does this after the phone was answered and the voice has spoken. */
const heard = (happens: (phone: Visit['person']['phone']) => Promise<unknown>) =>
  rung(async phone => {
    await phone.answer();
    await phone.hear();
    await happens(phone);
  });
const byAppThen = async (visit: Visit): Promise<void> => {
  await press(visit.page, /Code from your app/);
  await byApp(visit);
};
const declined = heard(async phone => {
  await phone.press('0#');
  await phone.hear();
});
const untilOver = async (phone: Visit['person']['phone'], does: () => Promise<unknown>): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) {
    if ((await phone.hear()).isOver) return;
    await does();
  }
  throw new Error('the call does not end');
};
const track = (...steps: readonly string[]): readonly string[] => steps;
const notDialled = track('Not dialled: failed', 'Ringing: ahead', 'Answered: ahead');
const answered = (label: string) => track('Dialled: done', 'Ringing: done', `${label}: failed`);

const rows: readonly GoneWrong[] = [
  {
    name: 'busy',
    comes: whose('busy'),
    heading: 'We couldn’t reach you',
    says: 'End any other call, then call again.',
    code: 'IDP-2103 line busy',
    track: track('Dialled: done', 'Line busy: failed', 'Answered: ahead'),
    next: again,
    leaves: byCall,
  },
  {
    name: 'no answer',
    comes: rung(phone => phone.waitOut()),
    heading: 'We couldn’t reach you',
    says: 'Keep the phone near you, then call again.',
    code: 'IDP-2101 no answer',
    track: answered('No answer'),
    next: again,
    leaves: byCall,
  },
  {
    name: 'unreachable',
    comes: whose('unreachable'),
    heading: 'We couldn’t reach you',
    says: 'Check that the phone is on and has reception, then call again.',
    code: 'IDP-2102 unreachable',
    track: track('Dialled: done', 'No connection: failed', 'Answered: ahead'),
    next: again,
    leaves: byCall,
  },
  ...(['voicemail', 'voicemail-tone', 'fax'] as const).map((machine): GoneWrong => ({
    name: machine,
    comes: whose(machine),
    heading: 'We couldn’t reach you',
    says: 'Keep the phone near you, call again, and answer the call yourself.',
    code: 'IDP-2115 machine answered',
    track: answered('Voicemail'),
    next: again,
    leaves: byCall,
  })),
  {
    name: 'hung up',
    comes: heard(phone => phone.hangUp()),
    heading: 'You’re not signed in yet',
    says: 'Call again, listen to the end, then press #.',
    code: 'IDP-2104 hung up',
    track: answered('Call ended'),
    next: again,
    leaves: byCall,
  },
  {
    name: 'silence',
    comes: heard(phone => untilOver(phone, () => phone.waitOut())),
    heading: 'You’re not signed in yet',
    says: 'If voicemail answered, call again and answer the call yourself.',
    code: 'IDP-2105 no key pressed',
    track: answered('No key'),
    next: again,
    leaves: byCall,
  },
  {
    name: 'wrong keys',
    comes: heard(phone => untilOver(phone, () => phone.press('5'))),
    heading: 'Too many attempts',
    says: 'Call again, listen to the end, then press only #.',
    code: 'IDP-2113 too many attempts',
    track: answered('Wrong keys'),
    next: again,
    leaves: byCall,
  },
  {
    name: 'declined',
    comes: declined,
    heading: 'The request was declined',
    says: 'Change it now and tell your help desk.',
    code: 'IDP-2106 declined',
    track: answered('Declined'),
    next: option,
    leaves: byAppThen,
  },
  {
    name: 'paused',
    async comes(visit) {
      await declined(visit);
      await sees(visit.page, 'The request was declined');
      await begin(visit);
    },
    heading: 'Calls to you are paused',
    says: 'This still works: ',
    code: 'IDP-2111 calls paused',
    track: notDialled,
    next: option,
    leaves: byAppThen,
  },
  {
    // Answered while the help page is open; the person returns after five minutes.
    name: 'expired',
    async comes(visit) {
      await ringing(visit);
      await press(visit.page, 'Help');
      await sees(visit.page, 'Help with signing in');
      await takeCall(visit.person.phone, { wants: 'sign in' });
      visit.world.clock.advance(301_000);
      await visit.page.goBack();
    },
    heading: 'This call has expired',
    says: 'The call was approved, but this page did not continue in time.',
    code: 'IDP-2107 expired',
    next: again,
    leaves: byCall,
  },
  {
    name: 'carrier down, 500',
    comes: carried('server-error'),
    heading: 'We couldn’t reach you',
    says: 'Try again in a minute, or use another option.',
    code: 'IDP-2100 calls unavailable',
    track: notDialled,
    next: again,
    leaves: byCall,
  },
  {
    name: 'carrier down, 503',
    comes: carried('unavailable'),
    orders: 2,
    heading: 'We couldn’t reach you',
    says: 'Try again in a minute, or use another option.',
    code: 'IDP-2100 calls unavailable',
    track: notDialled,
    next: again,
    leaves: byCall,
  },
  {
    name: 'carrier slow',
    comes: carried('hanging'),
    heading: 'We couldn’t reach you',
    says: 'If your phone rings now, do not press #',
    code: 'IDP-2116 phone network too slow',
    track: notDialled,
    next: again,
    // Only the end of its time shows that the phone did not ring.
    async mends({ world, page }) {
      world.clock.advance(120_000);
      await page.clock.fastForward(120_000);
    },
    leaves: byCall,
  },
  {
    name: 'carrier breaks off',
    comes: carried('reset'),
    heading: 'We couldn’t reach you',
    says: 'If your phone rings now, do not press #',
    code: 'IDP-2116 phone network too slow',
    track: notDialled,
    next: again,
    async mends({ world, page }) {
      world.clock.advance(120_000);
      await page.clock.fastForward(120_000);
    },
    leaves: byCall,
  },
  {
    name: 'carrier busy, 429',
    comes: carried('too-many'),
    orders: 2,
    heading: 'Too many calls right now',
    says: 'Wait a minute, then call again, or use another option.',
    code: 'IDP-2117 phone network busy',
    track: notDialled,
    next: again,
    leaves: byCall,
  },
  {
    name: 'number refused, 60410',
    comes: carried('refused'),
    heading: 'We can’t reach this number',
    says: 'Calling again will not help.',
    code: 'IDP-2118 number refused',
    track: track('Refused: failed', 'Ringing: ahead', 'Answered: ahead'),
    next: option,
    leaves: byAppThen,
  },
  {
    // A script that never answers, and asks again as soon as it may.
    name: 'send limit reached',
    async comes(visit) {
      await ringing(visit);
      // The fifth call of the hour is kept for a browser in which the owner signed in before.
      for (let call = 1; call < 4; call += 1) {
        await visit.person.phone.waitOut();
        await press(visit.page, again);
        await visit.person.phone.ringing();
      }
      await visit.person.phone.waitOut();
      await press(visit.page, again);
    },
    orders: 4,
    heading: 'We can’t call you again yet',
    says: 'This protects your phone from unwanted calls.',
    code: 'IDP-2109 too many calls',
    track: notDialled,
    next: again,
    presses: option,
    leaves: byAppThen,
  },
  {
    name: 'another sign-in rings',
    async comes(visit) {
      const other = await visit.setup.chromium.newContext();
      await ringing({ ...visit, page: await other.newPage() });
      await other.close();
      await begin(visit);
    },
    heading: 'This phone is in use right now',
    says: 'If that is you in another window, continue there. If not, do not press # on that call. Press 0#.',
    code: 'IDP-2110 another call in progress',
    track: notDialled,
    next: again,
    async mends({ person: { phone } }) {
      await phone.waitOut();
    },
    leaves: byCall,
  },
];

describe('calls', () => {
  goneWrong('calls', rows);
});

describe('a carrier that refuses connections', () => {
  let relay: Relay;
  afterAll(() => relay?.stop());
  const refused: GoneWrong = {
    name: 'connection refused',
    async comes(visit) {
      relay.forwardTo(visit.world.simulator);
      await relay.stop();
      await begin(visit);
    },
    orders: 0,
    heading: 'We couldn’t reach you',
    says: 'Try again in a minute, or use another option.',
    code: 'IDP-2100 calls unavailable',
    track: notDialled,
    mends: async () => relay.start(),
    next: again,
    leaves: byCall,
  };
  goneWrong('door', [refused], async () => {
    relay = await openRelay();
    return { env: { SALLYPORT_TWILIO_API_BASE: relay.url } };
  });
});
