/**
 * Binds a telephone: it is called and whoever answers presses #, or it gets a code, texted or dictated, that is typed here.
 * The running server hears the carrier; this command waits.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { randomToken } from '../src/crypto.ts';
import { Problem } from '../src/errors.ts';
import type { ChallengeView } from '../src/mfa/challenge/record.ts';
import { maskPhone, phoneNumber } from '../src/mfa/phone-number.ts';
import type { Message } from '../src/ports/carriers.ts';
import type { Millis } from '../src/ports/time.ts';
import type { User } from '../src/records.ts';
import { askUntilProven } from './ask-code.ts';
import { requestContextFor } from './enrollment-context.ts';
import type { CommandServices } from './services.ts';
import { plain } from '../src/plain-text.ts';
import { say } from './output.ts';

/** How a telephone proves itself, and what carries it. */
export const proofsOfPhone = { call: 'call', sms: 'sms', spoken: 'call' } as const satisfies Record<
  string,
  Message['via']
>;
export type ProofOfPhone = keyof typeof proofsOfPhone;

/** Another process hears the carrier: no bell reaches here, so the store is asked. */
const rereads: Millis = 1000;

export const enrollPhone = async (
  services: CommandServices,
  user: User,
  typed: string,
  by: ProofOfPhone,
): Promise<void> => {
  const phone = phoneNumber(typed);
  if (phone === undefined) {
    throw new Problem(
      'bad-request',
      `got ${JSON.stringify(plain(typed))}, expected a number with its country code: +1 202 555 0143, or +1 202 555 0150 x421`,
    );
  }
  if (!services.resources.channels.some(channel => channel.via === proofsOfPhone[by])) {
    throw new Problem('unavailable', 'nothing was bound: no telephone is configured (SALLYPORT_TWILIO_ACCOUNT_SID)');
  }
  const boundTo = `cli:${randomToken()}`;
  const stop = () => void services.enrollments.cancel(boundTo);
  process.once('SIGINT', stop);
  try {
    const { view } = await services.enrollments.begin(
      { userId: user.id, factor: by, input: typed },
      boundTo,
      requestContextFor(services, user, boundTo),
    );
    if (view.phase !== 'pending') throw new Problem('undeliverable', `nothing was bound: ${reason(view)}`);
    say(told[by](maskPhone(phone)));
    if (by === 'call') await untilAnswered(services, boundTo, view);
    else await askUntilProven(services, boundTo, 'Code: ');
    const bound = await services.enrollments.finish(boundTo, 'cli');
    if (bound === undefined) throw new Problem('conflict', 'somebody else finished this');
    say(`${plain(user.name)} has the method ${bound.label} (${bound.id}).`);
  } catch (error) {
    await services.enrollments.cancel(boundTo);
    throw error;
  } finally {
    process.off('SIGINT', stop);
  }
};

const told: Readonly<Record<ProofOfPhone, (phone: string) => string>> = {
  call: phone => `Calling ${phone}. Answer, and press #.`,
  sms: phone => `A code was texted to ${phone}.`,
  spoken: phone => `Calling ${phone}. Answer, press #, and write down the code.`,
};

/** Ends by itself: the view of a challenge past its deadline is no longer pending. */
const untilAnswered = async (services: CommandServices, boundTo: string, first: ChallengeView): Promise<void> => {
  let view: ChallengeView | undefined = first;
  let known = view.progress;
  while (view?.phase === 'pending') {
    await wait(rereads);
    view = await services.enrollments.current(boundTo);
    if (view?.progress !== undefined && view.progress !== known) say(progress[view.progress]);
    known = view?.progress;
  }
  if (view === undefined) throw new Problem('unavailable', 'the call was forgotten by the store');
  if (view.phase !== 'passed') throw new Problem('undeliverable', `nothing was bound: ${reason(view)}`);
};

const progress: Readonly<Record<NonNullable<ChallengeView['progress']>, string>> = {
  dialled: 'Dialled.',
  ringing: 'Ringing.',
  answered: 'Answered.',
  sent: 'Sent.',
  delivered: 'Delivered.',
  undelivered: 'It did not arrive.',
};

const reason = (view: ChallengeView): string =>
  view.phase === 'denied' ? 'the person said "this was not me"' : `it ended (${view.reason ?? view.phase})`;
