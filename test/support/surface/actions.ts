/** Prepares, for each address that changes state, a page with the form that would change it. */
import { enterCode, enterPassword, openRelyingParty, type RelyingParty } from '../world/relying-party.ts';
import { formTo, type Answer, type Browser } from '../browser/plain.ts';
import { codeAt } from '../codes.ts';
import { addDeviceClient, askForCodes, typeCode } from '../world/device.ts';
import { postStatus, type TestCarrier } from '../carrier/test-carrier.ts';
import { forms } from '../../portals/support/forms.ts';
import type { TestPerson, World } from '../world/world.ts';

/** A form that would change state, in the browser of its person. */
export interface ActionForm {
  readonly browser: Browser;
  /** Where the form posts. */
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
}

export interface ActionDeps {
  readonly world: World;
  readonly carrier: TestCarrier;
  readonly contoso: RelyingParty;
  readonly stranger: RelyingParty;
}

type PrepareForm = (deps: ActionDeps) => Promise<ActionForm>;

export const openActions = async (world: World, carrier: TestCarrier): Promise<ActionDeps> => {
  await addDeviceClient(world, 'devices');
  return {
    world,
    carrier,
    contoso: await openRelyingParty(world, await world.addClient({ id: 'contoso' })),
    stranger: await openRelyingParty(world, await world.addClient({ id: 'stranger', first_party: false })),
  };
};

const open = async (rp: RelyingParty, browser: Browser, wish: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  browser.visit((await rp.begin(wish)).url);

const password = async ({ world, contoso }: ActionDeps, person: TestPerson, browser = world.browser()) => ({
  browser,
  page: await enterPassword(browser, await open(contoso, browser), person),
});

/** Signs in by password and the code of an app. Every code works once, so time advances first. */
const signedIn = async (deps: ActionDeps, browser = deps.world.browser()): Promise<Browser> => {
  const { world } = deps;
  const { page } = await password(deps, world.people.noor, browser);
  world.clock.advance(60_000);
  await enterCode(browser, page, codeAt(world.people.noor, world.clock()));
  return browser;
};

const actionForm = (
  browser: Browser,
  page: Answer,
  form: RegExp,
  more: Readonly<Record<string, string>> = {},
): ActionForm => {
  const { action, hidden } = formTo(page, form);
  return { browser, path: action, form: { ...hidden, ...more } };
};

const conversation = '/interaction/:uid';

/** The forms of the security page, sent by a person who signs in by an app. */
const ofAccount = Object.entries(forms)
  .filter(([path]) => /\/(?:methods|first-method|language)/.test(path))
  .map(([path, prepare]): readonly [string, PrepareForm] => [
    path,
    async deps => {
      const browser = await signedIn(deps);
      await browser.visit('/account');
      const { to, form } = await prepare({ world: deps.world, browser, person: deps.world.people.noor });
      // The person stays asked for a code first: no call is answered here.
      return { browser, path: to, form: path === '/account/first-method' ? { method: 'totp' } : form };
    },
  ]);

export const actions: Readonly<Record<string, PrepareForm>> = {
  ...Object.fromEntries(ofAccount),
  async [`${conversation}/password`]({ world, contoso }) {
    const browser = world.browser();
    const { name, password: typed } = world.people.noor;
    return actionForm(browser, await open(contoso, browser), /\/password$/, { name, password: typed });
  },
  async [`${conversation}/factor`](deps) {
    const { browser, page } = await password(deps, deps.world.people.noor);
    deps.world.clock.advance(60_000);
    return actionForm(browser, page, /\/factor$/, { code: codeAt(deps.world.people.noor, deps.world.clock()) });
  },
  async [`${conversation}/options`](deps) {
    await deps.world.nextDay();
    const { browser, page } = await password(deps, deps.world.people.ada);
    const list = await browser.visit(`${page.path}/options`);
    return actionForm(browser, list, /\/options$/, { method: 'totp' });
  },
  async [`${conversation}/again`](deps) {
    await deps.world.nextDay();
    const { browser, page } = await password(deps, deps.world.people.grace);
    await postStatus(deps.world, deps.carrier.last(), 'busy');
    deps.world.clock.advance(120_000);
    return actionForm(browser, await browser.visit(page.path), /\/again$/);
  },
  async [`${conversation}/start`](deps) {
    const browser = await signedIn(deps);
    return actionForm(browser, await open(deps.contoso, browser, { prompt: 'mfa' }), /\/start$/);
  },
  async [`${conversation}/restart`](deps) {
    const { browser, page } = await password(deps, deps.world.people.noor);
    return actionForm(browser, page, /\/restart$/);
  },
  async [`${conversation}/cancel`]({ world, contoso }) {
    const browser = world.browser();
    return actionForm(browser, await open(contoso, browser), /\/cancel$/);
  },
  async [`${conversation}/switch`](deps) {
    const browser = await signedIn(deps);
    const page = await open(deps.contoso, browser, { prompt: 'login' });
    return actionForm(browser, await enterPassword(browser, page, deps.world.people.linus), /\/switch$/);
  },
  async [`${conversation}/account`](deps) {
    const browser = await signedIn(deps);
    const page = await open(deps.contoso, browser, { prompt: 'select_account' });
    return actionForm(browser, page, /\/account$/, { account: 'same' });
  },
  async [`${conversation}/consent`](deps) {
    const browser = await signedIn(deps);
    return actionForm(browser, await open(deps.stranger, browser), /\/consent$/, { answer: 'allow' });
  },
  async '/device'({ world }) {
    const browser = world.browser();
    const { user_code: code } = await askForCodes(world, 'devices');
    return { browser, path: '/device', form: { user_code: code } };
  },
  async '/device/confirm'({ world }) {
    const browser = world.browser();
    const question = await typeCode(browser, (await askForCodes(world, 'devices')).user_code);
    return actionForm(browser, question, /\/device\/confirm$/, { answer: 'allow' });
  },
  async '/not-me/:token'({ world }) {
    const browser = world.browser();
    const link = await world.services.notMe.link(world.people.linus.user.id, 'new-browser', world.clock());
    return actionForm(browser, await browser.go(link), /^\/not-me\//);
  },
  async '/session/end/confirm'(deps) {
    const browser = await signedIn(deps);
    return actionForm(browser, await browser.visit('/session/end'), /\/session\/end\/confirm$/, { logout: 'yes' });
  },
  async '/language'({ world, contoso }) {
    const browser = world.browser();
    await open(contoso, browser);
    return { browser, path: '/language', form: { language: 'de', back: '/' } };
  },
};

/** For an address without an entry above: an empty form, in a sign-in at the step that asks for a code, elsewhere after it. */
export const anyAction =
  (path: string): PrepareForm =>
  async deps => {
    if (!path.startsWith(conversation)) {
      const browser = await signedIn(deps);
      await browser.visit('/account');
      return { browser, path: path.replaceAll(/:\w+/g, 'x'), form: {} };
    }
    const { browser, page } = await password(deps, deps.world.people.noor);
    return { browser, path: `${page.path}${path.replace(conversation, '')}`, form: {} };
  };
