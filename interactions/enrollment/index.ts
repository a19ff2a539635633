/**
 * Serves the routes of setting up a method, below /interaction/:uid/enroll. It is a step of a sign-in (`step.ts`: 'enroll'), and
 * the address of the sign-in shows where the person is:
 *
 *   choosing ─kind→ (number, or pairing ─own device→) proving ─right answer→ naming → choosing a backup → …
 *   → making-codes → saving-codes → the sign-in goes on
 *
 *   GET ''       the kinds            POST ''       begin.ts: begins, or leads to the form for a number
 *   GET /phone   the form             POST /phone, /again, /resend   begin.ts: the only forms that send something
 *   GET /events  progress             POST /answer  answer.ts: binds what was proven
 *   POST /pair   pair.ts: the device that claimed a pairing is the person's own, or not
 *   GET /codes.txt   the codes as a file   POST /name, /codes, /saved, /skip   afterwards.ts
 *
 * `enrolling.ts` reads the state and names the place; `../enrollment-draft.ts` stores unfinished entries; `prompts.ts` maps
 * a prompt to page and event, so that a new factor joins by its prompts alone. `src/mfa` decides who may set up which method.
 */
import type { Context } from 'koa';
import type { Fields } from '../../src/http/body.ts';
import { beganElsewhere, type InteractionContext, type InteractionDeps } from '../context.ts';
import type { Streams } from '../../src/http/event-streams.ts';
import { draw, goBack } from '../render.ts';
import { getCodesFile, nameFields, postCodes, postName, postSaved, postSkip, savedFields } from './afterwards.ts';
import { answerFields, postAnswer } from './answer.ts';
import { againFields, chooseFields, phoneFields, postAgain, postChoose, postPhone, postResend } from './begin.ts';
import { readEnrolling, type Enrolling } from './enrolling.ts';
import { pairFields, postPair } from './pair.ts';
import { getEvents } from './events.ts';
import { choosePage, enrollmentPage, phonePage } from './pages.ts';
import { likelyRegion } from './region.ts';

/** Registers routes of a sign-in: as in `interactions/index.ts`, which reads the context and answers expired sign-ins. */
export interface Registry {
  readonly onGet: (path: string, run: (ctx: Context, context: InteractionContext) => Promise<void> | void) => void;
  readonly onPost: <Name extends string>(
    path: string,
    allowed: Fields<Name>,
    run: (ctx: Context, context: InteractionContext, form: ReadonlyMap<string, string>) => Promise<void>,
  ) => void;
}

const path = '/enroll';

/** A page on which something can be begun. Without a kind to offer it leads back. */
const whereOpen =
  (page: (ctx: Context, enrolling: Enrolling) => void) =>
  (ctx: Context, enrolling: Enrolling): void =>
    enrolling.plan.right.open && enrolling.plan.offered.length > 0 ? page(ctx, enrolling) : goBack(ctx, enrolling);

/** Draws the page of the step 'enroll'. */
export const drawEnrollment = async (
  deps: InteractionDeps,
  ctx: Context,
  context: InteractionContext,
): Promise<void> => {
  const enrolling = await readEnrolling(deps, context);
  return enrolling === undefined ? goBack(ctx, context) : draw(ctx, enrollmentPage(deps, enrolling));
};

/** Registers all routes. Where the sign-in is at another step, each leads to the page of that step. */
export const registerEnrollment = (deps: InteractionDeps, streams: Streams, { onGet, onPost }: Registry): void => {
  const get = (at: string, run: (ctx: Context, enrolling: Enrolling) => Promise<void> | void): void =>
    onGet(`${path}${at}`, async (ctx, context) => {
      const enrolling = await readEnrolling(deps, context);
      return enrolling === undefined ? goBack(ctx, context) : run(ctx, enrolling);
    });
  const post = <Name extends string>(
    at: string,
    allowed: Fields<Name>,
    run: (ctx: Context, enrolling: Enrolling, form: ReadonlyMap<string, string>) => Promise<void>,
  ): void =>
    onPost(`${path}${at}`, allowed, async (ctx, context, form) => {
      const enrolling = await readEnrolling(deps, context);
      if (enrolling === undefined) return goBack(ctx, context);
      // A task has no password that would have bound it to a browser: the first form does.
      const { browserInteraction, user, signIn } = enrolling;
      const isHeld = signIn.prompt === 'login' || (await deps.signInProofs.hold(browserInteraction, user.id));
      if (!isHeld) throw beganElsewhere();
      return run(ctx, enrolling, form);
    });
  get(
    '',
    whereOpen((ctx, enrolling) => draw(ctx, choosePage(deps, enrolling))),
  );
  get(
    '/phone',
    whereOpen((ctx, enrolling) => draw(ctx, phonePage(deps, enrolling, likelyRegion(ctx)))),
  );
  get('/events', getEvents(deps, streams));
  get('/codes.txt', getCodesFile(deps));
  post('', chooseFields, postChoose(deps));
  post('/phone', phoneFields, postPhone(deps));
  post('/again', againFields, postAgain(deps));
  post('/resend', {}, postResend(deps));
  post('/answer', answerFields, postAnswer(deps));
  post('/pair', pairFields, postPair(deps));
  post('/name', nameFields, postName(deps));
  post('/codes', {}, postCodes(deps));
  post('/saved', savedFields, postSaved(deps));
  post('/skip', {}, postSkip(deps));
};
