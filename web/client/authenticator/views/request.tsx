/** A request: the question, its facts, the number, and the three answers. A PIN follows where policy wants one. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { pinOf, type PendingRequest } from '../state.ts';
import type { AppWords } from '../words.ts';
import { AnswerProblem } from './answer-problem.tsx';
import { Form } from './form.tsx';
import { Button, Screen } from './frame.tsx';
import { digitsIn, NumberPad } from './number-pad.tsx';
import { Pin } from './pin.tsx';
import { RequestFacts } from './request-facts.tsx';
import { secondsTo, type View } from './view.ts';

interface RequestProps {
  readonly view: View;
  readonly request: PendingRequest;
}

const numberLabel = ({ purpose }: PendingRequest['claims'], { request: said }: AppWords): string =>
  purpose === 'pairing' || purpose === 'caller' ? said.otherNumbers[purpose] : said.number;

export const Request = ({ view, request }: RequestProps): JSX.Element => {
  const { state, actions, words } = view;
  const { claims } = request;
  const [number, setNumber] = useState('');
  const [isAsked, setIsAsked] = useState(false);
  const [isAtPin, setIsAtPin] = useState(false);
  const said = words.request;
  const isComplete = number.length === claims.digits;
  const isSending = state.answering?.state === 'sending';
  const seconds = secondsTo(state.now, request.expiresAt);
  const left =
    seconds > 90 ? words.pairing.compare.minutesLeft(String(Math.ceil(seconds / 60))) : said.left(String(seconds));

  if (isAtPin)
    return <Pin view={view} request={request} number={number} left={left} onBack={() => setIsAtPin(false)} />;

  const verify = (): void => {
    if (isSending) return;
    setIsAsked(true);
    if (!isComplete) return;
    if (pinOf(claims) === undefined) actions.approve(request.id, number);
    else setIsAtPin(true);
  };
  const type = (value: string): void => {
    setNumber(value);
    setIsAsked(false);
  };
  return (
    <Form
      onSubmit={verify}
      // The focus is on the heading at first: digits typed there count too. In the field they count at its end.
      onKeyDown={event => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (/^\d$/u.test(event.key)) type(digitsIn(number + event.key, claims.digits));
        else if (event.key === 'Backspace') type(number.slice(0, -1));
        else return;
        event.preventDefault();
      }}
    >
      <Screen
        view={view}
        heading={said.headings[claims.purpose]}
        back={() => actions.go({ at: 'home' })}
        aside={<span class="left">{left}</span>}
        lead={claims.purpose === 'caller' ? said.callerWarning : undefined}
        actions={
          <>
            <AnswerProblem view={view} />
            <div class="pair">
              <Button look="danger" onClick={() => actions.decline(request.id)}>
                {said.deny}
              </Button>
              <Button look="primary" submits isLater={!isComplete || isSending}>
                {isSending ? said.sending : said.verify}
              </Button>
            </div>
            {claims.purpose !== 'pairing' && (
              <Button look="quiet danger" onClick={() => actions.go({ at: 'report', request: request.id })}>
                {said.notMe}
              </Button>
            )}
          </>
        }
      >
        <RequestFacts view={view} request={request} />
        {claims.digits > 0 && (
          <NumberPad
            words={words}
            label={numberLabel(claims, words)}
            digits={claims.digits}
            value={number}
            onValue={type}
            error={isAsked && !isComplete ? said.incomplete(String(claims.digits)) : undefined}
          />
        )}
      </Screen>
    </Form>
  );
};
