/** Starts the simulated carrier, and signs people in who answer its calls with `#`. */
import { person } from '../simulator/person.ts';
import type { SimulatorSettings } from '../simulator/start.ts';
import { formTo, uidOf } from '../test/support/browser/plain.ts';
import { startChild, type Child } from './children.ts';
import { openStream } from './phones.ts';
import { carrierAccount } from './product.ts';
import type { Worker } from './probes.ts';
import { callerAt, type Caller, type Tokens } from './requests.ts';
import { times } from './times.ts';
import { enterPassword, redeem } from './sign-ins.ts';

/** A carrier in a process of its own. */
export interface Carrier {
  readonly child: Child;
  readonly url: string;
}

/** Starts a carrier where `callers` people have a phone. Speech and people take no time. @throws Error with its reason */
export const startCarrier = async (callers: number): Promise<Carrier> => {
  const child = startChild('../simulator/main.ts', { where: 'with the generator' });
  const answer = await child.ask<{ readonly ready?: { readonly url: string }; readonly failed?: string }>({
    port: 0,
    relyingPartyPort: 0,
    accountSid: carrierAccount.sid,
    authToken: carrierAccount.token,
    people: times(callers, callerAt),
    pace: 'instant',
  } satisfies SimulatorSettings);
  if (answer.ready === undefined) throw new Error(`the carrier did not start: ${answer.failed}`);
  return { child, url: answer.ready.url };
};

/** A key counts when its question has been heard for a second. */
const untilHeard = 1_050;

/** Signs in from the authorization request to the tokens, by password and a call that is answered with `#`. */
export const signInByCall = async (port: number, carrierUrl: string, { name, number }: Caller): Promise<Tokens> => {
  const { browser, verifier, page } = await enterPassword(port, name);
  const { action, hidden } = formTo(page, /\/factor$/);
  const path = `/interaction/${uidOf(page)}/events`;
  const stream = await openStream(port, path, browser.jar.for(path));
  const phone = person(carrierUrl, number);
  await phone.ringing();
  await phone.answer();
  await phone.hear();
  await new Promise(resolve => setTimeout(resolve, untilHeard));
  await phone.press('#');
  await stream.passed;
  return redeem(port, { browser, verifier, page: await browser.visit(action, { form: hidden }) });
};

/** Calls at a time, unless told: each takes a second, in which the server has little to do. */
const inFlight = 12;

/** Signs in people who are called. `callers`: their number at this server and carrier. */
export const beingCalled = (port: number, carrierUrl: string, callers: number, count = inFlight): readonly Worker[] => {
  // Each worker has callers of its own, because a person is called once at a time.
  const workers = Math.min(count, callers);
  return times(workers, first => {
    let next = first;
    return async () => {
      const caller = callerAt(next);
      next = next + workers < callers ? next + workers : first;
      await signInByCall(port, carrierUrl, caller);
    };
  });
};
