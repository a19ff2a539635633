/** Past requests with their ends, newest first. */
import type { JSX } from 'preact';
import type { Ended } from '../state.ts';
import { Said, Screen, Tile } from './frame.tsx';
import { browserText, momentText, type View } from './view.ts';

/** Ends that a person should notice again later. */
const isBad: ReadonlySet<Ended['result']> = new Set(['declined', 'reported', 'wrong-number', 'locked']);

const tagLook = (result: Ended['result']): string => (isBad.has(result) ? 'danger' : result === 'approved' ? 'ok' : '');

const Line = ({ view, ended }: { readonly view: View; readonly ended: Ended }): JSX.Element => {
  const { state, words } = view;
  const said = words.history;
  const { purpose, client, account, place, address, browser } = ended.claims;
  return (
    <li class="past">
      <Tile name={client} isClient />
      <div class="texts">
        <span class="title">
          <b>{purpose === 'sign-in' ? <bdi>{client}</bdi> : said.purposes[purpose]}</b>
          <span class={`tag ${tagLook(ended.result)}`.trim()}>{said.results[ended.result]}</span>
        </span>
        <small>
          <bdi>{account}</bdi>
        </small>
        {(place !== undefined || address !== undefined) && (
          <small>
            {place === undefined ? <bdi dir="ltr">{address}</bdi> : <Said phrase={words.request.near(place)} />}
            {browser !== undefined && ` · ${browserText(browser, words)}`}
          </small>
        )}
        <small>
          <time dateTime={new Date(ended.at).toISOString()}>{momentText(ended.at, state.now, state.language)}</time>
        </small>
      </div>
    </li>
  );
};

export const History = ({ view }: { readonly view: View }): JSX.Element => {
  const { state, words } = view;
  return (
    <Screen view={view} heading={words.history.heading}>
      {state.history.length === 0 ? (
        <p class="lead">{words.history.none}</p>
      ) : (
        <ul class="entries">
          {state.history.map(ended => (
            <Line key={ended.id} view={view} ended={ended} />
          ))}
        </ul>
      )}
    </Screen>
  );
};
