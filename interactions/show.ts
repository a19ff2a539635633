/** Draws the page of the step a person is at. Reading only: nothing is begun, sent or ended by looking at it. */
import type { Context } from 'koa';
import { atLeast, nameOf, type Method } from '../src/mfa/assurance.ts';
import type { View } from '../src/mfa/challenge-record.ts';
import type { EpochMillis } from '../src/ports.ts';
import type { Html } from '../web/html.ts';
import {
  callPage,
  codePage,
  consentPage,
  optionsPage,
  passwordPage,
  postOnPage,
  stepUpPage,
  switchPage,
  unmetPage,
} from '../web/pages/index.ts';
import { linksOf } from '../web/pages/links.ts';
import type { CallPage, CodePage, CodeSent, PasswordPage } from '../web/pages/props.ts';
import { rowsOf } from './rows.ts';
import { personal, stepFrame, type ConversationParts, type PersonalScene, type Scene } from './scene.ts';
import { methodsFor, type Step } from './step.ts';

/** Answers with a page. */
export const draw = (ctx: Context, page: Html, status = 200): void => {
  ctx.status = status;
  ctx.type = 'html';
  ctx.body = page.text;
};

/** Of a 429, in how many seconds it is worth another try, where that is known (RFC 6585 §4). */
export const sayWhen = (ctx: Context, now: EpochMillis, until: EpochMillis | undefined): void => {
  if (until !== undefined && until > now) ctx.set('retry-after', `${Math.ceil((until - now) / 1000)}`);
};

const callSteps = ['dialled', 'ringing', 'answered'] as const;

/** How far a call is; the steps of a text are none of it. */
const callProgress = ({ progress }: View): (typeof callSteps)[number] | undefined =>
  callSteps.find(step => step === progress);

/** How the page of a call stands. */
export const callState = (view: View, pausedUntil: number | undefined): CallPage['state'] => {
  const { begunAt, until } = view;
  const progress = callProgress(view);
  if (view.phase === 'pending') return { kind: 'calling', progress: progress ?? 'starting', begunAt, until };
  if (view.phase === 'passed') return { kind: 'passed' };
  const rests = pausedUntil !== undefined && { until: pausedUntil };
  if (view.phase === 'denied') return { kind: 'denied', ...rests };
  // Redeemed, but what it proved did not reach the ledger: the process died in between.
  const why = view.why ?? 'lost';
  const waits = why === 'slow' && view.waitUntil !== undefined && { until: view.waitUntil };
  return { kind: 'ended', why, ...(progress !== undefined && { progress }), ...(why === 'paused' && rests), ...waits };
};

/** How the page of a code stands before anything was typed. */
const codeState = (view: View, now: number, pausedUntil: number | undefined): CodePage['state'] => {
  const { phase, waitUntil } = view;
  if (phase !== 'pending') {
    // "This was not me", said on the call that was to dictate it.
    const why = phase === 'denied' ? 'paused' : (view.why ?? 'lost');
    const until = why === 'paused' ? pausedUntil : waitUntil;
    return { kind: 'ended', why, ...(until !== undefined && { until }) };
  }
  return waitUntil !== undefined && waitUntil > now ? { kind: 'wait', until: waitUntil } : { kind: 'open' };
};

/** Props of the call page; the waiting page's events are made of the same. */
export const callProps = (parts: ConversationParts, scene: PersonalScene, view: View): CallPage => {
  const { prompt } = view;
  return {
    ...stepFrame(scene),
    sentTo: 'sentTo' in prompt ? (prompt.sentTo ?? '') : '',
    state: callState(view, scene.user.pausedUntil),
    works: worksInstead(scene),
    ...(parts.callsFrom !== undefined && { callsFrom: parts.callsFrom }),
    ...(prompt.kind === 'wait' && prompt.show !== undefined && { show: prompt.show }),
    ...(prompt.kind === 'wait' && prompt.extension !== undefined && { extension: prompt.extension }),
  };
};

/** To be called at the phone that was texted, where that reaches the need. */
const callInstead = ({ situation }: Scene, { factor, chosen }: View): string | undefined => {
  const others = methodsFor(situation).filter(each => each.chosen === chosen && each.factor !== factor);
  const other = others.find(each => each.factor === 'call') ?? others.find(each => each.factor === 'spoken');
  return other && nameOf(other);
};

/** Types of factors that do not ring a telephone: what is left after "this was not me". */
const worksInstead = ({ situation }: Scene): readonly string[] => [
  ...new Set(methodsFor(situation).flatMap(({ via, factor }) => (via === 'call' ? [] : [factor]))),
];

