/** Runs a walk: requests to any address in any order, by two browsers and a phone, each compared with the model. */
import type { ChallengeView } from '../../../src/mfa/challenge-state/view.ts';
import type { Factor } from '../../../src/mfa/factor.ts';
import { factors } from '../../../src/mfa/factors/index.ts';
import { fields } from '../../../web/pages/links.ts';
import { Jar } from '../../support/browser/jar.ts';
import type { InProcessApp, Reply } from './in-process-app.ts';
import { firstMove, moveNamed, type WalkStep } from './moves.ts';
import { createModel } from './model.ts';
import { addWalkPerson, type WalkPerson } from './people.ts';

export interface WalkResult {
  readonly codes: number;
  /** Codes and sessions that the model does not explain, and server errors. */
  readonly wrong: readonly string[];
}
export type Walk = (calls: readonly WalkStep[]) => Promise<WalkResult>;
type FormFields = Readonly<Record<string, string>>;

/** Addresses that claim the proofs. */
const claims = new Set(['/password', '/factor', '/switch']);
const twoDays = 2 * 86_400_000;
const typed = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', origin: 'null' };
const authorizationUrl =
  '/auth?client_id=contoso&response_type=code&scope=openid&redirect_uri=https%3A%2F%2Fcontoso.test%2Fcallback' +
  `&code_challenge=${'c'.repeat(43)}&code_challenge_method=S256`;
const authorizationParameters = ['', '&acr_values=aal2', '&prompt=login', '&prompt=none', '&prompt=mfa', '&max_age=0'];
const keys = ['#', '#', '#', '0#', '1', ''];

/** The value of a factor in the form of options. */
const optionRowOf = ({ type, asksFor }: Factor, { phone = '' }: WalkPerson): string =>
  asksFor === 'one' ? `${type}:${phone}` : type;

const elementAt = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

