/** Shows codes, one at a time, and keeps those of other websites. */
import type { NewCodes } from '../state.ts';
import { randomText } from './bytes.ts';
import { codeAt, readCodesUri, usualCodes, wrapCodes, type CodesUri } from './codes.ts';
import type { Context } from './context.ts';

export interface CodesActions {
  show(id: string): Promise<void>;
  hide(): void;
  copy(): Promise<void>;
  /** Reads an `otpauth:` URI, for the person to look at before it is kept. False: it is something else. */
  read(text: string): boolean;
  keep(codes: NewCodes & { readonly secret?: string }): Promise<void>;
  /** Shows the next code where the present one has expired. */
  tick(): Promise<void>;
}

export const createCodesActions = ({ deps, model, accounts }: Context): CodesActions => {
  const { clock, copy, navigation } = deps;
  /** Read from a QR code, and not kept yet. */
  let uri: CodesUri | undefined;

  const show = async (id: string): Promise<void> => {
    const codes = accounts.find(id)?.codes;
    if (codes === undefined) return;
    const now = clock.now();
    const { code, until } = await codeAt(codes, await accounts.wrappingKey(), now);
    model.change({ now, code: { entry: id, code, until, period: codes.period } });
  };

  return {
    show,
    hide: () => model.change({ code: undefined }),
    async copy() {
      const { code } = model.state;
      if (code !== undefined) model.change({ toast: (await copy(code.code)) ? 'copied' : 'not-copied' });
    },
    read(text) {
      uri = readCodesUri(text);
      if (uri === undefined) return false;
      const { issuer, account } = uri;
      model.change({ newCodes: { issuer, account }, codesProblem: undefined });
      return true;
    },
    async keep({ issuer, account, secret }) {
      const wanted = secret === undefined ? uri : { ...usualCodes, secret };
      const codes = wanted && (await wrapCodes(wanted, await accounts.wrappingKey()));
      if (codes === undefined) return model.change({ codesProblem: 'secret' });
      const isKept = accounts
        .all()
        .some(each => each.kind === 'codes' && each.title === issuer && each.account === account);
      if (isKept) return model.change({ codesProblem: 'kept-already' });
      uri = undefined;
      await accounts.put({ kind: 'codes', id: randomText(16), title: issuer, account, codes });
      model.change({ newCodes: undefined, codesProblem: undefined, toast: 'added' });
      navigation.go({ at: 'home' }, { replace: true });
    },
    async tick() {
      const { code } = model.state;
      if (code !== undefined && clock.now() >= code.until) await show(code.entry);
    },
  };
};
