/** Asks once more before "It wasn't me" is sent, and says what it does. */
import type { JSX } from 'preact';
import type { PendingRequest } from '../state.ts';
import { AnswerProblem } from './answer-problem.tsx';
import { Button, Screen } from './frame.tsx';
import { Icon } from './icons.tsx';
import { RequestFacts } from './request-facts.tsx';
import type { View } from './view.ts';

export const Report = ({ view, request }: { readonly view: View; readonly request: PendingRequest }): JSX.Element => {
  const { state, actions, words } = view;
  const said = words.report;
  const isSending = state.answering?.state === 'sending';
  return (
    <Screen
      view={view}
      heading={said.heading}
      lead={said.sentence}
      actions={
        <>
          <AnswerProblem view={view} />
          <Button
            look="danger"
            isLater={isSending}
            onClick={() => {
              if (!isSending) actions.report(request.id);
            }}
          >
            {isSending ? words.request.sending : said.submit}
          </Button>
          <Button onClick={actions.back}>{said.keep}</Button>
        </>
      }
    >
      <ul class="effects">
        {Object.values(said.effects).map(effect => (
          <li key={effect}>
            <Icon name="tick" />
            <span>{effect}</span>
          </li>
        ))}
      </ul>
      <RequestFacts view={view} request={request} />
    </Screen>
  );
};