export const createWalk = async (inside: InProcessApp): Promise<Walk> => {
  const { ask, clock, services, line, texts, stored } = inside;
  const people = [await addWalkPerson(inside, 'ada', '+12025550143'), await addWalkPerson(inside, 'noor')] as const;
  const [ada, noor] = people;

  /** Id of the challenge of a sign-in. */
  const current = async (uid: string) => (await services.challengeStore.current(`sign-in:${uid}`))?.id;

  /** The open challenge of a sign-in, read before a request: only its own answer is a proof. */
  const open = async (uid: string): Promise<ChallengeView | undefined> => {
    const view = await services.challenges.current(`sign-in:${uid}`);
    return view?.phase === 'pending' ? view : undefined;
  };

  return async calls => {
    // Two days later limits, pauses and codes are as fresh as on the first walk.
    clock.advance(twoDays);
    for (const { user } of people) {
      const now = await services.users.get(user.id);
      for (const name of ['totp', ...(now?.authenticators ?? [])]) {
        await services.failedAttempts.clear({ userId: user.id, name });
      }
    }
    const model = createModel();
    const jars = [new Jar(clock), new Jar(clock)] as const;
    const rings: { readonly token: string; readonly uid: string }[] = [];
    const texted: { readonly code: string; readonly uid: string }[] = [];
    const codes = new Map([
      [ada.user.id, await ada.code()],
      [noor.user.id, await noor.code()],
    ]);
    const wrong: string[] = [];
    let given = 0;

    const forms: Readonly<Record<string, readonly FormFields[]>> = {
      '/password': [
        ...people.map(({ user, password }) => ({ [fields.name]: user.name, [fields.password]: password })),
        { [fields.name]: 'ada', [fields.password]: 'wrong' },
        { [fields.name]: 'noor', [fields.password]: ada.password },
      ],
      '/factor': [...codes.values(), '000000', '#', ''].map(code => ({ [fields.code]: code })),
      '/options': [...factors.map(each => optionRowOf(each, ada)), 'call', ''].map(method => ({
        [fields.method]: method,
      })),
      '/consent': ['allow', 'deny', ''].map(answer => ({ [fields.consent]: answer })),
      '/account': ['same', 'another', ''].map(account => ({ [fields.account]: account })),
    };

    /** The sign-ins that the server says share the challenge of this one, the one itself first. */
    const sharers = async (uid: string): Promise<readonly string[]> => {
      const id = await current(uid);
      const others: string[] = [];
      for (const each of model.known) if (each !== uid && (await current(each)) === id) others.push(each);
      return id === undefined ? [uid] : [uid, ...others];
    };

    /** Tells the model of a sign-in that has just come to share a challenge which was answered before. */
    const join = async (uid: string): Promise<void> => {
      const own = model.of(uid);
      if (own?.userId === undefined || own.second) return;
      const all = await sharers(uid);
      const isProven = all
        .map(each => model.of(each))
        .some(each => each?.second && each.browser === own.browser && each.userId === own.userId);
      if (isProven) model.second(all, own.userId);
    };

    /** The digits dictated on the newest call of a sign-in. */
    const dictated = (uid: string): string | undefined => {
      const { token = '' } = rings.findLast(each => each.uid === uid) ?? {};
      return /\d(?:\. \d){5}/.exec(line.said.get(token) ?? '')?.[0].replaceAll(/\D/g, '');
    };
    /** The right code of the open challenge, if its owner was told. */
    const rightFor = async (uid: string, { factor, userId }: ChallengeView): Promise<string | undefined> => {
      if (factor === 'totp') return codes.get(userId);
      const all = await sharers(uid);
      if (factor === 'sms') return texted.findLast(each => all.includes(each.uid))?.code;
      return factor === 'spoken' ? all.map(dictated).find(code => code !== undefined) : undefined;
    };

    /** A form with the right code, which random walks would seldom find; empty where a call is open. */
    const fitting = async (uid: string): Promise<FormFields> => {
      const view = await open(uid);
      const code = view && (await rightFor(uid, view));
      return code === undefined ? {} : { [fields.code]: code };
    };

    /** Whether the request of a sign-in is still kept, in its browser or in the store. */
    const isUnderWay = async (uid: string, browser: number): Promise<boolean> => {
      const { cookies } = jars[browser === 0 ? 0 : 1];
      const isKept = cookies.some(({ name, path }) => name === 'sallyport-request' && path === `/interaction/${uid}`);
      return isKept || (await stored('Interaction', uid)) !== undefined;
    };

    /** Tells the model the proof in this request, if it is one. */
    const learn = async (uid: string, { browser, move }: WalkStep, form: FormFields): Promise<void> => {
      const { [fields.name]: name, [fields.password]: password, [fields.code]: code } = form;
      const by = people.find(each => each.user.name === name && each.password === password);
      if (move.path === '/restart') model.restart(uid, browser);
      if (by !== undefined) model.password(uid, browser, by.user.id);
      const view = code === undefined ? undefined : await open(uid);
      const isRight = view !== undefined && code === (await rightFor(uid, view));
      if (isRight && model.of(uid)?.browser === browser) model.second(await sharers(uid), view.userId);
      // A sign-in that was resumed before its end is gone, and claims nothing.
      if (claims.has(move.path) && (await isUnderWay(uid, browser))) model.claim(uid, browser);
    };

    /** Presses keys on the newest or the oldest call of this walk, sometimes without the carrier's signature. */
    const phone = async (value: number): Promise<Reply> => {
      const { token, uid } = (value % 2 === 0 ? rings.at(-1) : rings[0]) ?? { token: 'x', uid: '' };
      const [pressed = '', isForged] = [elementAt(keys, value), value === 11];
      const view = await open(uid);
      const isItsOwn = rings.findLast(each => each.uid === uid)?.token === token && view?.factor === 'call';
      if (pressed === '#' && !isForged && isItsOwn) model.second(await sharers(uid), view.userId);
      return isForged ? inside.press(token, pressed, 'not the carrier') : inside.press(token, pressed);
    };

    const send = async (call: WalkStep, uid: string): Promise<Reply> => {
      const { move, value, browser } = call;
      const { method, kind, path } = move;
      const jar = jars[browser === 0 ? 0 : 1];
      const post = (body: string) => (method === 'POST' ? { jar, headers: typed, body } : { jar });
      if (kind === 'begin')
        return ask('GET', authorizationUrl + (elementAt(authorizationParameters, value) ?? ''), { jar });
      if (kind === 'phone') return phone(value);
      if (kind === 'resume') return ask(method, `/auth/${uid}`, post('x=1'));
      if (kind === 'other') return ask(method, path.replace(':token', rings.at(-1)?.token ?? 'x'), post('Digits=%23'));
      const choices = forms[path] ?? [];
      const form = path === '/factor' && value % 2 === 0 ? await fitting(uid) : (elementAt(choices, value) ?? {});
      if (method === 'POST') await learn(uid, call, form);
      return ask(method, `/interaction/${uid}${path}`, post(new URLSearchParams(form).toString()));
    };

    /** The next step of an honest person, by the state that the server reports. */
    const onward = async ({ value }: WalkStep, uid: string): Promise<WalkStep> => {
      const call = { browser: model.of(uid)?.browser ?? 0, uid: 0, value: 0 };
      if ((await stored('Interaction', uid))?.['result'] !== undefined) return { ...call, move: moveNamed('resume') };
      const view = await services.challenges.current(`sign-in:${uid}`);
      const isOnThePhone = view?.factor === 'call' || (view?.factor === 'spoken' && dictated(uid) === undefined);
      if (view?.phase === 'pending' && isOnThePhone) return { ...call, move: moveNamed('the phone') };
      if (view?.phase === 'pending' || view?.phase === 'passed') return { ...call, move: moveNamed('POST /factor') };
      const isAgain = view !== undefined && value % 4 > 1;
      return { ...call, move: moveNamed(isAgain ? 'POST /again' : 'POST /password'), value: value % 2 };
    };

    const judge = async ({ browser, move }: WalkStep, uid: string, { status, headers }: Reply): Promise<void> => {
      if (move.kind === 'resume') model.resume(uid, browser);
      const to = headers['location'] ?? '';
      const [, next] = /\/interaction\/([^/?]+)$/.exec(to) ?? [];
      if (next !== undefined) model.began(next, browser);
      const [, code] = /[?&]code=([^&]+)/.exec(to) ?? [];
      if (code !== undefined) {
        given += 1;
        const kept = await stored('AuthorizationCode', code);
        const isProven = model.explains(browser, kept?.accountId) && kept?.acr !== 'sfa';
        if (!isProven) wrong.push(`a code for ${kept?.accountId} (${String(kept?.acr)}) by ${move.name}`);
      }
      const cookie = jars[browser === 0 ? 0 : 1].cookies.find(({ name }) => name === 'sallyport-session');
      const session = cookie && (await stored('Session', cookie.value));
      if (session?.accountId !== undefined && !model.explains(browser, session.accountId)) {
        wrong.push(`a session of ${session.accountId} by ${move.name}`);
      }
      if (status >= 500 && status !== 501) wrong.push(`${status} by ${move.name}`);
    };

    for (const chosen of [{ browser: 0, uid: 0, move: firstMove, value: 0 }, ...calls]) {
      const uid = elementAt(model.known, chosen.uid) ?? 'none';
      const call = chosen.move.kind === 'onward' ? await onward(chosen, uid) : chosen;
      const before = [line.sent.length, texts.sent.length];
      const reply = await send(call, uid);
      for (const { token } of line.sent.slice(before[0])) rings.push({ token, uid });
      for (const { text } of texts.sent.slice(before[1])) texted.push({ code: text.slice(0, 6), uid });
      await join(uid);
      await judge(call, uid, reply);
    }
    return { codes: given, wrong };
  };
};
