/** Asks at the terminal for a code until it is right, or nothing more can come of it. */
import { Problem } from '../src/errors.ts';
import type { AnswerResult } from '../src/mfa/challenge/result.ts';
import type { CommandServices } from './services.ts';
import { openQuestions } from './input.ts';
import { say } from './output.ts';

/** @throws Problem 'forbidden' when the enrolment has ended; 'bad-request' when nothing was typed. */
export const askUntilProven = async (services: CommandServices, boundTo: string, question: string): Promise<void> => {
  const questions = openQuestions();
  try {
    for (;;) {
      const code = await questions.ask(question);
      if (code === undefined) throw new Problem('bad-request', 'no code was given, nothing was changed');
      const outcome = await services.enrollments.answer(boundTo, code.trim());
      if (outcome.ok) return;
      if (outcome.reason !== 'wrong') throw new Problem('forbidden', refusal(outcome));
      say(`That is not the code. Tries left: ${outcome.attemptsLeft}.`);
    }
  } finally {
    questions.close();
  }
};

const refusal = (outcome: Exclude<AnswerResult, { ok: true }>): string => {
  if (outcome.reason === 'wait') return `too many wrong codes: wait until ${new Date(outcome.until).toISOString()}`;
  if (outcome.reason === 'over') return `this has ended (${outcome.ended ?? outcome.phase}), nothing was changed`;
  return `refused (${outcome.reason}), nothing was changed`;
};
