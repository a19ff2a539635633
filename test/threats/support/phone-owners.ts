/** Adds people with the authenticator on a phone as their only method, and signs them in up to the page that waits for it. */
import { expect } from '@jest/globals';
import type { Resources } from '../../../server/services.ts';
import type { Carrier, Channel, PushMessage } from '../../../src/ports/carriers.ts';
import type { RequestClaims } from '../../../src/mfa/push/protocol.ts';
import { authenticatorKind } from '../../../src/records.ts';
import { uidOf, type Answer } from '../../support/browser/plain.ts';
import { codeAt } from '../../support/codes.ts';
import type { Doing, Phone } from '../../support/phone/phone.ts';
import { givePhone, withPhones } from '../../support/world/phones.ts';
import { checkAgain, enterPassword } from '../../support/world/relying-party.ts';
import type { WorldOptions } from '../../support/world/world.ts';
import { addAccount, type Account } from './newcomers.ts';
import { noApproval, startThreatWorld, type RecordingBrowser, type ThreatWorld } from './threat-world.ts';

export interface PhoneOwner extends Account {
  readonly phone: Phone;
  /** Id of the phone's record. */
  readonly device: string;
}

export const startPhoneWorld = async ({ env, ...wish }: WorldOptions = {}): Promise<ThreatWorld> =>
  startThreatWorld({ ...withPhones, env: { ...withPhones.env, ...env }, ...wish });

export const addPhoneOwner = async (
  world: ThreatWorld,
  name: string,
  phone: Parameters<typeof givePhone>[2] = {},
): Promise<PhoneOwner> => {
  const account = await addAccount(world, name);
  const given = await givePhone(world, account.id, phone);
  return { ...account, phone: given.phone, device: given.id };
};

const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** Gives the person another method, so that they are asked for a second step also without the phone. */
export const addApp = async ({ services }: ThreatWorld, { id }: Account): Promise<void> => {
  await services.authenticators.bind(id, { type: 'totp', label: 'App', data: { secret: totpSecret, lastStep: -1 } });
};

/** The present code of that method. */
export const appCode = ({ clock }: ThreatWorld): string => codeAt({ totpSecret }, clock());

/** A sign-in at the page that waits for the phone. */
export interface AskedByPush {
  readonly browser: RecordingBrowser;
  readonly uid: string;
  readonly page: Answer;
  /** The number on the page. */
  readonly shown: string;
  /** Goes on from the page, as it does once the phone has answered. */
  finish(): Promise<Answer>;
}

/** From the client to the page after the password. */
export const enterAs = async (world: ThreatWorld, account: Account, node = 0) => {
  const browser = world.recordingBrowser();
  browser.node = node;
  const begun = await world.begin(browser);
  const page = await enterPassword(browser, begun.page, account);
  return { browser, page, uid: uidOf(begun.page) };
};

/** Chooses the phone where the sign-in asks for another method. @throws Error where it then does not wait for the phone. */
export const askByPush = async (world: ThreatWorld, owner: PhoneOwner, node = 0): Promise<AskedByPush> => {
  const entered = await enterAs(world, owner, node);
  const { browser, uid } = entered;
  const isAsked = (await world.challenge(uid))?.factor === 'push';
  const method = `push:${owner.device}`;
  const page = isAsked ? entered.page : await browser.visit(`/interaction/${uid}/options`, { form: { method } });
  const view = await world.challenge(uid);
  if (view?.prompt.kind !== 'approve' || view.phase !== 'pending')
    throw new Error(
      `got ${view?.prompt.kind ?? 'no prompt'}, ${view?.reason ?? view?.phase}, expected one for the phone`,
    );
  const { show: shown } = view.prompt;
  // Six digits stand in two groups.
  expect(page.text.replaceAll(/(?<=\d) (?=\d)/g, '')).toContain(shown);
  return { browser, uid, page, shown, finish: () => checkAgain(browser, page) };
};

/** The request of the owner's sign-in that waits, and the right answer to it. */
export const ringing = async (
  { phone }: PhoneOwner,
  { shown }: Pick<AskedByPush, 'shown'>,
): Promise<{ readonly request: RequestClaims; readonly right: Doing }> => ({
  request: await phone.request(),
  right: { decision: 'approve', number: shown },
});

/** Any number of so many digits but this one. */
export const otherThan = (shown: string): string =>
  String((Number(shown) + 1) % 10 ** shown.length).padStart(shown.length, '0');

/** Expects that the whole sign-in works: asked, shown, typed, signed in. */
export const expectApproved = async (world: ThreatWorld, owner: PhoneOwner, asked: AskedByPush): Promise<void> => {
  const { request, right } = await ringing(owner, asked);
  expect((await owner.phone.answer(request, right)).body).toEqual({ result: 'approved' });
  await asked.finish();
  expect(await world.outcome(asked.browser)).toMatchObject({ codes: [expect.any(String)], accountId: owner.id });
};

/** Expects that the sign-in is not approved, and that its page does not go on. */
export const expectNotApproved = async (world: ThreatWorld, asked: AskedByPush): Promise<void> => {
  await asked.browser.visit(`/interaction/${asked.uid}/factor`, { form: {} });
  await asked.browser.visit(`/auth/${asked.uid}`);
  expect(await world.outcome(asked.browser, asked.uid)).toEqual(noApproval);
};

/** The phone's record, as the store has it. */
export const deviceRecord = ({ store }: ThreatWorld, { device }: PhoneOwner) =>
  store.durable.collection(authenticatorKind).get(device);

/** Audited ends of the person's challenges, in no order. */
export const auditedEnds = async (world: ThreatWorld, { id }: Account): Promise<readonly string[]> => {
  const of = async (event: string) => (await world.audited(event)).filter(({ subject }) => subject === id);
  return [
    ...(await of('challenge.passed')).map(() => 'passed'),
    ...(await of('challenge.denied')).map(() => 'denied'),
    ...(await of('challenge.ended')).map(({ facts }) => String(facts['reason'])),
  ];
};

/** Any subscription at a push service that is allowed. */
const subscription = {
  endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/test',
  keys: {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  },
};
/** `data` of a phone that can be woken. */
export const woken = { subscription, push: 'works' } as const;

const isOther = ({ channels }: Carrier): boolean => channels.every(({ via }) => via !== 'push');

/** Takes the place of the push services; records each push. */
export const recordPushes = (): {
  readonly sent: PushMessage[];
  readonly wrap: (resources: Resources) => Resources;
} => {
  const sent: PushMessage[] = [];
  const channel: Channel<PushMessage> = {
    via: 'push',
    async send(message) {
      sent.push(message);
      return { reference: `push ${sent.length}` };
    },
  };
  const carrier: Carrier = { name: 'pushes', channels: [channel], callbacks: [] };
  return {
    sent,
    wrap: resources => ({ ...resources, carriers: [...resources.carriers.filter(isOther), carrier] }),
  };
};
