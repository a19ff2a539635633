/** Draws the page of the step a person is at. Reading only: nothing is begun, sent or ended by looking at it. */
import type { Context } from 'koa';
import { atLeast, type Method } from '../src/mfa/assurance.ts';
import type { ChallengeView } from '../src/mfa/challenge/record.ts';
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
import type { CodePage, PasswordPage } from '../web/pages/props.ts';
import { callProps, codeProps } from './page-props.ts';
import { rowsOf } from './option-rows.ts';
import { personal, stepFrame, type ConversationParts, type PersonalScene, type Scene } from './context.ts';
import type { Step } from './step.ts';

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

/** The page of a challenge. What was just answered may replace what the challenge says of itself. */
export const factorPage = (
  parts: ConversationParts,
  scene: PersonalScene,
  view: ChallengeView,
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
  const reason = isOlder(scene.signIn) ? 'new-method' : 'stronger';
  return stepUpPage({ ...stepFrame(scene), reason, method }, scene.words);
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