/** What is known of a code that was sent; undefined for one that an app makes. */
export const codeSent = (scene: PersonalScene, view: View): CodeSent | undefined => {
  const { prompt, again } = view;
  const progress = view.callOver === true ? 'over' : (view.progress ?? 'starting');
  if (prompt.kind !== 'code' || prompt.by === undefined) return undefined;
  const instead = prompt.by === 'sms' ? callInstead(scene, view) : undefined;
  const { extension } = prompt;
  return {
    by: prompt.by,
    to: prompt.sentTo ?? '',
    progress,
    ...(extension !== undefined && { extension }),
    ...(instead !== undefined && { callInstead: instead }),
    ...(again !== undefined && { again }),
  };
};

/** Props of the code page; its events are made of the same. */
export const codeProps = (scene: PersonalScene, view: View): CodePage => {
  const { prompt } = view;
  const sent = codeSent(scene, view);
  return {
    ...stepFrame(scene),
    length: prompt.kind === 'code' ? prompt.length : 6,
    ...(sent !== undefined && { sent }),
    state: codeState(view, scene.frame.now, scene.user.pausedUntil),
    works: worksInstead(scene),
  };
};

/** The page of a challenge. What was just answered may replace what the challenge says of itself. */
export const factorPage = (
  parts: ConversationParts,
  scene: PersonalScene,
  view: View,
  answered: Partial<Pick<CodePage, 'state' | 'typed'>> = {},
): Html => {
  const { words } = scene;
  const { prompt } = view;
  if (prompt.kind === 'wait') return callPage(callProps(parts, scene, view), words);
  return view.phase === 'passed' ? goOn(scene) : codePage({ ...codeProps(scene, view), ...answered }, words);
};

/** Everything is proven; looking at a page does not sign anybody in, so the page posts. */
const goOn = ({ frame, words }: Scene): Html =>
  postOnPage({ client: frame.client, action: linksOf(frame.uid).factor, fields: {} }, words);

export const passwordForm = ({ frame, words, signIn }: Scene, more: Pick<PasswordPage, 'name' | 'state'> = {}): Html =>
  passwordPage({ ...frame, ...(signIn.loginHint !== undefined && { name: signIn.loginHint }), ...more }, words);

export const picker = (parts: ConversationParts, scene: PersonalScene): Html =>
  optionsPage({ ...stepFrame(scene), rows: rowsOf(parts, scene) }, scene.words);

const consent = (scene: PersonalScene): Html => {
  const { policyUri, tosUri } = scene.signIn.client;
  const links = { ...(policyUri !== undefined && { policyUri }), ...(tosUri !== undefined && { tosUri }) };
  return consentPage({ ...scene.frame, ...links, account: scene.user.name, scopes: scene.signIn.scopes }, scene.words);
};

/** Which types of factors would reach what is asked for. */
const unmet = ({ factors }: ConversationParts, { frame, user, words, signIn }: PersonalScene): Html => {
  const wanted = factors.filter(factor => atLeast(factor.reaches, signIn.need.floor)).map(factor => factor.type);
  return unmetPage({ ...frame, account: user.name, wanted }, words);
};

/** With a method a person is always asked: a session without a second step began before they had one. */
const isOlder = ({ session, need }: Scene['signIn']): boolean => session?.acr === 'sfa' && need.acr === 'mfa';

const stepUp = (scene: PersonalScene, { factor, masked }: Method): Html => {
  const method = { type: factor, ...(masked !== undefined && { target: masked }) };
  const why = isOlder(scene.signIn) ? 'new-method' : 'stronger';
  return stepUpPage({ ...stepFrame(scene), why, method }, scene.words);
};

const switching = ({ frame, user, words, other }: PersonalScene): Html => {
  const links = linksOf(frame.uid);
  const current = other?.name ?? '';
  return switchPage({ ...frame, current, wanted: user.name, action: links.switch, stay: links.cancel }, words);
};

const pages = {
  password: (_parts, scene) => passwordForm(scene),
  choose: (parts, scene) => picker(parts, personal(scene)),
  unmet: (parts, scene) => unmet(parts, personal(scene)),
  switch: (_parts, scene) => switching(personal(scene)),
  finish: (_parts, scene) => goOn(scene),
  consent: (_parts, scene) => consent(personal(scene)),
} as const satisfies Record<Exclude<Step['at'], 'start' | 'factor'>, (parts: ConversationParts, scene: Scene) => Html>;

/** The page of the scene's step. */
export const pageOf = (parts: ConversationParts, scene: Scene): Html => {
  const { step } = scene;
  if (step.at === 'start') return stepUp(personal(scene), step.method);
  return step.at === 'factor' ? factorPage(parts, personal(scene), step.view) : pages[step.at](parts, scene);
};
