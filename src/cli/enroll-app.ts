/** Binds an authenticator app: a QR code on the terminal, then a current code as the proof that it was scanned. */
import qrcode from 'qrcode';
import { randomToken } from '../crypto.ts';
import { Problem } from '../errors.ts';
import type { Outcome } from '../mfa/outcome.ts';
import type { User } from '../records.ts';
import { momentFor } from './enrolling.ts';
import type { OpenHouse } from './house.ts';
import { openQuestions } from './input.ts';
import { plain } from '../plain-text.ts';
import { say } from './output.ts';

export const enrollApp = async (house: OpenHouse, user: User): Promise<void> => {
  const boundTo = `cli:${randomToken()}`;
  const { view } = await house.enrollments.begin(
    { userId: user.id, factor: 'totp' },
    boundTo,
    momentFor(house, user, boundTo),
  );
  if (view.prompt.kind !== 'scan') throw new Problem('internal', `got the prompt ${view.prompt.kind}, expected scan`);
  const { uri } = view.prompt;
  say(await qrcode.toString(uri, { type: 'terminal', small: true }));
  say(uri);
  say(`Secret, to type it in: ${new URL(uri).searchParams.get('secret') ?? ''}`);
  const questions = openQuestions();
  try {
    await askUntilProven(house, boundTo, questions.ask);
  } catch (error) {
    await house.enrollments.cancel(boundTo);
    throw error;
  } finally {
    questions.close();
  }
  const bound = await house.enrollments.finish(boundTo, 'cli');
  if (bound === undefined) throw new Problem('conflict', 'somebody else finished this');
  say(`${plain(user.name)} has the method ${bound.label} (${bound.id}).`);
};

const askUntilProven = async (
  house: OpenHouse,
  boundTo: string,
  ask: (question: string) => Promise<string | undefined>,
): Promise<void> => {
  for (;;) {
    const code = await ask('Code that the app shows now: ');
    if (code === undefined) throw new Problem('bad-request', 'no code was given, nothing was changed');
    const outcome = await house.enrollments.answer(boundTo, code.trim());
    if (outcome.ok) return;
    if (outcome.why !== 'wrong') throw new Problem('forbidden', refusal(outcome));
    say(`That is not the code. Tries left: ${outcome.triesLeft}.`);
  }
};

const refusal = (outcome: Exclude<Outcome, { ok: true }>): string => {
  if (outcome.why === 'wait') return `too many wrong codes: wait until ${new Date(outcome.until).toISOString()}`;
  if (outcome.why === 'over') return `this has ended (${outcome.ended ?? outcome.phase}), nothing was changed`;
  return `refused (${outcome.why}), nothing was changed`;
};
