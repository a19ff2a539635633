/** Begins a pairing: by QR code, or by the short code that the security page shows. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { longestDeviceName } from '../state.ts';
import { Field } from './field.tsx';
import { Form } from './form.tsx';
import { Button, Screen } from './frame.tsx';
import type { View } from './view.ts';

/** Characters of a code without its hyphen. */
const codeLength = 8;

/** `abcd1234` → `ABCD-1234`. The server reads letters that look like digits as those (Crockford). */
const spelled = (text: string): string =>
  text
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/gu, '')
    .slice(0, codeLength)
    .replace(/^(.{4})(?=.)/u, '$1-');

export const Add = ({ view }: { readonly view: View }): JSX.Element => {
  const { state, actions, words } = view;
  const [code, setCode] = useState('');
  const [name, setName] = useState(state.deviceName);
  const [isAsked, setIsAsked] = useState(false);
  const said = words.add;
  const isComplete = code.replace('-', '').length === codeLength;
  return (
    <Form
      onSubmit={() => {
        setIsAsked(true);
        if (isComplete && name.trim() !== '') actions.pair({ name: name.trim(), code });
      }}
    >
      <Screen view={view} heading={said.heading} lead={said.sentence}>
        <Button icon="scan" onClick={() => actions.go({ at: 'scan' })}>
          {said.scan}
        </Button>
        <p class="or">{said.or}</p>
        <Field
          label={said.code}
          hint={said.hint}
          isCode
          value={code}
          onValue={value => setCode(spelled(value))}
          maxLength={codeLength + 1}
          error={isAsked && !isComplete ? said.incomplete : undefined}
        />
        <Field
          label={said.device}
          hint={said.deviceHint}
          value={name}
          onValue={setName}
          maxLength={longestDeviceName}
          error={isAsked && name.trim() === '' ? said.noName : undefined}
        />
        <div class="follow">
          <Button look="primary" submits>
            {said.submit}
          </Button>
          <Button look="quiet" onClick={() => actions.go({ at: 'codes' })}>
            {said.otherCodes}
          </Button>
        </div>
      </Screen>
    </Form>
  );
};
