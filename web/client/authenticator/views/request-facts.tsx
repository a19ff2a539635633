/** Who asks, for which account, from where: what the server has signed. */
import type { ComponentChildren, JSX } from 'preact';
import type { PendingRequest } from '../state.ts';
import { Said, Tile } from './frame.tsx';
import { browserText, type View } from './view.ts';

const Fact = ({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element => (
  <div class="fact">
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

export const RequestFacts = ({
  view,
  request,
}: {
  readonly view: View;
  readonly request: PendingRequest;
}): JSX.Element => {
  const { words } = view;
  const { purpose, client, account, address, place, browser, message } = request.claims;
  const said = words.request;
  return (
    <dl class="facts">
      {purpose !== 'pairing' && (
        <Fact name={said.app}>
          <span class="client">
            <Tile name={client} isClient />
            <bdi>{client}</bdi>
          </span>
        </Fact>
      )}
      <Fact name={said.account}>
        <bdi>{account}</bdi>
      </Fact>
      {purpose !== 'pairing' && (place !== undefined || address !== undefined) && (
        <Fact name={said.where}>
          {place !== undefined && (
            <span>
              <Said phrase={said.near(place)} />
            </span>
          )}
          {address !== undefined && (
            <bdi dir="ltr" class={place === undefined ? undefined : 'second'}>
              {address}
            </bdi>
          )}
        </Fact>
      )}
      {browser !== undefined && (
        <Fact name={said.on}>
          <bdi>{browserText(browser, words)}</bdi>
        </Fact>
      )}
      {message !== undefined && (
        <Fact name={said.message}>
          <q>
            <bdi>{message}</bdi>
          </q>
        </Fact>
      )}
    </dl>
  );
};
