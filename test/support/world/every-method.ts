/**
 * People who have a call, a code of an app and a passkey, and so can reach each level. They take the steps that a request asks for, by the
 * method of one level, and tell which pages they saw and what the ID token says.
 */
import { generateSecret } from 'otplib';
import type { Acr } from '../../../src/mfa/factor.ts';
import { textOf } from '../../../src/oidc/request.ts';
import { models, SoftwareAuthenticator } from '../authenticator/authenticator.ts';
import { formTo, heading, type Answer, type Browser } from '../browser/plain.ts';
import { codeAt } from '../codes.ts';
import { hashOf } from '../hash-of.ts';
import { givePasskey, withPasskeys } from './passkeys.ts';
import { chooseOption, pickUp, type RelyingParty } from './relying-party.ts';
import { startWorld, type TestPerson, type World, type WorldOptions } from './world.ts';

/** A level above a password alone. */
export type Level = Exclude<Acr, 'sfa'>;

/** A person with every method, or with none until `bind`. */
export interface Owner extends Pick<TestPerson, 'name' | 'password' | 'phone' | 'user'> {
  /** Gives the methods. */
  bind(): Promise<void>;
  /** The form that answers the page of the method that reaches this level. */
  answer(level: Level, page: Answer): Promise<Record<string, string>>;
}

/** Starts a world for them: they share one telephone, and may be called often. */
export const startWorldOfLevels = (wish: WorldOptions = {}): Promise<World> =>
  startWorld({
    ...withPasskeys,
    ...wish,
    env: {
      ...withPasskeys.env,
      SALLYPORT_SENDS_PER_NUMBER_AND_HOUR: '99',
      SALLYPORT_SENDS_PER_NUMBER_AND_DAY: '99',
      SALLYPORT_ALL_SENDS_PER_NUMBER_AND_DAY: '99',
      SALLYPORT_SENDS_PER_PREFIX_AND_HOUR: '99',
      ...wish.env,
    },
  });

export const addOwner = async (world: World, name: string): Promise<Owner> => {
  const { services, people, issuer, clock } = world;
  const password = 'oasis-comet-basil';
  const added = await services.users.add(
    { name, displayName: name, passwordHash: await hashOf(services, password) },
    'system',
  );
  if (!added.ok) throw new Error(added.reason);
  const { user } = added;
  const [passkey, totpSecret] = [new SoftwareAuthenticator(models.phone), generateSecret({ length: 20 })];
  const { phone, number } = people.grace;
  return {
    name,
    password,
    phone,
    user,
    async bind() {
      const { authenticators } = services;
      await authenticators.bind(user.id, { type: 'phone', label: 'mobile', data: { number: number ?? '' } });
      await authenticators.bind(user.id, { type: 'totp', label: 'App', data: { secret: totpSecret, lastStep: -1 } });
      await givePasskey(world, { user }, passkey);
    },
    async answer(level, { text }) {
      if (level === 'mfa') {
        await pickUp({ phone }, '#');
        return {};
      }
      if (level === 'aal2') {
        // A code of an app counts once.
        clock.advance(30_000);
        return { code: codeAt({ totpSecret }, clock()) };
      }
      const options = (/data-passkey="([^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&quot;', '"');
      return { credential: JSON.stringify(passkey.get(JSON.parse(options) as never, issuer.origin)) };
    },
  };
};

/** A person with their methods. */
export const addBoundOwner = async (world: World, name: string): Promise<Owner> => {
  const owner = await addOwner(world, name);
  await owner.bind();
  return owner;
};

const rows = { mfa: /Call/, aal2: /app/, phr: /passkey/i } as const;
const shown = { mfa: 'data-status', aal2: 'name="code"', phr: 'data-passkey=' } as const;

/** The page of the method that reaches this level: asked for at once, behind the button of a step-up, or chosen. */
const methodPage = async (browser: Browser, page: Answer, level: Level): Promise<Answer> => {
  const isStart = /action="[^"]*\/start"/.test(page.text);
  const asked = isStart ? await browser.visit(formTo(page, /\/start$/).action, { form: {} }) : page;
  return asked.text.includes(shown[level]) ? asked : chooseOption(browser, asked, rows[level]);
};

export interface Outcome {
  /** The pages that asked for something, in their order. */
  readonly pages: string;
  /** `acr: amr` of the ID token, the error at the client, or the page of ours at which it ended. */
  readonly said: string;
  readonly authTime?: unknown;
}

export interface Steps {
  readonly owner: Owner;
  /** The method of the second step; absent: none is expected. */
  readonly by?: Level;
}

/** Sends the request, and takes each step that is asked. A sign-in has few pages: more is an error, so that no loop passes. */
export const send = async (
  browser: Browser,
  rp: RelyingParty,
  wish: Readonly<Record<string, string>>,
  { owner, by }: Steps,
): Promise<Outcome> => {
  const request = await rp.begin(wish);
  const seen: string[] = [];
  let page = await browser.visit(request.url);
  for (let count = 0; count < 6; count += 1) {
    const [next, pages] = [browser.next(page), seen.join(', ')];
    const error = next?.searchParams.get('error');
    if (error !== undefined && error !== null) return { pages, said: error };
    if (next !== undefined) {
      const claims = (await request.redeem(next)).claims();
      const amr = Array.isArray(claims?.['amr']) ? claims['amr'].map(String).toSorted() : [];
      return { pages, said: `${textOf(claims?.['acr']) ?? 'none'}: ${amr.join(' ')}`, authTime: claims?.['auth_time'] };
    }
    if (/action="[^"]*\/password"/.test(page.text)) {
      seen.push('password');
      const { name, password } = owner;
      page = await browser.visit(formTo(page, /\/password$/).action, { form: { name, password } });
    } else if (/action="[^"]*\/consent"/.test(page.text)) {
      seen.push('consent');
      page = await browser.visit(formTo(page, /\/consent$/).action, { form: { answer: 'allow' } });
    } else if (by !== undefined && /action="[^"]*\/(?:start|factor|options)"|\/options"/.test(page.text)) {
      seen.push('second step');
      page = await methodPage(browser, page, by);
      page = await browser.visit(formTo(page, /\/factor$/).action, { form: await owner.answer(by, page) });
    } else return { pages, said: heading(page) };
  }
  throw new Error(`more pages than a sign-in has: ${seen.join(', ')}, "${heading(page)}"`);
};

/** Signs a person in at this level. Gives the time of it, in seconds since 1970. */
export const beginSession = async (
  { clock }: Pick<World, 'clock'>,
  browser: Browser,
  rp: RelyingParty,
  { owner, by }: Steps,
): Promise<number> => {
  const at = Math.floor(clock() / 1000);
  const { said } = await send(browser, rp, by === undefined ? {} : { acr_values: by }, { owner, ...(by && { by }) });
  if (!said.startsWith(by ?? 'sfa')) throw new Error(`signed in as "${said}", expected ${by ?? 'sfa'}`);
  return at;
};
