/** Shown instead of everything else where the app cannot work: what is in the way, and what to do. */
import type { JSX } from 'preact';
import type { Obstacle } from '../state.ts';
import { Said, Screen } from './frame.tsx';
import { Icon, type IconName } from './icons.tsx';
import type { View } from './view.ts';

/** Adding to the Home Screen of iOS, step by step. */
const HomeScreenSteps = ({ view: { words } }: { readonly view: View }): JSX.Element => {
  const steps: readonly (readonly [IconName, keyof typeof words.homeScreen])[] = [
    ['share', 'share'],
    ['plus', 'add'],
    ['phone', 'open'],
    ['scan', 'code'],
  ];
  return (
    <ol class="steps">
      {steps.map(([icon, step]) => (
        <li key={step}>
          <span class="step-icon">
            <Icon name={icon} />
          </span>
          <span>
            <Said phrase={words.homeScreen[step]()} />
          </span>
        </li>
      ))}
    </ol>
  );
};

export const ObstaclePage = ({ view, obstacle }: { readonly view: View; readonly obstacle: Obstacle }): JSX.Element => {
  const said = view.words.obstacles[obstacle];
  return (
    <Screen view={view} heading={said.heading} lead={said.sentence} back={false}>
      {obstacle === 'home-screen' && <HomeScreenSteps view={view} />}
    </Screen>
  );
};
