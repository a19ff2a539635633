/** Asks once more before an account or codes are removed from this phone. */
import type { JSX } from 'preact';
import type { Entry } from '../state.ts';
import { Button, Note, Said, Screen } from './frame.tsx';
import type { View } from './view.ts';

export const Remove = ({ view, entry }: { readonly view: View; readonly entry: Entry }): JSX.Element => {
  const { state, actions, words } = view;
  const said = words.remove;
  const isAccount = entry.kind === 'account';
  const isRemoving = state.removing === true;
  return (
    <Screen
      view={view}
      heading={<Said phrase={said.heading(entry.title)} />}
      lead={isAccount ? said.account : said.codes}
      actions={
        <>
          <Button
            look="danger"
            isLater={isRemoving}
            onClick={() => {
              if (!isRemoving) actions.remove(entry.id);
            }}
          >
            {isRemoving ? said.removing : said.submit}
          </Button>
          <Button onClick={actions.back}>{said.keep}</Button>
        </>
      }
    >
      {isAccount && entry.state === 'paired' && <p class="lead">{said.another}</p>}
      {isAccount && !state.online && (
        <Note kind="plain" icon="offline">
          {said.offline}
        </Note>
      )}
    </Screen>
  );
};
