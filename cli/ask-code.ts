/** Asks at the terminal for a code until it is right or the challenge has ended. */
import { Problem } from '../src/errors.ts';
import type { AnswerResult } from '../src/mfa/challenge/result.ts';
import type { CommandServices } from './services.ts';
import { openQuestions } from './input.ts';
import { print } from './output.ts';

/** @throws Problem 'forbidden' when the enrolment has ended; 'bad-request' at the end of the input. */
export const askForCode = async (services: CommandServices, boundTo: string, question: string): Promise<void> => {
  const questions = openQuestions();
  try {
    for (;;) {
      const code = await questions.ask(question);
      if (code === undefined) throw new Problem('bad-request', 'no code was entered; nothing was changed');
      const result = await services.challenges.answer(boundTo, code.trim());
      if (result.ok) return;
      if (result.reason !== 'wrong') throw new Problem('forbidden', refusalText(result));
      print(`Wrong code. Attempts left: ${result.attemptsLeft}.`);
    }
  } finally {
    questions.close();
  }
};

const refusalText = (result: Exclude<AnswerResult, { ok: true }>): string => {
  if (result.reason === 'wait') return `too many wrong codes: wait until ${new Date(result.until).toISOString()}`;
  if (result.reason === 'over') return `the enrolment has ended (${result.ended ?? result.phase}); nothing was changed`;
  return `refused (${result.reason}); nothing was changed`;
};
