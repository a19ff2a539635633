/** One account or the codes of one website: its names, and the way to its removal. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Entry } from '../state.ts';
import { Field } from './field.tsx';
import { Form } from './form.tsx';
import { Button, Note, Screen } from './frame.tsx';
import type { View } from './view.ts';

const longestName = 80;

const Names = ({ view, entry }: { readonly view: View; readonly entry: Entry }): JSX.Element => {
  const { actions, words } = view;
  const [title, setTitle] = useState(entry.title);
  const [account, setAccount] = useState(entry.account);
  const isUnnamed = title.trim() === '';
  return (
    <Form
      onSubmit={() => {
        if (!isUnnamed) actions.rename(entry.id, { title: title.trim(), account: account.trim() });
      }}
    >
      <Field
        label={words.codes.issuer}
        value={title}
        onValue={setTitle}
        maxLength={longestName}
        error={isUnnamed ? words.codes.noIssuer : undefined}
      />
      <Field label={words.codes.account} value={account} onValue={setAccount} maxLength={longestName} />
      <div class="follow">
        <Button submits>{words.entry.save}</Button>
      </div>
    </Form>
  );
};

export const EntryDetails = ({ view, entry }: { readonly view: View; readonly entry: Entry }): JSX.Element => {
  const { actions, words } = view;
  const isBroken = entry.state === 'removed' || entry.state === 'untrusted';
  return (
    <Screen
      view={view}
      heading={<bdi>{entry.title}</bdi>}
      lead={<bdi>{entry.account}</bdi>}
      actions={
        <>
          {entry.state === 'removed' && (
            <Button look="primary" onClick={() => actions.go({ at: 'add' })}>
              {words.home.pairAgain}
            </Button>
          )}
          <Button onClick={() => actions.go({ at: 'remove', entry: entry.id })}>{words.entry.remove}</Button>
        </>
      }
    >
      {isBroken && (
        <Note kind="danger" icon="alert">
          {entry.state === 'removed' ? words.home.removed : words.home.untrusted}
        </Note>
      )}
      {entry.kind === 'codes' && <Names view={view} entry={entry} />}
      {entry.device !== undefined && (
        <dl class="facts">
          <div class="fact">
            <dt>{words.entry.device}</dt>
            <dd>
              <bdi>{entry.device}</bdi>
            </dd>
          </div>
        </dl>
      )}
    </Screen>
  );
};
