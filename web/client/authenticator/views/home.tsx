/** The first screen: what waits, the accounts with their codes, and whether requests reach this phone. */
import type { JSX } from 'preact';
import type { Entry, PendingRequest } from '../state.ts';
import { EntryRow } from './entry-row.tsx';
import { Button, Note, Said } from './frame.tsx';
import { Icon, Mark } from './icons.tsx';
import { NotificationLine } from './notification-line.tsx';
import { secondsSince, type View } from './view.ts';

const RequestCard = ({ view, request }: { readonly view: View; readonly request: PendingRequest }): JSX.Element => {
  const { state, actions, words } = view;
  const { purpose, client } = request.claims;
  return (
    <button type="button" class="plate" onClick={() => actions.go({ at: 'request', request: request.id })}>
      <span class="dot" aria-hidden="true" />
      <span class="texts">
        <b>{purpose === 'sign-in' ? words.home.request : words.home.otherRequest}</b>
        <small>
          <Said phrase={words.home.from(client, String(secondsSince(state.now, request.askedAt)))} />
        </small>
      </span>
      <Icon name="chevron" />
    </button>
  );
};

const Welcome = ({ view: { words } }: { readonly view: View }): JSX.Element => (
  <div class="welcome">
    <h2>{words.welcome.heading}</h2>
    <p class="lead">{words.welcome.sentence}</p>
  </div>
);

const Accounts = ({ view, entries }: { readonly view: View; readonly entries: readonly Entry[] }): JSX.Element => (
  <section aria-labelledby="accounts">
    <h2 id="accounts">{view.words.home.accounts}</h2>
    <ul class="entries">
      {entries.map(entry => (
        <li key={entry.id}>
          <EntryRow view={view} entry={entry} />
        </li>
      ))}
    </ul>
  </section>
);

export const Home = ({ view }: { readonly view: View }): JSX.Element => {
  const { state, actions, words } = view;
  const { entries, requests, online, notifications, canInstall } = state;
  const isPaired = entries.some(({ kind, state: each }) => kind === 'account' && each === 'paired');
  return (
    <main class="screen">
      <div class="bar">
        <Mark />
        <h1 class="product" tabIndex={-1}>
          {words.name}
        </h1>
        <div class="aside">
          <button
            type="button"
            class="round"
            onClick={() => actions.go({ at: 'settings' })}
            aria-label={words.settings}
          >
            <Icon name="gear" />
          </button>
        </div>
      </div>
      {!online && (
        <Note kind="plain" icon="offline">
          {words.home.offline}
        </Note>
      )}
      {requests.map(request => (
        <RequestCard key={request.id} view={view} request={request} />
      ))}
      {entries.length === 0 ? <Welcome view={view} /> : <Accounts view={view} entries={entries} />}
      {isPaired && (online || notifications !== 'checking') && <NotificationLine view={view} />}
      <div class="actions">
        {canInstall && (
          <Button icon="phone" onClick={actions.install}>
            {words.home.install}
          </Button>
        )}
        <Button look="primary" icon="scan" onClick={() => actions.go({ at: 'add' })}>
          {words.home.add}
        </Button>
      </div>
    </main>
  );
};
