/** Signs a person in while the carrier fails: by one method, with the page that reports it, and then by the app. */
import { expect } from '@jest/globals';
import { readWire } from '../../../simulator/person.ts';
import type { AuditRecord } from '../../../src/records.ts';
import type { Answer, Browser } from '../../support/browser/plain.ts';
import {
  atClient,
  chooseOption,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
  type Request,
} from '../../support/world/relying-party.ts';
import { startWorld, type World } from '../../support/world/world.ts';

export type MessageFactor = 'call' | 'sms';

export interface StartedMessage {
  readonly browser: Browser;
  readonly request: Request;
  /** The page after the message was requested. */
  readonly page: Answer;
}

export interface CarrierTally {
  /** Requests for a call or a text. */
  readonly orders: number;
  /** Calls and texts that the carrier accepted. */
  readonly taken: number;
}

export interface FailingCarrierWorld {
  readonly world: World;
  readonly begin: (way: MessageFactor) => Promise<StartedMessage>;
  /** Continues by the app of the same person. */
  readonly continueByApp: (begun: StartedMessage) => Promise<void>;
  readonly tally: (way: MessageFactor) => Promise<CarrierTally>;
  /** The code in the newest text. */
  readonly textedCode: () => Promise<string>;
  /** Audit records of refused messages, oldest first. */
  readonly refusals: () => Promise<readonly AuditRecord[]>;
}

const orderPaths = { call: '/Calls.json', sms: '/Messages.json' } as const;

/** `within`: time limit of the carrier, short where a test waits for it. */
export const startFailingCarrierWorld = async (within = '5s'): Promise<FailingCarrierWorld> => {
  const world = await startWorld({ env: { SALLYPORT_FACTORS: 'totp,call,sms', SALLYPORT_SEND_WITHIN: within } });
  const rp: RelyingParty = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  const { ada } = world.people;
  return {
    world,
    async begin(way) {
      const user = await world.services.users.get(ada.user.id);
      const held = user === undefined ? [] : await world.services.authenticators.of(user);
      const phone = held.find(({ type }) => type === 'phone');
      if (phone === undefined) throw new Error('Ada has no phone');
      await world.services.authenticators.prefer(ada.user.id, phone.id, way);
      const browser = world.browser();
      const request = await rp.begin();
      return { browser, request, page: await enterPassword(browser, await browser.visit(request.url), ada) };
    },
    async continueByApp({ browser, request, page }) {
      const codePage = await chooseOption(browser, page, /app/i);
      const done = await enterCode(browser, codePage, await ada.phone.code());
      const tokens = await request.redeem(atClient(browser, done));
      expect(tokens.claims()).toMatchObject({ acr: 'aal2', amr: expect.arrayContaining(['otp']) });
    },
    async tally(way) {
      const lines = await readWire(world.simulator);
      const { calls } = await ada.phone.phone();
      return {
        orders: lines.filter(({ method, path }) => method === 'POST' && path.endsWith(orderPaths[way])).length,
        taken: way === 'call' ? calls.length : (await ada.phone.messages()).length,
      };
    },
    textedCode: async () => /\d{6}/.exec((await ada.phone.text()).text)?.[0] ?? '',
    refusals: () => world.audited('challenge.refused'),
  };
};
