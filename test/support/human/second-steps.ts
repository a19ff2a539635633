/** Answers a second step in every way: by the phone, the app and the page. */
import type { PersonAtPhone } from '../../../simulator/person.ts';
import { readWire } from '../../../simulator/person.ts';
import { expect } from '@jest/globals';
import type { ChallengeView } from '../../../src/mfa/challenge-state/view.ts';
import type { Answer, Browser } from '../browser/plain.ts';
import { glance, takeCall, type CallMemory } from './person.ts';
import type { MethodName, Resident } from './residents.ts';
import { checkAgain, enterCode } from '../world/relying-party.ts';
import type { World } from '../world/world.ts';

/** The result of an answer. */
export interface AnsweredStep {
  /** The page after the answer. */
  readonly page: Answer;
  readonly memory?: CallMemory;
  readonly text?: string;
}

export interface Way {
  readonly name: string;
  readonly factor: string;
  readonly has: MethodName;
  readonly amr: readonly string[];
  readonly acr: 'mfa' | 'aal2';
  /** Messages of one such sign-in. */
  readonly orders: Orders;
  /** Answers on the page that asks. */
  readonly answer: (browser: Browser, page: Answer, who: Resident) => Promise<AnsweredStep>;
}

/** Calls and texts requested from the carrier. */
export interface Orders {
  readonly calls: number;
  readonly texts: number;
}

const call = { calls: 1, texts: 0 };
const amr = (method: string): readonly string[] => ['pwd', method, 'mfa'];

const digitsOf = /^[0-9]{6}$|[0-9]{3} [0-9]{3}|[0-9](?: [0-9]){5}/g;

/** The number that a page shows; undefined without one. */
export const shownNumber = ({ text }: Answer): string | undefined => {
  const seen = text.replaceAll(/<script[^]*?<\/script>|<style[^]*?<\/style>/g, '').replaceAll(/<[^>]*>/g, '\n');
  const [shown] = seen.split('\n').flatMap(line => line.trim().match(digitsOf) ?? []);
  return shown?.replaceAll(' ', '');
};

const byCall =
  (phone: (who: Resident) => PersonAtPhone, isThere = false): Way['answer'] =>
  async (browser, page, who) => {
    const shown = shownNumber(page);
    const wish = { wants: 'sign in', isThere, ...(shown !== undefined && { shown }) } as const;
    const memory = await takeCall(phone(who), wish);
    return { memory, page: await checkAgain(browser, page) };
  };

const byDictation =
  (phone: (who: Resident) => PersonAtPhone, isThere = false): Way['answer'] =>
  async (browser, page, who) => {
    const memory = await takeCall(phone(who), { wants: 'code', isThere });
    return { memory, page: await enterCode(browser, page, memory.wroteDown ?? '') };
  };

const mobile = ({ mobile: phone }: Resident): PersonAtPhone => phone;
const desk = ({ extension }: Resident): PersonAtPhone => extension;

export const ways: readonly Way[] = [
  { name: 'a call', factor: 'call', has: 'mobile', amr: amr('tel'), acr: 'mfa', orders: call, answer: byCall(mobile) },
  {
    name: 'a call to the office',
    factor: 'call',
    has: 'office',
    amr: amr('tel'),
    acr: 'mfa',
    orders: call,
    answer: byCall(desk, true),
  },
  {
    name: 'a dictated code',
    factor: 'spoken',
    has: 'mobile',
    amr: amr('tel'),
    acr: 'aal2',
    orders: call,
    answer: byDictation(mobile),
  },
  {
    name: 'a code dictated in the office',
    factor: 'spoken',
    has: 'office',
    amr: amr('tel'),
    acr: 'aal2',
    orders: call,
    answer: byDictation(desk, true),
  },
  {
    name: 'a text',
    factor: 'sms',
    has: 'mobile',
    amr: amr('sms'),
    acr: 'aal2',
    orders: { calls: 0, texts: 1 },
    async answer(browser, page, who) {
      const { code, text } = await glance(who.mobile);
      return { text, page: await enterCode(browser, page, code) };
    },
  },
  {
    name: 'an app',
    factor: 'totp',
    has: 'app',
    amr: amr('otp'),
    acr: 'aal2',
    orders: { calls: 0, texts: 0 },
    answer: async (browser, page, { app }) => ({ page: await enterCode(browser, page, await app.code()) }),
  },
];

/** The value of this method in the form of options. */
export const rowOf = ({ factor, has }: Pick<Way, 'factor' | 'has'>, { bound }: Resident): string =>
  factor === 'totp' ? factor : `${factor}:${bound[has] ?? ''}`;

/** Calls and texts accepted by the carrier since the last reset. */
export const orders = async (world: World): Promise<Orders> => {
  const asked = (await readWire(world.simulator)).filter(
    ({ direction, method, status }) => direction === 'in' && method === 'POST' && status === 201,
  );
  const count = (what: string): number => asked.filter(({ path }) => path.endsWith(`/${what}.json`)).length;
  return { calls: count('Calls'), texts: count('Messages') };
};

/** Waits for the last state of a sign-in's challenge, because callbacks arrive later. */
export const finalView = async (world: World, uid: string): Promise<ChallengeView | undefined> => {
  let last: ChallengeView | undefined;
  for await (const view of world.services.challenges.watch(`sign-in:${uid}`, AbortSignal.timeout(4000))) last = view;
  return last;
};

/** Expects that no phone rings or is in a call. */
export const expectIdlePhones = async ({ mobile: phone, alternate, extension }: Resident): Promise<void> => {
  const states = await Promise.all([phone, alternate, extension].map(async each => (await each.phone()).state));
  expect(states).toEqual(['idle', 'idle', 'idle']);
};
