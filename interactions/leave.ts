/** Ways out of a sign-in: somebody else, back to the client, and permission given or not. */
import type { Context } from 'koa';
import { Problem } from '../src/errors.ts';
import { fields } from '../web/pages/links.ts';
import { end, endSignIn, goBack } from './finish.ts';
import { personal, type ConversationParts, type Scene } from './context.ts';

export const consentFields = { [fields.consent]: 16 } as const;

/** What was begun ends, its call hangs up, and nothing that was proven stays. */
const forget = async (
  { challenges, signInProofs }: ConversationParts,
  { boundTo, browserInteraction }: Scene,
): Promise<void> => {
  await challenges.cancel(boundTo);
  await signInProofs.consume(browserInteraction);
};

/** POST …/restart: "Not you?" */
export const postRestart =
  (parts: ConversationParts) =>
  async (ctx: Context, scene: Scene): Promise<void> => {
    await forget(parts, scene);
    return goBack(ctx, scene);
  };

/** POST …/cancel: back to the client, which is told that the person did not go on, or could not. */
export const postCancel =
  (parts: ConversationParts) =>
  async (ctx: Context, scene: Scene): Promise<void> => {
    await forget(parts, scene);
    return end(parts, ctx, scene, { kind: scene.step.at === 'unmet' ? 'unmet' : 'cancelled' });
  };

/** POST …/switch: yes, sign out whoever is signed in in this browser. */
export const postSwitch =
  (parts: ConversationParts) =>
  async (ctx: Context, scene: Scene): Promise<void> =>
    scene.step.at === 'switch' ? endSignIn(parts, ctx, personal(scene)) : goBack(ctx, scene);

/** POST …/consent. @throws Problem 'bad-request' for an answer that is neither. */
export const postConsent =
  (parts: ConversationParts) =>
  async (ctx: Context, scene: Scene, form: ReadonlyMap<string, string>): Promise<void> => {
    if (scene.step.at !== 'consent') return goBack(ctx, scene);
    const answer = form.get(fields.consent);
    if (answer === 'allow') return end(parts, ctx, scene, { kind: 'consented' });
    if (answer === 'deny') return end(parts, ctx, scene, { kind: 'cancelled' });
    throw new Problem('bad-request', 'allow or deny was expected');
  };
