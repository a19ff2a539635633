/** One account on the first screen, with its code where that was asked for. */
import type { JSX } from 'preact';
import type { Entry, ShownCode } from '../state.ts';
import { Button, Note, Ring, Tile } from './frame.tsx';
import { secondsTo, spacedCode, type View } from './view.ts';

const CodePlate = ({ view, code }: { readonly view: View; readonly code: ShownCode }): JSX.Element => {
  const { state, actions, words } = view;
  const left = secondsTo(state.now, code.until);
  return (
    <div class="code-plate">
      <button type="button" class="shown-code" onClick={() => actions.hideCode()}>
        <bdi dir="ltr">{spacedCode(code.code)}</bdi>
        <span class="visually-hidden"> {words.home.hideCode}</span>
      </button>
      <span class="countdown">
        <Ring left={left / code.period} />
        <span>{words.seconds(String(left))}</span>
      </span>
      <Button onClick={actions.copyCode}>{words.home.copy}</Button>
    </div>
  );
};

const Trouble = ({ view, entry }: { readonly view: View; readonly entry: Entry }): JSX.Element | null => {
  const { actions, words } = view;
  if (entry.state === 'untrusted')
    return (
      <Note kind="danger" icon="alert">
        {words.home.untrusted}
      </Note>
    );
  if (entry.state !== 'removed') return null;
  return (
    <Note kind="danger" icon="alert">
      <p>{words.home.removed}</p>
      <Button look="quiet" onClick={() => actions.go({ at: 'add' })}>
        {words.home.pairAgain}
      </Button>
    </Note>
  );
};

export const EntryRow = ({ view, entry }: { readonly view: View; readonly entry: Entry }): JSX.Element => {
  const { state, actions, words } = view;
  const code = state.code?.entry === entry.id ? state.code : undefined;
  return (
    <>
      <div class="entry">
        <button type="button" class="who" onClick={() => actions.go({ at: 'entry', entry: entry.id })}>
          <Tile name={entry.title} />
          <span class="texts">
            <b>
              <bdi>{entry.title}</bdi>
            </b>
            <small>
              <bdi>{entry.account}</bdi>
            </small>
            {entry.state === 'pairing' && <small>{words.home.pairing}</small>}
          </span>
        </button>
        {entry.hasCodes && entry.state !== 'removed' && code === undefined && (
          <button type="button" class="quiet show" onClick={() => actions.showCode(entry.id)}>
            {words.home.showCode}
            <span class="visually-hidden">{`: ${entry.title}, ${entry.account}`}</span>
          </button>
        )}
      </div>
      {code !== undefined && <CodePlate view={view} code={code} />}
      <Trouble view={view} entry={entry} />
    </>
  );
};
