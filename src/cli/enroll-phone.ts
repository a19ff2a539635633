/** Binds a telephone: it is called, and whoever answers presses #. The running server hears the keys; this command waits. */
import { setTimeout as wait } from 'node:timers/promises';
import { randomToken } from '../crypto.ts';
import { Problem } from '../errors.ts';
import type { View } from '../mfa/challenge-record.ts';
import { maskNumber } from '../masking.ts';
import { canonicalNumber } from '../mfa/phone-number.ts';
import type { Millis } from '../ports.ts';
import type { User } from '../records.ts';
import { momentFor } from './enrolling.ts';
import type { OpenHouse } from './house.ts';
import { plain } from '../plain-text.ts';
import { say } from './output.ts';

/** Another process hears the carrier: no bell reaches here, so the store is asked. */
const rereads: Millis = 1000;

export const enrollPhone = async (house: OpenHouse, user: User, typed: string): Promise<void> => {
  const number = canonicalNumber(typed);
  if (number === undefined) {
    throw new Problem(
      'bad-request',
      `got ${JSON.stringify(plain(typed))}, expected a number with its country code: +1 202 555 0143`,
    );
  }
  if (!house.parts.channels.some(channel => channel.via === 'call')) {
    throw new Problem('unavailable', 'nothing was bound: no telephone is configured (SALLYPORT_TWILIO_ACCOUNT_SID)');
  }
  const boundTo = `cli:${randomToken()}`;
  const stop = () => void house.enrollments.cancel(boundTo);
  process.once('SIGINT', stop);
  try {
    const { view } = await house.enrollments.begin(
      { userId: user.id, factor: 'call', input: number },
      boundTo,
      momentFor(house, user, boundTo),
    );
    say(`Calling ${maskNumber(number)}. Answer, and press #.`);
    const last = await untilDecided(house, boundTo, view);
    if (last.phase !== 'passed') throw new Problem('undeliverable', `nothing was bound: ${reason(last)}`);
    const bound = await house.enrollments.finish(boundTo, 'cli');
    if (bound === undefined) throw new Problem('conflict', 'somebody else finished this');
    say(`${plain(user.name)} has the method ${bound.label} (${bound.id}).`);
  } finally {
    process.off('SIGINT', stop);
  }
};

/** Ends by itself: the view of a challenge past its deadline is no longer pending. */
const untilDecided = async (house: OpenHouse, boundTo: string, first: View): Promise<View> => {
  let view: View | undefined = first;
  let told = view.progress;
  while (view?.phase === 'pending') {
    await wait(rereads);
    view = await house.enrollments.current(boundTo);
    if (view?.progress !== undefined && view.progress !== told) say(progress[view.progress]);
    told = view?.progress;
  }
  if (view === undefined) throw new Problem('unavailable', 'the call was forgotten by the store');
  return view;
};

const progress = {
  dialled: 'Dialled.',
  ringing: 'Ringing.',
  answered: 'Answered.',
  sent: 'Sent.',
  delivered: 'Delivered.',
  undelivered: 'It did not arrive.',
} as const;

const reason = (view: View): string =>
  view.phase === 'denied' ? 'the person said "this was not me"' : `the call ended (${view.why ?? view.phase})`;
