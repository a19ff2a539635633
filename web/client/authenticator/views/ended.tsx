/** How a request ended, and what to do next. */
import type { JSX } from 'preact';
import type { Ended, Result } from '../state.ts';
import { Button, Screen } from './frame.tsx';
import { Icon, type IconName } from './icons.tsx';
import type { View } from './view.ts';

/** Green: done. Red: stopped. Without a colour: nothing happened here. */
const looks: Readonly<Record<Result, readonly [kind: 'ok' | 'danger' | 'plain', icon: IconName]>> = {
  approved: ['ok', 'tick'],
  declined: ['danger', 'cross'],
  reported: ['ok', 'tick'],
  'wrong-number': ['danger', 'cross'],
  bound: ['plain', 'alert'],
  expired: ['plain', 'clock'],
  over: ['plain', 'clock'],
  locked: ['danger', 'alert'],
  removed: ['danger', 'alert'],
};

const canPairAgain: ReadonlySet<Result> = new Set(['locked', 'removed']);

export const EndedRequest = ({ view, ended }: { readonly view: View; readonly ended: Ended }): JSX.Element => {
  const { actions, words } = view;
  const [kind, icon] = looks[ended.result];
  const said = words.ended[ended.result];
  const isSignIn = ended.claims.purpose === 'sign-in';
  return (
    <Screen
      view={view}
      heading={said.heading}
      lead={!isSignIn && 'other' in said ? said.other : said.sentence}
      back={false}
      actions={
        <>
          {canPairAgain.has(ended.result) && (
            <Button onClick={() => actions.go({ at: 'add' })}>{words.home.pairAgain}</Button>
          )}
          <Button look="primary" onClick={() => actions.go({ at: 'home' })}>
            {words.done}
          </Button>
        </>
      }
    >
      <div class={`outcome ${kind}`} aria-hidden="true">
        <Icon name={icon} />
      </div>
    </Screen>
  );
};
