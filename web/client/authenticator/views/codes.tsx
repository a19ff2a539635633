/** Keeps codes of another website: read from its QR code, or typed. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Field } from './field.tsx';
import { Form } from './form.tsx';
import { Button, Screen } from './frame.tsx';
import type { View } from './view.ts';

const longestName = 80;
const longestSecret = 200;

export const Codes = ({ view }: { readonly view: View }): JSX.Element => {
  const { state, actions, words } = view;
  const read = state.newCodes;
  const [issuer, setIssuer] = useState(read?.issuer ?? '');
  const [account, setAccount] = useState(read?.account ?? '');
  const [secret, setSecret] = useState('');
  const [isAsked, setIsAsked] = useState(false);
  const said = words.codes;
  const isUnnamed = issuer.trim() === '';
  const problem = state.codesProblem === undefined ? undefined : said.problems[state.codesProblem];
  return (
    <Form
      refusal={state.codesProblem}
      onSubmit={() => {
        setIsAsked(true);
        if (!isUnnamed)
          actions.keepCodes({
            issuer: issuer.trim(),
            account: account.trim(),
            ...(read === undefined && { secret }),
          });
      }}
    >
      <Screen
        view={view}
        heading={read === undefined ? said.heading : said.readHeading}
        lead={read === undefined ? said.sentence : undefined}
      >
        {read === undefined && (
          <div class="follow">
            <Button icon="scan" onClick={() => actions.go({ at: 'scan' })}>
              {words.add.scan}
            </Button>
          </div>
        )}
        <Field
          label={said.issuer}
          value={issuer}
          onValue={setIssuer}
          maxLength={longestName}
          error={isAsked && isUnnamed ? said.noIssuer : read === undefined ? undefined : problem}
        />
        <Field label={said.account} value={account} onValue={setAccount} maxLength={longestName} />
        {read === undefined && (
          <Field
            label={said.secret}
            hint={said.secretHint}
            isCode
            value={secret}
            onValue={setSecret}
            maxLength={longestSecret}
            error={problem}
          />
        )}
        <div class="follow">
          <Button look="primary" submits>
            {said.submit}
          </Button>
          <Button look="quiet" onClick={() => actions.go({ at: 'home' })}>
            {words.cancel}
          </Button>
        </div>
      </Screen>
    </Form>
  );
};
