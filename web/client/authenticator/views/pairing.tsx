/** A pairing, step by step. Its test request is shown by `request.tsx`. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { longestDeviceName, type Pairing } from '../state.ts';
import { Field } from './field.tsx';
import { Form } from './form.tsx';
import { Button, Note, Said, Screen } from './frame.tsx';
import { Icon } from './icons.tsx';
import { secondsTo, type View } from './view.ts';

type Step<Name extends Pairing['step']> = Extract<Pairing, { readonly step: Name }>;
interface StepProps<Name extends Pairing['step']> {
  readonly view: View;
  readonly pairing: Step<Name>;
}

const Naming = ({ view }: { readonly view: View }): JSX.Element => {
  const { state, actions, words } = view;
  const [name, setName] = useState(state.deviceName);
  const [isAsked, setIsAsked] = useState(false);
  return (
    <Form
      onSubmit={() => {
        setIsAsked(true);
        if (name.trim() !== '') actions.pair({ name: name.trim() });
      }}
    >
      <Screen
        view={view}
        heading={words.pairing.heading}
        lead={words.pairing.warning}
        back={false}
        actions={
          <>
            <Button look="primary" submits>
              {words.continue}
            </Button>
            <Button onClick={actions.cancelPairing}>{words.cancel}</Button>
          </>
        }
      >
        <Field
          label={words.add.device}
          hint={words.add.deviceHint}
          value={name}
          onValue={setName}
          maxLength={longestDeviceName}
          error={isAsked && name.trim() === '' ? words.add.noName : undefined}
        />
      </Screen>
    </Form>
  );
};

const AskNotifications = ({ view }: { readonly view: View }): JSX.Element => {
  const { actions, words } = view;
  const said = words.pairing.notifications;
  return (
    <Screen
      view={view}
      heading={said.heading}
      lead={said.sentence}
      back={false}
      actions={
        <>
          <Button look="primary" icon="bell" onClick={actions.allowNotifications}>
            {said.allow}
          </Button>
          <Button onClick={actions.skipNotifications}>{said.skip}</Button>
        </>
      }
    >
      <div class="outcome" aria-hidden="true">
        <Icon name="bell" />
      </div>
    </Screen>
  );
};

const Comparing = ({ view, pairing }: StepProps<'comparing'>): JSX.Element => {
  const { state, actions, words } = view;
  const said = words.pairing.compare;
  const minutes = Math.ceil(secondsTo(state.now, pairing.expiresAt) / 60);
  return (
    <Screen
      view={view}
      heading={said.heading}
      lead={said.sentence}
      back={false}
      aside={<span class="left">{said.minutesLeft(String(minutes))}</span>}
      actions={<Button onClick={actions.cancelPairing}>{words.cancel}</Button>}
    >
      <p class="big-number">
        <span class="visually-hidden">{said.digits} </span>
        <bdi dir="ltr">{pairing.digits}</bdi>
      </p>
      <p class="status" role="status">
        <span class="dot" aria-hidden="true" />
        {said.waiting}
      </p>
      <dl class="facts">
        <div class="fact">
          <dt>{words.request.account}</dt>
          <dd>
            <bdi>{pairing.organization}</bdi>
            <bdi class="second">{pairing.account}</bdi>
          </dd>
        </div>
      </dl>
    </Screen>
  );
};

const Done = ({ view, pairing }: StepProps<'done'>): JSX.Element => {
  const { state, actions, words } = view;
  const said = words.pairing.done;
  const isReached = state.notifications === 'works' || state.notifications === 'checking';
  return (
    <Screen
      view={view}
      heading={said.heading}
      lead={<Said phrase={said.sentence(pairing.account)} />}
      back={false}
      actions={
        <Button look="primary" onClick={() => actions.go({ at: 'home' })}>
          {words.done}
        </Button>
      }
    >
      <div class="outcome ok" aria-hidden="true">
        <Icon name="tick" />
      </div>
      {!isReached && (
        <Note kind="plain" icon="bell">
          {said.closed}
        </Note>
      )}
      <Note kind="plain" icon="plus">
        {said.backup}
      </Note>
    </Screen>
  );
};

const Failed = ({ view, pairing }: StepProps<'failed'>): JSX.Element => {
  const { actions, words } = view;
  const said = words.pairing.failed;
  return (
    <Screen
      view={view}
      heading={said.heading}
      lead={pairing.message ?? said.reasons[pairing.why]}
      back={false}
      actions={
        <>
          <Button look="primary" onClick={() => actions.go({ at: 'add' })}>
            {said.again}
          </Button>
          <Button onClick={() => actions.go({ at: 'home' })}>{words.cancel}</Button>
        </>
      }
    >
      <div class="outcome danger" aria-hidden="true">
        <Icon name="cross" />
      </div>
    </Screen>
  );
};

export const PairingSteps = ({ view, pairing }: { readonly view: View; readonly pairing: Pairing }): JSX.Element => {
  switch (pairing.step) {
    case 'naming':
      return <Naming view={view} />;
    case 'notifications':
      return <AskNotifications view={view} />;
    case 'comparing':
      return <Comparing view={view} pairing={pairing} />;
    case 'done':
      return <Done view={view} pairing={pairing} />;
    case 'failed':
      return <Failed view={view} pairing={pairing} />;
    case 'claiming':
      break;
  }
  return (
    <Screen view={view} heading={view.words.pairing.claiming} back={false}>
      <p class="status">
        <span class="dot" aria-hidden="true" />
      </p>
    </Screen>
  );
};
