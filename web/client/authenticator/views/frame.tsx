/** The parts that all screens share: top bar, heading, sentences, buttons and notes. */
import type { ComponentChildren, JSX } from 'preact';
import type { Phrase } from '../../../../src/locales/phrase.ts';
import { Icon, Mark, type IconName } from './icons.tsx';
import type { View } from './view.ts';

/**
 * A sentence with its marked pieces. Names from outside are isolated, and numbers stay left to right. The words of the app have no
 * times and waits.
 */
export const Said = ({ phrase }: { readonly phrase: Phrase }): JSX.Element => (
  <>
    {phrase.map(piece => {
      if (typeof piece === 'string') return piece;
      if ('strong' in piece) return <b>{piece.strong}</b>;
      if ('name' in piece) return <bdi>{piece.name}</bdi>;
      if ('ltr' in piece) return <bdi dir="ltr">{piece.ltr}</bdi>;
      return null;
    })}
  </>
);

interface ScreenProps {
  readonly view: View;
  readonly heading: ComponentChildren;
  readonly lead?: ComponentChildren;
  /** Where the arrow leads; false: there is no arrow, but the mark. Without it to the screen before. */
  readonly back?: false | (() => void);
  /** At the end of the top bar. */
  readonly aside?: ComponentChildren;
  /** Buttons at the foot of the screen. */
  readonly actions?: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** One screen. App moves the focus to its heading, so that screen readers begin there. */
export const Screen = ({ view, heading, lead, back, aside, actions, children }: ScreenProps): JSX.Element => (
  <main class="screen">
    <div class="bar">
      {back === false ? (
        <Mark />
      ) : (
        <button type="button" class="round" onClick={() => (back ?? view.actions.back)()} aria-label={view.words.back}>
          <Icon name="back" />
        </button>
      )}
      {aside !== undefined && <div class="aside">{aside}</div>}
    </div>
    <h1 tabIndex={-1}>{heading}</h1>
    {lead !== undefined && <p class="lead">{lead}</p>}
    {children}
    {actions !== undefined && <div class="actions">{actions}</div>}
  </main>
);

interface ButtonProps {
  readonly look?: 'primary' | 'danger' | 'quiet' | 'quiet danger';
  readonly icon?: IconName;
  /** Not possible yet: it stays readable and focusable, and `onClick` says why. */
  readonly isLater?: boolean;
  readonly submits?: boolean;
  readonly onClick?: () => void;
  readonly children: ComponentChildren;
}

export const Button = ({
  look,
  icon,
  isLater = false,
  submits = false,
  onClick,
  children,
}: ButtonProps): JSX.Element => (
  <button
    type={submits ? 'submit' : 'button'}
    class={look?.startsWith('quiet') ? look : `button ${look ?? ''} ${isLater ? 'later' : ''}`.trim()}
    aria-disabled={isLater ? 'true' : undefined}
    onClick={() => onClick?.()}
  >
    {icon !== undefined && <Icon name={icon} />}
    <span>{children}</span>
  </button>
);

interface NoteProps {
  readonly kind: 'danger' | 'plain';
  readonly icon: IconName;
  /** Read by screen readers at once. */
  readonly isAlert?: boolean;
  readonly children: ComponentChildren;
}

/** A sentence that stands out, with an icon. */
export const Note = ({ kind, icon, isAlert = false, children }: NoteProps): JSX.Element => (
  <div class={`note ${kind}`} role={isAlert ? 'alert' : undefined}>
    <Icon name={icon} />
    <div>{children}</div>
  </div>
);

const tiles = 6;
/** The first letter of a name on a colour of its own, as an aid to the eye. Clients have the one of the sign-in pages. */
export const Tile = ({
  name,
  isClient = false,
}: {
  readonly name: string;
  readonly isClient?: boolean;
}): JSX.Element => {
  const letters = Array.from(name);
  const colour = isClient ? 0 : letters.reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % tiles;
  return (
    <span class={`tile tile-${colour}`} aria-hidden="true">
      {(letters[0] ?? '').toLocaleUpperCase()}
    </span>
  );
};

/** A ring that burns down. `left` of 1: full. The seconds in words stand beside it. */
export const Ring = ({ left }: { readonly left: number }): JSX.Element => (
  <svg viewBox="0 0 28 28" aria-hidden="true" class="ring">
    <circle cx="14" cy="14" r="11.5" class="groove" />
    <circle
      cx="14"
      cy="14"
      r="11.5"
      pathLength={100}
      stroke-dasharray={`${Math.max(0, Math.min(1, left)) * 100} 100`}
    />
  </svg>
);
