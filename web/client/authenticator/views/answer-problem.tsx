/** Says what went wrong with the last answer to a request. A wrong PIN is said at its field. */
import type { JSX } from 'preact';
import type { Answering } from '../state.ts';
import type { AppWords } from '../words.ts';
import { Note } from './frame.tsx';
import type { View } from './view.ts';

const problemOf = (answering: Answering | undefined, { request: said }: AppWords): string | undefined => {
  switch (answering?.state) {
    case 'unreachable':
      return said.unreachable;
    case 'not-verified':
      return said.notVerified;
    case 'wrong-code':
      return said.wrongCode;
    case 'failed':
      return answering.message ?? said.failed;
    case 'sending':
    case 'wrong-pin':
    case undefined:
      break;
  }
  return undefined;
};

export const AnswerProblem = ({ view: { state, words } }: { readonly view: View }): JSX.Element | null => {
  const problem = problemOf(state.answering, words);
  return problem === undefined ? null : (
    <Note kind="danger" icon="alert" isAlert>
      {problem}
    </Note>
  );
};
