/**
 * Binds a telephone: by a call that is answered with #, or by a code, texted or spoken, that is typed here. The carrier's
 * callbacks go to the running server; this command reads the store until they have arrived.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { randomToken } from '../src/crypto.ts';
import { Problem } from '../src/errors.ts';
import type { ChallengeView } from '../src/mfa/challenge-state/view.ts';
import { maskPhone, phoneNumber } from '../src/mfa/phone-number.ts';
import type { ExtensionDialling, Message } from '../src/ports/carriers.ts';
import type { Millis } from '../src/ports/time.ts';
import type { User } from '../src/records.ts';
import { askForCode } from './ask-code.ts';
import { endingChallenge } from './end-challenge.ts';
import { contextOf, type CommandServices } from './services.ts';
import { plain } from '../src/masking.ts';
import { print } from './output.ts';

/** The factors that can bind a telephone, and the kind of message that each sends. */
export const phoneFactors = { call: 'call', sms: 'sms', spoken: 'call' } as const satisfies Record<
  string,
  Message['via']
>;
/** `type` of such a factor. */
export type PhoneFactor = keyof typeof phoneFactors;

/** Time between reads of the store: callbacks arrive in another process, and its notifications do not reach this one. */
const pollInterval: Millis = 1000;

/** The phone to bind: a number in any spelling, and how its switchboard takes an extension, where that is not usual. */
export interface WantedPhone {
  readonly typed: string;
  readonly dialling?: ExtensionDialling;
}

/** Binds a phone to `user`. @throws Problem with the reason if it was not bound */
export const enrollPhone = async (
  services: CommandServices,
  user: User,
  { typed, dialling }: WantedPhone,
  factor: PhoneFactor,
): Promise<void> => {
  const phone = phoneNumber(typed);
  if (phone === undefined) {
    throw new Problem(
      'bad-request',
      `got ${JSON.stringify(plain(typed))}, expected a number with its country code: +1 202 555 0143, or +1 202 555 0150 x421`,
    );
  }
  const channels = services.resources.carriers.flatMap(carrier => carrier.channels);
  if (!channels.some(channel => channel.via === phoneFactors[factor])) {
    throw new Problem('unavailable', 'nothing was bound: no carrier is configured (SALLYPORT_TWILIO_ACCOUNT_SID)');
  }
  const boundTo = `cli:${randomToken()}`;
  await endingChallenge(services, boundTo, async () => {
    const { view } = await services.enrollments.begin(
      { userId: user.id, factor, input: dialling === undefined ? typed : { typed, dialling } },
      boundTo,
      contextOf(services, user, boundTo),
    );
    if (view.phase !== 'pending') throw new Problem('undeliverable', `nothing was bound: ${reason(view)}`);
    print(instructions[factor](maskPhone(phone)));
    if (factor === 'call') await untilAnswered(services, boundTo, view);
    else await askForCode(services, boundTo, 'Code: ');
    const bound = await services.enrollments.finish(boundTo, 'cli');
    if (bound === undefined) throw new Problem('conflict', 'another process finished this enrolment');
    print(`Added ${bound.label} (${bound.id}) for ${plain(user.name)}.`);
  });
};

const instructions: Readonly<Record<PhoneFactor, (phone: string) => string>> = {
  call: phone => `Calling ${phone}. Answer, and press #.`,
  sms: phone => `Texted a code to ${phone}.`,
  spoken: phone => `Calling ${phone}. Answer, press #, and write down the code.`,
};

/** Waits for the end of a call. It always returns: a challenge past its deadline is no longer pending. */
const untilAnswered = async (services: CommandServices, boundTo: string, first: ChallengeView): Promise<void> => {
  let view: ChallengeView | undefined = first;
  let known = view.progress;
  while (view?.phase === 'pending') {
    await wait(pollInterval);
    view = await services.challenges.current(boundTo);
    if (view?.progress !== undefined && view.progress !== known) print(progressLines[view.progress]);
    known = view?.progress;
  }
  if (view === undefined) throw new Problem('unavailable', 'the store has lost the call');
  if (view.phase !== 'passed') throw new Problem('undeliverable', `nothing was bound: ${reason(view)}`);
};

const progressLines: Readonly<Record<NonNullable<ChallengeView['progress']>, string>> = {
  dialled: 'Dialled.',
  ringing: 'Ringing.',
  answered: 'Answered.',
  sent: 'Sent.',
  delivered: 'Delivered.',
  undelivered: 'It did not arrive.',
};

const reason = (view: ChallengeView): string =>
  view.phase === 'denied' ? 'the person said "this was not me"' : `it ended (${view.reason ?? view.phase})`;
