/** For each address that changes something: how a person comes to where it does, and what their own page would post. */
import { enterCode, enterPassword, openRelyingParty, type RelyingParty } from '../world/relying-party.ts';
import { formTo, type Answer, type Browser } from '../browser/plain.ts';
import { codeAt } from '../codes.ts';
import { told, type Carrier } from '../carrier/test-carrier.ts';
import type { TestPerson, World } from '../world/world.ts';

/** A page whose form would change something, in the browser of the person it is for. */
export interface Scene {
  readonly browser: Browser;
  /** Where the form posts. */
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
}

export interface Stage {
  readonly world: World;
  readonly carrier: Carrier;
  readonly contoso: RelyingParty;
  readonly stranger: RelyingParty;
}

type Arrive = (stage: Stage) => Promise<Scene>;

export const openScenes = async (world: World, carrier: Carrier): Promise<Stage> => ({
  world,
  carrier,
  contoso: await openRelyingParty(world, await world.addClient({ id: 'contoso' })),
  stranger: await openRelyingParty(world, await world.addClient({ id: 'stranger', first_party: false })),
});

const open = async (rp: RelyingParty, browser: Browser, wish: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  browser.visit((await rp.begin(wish)).url);

const password = async ({ world, contoso }: Stage, person: TestPerson, browser = world.browser()) => ({
  browser,
  page: await enterPassword(browser, await open(contoso, browser), person),
});

/** With the code of an app; every code works once. */
const signedIn = async (stage: Stage, browser = stage.world.browser()): Promise<Browser> => {
  const { world } = stage;
  const { page } = await password(stage, world.people.noor, browser);
  world.clock.advance(60_000);
  await enterCode(browser, page, codeAt(world.people.noor, world.clock()));
  return browser;
};

const scene = (browser: Browser, page: Answer, form: RegExp, more: Readonly<Record<string, string>> = {}): Scene => {
  const { action, hidden } = formTo(page, form);
  return { browser, path: action, form: { ...hidden, ...more } };
};

const conversation = '/interaction/:uid';

export const scenes: Readonly<Record<string, Arrive>> = {
  async [`${conversation}/password`]({ world, contoso }) {
    const browser = world.browser();
    const { name, password: typed } = world.people.noor;
    return scene(browser, await open(contoso, browser), /\/password$/, { name, password: typed });
  },
  async [`${conversation}/factor`](stage) {
    const { browser, page } = await password(stage, stage.world.people.noor);
    stage.world.clock.advance(60_000);
    return scene(browser, page, /\/factor$/, { code: codeAt(stage.world.people.noor, stage.world.clock()) });
  },
  async [`${conversation}/options`](stage) {
    await stage.world.nextDay();
    const { browser, page } = await password(stage, stage.world.people.ada);
    const list = await browser.visit(`${page.path}/options`);
    return scene(browser, list, /\/options$/, { method: 'totp' });
  },
  async [`${conversation}/again`](stage) {
    await stage.world.nextDay();
    const { browser, page } = await password(stage, stage.world.people.grace);
    await told(stage.world, stage.carrier.last(), 'busy');
    stage.world.clock.advance(120_000);
    return scene(browser, await browser.visit(page.path), /\/again$/);
  },
  async [`${conversation}/start`](stage) {
    const browser = await signedIn(stage);
    return scene(browser, await open(stage.contoso, browser, { prompt: 'mfa' }), /\/start$/);
  },
  async [`${conversation}/restart`](stage) {
    const { browser, page } = await password(stage, stage.world.people.noor);
    return scene(browser, page, /\/restart$/);
  },
  async [`${conversation}/cancel`]({ world, contoso }) {
    const browser = world.browser();
    return scene(browser, await open(contoso, browser), /\/cancel$/);
  },
  async [`${conversation}/switch`](stage) {
    const browser = await signedIn(stage);
    const page = await open(stage.contoso, browser, { prompt: 'login' });
    return scene(browser, await enterPassword(browser, page, stage.world.people.linus), /\/switch$/);
  },
  async [`${conversation}/consent`](stage) {
    const browser = await signedIn(stage);
    return scene(browser, await open(stage.stranger, browser), /\/consent$/, { answer: 'allow' });
  },
  async '/session/end/confirm'(stage) {
    const browser = await signedIn(stage);
    return scene(browser, await browser.visit('/session/end'), /\/session\/end\/confirm$/, { logout: 'yes' });
  },
  async '/language'({ world, contoso }) {
    const browser = world.browser();
    await open(contoso, browser);
    return { browser, path: '/language', form: { language: 'de', back: '/' } };
  },
};

/** An address of the conversation without a scene of its own: its door is tried where a code is asked for. */
export const anyScene =
  (path: string): Arrive =>
  async stage => {
    const { browser, page } = await password(stage, stage.world.people.noor);
    return { browser, path: `${page.path}${path.replace(conversation, '')}`, form: {} };
  };
