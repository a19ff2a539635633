/** The PIN beside an answer: the one of the account, or at a pairing a new one, typed twice. The server alone compares it. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { pinDigits } from '../../../../src/mfa/push/protocol.ts';
import { pinOf, type PendingRequest } from '../state.ts';
import { AnswerProblem } from './answer-problem.tsx';
import { Field } from './field.tsx';
import { Form } from './form.tsx';
import { Button, Screen } from './frame.tsx';
import { digitsIn } from './number-pad.tsx';
import type { View } from './view.ts';

interface PinProps {
  readonly view: View;
  readonly request: PendingRequest;
  /** The number that was typed before. */
  readonly number: string;
  /** Time left, in words. */
  readonly left: string;
  readonly onBack: () => void;
}

const fewest = String(pinDigits.fewest);
const most = String(pinDigits.most);

export const Pin = ({ view, request, number, left, onBack }: PinProps): JSX.Element => {
  const { state, actions, words } = view;
  const [pin, setPin] = useState('');
  const [repeated, setRepeated] = useState('');
  const [isAsked, setIsAsked] = useState(false);
  const said = words.pin;
  const isNew = pinOf(request.claims) === 'choose';
  const isSending = state.answering?.state === 'sending';

  const tooShort = pin.length < pinDigits.fewest ? said.invalid(fewest, most) : undefined;
  const different = isNew && repeated !== pin ? said.different : undefined;
  const wrong = state.answering?.state === 'wrong-pin' ? said.wrong(state.answering.attemptsLeft) : undefined;
  const verify = (): void => {
    if (isSending) return;
    setIsAsked(true);
    if (tooShort !== undefined || different !== undefined) return;
    setIsAsked(false);
    actions.approve(request.id, number, pin);
    if (!isNew) setPin('');
  };
  const field = { isPin: true, maxLength: pinDigits.most } as const;
  return (
    <Form onSubmit={verify} refusal={state.answering}>
      <Screen
        view={view}
        heading={isNew ? said.chooseHeading : said.heading}
        lead={isNew ? said.chooseSentence : said.sentence}
        back={onBack}
        aside={<span class="left">{left}</span>}
        actions={
          <>
            <AnswerProblem view={view} />
            <Button look="primary" submits isLater={isSending}>
              {isSending ? words.request.sending : words.request.verify}
            </Button>
          </>
        }
      >
        <Field
          {...field}
          label={isNew ? said.newLabel : said.label}
          hint={isNew ? said.length(fewest, most) : undefined}
          value={pin}
          onValue={value => setPin(digitsIn(value, pinDigits.most))}
          error={isAsked ? tooShort : wrong}
        />
        {isNew && (
          <Field
            {...field}
            label={said.repeatLabel}
            value={repeated}
            onValue={value => setRepeated(digitsIn(value, pinDigits.most))}
            error={isAsked && tooShort === undefined ? different : undefined}
          />
        )}
      </Screen>
    </Form>
  );
};
